using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests;

/// <summary>
/// What the documents show is what the compiler writes: the files in <c>docs/examples</c>, the passages that
/// <c>docs/generated-code.md</c> quotes from them, and the program in <c>README.md</c>. The environment variable
/// <c>NETGEN_ACCEPT_SNAPSHOTS=1</c> rewrites files and passages; a CI server refuses to.
/// </summary>
public partial class ExampleTests
{
    private const string Declaration = """
        using NetGen;

        namespace Lecture;

        /// <summary>The lecture's network for MNIST's digits.</summary>
        [Network]
        [Input(784)]
        [Dense(30, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
        [Dense(10, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
        [Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 3.0, BatchSize = 10)]
        public partial class Mnist784x30x10;
        """;

    /// <summary>A short program documents nothing.</summary>
    private const string UndocumentedMember = "CS1591";

    private static string Guide { get; } = Repository.PathTo("docs", "generated-code.md");

    [Theory]
    [InlineData("Mnist784x30x10.g.cs")]
    [InlineData("Mnist784x30x10.Kernels512.g.cs")]
    public void The_example_is_what_the_compiler_writes(string name) => Same(Repository.PathTo("docs", "examples", name), Generated(name));

    [Fact]
    public void The_guide_quotes_what_the_compiler_writes()
    {
        var guide = File.ReadAllText(Guide).ReplaceLineEndings("\n");
        Assert.NotEmpty(Quotation().Matches(guide));
        Same(Guide, Quotation().Replace(guide, match =>
            $"{match.Groups["head"].Value}```csharp\n{Passage(match.Groups["file"].Value, match.Groups["from"].Value, match.Groups["to"].Value)}```"));
    }

    [Fact]
    public void The_guide_declares_the_network_of_the_example() => Assert.Contains(Declaration[Declaration.IndexOf("[Network]", StringComparison.Ordinal)..], File.ReadAllText(Guide));

    [Fact]
    public void The_program_of_the_README_compiles()
    {
        var program = Assert.Single(CodeBlock().Matches(File.ReadAllText(Repository.PathTo("README.md"))), match => match.Value.Contains("[Network]") && match.Value.Contains("Fit(")).Groups[1].Value;
        var compilation = Compilations.Create(program, "global using System;");
        var run = GeneratorRun.Of(compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication)));
        Assert.Empty(run.Analyze());
        Assert.DoesNotContain(run.CompilerErrors, diagnostic => diagnostic.Id != UndocumentedMember);
    }

    [Fact]
    public void The_functions_of_the_README_compile()
    {
        var net = Assert.Single(CodeBlock().Matches(File.ReadAllText(Repository.PathTo("README.md"))), match => match.Value.Contains("Swish")).Groups[1].Value;
        var run = GeneratorRun.Of(net, "global using System; global using NetGen;");
        Assert.Empty(run.Analyze());
        Assert.DoesNotContain(run.CompilerErrors, diagnostic => diagnostic.Id != UndocumentedMember);
        Assert.Equal(4, run.Files.Length);
    }

    private static string Generated(string name) =>
        Assert.Single(GeneratorRun.Of(Declaration).Files, file => file.HintName.EndsWith("." + name, StringComparison.Ordinal)).SourceText.ToString();

    /// <summary>The lines from one that contains a text to the next that contains another, moved to the left.</summary>
    private static string Passage(string file, string from, string to)
    {
        var lines = Generated(file).Split('\n');
        var first = Array.FindIndex(lines, line => line.Contains(from, StringComparison.Ordinal));
        Assert.True(first >= 0, $"{file} has no line with '{from}'");
        var last = Array.FindIndex(lines, first, line => line.Contains(to, StringComparison.Ordinal));
        Assert.True(last >= 0, $"{file} has no line with '{to}' from '{from}' on");
        var passage = lines[first..(last + 1)];
        var indentation = passage.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Concat(passage.Select(line => (line.Length > 0 ? line[indentation..] : "") + "\n"));
    }

    private static void Same(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == text)
        {
            return;
        }

        Assert.True(Snapshot.Accepts, $"{Path.GetRelativePath(Repository.Root, path)} is not what the compiler writes now; NETGEN_ACCEPT_SNAPSHOTS=1 rewrites it.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>A quotation in the guide: a comment that says what is quoted, then the passage.</summary>
    [GeneratedRegex("(?<head><!-- quote (?<file>\\S+): (?<from>.*?) … (?<to>.*?) -->\n+)```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Quotation();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
