using System.Text.RegularExpressions;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests;

/// <summary>Links between the documents, and from them to files, lead somewhere.</summary>
public partial class LinkTests
{
    public static TheoryData<string> Documents =>
        ["README.md", .. Directory.EnumerateFiles(Repository.PathTo("docs"), "*.md").Select(file => "docs/" + Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Each_link_leads_to_a_file_or_folder(string document)
    {
        var path = Repository.PathTo(document);
        var links = Link().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value).Where(link => !link.StartsWith("https:", StringComparison.Ordinal));
        Assert.All(links, link => Assert.True(
            Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, link.Split('#')[0])), $"{document} links to {link}, which does not exist"));
    }

    [GeneratedRegex(@"\]\(([^)#\s][^)\s]*)\)")]
    private static partial Regex Link();
}
