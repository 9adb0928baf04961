using System.Globalization;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Inspection;

/// <summary>Declarations drawn with a seed: layers of every kind in any order.</summary>
internal static class RandomNets
{
    private static readonly string[] Layers = ["BatchNorm", "LayerNorm", "Bias", "Dropout(0.3)", "GaussianNoise(0.2)", "Softmax"];

    public static NetSpec Draw(int seed)
    {
        var random = new Random(seed);
        var parts = new List<string> { random.Next(2, 40).ToString(CultureInfo.InvariantCulture) };
        for (var layers = random.Next(1, 6); layers > 0; layers--)
        {
            var function = Functions[random.Next(Functions.Length)];
            parts.Add(random.Next(6) switch
            {
                0 => Layers[random.Next(Layers.Length)],
                1 => function,
                _ => $"{random.Next(2, 70)}{(random.Next(4) == 0 ? "!" : "")}{(random.Next(3) == 0 ? "" : ":" + function)}",
            });
        }

        return NetSpec.Of(string.Join('-', [.. parts, random.Next(2, 20).ToString(CultureInfo.InvariantCulture)]), Loss.HalfSquaredError, batch: 7);
    }

    /// <summary>A network with random parameters and running figures.</summary>
    public static ITrainableNetwork Create(NetSpec spec, int seed)
    {
        var network = Harness.Trainable(spec).Randomize(seed);
        RandomizeBuffers(network, seed);
        return network;
    }

    public static void RandomizeBuffers(INetwork network, int seed)
    {
        foreach (var buffer in network.Buffers)
        {
            var isVariance = buffer.Name.EndsWith("running_var", StringComparison.Ordinal);
            buffer.CopyFrom([.. TestData.Uniform(buffer.Length, 0.5f, seed++).Select(number => isVariance ? number + 1 : number)]);
        }
    }

    private static string[] Functions { get; } =
        [.. Enum.GetNames<Activation>().Except([nameof(Activation.Identity), nameof(Activation.Softmax), nameof(Activation.Custom)]), "LeakyReLU(0.2)", "ELU(0.5)"];
}
