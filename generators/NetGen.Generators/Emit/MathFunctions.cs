using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Emit;

/// <summary>
/// Functions of a vector that kernels call, written into a kernel class when one of them does. They use + − × ÷ and bits alone,
/// so that every width gives the same bits. The polynomials are our own minimax fits; the error bounds hold over the whole range of float,
/// by <c>ElementwiseErrorTests</c> (docs/elementwise.md).
/// </summary>
internal sealed partial class MathFunctions(VectorTarget target, EquatableArray<OwnFunction> functions = default)
{
    private const string Gauss = "Gauss";
    private const string Mills = "Mills";

    /// <summary>q of ln(1 + f) = f − f²/2 + f³·q(f), f from √½ − 1 to √2 − 1.</summary>
    private static readonly double[] LogPolynomial =
    [
        -0.0763859897851944, 0.12767773866653442, -0.13161598145961761, 0.14201031625270844,
        -0.16623148322105408, 0.20001250505447388, -0.2500082552433014, 0.3333333134651184,
    ];

    private readonly SortedSet<string> _used = [];
    private OwnFunctionEmitter? _own;

    public string Exp => Use(nameof(Exp));

    /// <summary>e^x for x ≤ 0.</summary>
    public string ExpOfNegative => Use(nameof(ExpOfNegative));

    /// <summary>e^x − 1 for x ≤ 0.</summary>
    public string ExpMinusOne => Use(nameof(ExpMinusOne));

    public string Log => Use(nameof(Log));

    /// <summary>The same of any number, as <c>MathF.Log</c> has it.</summary>
    public string LogOfAny => Use(nameof(LogOfAny), nameof(Log));

    public string Cosh => Use(nameof(Cosh), nameof(Exp));

    public string Sigmoid => Use(nameof(Sigmoid), nameof(Exp));

    public string SiLU => Use(nameof(SiLU), nameof(Exp));

    public string SiLUSlope => Use(nameof(SiLUSlope), nameof(ExpOfNegative));

    public string Tanh => Use(nameof(Tanh), nameof(Exp));

    public string Softplus => Use(nameof(Softplus), nameof(ExpOfNegative));

    public string Softsign => Use(nameof(Softsign));

    public string GELU => Use(nameof(GELU), Gauss, Mills, nameof(ExpOfNegative));

    public string GELUSlope => Use(nameof(GELUSlope), Gauss, Mills, nameof(ExpOfNegative));

    /// <summary>The sum over 16 virtual lanes.</summary>
    public string Sum => Use(nameof(Sum));

    /// <summary>The largest of 16 virtual lanes.</summary>
    public string Largest => Use(nameof(Largest));

    /// <summary>Random bits of a place, from two keys.</summary>
    public string Hash => Use(nameof(Hash));

    /// <summary>Which lanes a dropout keeps.</summary>
    public string Kept => Use(nameof(Kept), nameof(Hash));

    /// <summary>A normal random number of a place, from four keys.</summary>
    public string Normal => Use(nameof(Normal), nameof(Hash), nameof(Log));

    public string TransposeBlock => Use(nameof(TransposeBlock));

    /// <summary>The same where rows or columns are missing.</summary>
    public string TransposeEdge => Use(nameof(TransposeEdge));

    /// <summary>The class's own functions.</summary>
    public OwnFunctionEmitter Own => _own ??= new(target, this, functions);

    /// <summary>Writes the functions that were asked for.</summary>
    public void Write(CodeWriter writer)
    {
        _own?.Write(writer);
        foreach (var name in _used)
        {
            writer.Blank();
            switch (name)
            {
                case nameof(Exp): writer.Line(ExpText()); break;
                case nameof(ExpOfNegative): writer.Line(ExpOfNegativeText()); break;
                case nameof(ExpMinusOne): writer.Line(ExpMinusOneText()); break;
                case nameof(Log): writer.Line(LogText()); break;
                case nameof(LogOfAny): writer.Line(LogOfAnyText()); break;
                case nameof(Cosh): writer.Line(CoshText()); break;
                case nameof(Sigmoid): writer.Line(SigmoidText()); break;
                case nameof(SiLU): writer.Line(SiLUText()); break;
                case nameof(SiLUSlope): writer.Line(SiLUSlopeText()); break;
                case nameof(Tanh): writer.Line(TanhText()); break;
                case nameof(Softplus): writer.Line(SoftplusText()); break;
                case nameof(Softsign): writer.Line(SoftsignText()); break;
                case Gauss: writer.Line(GaussText()); break;
                case Mills: writer.Line(MillsText()); break;
                case nameof(GELU): writer.Line(GELUText()); break;
                case nameof(GELUSlope): writer.Line(GELUSlopeText()); break;
                case nameof(LogRemainder): writer.Line(LogRemainderText()); break;
                case nameof(LogGammaRise): writer.Line(LogGammaRiseText()); break;
                case nameof(Hash): writer.Line(HashText()); break;
                case nameof(Kept): writer.Line(KeptText()); break;
                case nameof(Normal): writer.Line(NormalText()); break;
                case nameof(Sum): writer.Line(Reduction("Sum", "The sum of 16 lanes, added as a tree: the same order at every width.", (a, b) => $"{a} + {b}")); break;
                case nameof(Largest): writer.Line(Reduction("Largest", "The largest of 16 lanes.", (a, b) => $"Simd::Vector{{0}}.Max({a}, {b})")); break;
                case nameof(TransposeBlock): TransposeEmitter.WriteBlock(writer, target, isEdge: false); break;
                case nameof(TransposeEdge): TransposeEmitter.WriteBlock(writer, target, isEdge: true); break;
            }
        }
    }

