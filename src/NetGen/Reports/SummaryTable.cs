namespace NetGen;

/// <summary>
/// Reads a network's summary: the table of its layers, whose columns but the first are flush right below their names, then, after an empty line, what is
/// said about its memory.
/// </summary>
internal static class SummaryTable
{
    /// <summary>The table, as text, and what stands below it.</summary>
    public static (string Layers, string Remarks) Split(string summary)
    {
        var end = summary.IndexOf("\n\n", StringComparison.Ordinal);
        return end < 0 ? (summary, "") : (summary[..(end + 1)], summary[(end + 2)..].TrimEnd());
    }

    /// <returns>The cells; null if the text is no such table.</returns>
    public static (string[] Header, string[][] Rows)? TryParse(string summary)
    {
        var lines = Split(summary.ReplaceLineEndings("\n")).Layers.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2)
        {
            return null;
        }

        var ends = Ends(lines[0]);
        return ends.Count > 1 && lines.All(line => Fits(line, ends))
            ? (Cells(lines[0], ends), [.. lines[1..].Select(line => Cells(line, ends))])
            : null;
    }

    /// <summary>Where each word ends; words that belong together have one space between them.</summary>
    private static List<int> Ends(string header)
    {
        var ends = new List<int>();
        for (var i = 0; i < header.Length; i++)
        {
            if (header[i] != ' ' && (i + 1 == header.Length || (header[i + 1] == ' ' && (i + 2 == header.Length || header[i + 2] == ' '))))
            {
                ends.Add(i + 1);
            }
        }

        return ends;
    }

    /// <summary>No cell crosses the right end of a column; the first column ends wherever the second begins.</summary>
    private static bool Fits(string line, List<int> ends) =>
        line.Length <= ends[^1] && ends.Skip(1).All(end => end >= line.Length || line[end] == ' ');

    private static string[] Cells(string line, List<int> ends)
    {
        // The first column is flush left, so the second begins at the last gap before its end.
        var second = line[..Math.Min(ends[1], line.Length)];
        var gap = line.Length < ends[1] ? -1 : second.LastIndexOf("  ", StringComparison.Ordinal);
        var cells = new string[ends.Count];
        cells[0] = (gap < 0 ? second : second[..gap]).Trim();
        cells[1] = gap < 0 ? "" : second[gap..].Trim();
        for (var column = 2; column < cells.Length; column++)
        {
            var (start, end) = (Math.Min(ends[column - 1], line.Length), Math.Min(ends[column], line.Length));
            cells[column] = line[start..end].Trim();
        }

        return cells;
    }
}
