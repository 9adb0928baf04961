using System.Net;
using System.Text;

namespace NetGen;

/// <summary>Pieces of HTML.</summary>
internal static class Html
{
    /// <summary>Of one style for light and dark: <c>prefers-color-scheme</c> chooses.</summary>
    private const string Style = """
        :root { color-scheme: light dark; --page: #ffffff; --panel: #f6f8fa; --text: #1f2328; --faint: #59636e; --border: #d1d9e0;
          --right: #1a7f37; --wrong: #cf222e; --hit: 9 105 218; --miss: 188 76 0;
          --s0: #0969da; --s1: #bc4c00; --s2: #1a7f37; --s3: #8250df; --s4: #bf3989; --s5: #1b7c83; --s6: #9a6700; --s7: #59636e }
        @media (prefers-color-scheme: dark) { :root { --page: #0d1117; --panel: #161b22; --text: #e6edf3; --faint: #9198a1; --border: #3d444d;
          --right: #3fb950; --wrong: #f85149; --hit: 88 166 255; --miss: 240 136 62;
          --s0: #58a6ff; --s1: #f0883e; --s2: #3fb950; --s3: #bc8cff; --s4: #f778ba; --s5: #39c5cf; --s6: #d29922; --s7: #9198a1 } }
        body { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; max-width: 1080px; margin: 0 auto; padding: 24px 20px 80px }
        h1 { font-size: 1.9em; margin: 0 0 .6em } h2 { font-size: 1.35em; margin: 2em 0 .6em; padding-bottom: .25em; border-bottom: 1px solid var(--border) }
        h3 { font-size: 1em; margin: 0 0 .4em } p { max-width: 46em; margin: .6em 0 } nav { margin: 0 0 1em; font-size: .92em; line-height: 1.9 }
        nav a { color: var(--s0); text-decoration: none; margin-right: 1.4em; white-space: nowrap } nav a:hover { text-decoration: underline }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(440px, 100%), 1fr)); gap: 20px; margin: 1em 0 }
        .panel { background: var(--panel); border: 1px solid var(--border); border-radius: 8px; padding: 12px 14px }
        .chart { display: block; width: 100%; height: auto; font: 13px system-ui, sans-serif }
        .chart text { fill: var(--faint) } .chart .label { fill: var(--text) } .grid { stroke: var(--border); stroke-opacity: .7 } .axis { stroke: var(--faint); fill: none }
        .line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round } .dashed { stroke-dasharray: 6 4 }
        .marks { fill: none; stroke: var(--c); stroke-width: 5; stroke-linecap: round }
        .points { fill: none; stroke: var(--c); stroke-width: 5; stroke-linecap: round; stroke-opacity: .65 }
        .s0 { --c: var(--s0) } .s1 { --c: var(--s1) } .s2 { --c: var(--s2) } .s3 { --c: var(--s3) } .s4 { --c: var(--s4) } .s5 { --c: var(--s5) } .s6 { --c: var(--s6) } .s7 { --c: var(--s7) }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 0 0 6px; padding: 0; font-size: .85em } .key { width: 26px; height: 10px }
        .scroll { overflow-x: auto; margin: 1em 0 } table { border-collapse: collapse; font-size: .92em }
        th, td { padding: 5px 12px; border-bottom: 1px solid var(--border); text-align: left; vertical-align: top } thead th { border-bottom-width: 2px }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
        .confusion th, .confusion td { padding: 4px 9px; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums } .confusion td.cell, .confusion thead th + th { text-align: center } .confusion td.cell { border: 1px solid var(--page) }
        .confusion .zero { color: var(--faint); opacity: .6 } .confusion .share { color: var(--faint) }
        pre { background: var(--panel); border: 1px solid var(--border); border-radius: 8px; padding: 10px 14px; overflow-x: auto; font-size: .85em }
        .images { display: flex; flex-wrap: wrap; gap: 18px; align-items: flex-start } figure { margin: 1em 0; max-width: 100% }
        .images figure { margin: 0 } figure img { max-width: 100%; height: auto; image-rendering: pixelated; display: block }
        figcaption { font-size: .88em; color: var(--faint); margin-top: .35em }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 12px; margin: 1em 0 }
        .card { display: flex; gap: 10px; background: var(--panel); border: 1px solid var(--border); border-radius: 8px; padding: 8px; font-size: .82em }
        .card img { width: 84px; height: auto; align-self: flex-start; image-rendering: pixelated } .card div { flex: 1; min-width: 0 }
        .right { color: var(--right); font-weight: 600 } .wrong { color: var(--wrong); font-weight: 600 }
        .bar { display: grid; grid-template-columns: minmax(1.2em, auto) 1fr 2.6em; gap: 5px; align-items: center; font-variant-numeric: tabular-nums }
        .bar i { display: block; height: 8px; background: var(--s0); border-radius: 2px } .bar b { font-weight: 400; text-align: right }
        """;

    /// <summary>Text in which nothing is markup, also within a quoted attribute.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A whole page.</summary>
    public static string Page(string title, string body) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Encode(title)}</title>
        <style>
        {Style}
        </style>
        </head>
        <body>
        <h1>{Encode(title)}</h1>
        {body}</body>
        </html>

        """.ReplaceLineEndings("\n");

    /// <summary>A table; columns of numbers are set flush right.</summary>
    public static string Table(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var table = new StringBuilder("<div class=\"scroll\"><table>\n");
        var classes = header.Select((_, column) => rows.Count > 0 && rows.All(row => IsNumber(row[column])) ? " class=\"n\"" : "").ToList();
        void Row(string tag, IReadOnlyList<string> cells)
        {
            var encoded = cells.Select((cell, column) => $"<{tag}{classes[column]}>{Encode(cell)}</{tag}>");
            table.Append("<tr>").AppendJoin("", encoded).Append("</tr>\n");
        }

        table.Append("<thead>\n");
        Row("th", header);
        table.Append("</thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            Row("td", row);
        }

        return table.Append("</tbody>\n</table></div>\n").ToString();
    }

    /// <summary>A picture within the page itself, each pixel a number of the screen's pixels wide.</summary>
    public static string Picture(Image image, int scale, string alternative)
    {
        using var stream = new MemoryStream();
        image.SavePng(stream);
        var data = Convert.ToBase64String(stream.GetBuffer(), 0, (int)stream.Length);
        return Text.Of($"<img width=\"{(long)image.Width * scale}\" height=\"{(long)image.Height * scale}\" alt=\"{Encode(alternative)}\" src=\"data:image/png;base64,{data}\">");
    }

    /// <summary>Empty, a dash, or something that begins as numbers do; a name such as 784-30-10 is none.</summary>
    private static bool IsNumber(string cell)
    {
        var unsigned = cell.AsSpan(cell is ['-' or '−', _, ..] ? 1 : 0);
        return cell is "" or "–" || (char.IsAsciiDigit(unsigned[0]) && !unsigned.Contains('-'));
    }
}