    private string Use(string name, params string[] needs)
    {
        _used.Add(name);
        _used.UnionWith(needs);
        return name;
    }

    private string V => target.Class;

    private string C(double value) => $"{V}.Create({CodeWriter.Single(value)})";

    /// <summary>Horner's scheme: the coefficients from the highest power down.</summary>
    private string Horner(string variable, string result, params double[] coefficients) => string.Join(
        "\n",
        coefficients.Skip(1).Select(c => $"    {result} = {V}.MultiplyAddEstimate({result}, {variable}, {C(c)});").Prepend($"    var {result} = {C(coefficients[0])};"));

    private string Head(string summary, string signature) => $$"""
        /// <summary>{{summary}}</summary>
        [Clr::MethodImpl(Clr::MethodImplOptions.AggressiveInlining)]
        private static {{signature}}
        {
        """;

    /// <summary>
    /// x = n·ln 2 + r and p = e^r − 1. The sum with 1.5·2²³ rounds to an integer; ln 2 is taken away in two parts, the first of so few bits
    /// that its product is exact. Clamping first keeps n within what a float's exponent holds.
    /// </summary>
    private string ReduceText(string clamped) => $$"""
            // The operand order of MinNative and MaxNative lets a NaN through.
            x = {{clamped}};
            var n = {{V}}.MultiplyAddEstimate(x, {{C(1.44269504)}}, {{C(12582912)}}) - {{C(12582912)}}; // + and − 1.5·2²³ round to an integer
            var r = {{V}}.MultiplyAddEstimate(n, {{C(-0.693359375)}}, x);
            r = {{V}}.MultiplyAddEstimate(n, {{C(2.12194440e-4)}}, r);
        {{Horner("r", "q", 0.0013811662793159485, 0.008370134979486465, 0.04166852682828903, 0.16666509211063385, 0.4999999403953552)}}
            var p = {{V}}.MultiplyAddEstimate(r * r, q, r); // e^r − 1
        """;

    private string ExpText() => $$"""
        {{Head("e^x = 2ⁿ · e^r with n = round(x / ln 2), |r| ≤ ln 2 / 2. Relative error below 1e-7. Below −86.98: 0; above 88.73: infinity.", $"{target.Type} Exp({target.Type} x)")}}
        {{ReduceText($"{V}.MaxNative({C(-87.33654)}, {V}.MinNative({C(88.9)}, x))")}}
            p += {{V}}<float>.One;
            p *= {{V}}.AsSingle({{V}}.ShiftLeft({{V}}.ConvertToInt32Native(n) + {{V}}.Create(126), 23)); // the bits of 2ⁿ⁻¹
            return p + p;
        }
        """;

    private string ExpOfNegativeText() => $$"""
        {{Head("e^x for x ≤ 0, as Exp does it, but without what overflow needs. Relative error below 1e-7. Below −87.68: 0.", $"{target.Type} ExpOfNegative({target.Type} x)")}}
        {{ReduceText($"{V}.MaxNative({C(-88)}, x)")}}
            return (p + {{V}}<float>.One) * {{V}}.AsSingle({{V}}.ShiftLeft({{V}}.ConvertToInt32Native(n) + {{V}}.Create(127), 23)); // 2ⁿ
        }
        """;

