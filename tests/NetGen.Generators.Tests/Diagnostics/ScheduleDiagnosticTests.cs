using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Diagnostics;

/// <summary>What experts may demand of a schedule, and what becomes of it.</summary>
public class ScheduleDiagnosticTests
{
    private const string Train = "Train(Loss.SoftmaxCrossEntropy, BatchSize = 32)";

    [Theory]
    [InlineData("many")]
    [InlineData("-1")]
    [InlineData("10001")]
    public void NG1024_unroll_budget(string budget)
    {
        var run = Run($"[Network, Input(8), Dense(3), {Train}] partial class Net;", budget);
        Assert.Equal(["NG1024"], Marked.Ids(run.Analyze()));
        Assert.Single(run.Files);
    }

    [Fact]
    public void Unroll_budget_of_zero_keeps_loops()
    {
        const string source = $"[Network, Input(8), Dense(3), {Train}] partial class Net;";
        Assert.Empty(Run(source, "0").Analyze());
        Assert.DoesNotContain(Run(source, "0").Files, file => file.SourceText.ToString().Contains(" unrolled, ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Input(784)", "Dense(30, Unroll = ⟦Unrolling.Full⟧)")]
    [InlineData("Input(120)", "Dense(90, Unroll = ⟦Unrolling.Full⟧), Dense(4)")]
    public void NG1025_unrolling_beyond_the_limits(string input, string layers) =>
        Marked.ExpectOnly("NG1025", $"[Network, {input}, {layers}, Train(Loss.SoftmaxCrossEntropy, BatchSize = 2000)] partial class Net;");

    [Fact]
    public void NG3002_unrolling_that_costs() =>
        Marked.Expect("NG3002", $"[Network, Input(32), Dense(32, Unroll = ⟦Unrolling.Full⟧), Dense(4), {Train}] partial class Net;");

    [Theory]
    [InlineData("Unroll = Unrolling.None")]
    [InlineData("TileRows = 4")]
    [InlineData("TileRows = 16, Unroll = Unrolling.Auto")]
    public void Other_wishes_are_granted_in_silence(string wish) =>
        Marked.ExpectNothing($"[Network, Input(8), Dense(4, {wish}), {Train}] partial class Net;");

    [Fact]
    public void NG1018_tile_rows() =>
        Marked.ExpectOnly("NG1018", $"[Network, Input(8), Dense(4, TileRows = ⟦17⟧), {Train}] partial class Net;");

    private static GeneratorRun Run(string source, string budget) =>
        GeneratorRun.Of(Marked.Compile(source, LanguageVersion.CSharp12), ("NetGenUnrollBudget", budget));
}
