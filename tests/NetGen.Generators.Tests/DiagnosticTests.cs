using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests;

/// <summary>
/// One test for each diagnostic: its exact place, marked as <c>⟦…⟧</c> in the source, and that it is the only thing the user sees:
/// code that uses the class compiles beside the error.
/// </summary>
public class DiagnosticTests
{
    private const string Use = """
        class Use
        {
            float Run(Net net) { net.Predict(new float[Net.InputSize], new float[Net.OutputSize]); return net.TrainBatch(new float[1], new float[1]) + Net.BatchSize + net.LearningRate + net.Parameters.Count + Net.Summary.Length; }
            NetGen.ITrainableNetwork Make() => new Net(seed: 1);
        }
        """;

    private const string Train = "[Train(Loss.HalfSquaredError)]";

    [Fact]
    public void NG1001_class_not_partial() => Expect("NG1001", $"[Network, Input(2), Dense(3)] {Train} public class ⟦Net⟧;");

    [Fact]
    public void NG2003_size_below_one() => ExpectOnly("NG2003", $"[Network, Input(2), Dense(⟦0⟧)] {Train} partial class Net;");

    /// <summary>The diagnostics are exactly one, at the mark, and C# has nothing to say besides.</summary>
    private static void ExpectOnly(string id, string source)
    {
        var run = Expect(id, source, Use);
        Assert.Empty(run.CompilerErrors);
        Assert.Single(run.Files);
    }

    private static GeneratorRun Expect(string id, params string[] sources)
    {
        var start = sources[0].IndexOf('⟦');
        var end = sources[0].IndexOf('⟧') - 1;
        sources[0] = sources[0].Replace("⟦", "").Replace("⟧", "");
        var run = GeneratorRun.Of(["using NetGen; " + sources[0], .. sources[1..]]);
        var diagnostic = Assert.Single(run.Analyze());
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(sources[0][start..end], diagnostic.Location.SourceTree!.ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal(start + "using NetGen; ".Length, diagnostic.Location.SourceSpan.Start);
        return run;
    }
}
