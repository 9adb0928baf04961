using System.Globalization;
using NetGen;

namespace LecturesSample;

/// <summary>What sections write to: the report, and the figures that are compared with the lecture's.</summary>
internal sealed class Page
{
    /// <summary>In place of a number of the lecture's that is not known here.</summary>
    public const string NotKnown = "–";

    private readonly List<string[]> _figures = [];

    public HtmlReport Report { get; } = new("Sections");

    /// <summary>A row of the table.</summary>
    /// <param name="what">What the number is of.</param>
    /// <param name="lecture">The lecture's number, or <see cref="NotKnown"/>.</param>
    /// <param name="ours">The number measured here.</param>
    public void Compare(string what, string lecture, FormattableString ours) =>
        _figures.Add([what, lecture, ours.ToString(CultureInfo.InvariantCulture).Replace('-', '−')]);

    public void Save(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
        }

        new HtmlReport("The lectures' figures, made again")
            .AddHeading("Lecture and this run")
            .AddText("Every number below was measured by this run. A dash stands where the lecture's number is not known here.")
            .AddTable(["", "lecture", "ours"], _figures)
            .Add(Report)
            .Save(path);
    }
}