    private string ExpMinusOneText() => $$"""
        {{Head("e^x − 1 = 2ⁿ·(e^r − 1) + (2ⁿ − 1) for x ≤ 0: near 0 nothing cancels, for there n is 0. Relative error below 1.5e-7.", $"{target.Type} ExpMinusOne({target.Type} x)")}}
        {{ReduceText($"{V}.MaxNative({C(-88)}, x)")}}
            var power = {{V}}.AsSingle({{V}}.ShiftLeft({{V}}.ConvertToInt32Native(n) + {{V}}.Create(127), 23)); // 2ⁿ
            return {{V}}.MultiplyAddEstimate(p, power, power - {{V}}<float>.One);
        }
        """;

    private string LogText() => $$"""
        {{Head("ln x for x > 0: x = 2ⁿ · m with m from √½ to √2, ln m = f − f²/2 + f³·q(f), f = m − 1. Relative error below 1e-7 for normal numbers. Of anything else, 0 and infinity too: NaN, so that a loss shows it.", $"{target.Type} Log({target.Type} x)")}}
            var bits = {{V}}.AsInt32(x) - {{V}}.Create(0x3F3504F3);
            var n = {{V}}.ConvertToSingle({{V}}.ShiftRightArithmetic(bits, 23));
            var m = {{V}}.AsSingle((bits & {{V}}.Create(0x007FFFFF)) + {{V}}.Create(0x3F3504F3));
            var f = m - {{V}}<float>.One;
        {{Horner("f", "q", LogPolynomial)}}
            var squared = f * f;
            var small = {{V}}.MultiplyAddEstimate(squared * f, q, n * {{C(-2.12194440e-4)}}) - {{C(0.5)}} * squared;
            var log = {{V}}.MultiplyAddEstimate(n, {{C(0.693359375)}}, f + small) + (x - x); // x − x: NaN for infinity, else 0
            return {{V}}.ConditionalSelect({{V}}.GreaterThan(x, {{V}}<float>.Zero), log, {{V}}.Create(float.NaN));
        }
        """;

    private string LogOfAnyText() => $$"""
        {{Head("ln x for any x, as MathF.Log has it: of 0 −∞, of +∞ that, of what is negative NaN. Numbers that are not normal are multiplied by 2²³ first.", $"{target.Type} LogOfAny({target.Type} x)")}}
            var tiny = {{V}}.LessThan(x, {{C(1.17549435e-38)}});
            var log = Log({{V}}.ConditionalSelect(tiny, x * {{C(8388608)}}, x)) - (tiny & {{C(15.942385)}}); // 23·ln 2
            log = {{V}}.ConditionalSelect({{V}}.Equals(x, {{V}}.Create(float.PositiveInfinity)), x, log);
            return {{V}}.ConditionalSelect({{V}}.Equals(x, {{V}}<float>.Zero), {{V}}.Create(float.NegativeInfinity), log);
        }
        """;

    private string CoshText() => $$"""
        {{Head("cosh x = (e^|x| + e^−|x|) / 2. Relative error below 3e-7; above 88.73: infinity.", $"{target.Type} Cosh({target.Type} x)")}}
            var e = Exp({{V}}.Abs(x));
            return {{C(0.5)}} * e + {{C(0.5)}} / e;
        }
        """;

    private string SigmoidText() => $$"""
        {{Head("1 / (1 + e^−z). Relative error below 1.5e-7; below −88.72: 0.", $"{target.Type} Sigmoid({target.Type} z)")}}
            return {{V}}<float>.One / ({{V}}<float>.One + Exp(-z));
        }
        """;

    private string SiLUText() => $$"""
        {{Head("z / (1 + e^−z), with z held above −100 in the numerator: its limit is then −0, not −∞ / ∞. Relative error below 1.8e-7; below −88.72: −0.", $"{target.Type} SiLU({target.Type} z)")}}
            return {{V}}.MaxNative({{C(-100)}}, z) / ({{V}}<float>.One + Exp(-z));
        }
        """;

    private string SiLUSlopeText() => $$"""
        {{Head("The slope of z·σ(z): σ(z) + z·σ(z)·σ(−z). With u = e^−|z|, σ(z)·σ(−z) = u / (1 + u)², in which nothing cancels. Error below 2e-7.", $"{target.Type} SiLUSlope({target.Type} z)")}}
            var u = ExpOfNegative(-{{V}}.Abs(z));
            var inverse = {{V}}<float>.One / ({{V}}<float>.One + u);
            var other = u * inverse;
            var sigmoid = {{V}}.ConditionalSelect({{V}}.LessThan(z, {{V}}<float>.Zero), other, inverse);
            z = {{V}}.MaxNative({{C(-100)}}, {{V}}.MinNative({{C(100)}}, z)); // ∞ · 0 would be no number
            return {{V}}.MultiplyAddEstimate(z, other * inverse, sigmoid);
        }
        """;

