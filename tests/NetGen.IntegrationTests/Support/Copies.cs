using NetGen.IntegrationTests.Reference;

namespace NetGen.IntegrationTests.Support;

/// <summary>Numbers between networks and the oracle.</summary>
internal static class Copies
{
    /// <summary>Fills the oracle with a network's parameters; the two must agree on names and shapes.</summary>
    public static ReferenceNetwork ToReference(this INetwork network, NetSpec spec, bool updateBeforeBackward = false)
    {
        var training = network as ITrainableNetwork;
        var reference = new ReferenceNetwork(spec) { UpdateBeforeBackward = updateBeforeBackward, Seed = training?.Seed ?? 0, StepCount = training?.StepCount ?? 0 };
        Assert.Equal(reference.Buffers.Select(b => b.Name), network.Buffers.Select(b => b.Name));
        for (var b = 0; b < reference.Buffers.Count; b++)
        {
            Assert.Equal(reference.Buffers[b].Shape, network.Buffers[b].Shape.ToArray());
            TestData.ToDoubles(network.Buffers[b].ToArray()).CopyTo(reference.Buffers[b].Values, 0);
        }

        Assert.Equal(reference.Parameters.Select(p => p.Name), network.Parameters.Select(p => p.Name));
        for (var p = 0; p < reference.Parameters.Count; p++)
        {
            Assert.Equal(reference.Parameters[p].Shape, network.Parameters[p].Shape.ToArray());
            TestData.ToDoubles(network.Parameters[p].ToArray()).CopyTo(reference.Parameters[p].Values, 0);
        }

        return reference;
    }

    /// <summary>Random parameters, biases too: weights of variance 1/in, so that signals neither fade nor saturate.</summary>
    public static T Randomize<T>(this T network, int seed)
        where T : INetwork
    {
        foreach (var parameter in network.Parameters)
        {
            var limit = parameter.Shape.Length > 1 ? MathF.Sqrt(3f * parameter.Shape[0] / parameter.Length) : 0.5f;
            parameter.CopyFrom(TestData.Uniform(parameter.Length, limit, seed++));
        }

        return network;
    }

    /// <summary>All parameters, one after the other.</summary>
    public static float[] AllParameters(this INetwork network) => [.. network.Parameters.SelectMany(p => p.ToArray())];

    /// <summary>The predictions of rows of samples.</summary>
    public static float[] Predict(this INetwork network, float[] inputs)
    {
        var outputs = new float[inputs.Length / network.InputSize * network.OutputSize];
        network.Predict(inputs, outputs);
        return outputs;
    }
}
