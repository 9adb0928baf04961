using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// Random numbers by counters: a number is a function of keys and of its place (sample·features + feature), not of those drawn before it, so that
/// every vector width and every number of threads draws the same. Keys are made here, once for each layer of a step; the numbers in generated
/// code, on vectors: an index goes through the two rounds of multiplication and shift that end MurmurHash3 (Appleby, 2011), with a key added
/// before the first and mixed in before the second. For generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CounterRandom
{
    /// <summary>The key of a step: near seeds and steps give unrelated ones.</summary>
    /// <param name="seed">The network's seed.</param>
    /// <param name="step">The steps taken before.</param>
    public static ulong StepKey(int seed, long step) => unchecked(Mix(Mix((ulong)seed) ^ (ulong)step));

    /// <summary>One of a layer's keys in a step.</summary>
    /// <param name="key">The step's key.</param>
    /// <param name="layer">The layer's number.</param>
    /// <param name="which">Which of its keys.</param>
    public static uint LayerKey(ulong key, int layer, int which) => unchecked((uint)(Mix(key ^ ((ulong)(uint)layer << 32 | (uint)which)) >> 32));

    /// <summary>The random number, as a signed one, from which on an element is kept: below it are rate · 2³² numbers.</summary>
    /// <param name="rate">The probability of dropping, at least 0 and below 1.</param>
    public static int Threshold(float rate) => (int)((double)rate * 4294967296.0 - 2147483648.0);

    /// <summary>The output function of splitmix64 (Steele, Lea and Flood, 2014), one step on.</summary>
    private static ulong Mix(ulong x)
    {
        unchecked
        {
            x += 0x9E3779B97F4A7C15;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            return x ^ (x >> 31);
        }
    }
}
