using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NetGen.Generators.Tests.Harness;

/// <summary>Sources in which <c>⟦…⟧</c> marks the place of the one diagnostic to be expected.</summary>
internal static class Marked
{
    private const string Prefix = "using NetGen; ";

    /// <summary>Uses every member of a trainable network <c>Net</c>: none may be missing because of an error.</summary>
    private const string Use = """
        class Use
        {
            float Run(Net net)
            {
                net.Predict(new float[Net.InputSize], new float[Net.OutputSize]);
                net.LearningRate = net.TrainBatch(new float[1], new float[1]) + net.ComputeLoss(new float[1], new float[1]);
                net.ComputeGradients(new float[1], new float[1], net.CreateGradients());
                net.StepCount = net.Seed + net.Buffers.Count + net.OptimizerState.Count;
                return Net.BatchSize + net.LearningRate + net.Parameters.Count + Net.Summary.Length + Net.ParameterCount;
            }

            NetGen.ITrainableNetwork Make() => new Net(seed: 1);
        }
        """;

    /// <summary>The diagnostic is the only thing the user sees: what uses the class still compiles.</summary>
    public static GeneratorRun ExpectOnly(string id, string source)
    {
        var run = Expect(id, source, Use);
        Assert.Empty(run.CompilerErrors);
        Assert.NotEmpty(run.Files);
        return run;
    }

    /// <summary>The diagnostic is the only one that NetGen reports.</summary>
    public static GeneratorRun Expect(string id, params string[] sources)
    {
        var start = sources[0].IndexOf('⟦');
        var end = sources[0].IndexOf('⟧') - 1;
        var text = Prefix + sources[0].Replace("⟦", "").Replace("⟧", "");
        var run = GeneratorRun.Of([text, .. sources[1..]]);
        var diagnostic = Assert.Single(run.Analyze());
        Assert.Equal(id, diagnostic.Id);
        var span = diagnostic.Location.SourceSpan;
        Assert.Equal(text[(start + Prefix.Length)..(end + Prefix.Length)], text.Substring(span.Start, span.Length));
        Assert.Equal(start + Prefix.Length, span.Start);
        return run;
    }

    /// <summary>The declaration has nothing wrong with it.</summary>
    public static GeneratorRun ExpectNothing(params string[] sources)
    {
        var run = GeneratorRun.Of([Prefix + sources[0], .. sources[1..]]);
        Assert.Empty(run.Analyze());
        return run;
    }

    public static CSharpCompilation Compile(string source, LanguageVersion version) =>
        Compilations.Create(Compilations.ParseOptions.WithLanguageVersion(version), Prefix + source);

    public static IEnumerable<string> Ids(IEnumerable<Diagnostic> diagnostics) => diagnostics.Select(diagnostic => diagnostic.Id);
}
