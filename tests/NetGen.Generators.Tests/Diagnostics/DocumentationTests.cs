using System.Text.RegularExpressions;
using NetGen.Compiler.Diagnostics;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Diagnostics;

/// <summary>Every diagnostic has a page whose examples are true, and is in the release files.</summary>
public partial class DocumentationTests
{
    /// <summary>Those that no source causes: a project's settings do, or a fault of the compiler.</summary>
    private static readonly string[] WithoutExample = ["NG1020", "NG1021", "NG1024", "NG9001"];

    public static TheoryData<string> Ids => [.. Descriptors.All.Select(descriptor => descriptor.Id)];

    [Fact]
    public void Each_diagnostic_has_a_page_and_each_page_a_diagnostic() => Assert.Equal(
        Descriptors.All.Select(descriptor => descriptor.Id).Append("README").Order(),
        Directory.EnumerateFiles(Repository.PathTo("docs", "diagnostics"), "*.md").Select(Path.GetFileNameWithoutExtension).Order());

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_page_bears_the_title_and_its_example_causes_the_diagnostic_and_the_fix_none(string id)
    {
        var page = File.ReadAllText(Repository.PathTo("docs", "diagnostics", id + ".md"));
        var descriptor = Descriptors.Find(id);
        Assert.StartsWith($"# {id}: {descriptor.Title}\n\nSeverity: {descriptor.DefaultSeverity.ToString().ToLowerInvariant()}\n", page);
        Assert.EndsWith($"/{id}.md", descriptor.HelpLinkUri);

        var examples = CodeBlock().Matches(page).Select(match => "using NetGen;\n\n" + match.Groups[1].Value).ToList();
        Assert.Equal(WithoutExample.Contains(id) ? 0 : 2, examples.Count);
        for (var i = 0; i < examples.Count; i++)
        {
            Assert.Equal(i == 0 ? [id] : [], Marked.Ids(GeneratorRun.Of(examples[i]).Analyze()));
        }
    }

    [Fact]
    public void The_release_files_list_every_diagnostic()
    {
        var listed = new[] { "AnalyzerReleases.Shipped.md", "AnalyzerReleases.Unshipped.md" }
            .SelectMany(file => File.ReadAllLines(Repository.PathTo("generators", "NetGen.Generators", file)))
            .Where(line => line.StartsWith("NG", StringComparison.Ordinal));
        Assert.Equal(
            Descriptors.All.Select(descriptor => $"{descriptor.Id} | {descriptor.Category} | {descriptor.DefaultSeverity} | {descriptor.Title}").Order(),
            listed.Order());
    }

    [Fact]
    public void The_index_lists_every_diagnostic()
    {
        var index = File.ReadAllText(Repository.PathTo("docs", "diagnostics", "README.md"));
        Assert.All(Descriptors.All, descriptor => Assert.Contains($"| [{descriptor.Id}]({descriptor.Id}.md) | {descriptor.DefaultSeverity.ToString().ToLowerInvariant()} | {descriptor.Title} |", index));
    }

    /// <summary>Descriptors are tested at their places by the tests of this folder, which bear their ids.</summary>
    [Fact]
    public void Each_diagnostic_has_a_test()
    {
        var tests = typeof(DocumentationTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Select(method => method.Name).ToList();
        var inData = string.Join("\n", Directory.EnumerateFiles(Repository.PathTo("tests", "NetGen.Generators.Tests", "Diagnostics"), "*.cs").Select(File.ReadAllText));
        Assert.All(Descriptors.All, descriptor => Assert.True(
            tests.Any(test => test.StartsWith(descriptor.Id, StringComparison.Ordinal)) || inData.Contains($"InlineData(\"{descriptor.Id}\""),
            $"no test for {descriptor.Id}"));
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
