using System.Globalization;
using System.Text.RegularExpressions;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests;

/// <summary>What the products of the weights' gradient fetch while they sum a tile.</summary>
public partial class PrefetchTests
{
    [GeneratedRegex(@"// s\[(\d+), (\d+)\] = .*Σ over (\d+) samples ")]
    private static partial Regex Tile { get; }

    [GeneratedRegex(@"next = ref Clr::Unsafe\.Add\(ref next, (\d+)\);")]
    private static partial Regex Move { get; }

    /// <summary>Every line of a tile's memory, which is all that lies between its first number and its last row's end in each panel.</summary>
    [Theory]
    [InlineData(784, 512, 32, 128, "Optimizer.Sgd, Momentum = 0.9")]
    [InlineData(784, 512, 32, 128, "Optimizer.Sgd")]
    [InlineData(784, 128, 32, 32, "Optimizer.Adam")]
    [InlineData(999, 96, 32, 200, "Optimizer.NAdam, ClipNorm = 1")]
    [InlineData(2100, 16, 16, 60, "Optimizer.Adagrad")]
    public void Tile_OfLargeLayer_FetchesItsWholeMemory(int inputs, int outputs, int panel, int batch, string optimizer)
    {
        foreach (var kernels in Kernels(inputs, outputs, batch, optimizer))
        {
            var (rows, columns, fetches, tiles) = (0, 0, 0, 0);
            foreach (var line in kernels.Split('\n').Select(line => line.Trim()))
            {
                if (Tile.Match(line) is { Success: true } tile)
                {
                    (rows, columns, fetches) = (Number(tile, 1), Number(tile, 2), 0);
                    Assert.Equal(batch, Number(tile, 3));
                }
                else if (IsFetch(line))
                {
                    fetches++;
                }
                else if (Move.Match(line) is { Success: true } move)
                {
                    var share = Number(move, 1);
                    Assert.InRange(share * batch, rows * panel, int.MaxValue);
                    Assert.Equal((share + 15) / 16 * Math.Max(1, columns / panel), fetches);
                    tiles++;
                }
            }

            Assert.NotEqual(0, tiles);
        }
    }

    [Theory]
    [InlineData("Optimizer.Sgd, Momentum = 0.9", 1)]
    [InlineData("Optimizer.Adam", 2)]
    [InlineData("Optimizer.RMSprop, Momentum = 0.5", 2)]
    public void Fetch_OfOptimizer_TakesParameterAndAllThatIsKept(string optimizer, int kept)
    {
        foreach (var kernels in Kernels(784, 128, 32, optimizer))
        {
            var body = kernels[kernels.IndexOf("private static void Fetch(", StringComparison.Ordinal)..];
            body = body[..body.IndexOf('}', StringComparison.Ordinal)];
            Assert.Equal(1 + kept, body.Split("NetworkMemory.Prefetch(").Length - 1);
        }
    }

    /// <summary>What stays in the cache, sums that start from the weights, and samples in several goes fetch nothing.</summary>
    [Theory]
    [InlineData(784, 32, 128, "Optimizer.Adam")]
    [InlineData(784, 512, 16, "Optimizer.Sgd")]
    [InlineData(784, 512, 300, "Optimizer.Adam")]
    public void Tile_WithoutNeed_FetchesNothing(int inputs, int outputs, int batch, string optimizer) =>
        Assert.All(Kernels(inputs, outputs, batch, optimizer), kernels => Assert.DoesNotContain("etch(", kernels, StringComparison.Ordinal));

    private static bool IsFetch(string line) =>
        line.StartsWith("Fetch(ref ", StringComparison.Ordinal) || line.StartsWith("global::NetGen.CompilerServices.NetworkMemory.Prefetch(ref Clr::Unsafe.Add(ref next", StringComparison.Ordinal)
        || line.StartsWith("global::NetGen.CompilerServices.NetworkMemory.Prefetch(ref next", StringComparison.Ordinal);

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    /// <summary>The kernels at each width.</summary>
    private static IReadOnlyList<string> Kernels(int inputs, int outputs, int batch, string optimizer)
    {
        var run = GeneratorRun.Of($"""
            using NetGen;

            [Network]
            [Input({inputs})]
            [Dense({outputs})]
            [Train(Loss.HalfSquaredError, {optimizer}, BatchSize = {batch})]
            internal sealed partial class Net;
            """);
        Assert.Empty(run.CompilerErrors);
        string[] kernels = [.. run.Files.Where(file => file.HintName.Contains(".Kernels", StringComparison.Ordinal)).Select(file => file.SourceText.ToString())];
        Assert.Equal(3, kernels.Length);
        return kernels;
    }
}