    private string TanhText() => $$"""
        {{Head("tanh z: z + z³·q(z²) near 0, else ±(1 − 2 / (e^2|z| + 1)). Relative error below 1.5e-7.", $"{target.Type} Tanh({target.Type} z)")}}
            var size = {{V}}.Abs(z);
            var squared = z * z;
        {{Horner("squared", "q", -0.005697380751371384, 0.020632542669773102, -0.05373779684305191, 0.13331420719623566, -0.3333328068256378)}}
            var near = {{V}}.MultiplyAddEstimate(squared * z, q, z);
            var far = {{V}}<float>.One - {{C(2)}} / (Exp(size + size) + {{V}}<float>.One);
            var sign = z & {{C(-0.0)}};
            return {{V}}.ConditionalSelect({{V}}.LessThan(size, {{C(0.625)}}), near, far) | sign;
        }
        """;

    private string SoftplusText() => $$"""
        {{Head("ln(1 + e^z) = max(z, 0) + u·q(u), u = e^−|z|: ln(1 + u) as a polynomial without its constant keeps the relative precision of small u. Relative error below 1.7e-7; below −87.68: 0.", $"{target.Type} Softplus({target.Type} z)")}}
            var u = ExpOfNegative(-{{V}}.Abs(z));
        {{Horner("u", "q", -0.0032910797744989395, 0.020088469609618187, -0.0574604868888855, 0.10661371052265167, -0.15344977378845215, 0.1969212144613266, -0.24958020448684692, 0.33330464363098145, -0.4999993145465851, 1.0)}}
            return {{V}}.MultiplyAddEstimate(u, q, {{V}}.MaxNative({{V}}<float>.Zero, z));
        }
        """;

    private string SoftsignText() => $$"""
        {{Head("z / (1 + |z|), with z held within ±10³⁰: the limits are then ±1, not ∞ / ∞. Relative error below 1.3e-7.", $"{target.Type} Softsign({target.Type} z)")}}
            z = {{V}}.MaxNative({{C(-1e30)}}, {{V}}.MinNative({{C(1e30)}}, z));
            return z / ({{V}}<float>.One + {{V}}.Abs(z));
        }
        """;

    private string GaussText() => $$"""
        {{Head("e^(−v²/2) for v from 0 to 14. Relative error below 1.5e-7; 0 above 13.24.", $"{target.Type} Gauss({target.Type} v)")}}
            var squared = v * v;
            var lost = {{V}}.MultiplyAddEstimate(v, v, -squared); // what rounding v² lost: far out it is many units of the last place of e^…
            var e = ExpOfNegative({{C(-0.5)}} * squared);
            return {{V}}.MultiplyAddEstimate({{C(-0.5)}} * e, lost, e);
        }
        """;

    private string MillsText() => $$"""
        {{Head("(1 − Φ(v))·e^(v²/2) = t·q(t), t = 1 / (1 + 0.235·v), for v from 0 to 14 (the form of Hastings, 1955). Relative error below 5e-7.", $"{target.Type} Mills({target.Type} v)")}}
            var t = {{V}}<float>.One / {{V}}.MultiplyAddEstimate(v, {{C(0.235)}}, {{V}}<float>.One);
        {{Horner("t", "q", -0.06409501284360886, 0.20996397733688354, -0.14541897177696228, 0.17954128980636597, 0.03565097227692604, 0.09792627394199371, 0.09262258559465408, 0.09380882978439331)}}
            return t * q;
        }
        """;

    private string GELUText() => $$"""
        {{Head("z·Φ(z) = max(z, 0) − |z|·(1 − Φ(|z|)): no side cancels, and no infinity meets a 0, for |z| is held below 14. Relative error below 6e-7; below −13.24: 0.", $"{target.Type} GELU({target.Type} z)")}}
            var v = {{V}}.MinNative({{C(14)}}, {{V}}.Abs(z));
            return {{V}}.MultiplyAddEstimate(-v, Gauss(v) * Mills(v), {{V}}.MaxNative({{V}}<float>.Zero, z));
        }
        """;

