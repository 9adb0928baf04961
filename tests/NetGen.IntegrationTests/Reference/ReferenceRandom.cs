namespace NetGen.IntegrationTests.Reference;

/// <summary>The random numbers of dropout and noise, number by number: functions of seed, step, layer and place.</summary>
/// <param name="seed">The network's seed.</param>
/// <param name="step">The steps taken before.</param>
internal sealed class ReferenceRandom(int seed, long step)
{
    private readonly ulong _key = Mix(Mix((ulong)seed) ^ (ulong)step);

    /// <summary>Whether a dropout of this rate keeps the number at a place, sample·features + feature.</summary>
    public bool Keeps(int layer, double rate, int place) => (int)Hash(layer, 0, place) >= (double)(float)rate * Math.Pow(2, 32) - Math.Pow(2, 31);

    /// <summary>The noise of variance 1 at a place: √(−2·ln u)·sin 2πr.</summary>
    public double Normal(int layer, int place)
    {
        var u = ((Hash(layer, 0, place) >> 9) + 0.5) / (1 << 23);
        var r = (float)(int)Hash(layer, 2, place) / Math.Pow(2, 33);
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Sin(2 * Math.PI * r);
    }

    /// <summary>The end of MurmurHash3, with two keys.</summary>
    private uint Hash(int layer, uint which, int place)
    {
        var h = unchecked((uint)place + Key(layer, which));
        h = unchecked((h ^ (h >> 16)) * 0x85EBCA6B);
        h = unchecked((h ^ (h >> 13) ^ Key(layer, which + 1)) * 0xC2B2AE35);
        return h ^ (h >> 16);
    }

    private uint Key(int layer, uint which) => (uint)(Mix(_key ^ (((ulong)layer << 32) + which)) >> 32);

    /// <summary>splitmix64.</summary>
    private static ulong Mix(ulong x)
    {
        x = unchecked(x + 0x9E3779B97F4A7C15);
        x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9);
        x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EB);
        return x ^ (x >> 31);
    }
}
