using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using NetGen.Compiler.Analysis;
using NetGen.Compiler.Frontend;

namespace NetGen.Generators.Tests.Harness;

/// <summary>
/// One run of the generator and the analyzer. Every run is two: the second, on a clone of the compilation, must find every step
/// cached, so that each test of the generator is a test of its caching.
/// </summary>
internal sealed class GeneratorRun
{
    private static readonly string[] Steps =
        [NetworkGenerator.ParseStep, NetworkGenerator.TwinsStep, NetworkGenerator.NameStep, NetworkGenerator.OptionsStep, NetworkGenerator.CompileStep];

    private GeneratorRun(CSharpCompilation input, TestOptions options)
    {
        (Input, Options) = (input, options);
        var driver = Driver(options, (CSharpParseOptions?)input.SyntaxTrees.FirstOrDefault()?.Options).RunGeneratorsAndUpdateCompilation(input, out var output, out _, default);
        AfterFirstRun = driver;
        Result = driver.GetRunResult().Results.Single();
        Output = (CSharpCompilation)output;
        RequireCached(driver.RunGenerators(input.Clone()).GetRunResult().Results.Single());
    }

    public CSharpCompilation Input { get; }

    /// <summary>The compilation with what was generated.</summary>
    public CSharpCompilation Output { get; }

    public GeneratorRunResult Result { get; }

    private TestOptions Options { get; }

    private GeneratorDriver AfterFirstRun { get; }

    public ImmutableArray<GeneratedSourceResult> Files => Result.GeneratedSources.IsDefault ? [] : Result.GeneratedSources;

    /// <summary>What the C# compiler says of the whole.</summary>
    public IReadOnlyList<Diagnostic> CompilerErrors => [.. Output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];

    public static GeneratorRun Of(params string[] sources) => new(Compilations.Create(sources), new([]));

    public static GeneratorRun Of(CSharpCompilation compilation, params (string Property, string Value)[] properties) => new(compilation, new(properties));

    public static GeneratorDriver Driver(TestOptions options, CSharpParseOptions? parseOptions = null) => CSharpGeneratorDriver.Create(
        [new NetworkGenerator().AsSourceGenerator()],
        parseOptions: parseOptions ?? Compilations.ParseOptions,
        optionsProvider: options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>What the analyzer reports on the compilation with its generated files, as a build does.</summary>
    public IReadOnlyList<Diagnostic> Analyze()
    {
        var analyzers = Output.WithOptions(Output.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Default))
            .WithAnalyzers([new NetworkAnalyzer()], new AnalyzerOptions([], Options));
        return [.. analyzers.GetAnalyzerDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult()
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>The reasons why each step of a second compilation ran.</summary>
    public GeneratorRunResult After(CSharpCompilation edited) => AfterFirstRun.RunGenerators(edited).GetRunResult().Results.Single();

    public static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        result.TrackedSteps.TryGetValue(step, out var runs) ? runs.SelectMany(run => run.Outputs).Select(output => output.Reason) : [];

    private static void RequireCached(GeneratorRunResult second)
    {
        Assert.Null(second.Exception);
        foreach (var step in Steps)
        {
            Assert.All(Reasons(second, step), reason => Assert.True(
                reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged,
                $"step {step} ran again on the same source: {reason}"));
        }

        Assert.All(
            second.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(run => run.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }
}

/// <summary>MSBuild properties as the compiler shows them to generators.</summary>
internal sealed class TestOptions((string Property, string Value)[] properties) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Properties(properties);

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

    private sealed class Properties((string Property, string Value)[] properties) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = properties.FirstOrDefault(property => "build_property." + property.Property == key).Value;
            return value is not null;
        }
    }
}
