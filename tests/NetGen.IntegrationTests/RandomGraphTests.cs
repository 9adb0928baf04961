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

    private const int FirstSeed = 1;

    private static readonly Dictionary<int, Lazy<GeneratedAssembly?>> Compilations = Enumerable.Range(0, Count / InOneCompilation + 1)
        .ToDictionary(number => number, number => new Lazy<GeneratedAssembly?>(() => Compile(number)));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(Start, Count)];

    private static int Count => Variable("NETGEN_GRAPHS", 200);

    private static int Start => Variable("NETGEN_GRAPHS_SEED", FirstSeed);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Network_OfRandomGraph_AgreesWithReference(int seed)
    {
        var spec = RandomGraphs.Draw(seed);
        try
        {
            var network = Compilations[(seed - Start) / InOneCompilation].Value is { } shared
                ? Assert.IsAssignableFrom<ITrainableNetwork>(shared.Create($"Net{seed}"))
                : Harness.Trainable(spec); // its failure tells the declaration
            var batch = spec.Training!.Batch;
            Oracle.Agrees(network, spec, seed, batches: [batch, (batch + 1) / 2, batch], predictions: [1, 18], scale: 10);
            PredictionsAreThoseOfEachSample(network, samples: 18, seed);
        }
        catch (Exception failure)
        {
            Assert.Fail($"{failure.Message}\n\n{spec.ToSource()}");
        }
    }

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
        var seeds = Enumerable.Range(Start + number * InOneCompilation, Math.Min(InOneCompilation, Count - number * InOneCompilation));
        try
        {
            return Harness.Compile("using NetGen;\n" + string.Concat(seeds.Select(seed => RandomGraphs.Draw(seed).ToClass($"Net{seed}"))));
        }
        catch (Exception failure) when (failure is Xunit.Sdk.XunitException or InvalidOperationException)
        {
            return null;
        }
    }

    private static int Variable(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
