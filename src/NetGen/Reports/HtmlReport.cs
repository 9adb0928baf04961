using System.Text;

namespace NetGen;

/// <summary>
/// A page that shows what a training run did, or whatever else: text, tables, charts and pictures in the order in which they are added. It is one
/// file that needs nothing else: styles, charts and pictures are within it. The same content gives the same file.
/// </summary>
/// <example><code>
/// new HtmlReport("Digits").Add(net).Add(history).Add(net.Evaluate(test)).AddWeights(net, width: 8).Save("digits.html");
/// </code></example>
public sealed partial class HtmlReport
{
    /// <summary>With fewer headings than this a list of them would only be in the way.</summary>
    private const int FewestListedHeadings = 4;

    /// <summary>The content in order; a heading is text, anything else is HTML already.</summary>
    private readonly List<(bool IsHeading, string Content)> _parts = [];

    /// <summary>An empty page.</summary>
    /// <param name="title">Its title, any text.</param>
    public HtmlReport(string title)
    {
        ArgumentNullException.ThrowIfNull(title);
        Title = title;
    }

    /// <summary>The page's title.</summary>
    public string Title { get; }

    /// <summary>Begins a section.</summary>
    /// <param name="heading">Any text.</param>
    public HtmlReport AddHeading(string heading)
    {
        ArgumentNullException.ThrowIfNull(heading);
        _parts.Add((true, heading));
        return this;
    }

    /// <summary>Adds text; an empty line begins a new paragraph.</summary>
    /// <param name="text">Any text.</param>
    public HtmlReport AddText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Append($"<p>{Html.Encode(paragraph)}</p>\n");
        }

        return this;
    }

    /// <summary>Adds text as it stands, in letters of one width: code, or what a program printed.</summary>
    /// <param name="text">Any text.</param>
    public HtmlReport AddPreformatted(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Append($"<pre>{Html.Encode(text.ReplaceLineEndings("\n"))}</pre>\n");
    }

    /// <summary>Adds a table; columns of numbers are set flush right.</summary>
    /// <param name="header">The columns' names.</param>
    /// <param name="rows">As many cells for each row.</param>
    /// <exception cref="ArgumentException">A row has more or fewer cells than the header.</exception>
    public HtmlReport AddTable(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(rows);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Count != header.Count)
            {
                throw new ArgumentException(Text.Of($"rows[{i}] must have {header.Count} cells, as the header has, but has {rows[i].Count}."), nameof(rows));
            }
        }

        return Append(Html.Table(header, rows));
    }

    /// <summary>Adds charts, side by side where the page is wide enough.</summary>
    /// <param name="charts">The charts.</param>
    /// <exception cref="ArgumentException">A chart has both equal units and a logarithmic axis.</exception>
    public HtmlReport Add(params IReadOnlyList<Chart> charts)
    {
        ArgumentNullException.ThrowIfNull(charts);
        if (charts.FirstOrDefault(chart => chart.EqualUnits && (chart.LogarithmicX || chart.LogarithmicY)) is { } wrong)
        {
            throw new ArgumentException($"A chart must not have both equal units and a logarithmic axis, but '{wrong.Title}' has.", nameof(charts));
        }

        if (charts.Count == 0)
        {
            return this;
        }

        Append("<div class=\"charts\">\n");
        foreach (var chart in charts)
        {
            Append($"<div class=\"panel\"><h3>{Html.Encode(chart.Title)}</h3>\n{SvgChart.Legend(chart)}{SvgChart.Draw(chart)}</div>\n");
        }

        return Append("</div>\n");
    }

    /// <summary>Adds a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="caption">What stands below it.</param>
    /// <param name="scale">How many of the screen's pixels each pixel is wide and high, at least 1.</param>
    public HtmlReport AddImage(Image image, string caption, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        return Append($"<figure>{Html.Picture(image, scale, caption)}<figcaption>{Html.Encode(caption)}</figcaption></figure>\n");
    }

    /// <summary>Adds pictures side by side, as many as the page is wide.</summary>
    /// <param name="images">The pictures and what stands below each.</param>
    /// <param name="scale">How many of the screen's pixels each pixel is wide and high, at least 1.</param>
    public HtmlReport AddImages(IReadOnlyList<(Image Image, string Caption)> images, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(images);
        Append("<div class=\"images\">\n");
        foreach (var (image, caption) in images)
        {
            AddImage(image, caption, scale);
        }

        return Append("</div>\n");
    }

    /// <summary>Adds all that another page has so far, but for its title.</summary>
    /// <param name="other">The other page; it is not changed.</param>
    public HtmlReport Add(HtmlReport other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _parts.AddRange([.. other._parts]);
        return this;
    }

    /// <summary>Writes the page. The file is written beside its place and then renamed: it is whole or it is the old one.</summary>
    /// <param name="path">The file, by custom <c>NAME.html</c>; replaced if there is one.</param>
    /// <exception cref="IOException">It cannot be written; what was there remains.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written; what was there remains.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToString())));
    }

    /// <summary>The page as HTML; lines end with LF.</summary>
    public override string ToString()
    {
        var (list, body, headings) = (new StringBuilder(), new StringBuilder(), 0);
        foreach (var (isHeading, content) in _parts)
        {
            if (isHeading)
            {
                headings++;
                list.Append(Text.Of($"<a href=\"#section-{headings}\">{Html.Encode(content)}</a> "));
                body.Append(Text.Of($"<h2 id=\"section-{headings}\">{Html.Encode(content)}</h2>\n"));
            }
            else
            {
                body.Append(content);
            }
        }

        return Html.Page(Title, headings < FewestListedHeadings ? body.ToString() : $"<nav>{list}</nav>\n{body}");
    }

    private HtmlReport Append(string html)
    {
        _parts.Add((false, html));
        return this;
    }
}
