using System.Globalization;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>
/// Random graphs against the oracle. <c>NETGEN_GRAPHS</c> says how many, <c>NETGEN_GRAPHS_SEED</c> from which seed on; without them the same ones
/// are drawn in every run.
/// </summary>
public class RandomGraphTests
{
    /// <summary>As many share an assembly.</summary>
    private const int InOneCompilation = 250;

    private static readonly Dictionary<int, Lazy<GeneratedAssembly?>> Compilations = Enumerable.Range(0, Count / InOneCompilation + 1)
        .ToDictionary(number => number, number => new Lazy<GeneratedAssembly?>(() => Compile(number)));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(FirstSeed, Count)];

    private static int Count => Variable("NETGEN_GRAPHS", 100);

    private static int FirstSeed => Variable("NETGEN_GRAPHS_SEED", 1);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Network_OfRandomGraph_AgreesWithReference(int seed)
    {
        var spec = RandomGraphs.Draw(seed);
        var shared = Compilations[(seed - FirstSeed) / InOneCompilation].Value;
        if (Difference(spec, seed, shared, shared is null ? "Net" : $"Net{seed}") is { } difference)
        {
            var smallest = SmallerGraphs.Smallest(spec, smaller => Difference(smaller, seed) is { } other && Kind(other) == Kind(difference));
            Assert.Fail($"{difference}\n\n{spec.ToSource()}\n\nThe same of a smaller one: {Difference(smallest, seed)}\n\n{smallest.ToSource()}");
        }
    }

    /// <summary>What is drawn is what is meant to be tested.</summary>
    [Fact]
    public void Draw_OfManySeeds_HasSeveralInputsAndOutputs()
    {
        var drawn = Enumerable.Range(1, 200).Select(RandomGraphs.Draw).ToList();
        Assert.InRange(drawn.Count(spec => spec.InputList is not null), 20, 80);
        Assert.InRange(drawn.Count(spec => spec.Losses is { Count: > 1 }), 20, 80);
        Assert.InRange(drawn.Count(spec => spec.OutputList is { } outputs && outputs.Count > spec.Losses!.Count), 5, 50);
    }

    /// <summary>What differs between a network and the oracle; null for nothing.</summary>
    private static string? Difference(NetSpec spec, int seed, GeneratedAssembly? generated = null, string name = "Net")
    {
        try
        {
            var network = Assert.IsAssignableFrom<ITrainableNetwork>((generated ?? Harness.Compile(spec)).Create(name));
            var batch = spec.Training!.Batch;
            Oracle.Agrees(network, spec, seed, batches: [batch, (batch + 1) / 2, batch], predictions: [1, 18], scale: 10);
            PredictionsAreThoseOfEachSample(network, samples: 18, seed);
            return null;
        }
        catch (Xunit.Sdk.XunitException failure)
        {
            return failure.Message;
        }
    }

    /// <summary>Numbers, what was generated, or the declaration.</summary>
    private static int Kind(string difference) =>
        !difference.Contains(" errors in", StringComparison.Ordinal) ? 0 : difference.Contains(": CS", StringComparison.Ordinal) ? 1 : 2;

    private static void PredictionsAreThoseOfEachSample(INetwork network, int samples, int seed)
    {
        var x = TestData.Inputs(samples, network.InputSize, seed);
        var together = network.Predict(x);
        for (var n = 0; n < samples; n++)
        {
            var alone = network.Predict(x.AsSpan(n * network.InputSize, network.InputSize).ToArray());
            Near.SameBits(alone, together.AsSpan(n * network.OutputSize, network.OutputSize), $"sample {n} of {samples}");
        }
    }

    /// <summary>Many graphs at once; null where one of them does not compile, so that each shows by itself which.</summary>
    private static GeneratedAssembly? Compile(int number)
    {
        var seeds = Enumerable.Range(FirstSeed + number * InOneCompilation, Math.Min(InOneCompilation, Count - number * InOneCompilation));
        try
        {
            return Harness.Compile("using NetGen;\n" + string.Concat(seeds.Select(seed => RandomGraphs.Draw(seed).ToClass($"Net{seed}"))));
        }
        catch (Xunit.Sdk.XunitException)
        {
            return null;
        }
    }

    private static int Variable(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
