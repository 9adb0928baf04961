using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Emit;

/// <summary>
/// Functions of a vector that kernels call, written into a kernel class when one of them does. They use + − × ÷ and bits alone,
/// so that every width gives the same bits. The polynomials are our own minimax fits; errors are those of exact arithmetic.
/// </summary>
internal sealed class MathFunctions(VectorTarget target)
{
    private readonly SortedSet<string> _used = [];

    public string Exp => Use(nameof(Exp));

    public string Log => Use(nameof(Log));

    public string Sigmoid => Use(nameof(Sigmoid), nameof(Exp));

    public string SiLUSlope => Use(nameof(SiLUSlope), nameof(Sigmoid), nameof(Exp));

    public string Tanh => Use(nameof(Tanh), nameof(Exp));

    public string Softplus => Use(nameof(Softplus), nameof(Exp), nameof(Log));

    /// <summary>The normal distribution function Φ.</summary>
    public string NormalDistribution => Use(nameof(NormalDistribution), nameof(Exp));

    /// <summary>The sum over 16 virtual lanes.</summary>
    public string Sum => Use(nameof(Sum));

    /// <summary>The largest of 16 virtual lanes.</summary>
    public string Largest => Use(nameof(Largest));

    public string TransposeBlock => Use(nameof(TransposeBlock));

    /// <summary>The same where rows or columns are missing.</summary>
    public string TransposeEdge => Use(nameof(TransposeEdge));

