namespace NetGen.IntegrationTests.Support;

/// <summary>
/// Finite floats of every exponent and both signs: a stride through all bit patterns, a finer one where functions bend, and the
/// neighbours of the places where a formula changes. A multiple of 32 of them, for panels without padding.
/// </summary>
internal static class FloatSweep
{
    /// <summary>A prime, so that the low bits of the fraction vary too.</summary>
    private const uint Stride = 4099;

    private const int FineStride = 997;

    private static readonly Lazy<float[]> Lazily = new(() =>
    {
        var points = new List<float>(1_400_000);
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Stride)
        {
            points.Add(BitConverter.UInt32BitsToSingle((uint)bits));
        }

        for (var bits = BitConverter.SingleToInt32Bits(0.015625f); bits < BitConverter.SingleToInt32Bits(128f); bits += FineStride)
        {
            points.Add(BitConverter.Int32BitsToSingle(bits));
            points.Add(-BitConverter.Int32BitsToSingle(bits));
        }

        foreach (var place in Places())
        {
            for (var (up, down, i) = (place, place, 0); i < 6; (up, down, i) = (MathF.BitIncrement(up), MathF.BitDecrement(down), i + 1))
            {
                points.AddRange([up, -up, down, -down]);
            }
        }

        points.RemoveAll(p => !float.IsFinite(p));
        points.AddRange(Enumerable.Repeat(1f, (32 - points.Count % 32) % 32));
        return [.. points];
    });

    public static ReadOnlySpan<float> Points => Lazily.Value;

    private static IEnumerable<float> Places()
    {
        foreach (var place in (float[])[0, 1.17549435E-38f, 0.625f, 1, 14, 87.33654f, 88, 88.72284f, 88.9f, 100, 103.97f, 1e30f, float.MaxValue])
        {
            yield return place;
        }

        // Where n of e^x = 2ⁿ·e^r changes: for e^z, e^2|z| and e^(−z²/2).
        for (var n = 0.5; n < 130; n++)
        {
            yield return (float)(n * Math.Log(2));
            yield return (float)(n * Math.Log(2) / 2);
            yield return (float)Math.Sqrt(n * Math.Log(2) * 2);
        }
    }
}
