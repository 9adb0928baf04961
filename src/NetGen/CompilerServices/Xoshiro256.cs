using System.ComponentModel;
using System.Numerics;

namespace NetGen.CompilerServices;

/// <summary>
/// Random numbers that depend on the seed alone: xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number
/// generators", 2021), its state filled by splitmix64. Every method uses integers and the exactly rounded operations
/// + − × ÷ √ only, so that every platform draws the same bits. For generated code and the runtime. A struct: pass it by reference.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct Xoshiro256
{
    private ulong _s0, _s1, _s2, _s3;
    private double _spareNormal;
    private bool _hasSpareNormal;

    /// <summary>Starts the sequence of a seed.</summary>
    /// <param name="seed">Any number; near seeds give unrelated sequences.</param>
    public Xoshiro256(long seed)
        : this(unchecked((ulong)seed))
    {
    }

    /// <summary>Starts the sequence of a seed.</summary>
    /// <param name="seed">Any number; near seeds give unrelated sequences.</param>
    public Xoshiro256(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>Starts from a given state, for sequences that go on.</summary>
    internal Xoshiro256(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    /// <summary>The state, without the second of a pair of normals: for sequences of which none are drawn.</summary>
    internal readonly (ulong S0, ulong S1, ulong S2, ulong S3) State => (_s0, _s1, _s2, _s3);

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
            var shifted = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= shifted;
            _s3 = BitOperations.RotateLeft(_s3, 45);
            return result;
        }
    }

    /// <summary>Uniform in [0, 1): a multiple of 2⁻²⁴.</summary>
    public float NextSingle() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [0, 1): a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>Normal with mean 0 and variance 1, by Marsaglia's polar method (Marsaglia and Bray, 1964), which yields them in pairs.</summary>
    public double NextNormal()
    {
        if (_hasSpareNormal)
        {
            _hasSpareNormal = false;
            return _spareNormal;
        }

        double u, v, square;
        do
        {
            u = 2 * NextDouble() - 1;
            v = 2 * NextDouble() - 1;
            square = u * u + v * v;
        }
        while (square is >= 1 or 0);

        var scale = Math.Sqrt(-2 * Ln(square) / square);
        (_spareNormal, _hasSpareNormal) = (v * scale, true);
        return u * scale;
    }

    /// <summary>Uniform in 0 … bound − 1, each exactly as likely (Lemire, "Fast random integer generation in an interval", 2019).</summary>
    /// <param name="bound">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (uint)bound;
        var product = (Next() >> 32) * range;
        if ((uint)product < range)
        {
            // 2³² mod range numbers too many would fall on some results: draw again on those.
            var surplus = (uint)((1UL << 32) % range);
            while ((uint)product < surplus)
            {
                product = (Next() >> 32) * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Brings the numbers into a random order, each order as likely (Fisher and Yates).</summary>
    internal void Shuffle(Span<int> numbers)
    {
        for (var i = numbers.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
        }
    }

    /// <summary>
    /// ln x for a normal x &gt; 0 within some 2 ulp, from basic operations: x = m·2^e with m in [√½, √2), and
    /// ln m = 2 artanh t = 2·(t + t³/3 + t⁵/5 + …), t = (m − 1)/(m + 1); |t| ≤ 0.1716, so the terms end at t²³.
    /// </summary>
    internal static double Ln(double x)
    {
        const double Ln2 = 0.693147180559945309417232121458;
        const double SqrtHalf = 0.707106781186547524400844362105;

        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1022;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FE0_0000_0000_0000); // in [½, 1)
        if (mantissa < SqrtHalf)
        {
            mantissa *= 2;
            exponent--;
        }

        var t = (mantissa - 1) / (mantissa + 1);
        var square = t * t;
        var sum = 0.0;
        for (var power = 23; power >= 3; power -= 2)
        {
            sum = square * (sum + 1.0 / power);
        }

        return exponent * Ln2 + 2 * (t + t * sum);
    }

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
