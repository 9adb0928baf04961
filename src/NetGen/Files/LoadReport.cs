namespace NetGen;

/// <summary>What <see cref="NetworkFileExtensions.LoadMatching"/> did.</summary>
/// <param name="Loaded">The names of the network's parameters and buffers that were replaced.</param>
/// <param name="NotLoaded">Those that were left as they are, each with the reason, as in <c>layer2.bias[10]: not in the file</c>.</param>
/// <param name="Unused">The file's tensors that were not taken, as in <c>F32 layer3.weight[30, 784]</c>.</param>
public sealed record LoadReport(IReadOnlyList<string> Loaded, IReadOnlyList<string> NotLoaded, IReadOnlyList<string> Unused)
{
    /// <summary>Three paragraphs, of which those without an entry are left out; lines end with LF.</summary>
    public override string ToString() => string.Join('\n', (string[])
    [
        .. Paragraph("Loaded:", Loaded),
        .. Paragraph("Not loaded:", NotLoaded),
        .. Paragraph("Not used:", Unused),
    ]);

    private static IEnumerable<string> Paragraph(string title, IReadOnlyList<string> items) =>
        items.Count == 0 ? [] : [title, .. items.Select(item => "  " + item)];
}