    /// <summary>Writes the functions that were asked for.</summary>
    public void Write(CodeWriter writer)
    {
        foreach (var name in _used)
        {
            writer.Blank();
            switch (name)
            {
                case nameof(Exp): writer.Line(ExpText()); break;
                case nameof(Log): writer.Line(LogText()); break;
                case nameof(Sigmoid): writer.Line(SigmoidText()); break;
                case nameof(SiLUSlope): writer.Line(SiLUSlopeText()); break;
                case nameof(Tanh): writer.Line(TanhText()); break;
                case nameof(Softplus): writer.Line(SoftplusText()); break;
                case nameof(NormalDistribution): writer.Line(NormalDistributionText()); break;
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

    private string ExpText() => $$"""
        {{Head("e^x = 2ⁿ · e^r with n = round(x / ln 2), |r| ≤ ln 2 / 2; relative error of the polynomial 4e-9. Below −87.3: 0; above 88.7: infinity.", $"{target.Type} Exp({target.Type} x)")}}
            // The operand order of MinNative and MaxNative lets a NaN through.
            x = {{V}}.MaxNative({{C(-87.33654)}}, {{V}}.MinNative({{C(88.9)}}, x));
            var n = {{V}}.MultiplyAddEstimate(x, {{C(1.44269504)}}, {{C(12582912)}}) - {{C(12582912)}}; // + and − 1.5·2²³ round to an integer
            var r = {{V}}.MultiplyAddEstimate(n, {{C(-0.693359375)}}, x);
            r = {{V}}.MultiplyAddEstimate(n, {{C(2.12194440e-4)}}, r);
        {{Horner("r", "q", 0.0013811662793159485, 0.008370134979486465, 0.04166852682828903, 0.16666509211063385, 0.4999999403953552)}}
            var p = {{V}}.MultiplyAddEstimate(r * r, q, r) + {{V}}<float>.One;
            var power = {{V}}.ShiftLeft({{V}}.ConvertToInt32Native(n) + {{V}}.Create(126), 23); // the bits of 2ⁿ⁻¹
            p *= {{V}}.AsSingle(power);
            return p + p;
        }
        """;

    private string LogText() => $$"""
        {{Head("ln x for x > 0: x = 2ⁿ · m with m from √½ to √2, ln m = f − f²/2 + f³·q(f), f = m − 1; relative error of the polynomial 6e-9.", $"{target.Type} Log({target.Type} x)")}}
            var bits = {{V}}.AsInt32(x) - {{V}}.Create(0x3F3504F3);
            var n = {{V}}.ConvertToSingle({{V}}.ShiftRightArithmetic(bits, 23));
            var m = {{V}}.AsSingle((bits & {{V}}.Create(0x007FFFFF)) + {{V}}.Create(0x3F3504F3));
            var f = m - {{V}}<float>.One;
        {{Horner("f", "q", -0.0763859897851944, 0.12767773866653442, -0.13161598145961761, 0.14201031625270844, -0.16623148322105408, 0.20001250505447388, -0.2500082552433014, 0.3333333134651184)}}
            var squared = f * f;
            var small = {{V}}.MultiplyAddEstimate(squared * f, q, n * {{C(-2.12194440e-4)}}) - {{C(0.5)}} * squared;
            return {{V}}.MultiplyAddEstimate(n, {{C(0.693359375)}}, f + small);
        }
        """;

    private string SigmoidText() => $$"""
        {{Head("1 / (1 + e^−z).", $"{target.Type} Sigmoid({target.Type} z)")}}
            return {{V}}<float>.One / ({{V}}<float>.One + Exp(-z));
        }
        """;

    private string SiLUSlopeText() => $$"""
        {{Head("The slope of z·σ(z): σ(z)·(1 + z·(1 − σ(z))).", $"{target.Type} SiLUSlope({target.Type} z)")}}
            var sigmoid = Sigmoid(z);
            return sigmoid * ({{V}}<float>.One + z * ({{V}}<float>.One - sigmoid));
        }
        """;

    private string TanhText() => $$"""
        {{Head("tanh z: z + z³·q(z²) near 0, else ±(1 − 2 / (e^2|z| + 1)); relative error of the polynomial 5e-9.", $"{target.Type} Tanh({target.Type} z)")}}
            var size = {{V}}.Abs(z);
            var squared = z * z;
        {{Horner("squared", "q", -0.005697380751371384, 0.020632542669773102, -0.05373779684305191, 0.13331420719623566, -0.3333328068256378)}}
            var near = {{V}}.MultiplyAddEstimate(squared * z, q, z);
            var far = {{V}}<float>.One - {{C(2)}} / (Exp(size + size) + {{V}}<float>.One);
            var sign = z & {{C(-0.0)}};
            return {{V}}.ConditionalSelect({{V}}.LessThan(size, {{C(0.625)}}), near, far | sign);
        }
        """;

    private string SoftplusText() => $$"""
        {{Head("ln(1 + e^z) = max(z, 0) + ln(1 + e^−|z|), which cannot overflow. For u = e^−|z| too small to change 1 + u: u itself.", $"{target.Type} Softplus({target.Type} z)")}}
            var u = Exp(-{{V}}.Abs(z));
            var sum = {{V}}<float>.One + u;
            var log = Log(sum) + (u - (sum - {{V}}<float>.One)) / sum; // the second term restores what rounding 1 + u lost
            return {{V}}.MaxNative({{V}}<float>.Zero, z) + log;
        }
        """;

    private string NormalDistributionText() => $$"""
        {{Head("Φ(z) = ½·erfc(−z/√2), with erfc(v) = e^−v²·t·q(t), t = 1 / (1 + 0.45·v) for v ≥ 0 (the form of Hastings, 1955); relative error of the polynomial 8e-7.", $"{target.Type} NormalDistribution({target.Type} z)")}}
            var v = {{V}}.Abs(z) * {{C(0.707106781)}};
            var t = {{V}}<float>.One / {{V}}.MultiplyAddEstimate(v, {{C(0.45)}}, {{V}}<float>.One);
        {{Horner("t", "q", 0.06554777920246124, -0.23736770451068878, 0.20831900835037231, 0.03674611076712608, 0.1925210952758789, 0.22637203335762024, 0.2539770305156708, 0.25388386845588684)}}
            var tail = {{C(0.5)}} * t * q * Exp({{C(-0.5)}} * z * z);
            return {{V}}.ConditionalSelect({{V}}.LessThan(z, {{V}}<float>.Zero), tail, {{V}}<float>.One - tail);
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