    private string GELUSlopeText() => $$"""
        {{Head("The slope of z·Φ(z), Φ(z) + z·φ(z): d(−|z|) below 0, 1 − d(−|z|) above, with d(−v) = e^(−v²/2)·((1 − Φ(v))·e^(v²/2) − v/√(2π)). Error below 3e-7.", $"{target.Type} GELUSlope({target.Type} z)")}}
            var v = {{V}}.MinNative({{C(14)}}, {{V}}.Abs(z));
            var below = Gauss(v) * {{V}}.MultiplyAddEstimate(v, {{C(-0.39894228)}}, Mills(v));
            return {{V}}.ConditionalSelect({{V}}.LessThan(z, {{V}}<float>.Zero), below, {{V}}<float>.One - below);
        }
        """;

    private string Integers => $"Simd::Vector{target.Bits}<uint>";

    private string HashText() => $$"""
        {{Head("Random bits of a place: the two rounds that end MurmurHash3 (Appleby, 2011), with a key added before the first and mixed in before the second.", $"{Integers} Hash({Integers} index, {Integers} key0, {Integers} key1)")}}
            var h = index + key0;
            h = (h ^ {{V}}.ShiftRightLogical(h, 16)) * {{V}}.Create(0x85EBCA6Bu);
            h = (h ^ {{V}}.ShiftRightLogical(h, 13) ^ key1) * {{V}}.Create(0xC2B2AE35u);
            return h ^ {{V}}.ShiftRightLogical(h, 16);
        }
        """;

    private string KeptText() => $$"""
        {{Head("All bits set where a dropout keeps the number: where its random bits, as a signed number, reach the threshold.", $"{target.Type} Kept({Integers} index, {Integers} key0, {Integers} key1, Simd::Vector{target.Bits}<int> threshold)")}}
            return {{V}}.AsSingle({{V}}.GreaterThanOrEqual({{V}}.AsInt32(Hash(index, key0, key1)), threshold));
        }
        """;

    /// <summary>sin 2πr over a quarter turn to each side has the same distribution as the cosine of a whole turn.</summary>
    private string NormalText() => $$"""
        {{Head("√(−2·ln u)·sin 2πr, u uniform in (0, 1), r uniform within ±¼: a normal number with mean 0 and variance 1 (Box and Muller, 1958), at most 5.8 from 0.", $"{target.Type} Normal({Integers} index, {Integers} key0, {Integers} key1, {Integers} key2, {Integers} key3)")}}
            var u = ({{V}}.ConvertToSingle({{V}}.AsInt32({{V}}.ShiftRightLogical(Hash(index, key0, key1), 9))) + {{C(0.5)}}) * {{C(1.0 / (1 << 23))}};
            var r = {{V}}.ConvertToSingle({{V}}.AsInt32(Hash(index, key2, key3))) * {{C(1.0 / (1L << 33))}};
            var squared = r * r;
        {{Horner("squared", "q", -14.393966674804688, 42.00978088378906, -76.70427703857422, 81.605224609375, -41.34170150756836, 6.2831854820251465)}}
            return {{V}}.Sqrt({{C(-2)}} * Log(u)) * (r * q);
        }
        """;

    /// <summary>Halves 16 lanes four times: upper onto lower 8, 4, 2, 1.</summary>
    private string Reduction(string name, string summary, System.Func<string, string, string> combine)
    {
        string Combine(string a, string b, int bits) => combine(a, b).Replace("{0}", CodeWriter.Number(bits));
        var parameters = string.Join(", ", Enumerable.Range(0, target.Parts).Select(i => $"{target.Type} part{i}"));
        var steps = target.Bits switch
        {
            512 => $"""
                    var eight = {Combine("Simd::Vector512.GetLower(part0)", "Simd::Vector512.GetUpper(part0)", 256)};
                    var four = {Combine("Simd::Vector256.GetLower(eight)", "Simd::Vector256.GetUpper(eight)", 128)};
                """,
            256 => $"""
                    var eight = {Combine("part0", "part1", 256)};
                    var four = {Combine("Simd::Vector256.GetLower(eight)", "Simd::Vector256.GetUpper(eight)", 128)};
                """,
            _ => $"    var four = {Combine($"({Combine("part0", "part2", 128)})", $"({Combine("part1", "part3", 128)})", 128)};",
        };
        return $$"""
            {{Head(summary, $"float {name}({parameters})")}}
            {{steps}}
                var two = {{Combine("four", "Simd::Vector128.Shuffle(four, Simd::Vector128.Create(2, 3, 0, 1))", 128)}};
                var one = {{Combine("two", "Simd::Vector128.Shuffle(two, Simd::Vector128.Create(1, 0, 3, 2))", 128)}};
                return Simd::Vector128.ToScalar(one);
            }
            """;
    }
}
