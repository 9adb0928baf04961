using NetGen.CompilerServices;

namespace NetGen.IntegrationTests.Support;

/// <summary>The steps on bytes of a network that the compiler wrote: a class has them, no interface.</summary>
internal sealed class ByteSteps(ITrainableNetwork network)
{
    public delegate float Step<T>(ReadOnlySpan<byte> inputs, ReadOnlySpan<T> targets);

    public Step<float> OnTargets { get; } = Find<float>(network) ?? throw new InvalidOperationException("The network has no step on bytes.");

    /// <summary>Null for a network that takes no labels.</summary>
    public Step<int>? OnLabels { get; } = Find<int>(network);

    public static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        var random = new Xoshiro256(seed);
        foreach (ref var value in bytes.AsSpan())
        {
            value = (byte)(random.Next() >> 56);
        }

        return bytes;
    }

    /// <summary>What bytes stand for, in plain code.</summary>
    public static float[] Numbers(byte[] bytes, double scale, double offset) =>
        Array.ConvertAll(bytes, value => value * (float)scale + (float)offset);

    private static Step<T>? Find<T>(INetwork network) =>
        network.GetType().GetMethod("TrainBatch", [typeof(ReadOnlySpan<byte>), typeof(ReadOnlySpan<T>)])?.CreateDelegate<Step<T>>(network);
}
