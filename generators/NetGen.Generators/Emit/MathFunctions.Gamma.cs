namespace NetGen.Compiler.Emit;

/// <summary>
/// Differences of ln Γ and of its slope ψ, as a likelihood of counts takes them. Each alone grows without bound and the difference of two
/// would cancel; so differences are what is computed. The bounds hold by <c>GammaFunctionTests</c> (docs/elementwise.md).
/// </summary>
internal sealed partial class MathFunctions
{
    /// <summary>x − ln(1 + x) near 0.</summary>
    public string LogRemainder => Use(nameof(LogRemainder));

    /// <summary>ln Γ(r + t) − ln Γ(r) − t·ln r.</summary>
    public string LogGammaRise => Use(nameof(LogGammaRise), nameof(LogRemainder), nameof(Log));

    private string LogRemainderText() => $$"""
        {{Head("x − ln(1 + x) for x from −0.29 to 0.41, where the difference itself would cancel: x²/2 − x³·q(x), with the q of Log.", $"{target.Type} LogRemainder({target.Type} x)")}}
        {{Horner("x", "q", LogPolynomial)}}
            return x * x * ({{C(0.5)}} - x * q);
        }
        """;

    /// <summary>
    /// Stirling's series (Abramowitz and Stegun, 6.1.40 and 6.3.18), ln Γ(x) = (x − ½)·ln x − x + ½·ln 2π + 1/12x − 1/360x³ + …, taken of
    /// y = x + t and x and subtracted by hand: with w = t/x what is left is x·((1 + w)·ln(1 + w) − w) − ½·ln(1 + w) and the difference of the
    /// short tails. It needs x ≥ 4; a smaller r is raised by Γ(r + 4) = r·(r + 1)·(r + 2)·(r + 3)·Γ(r).
    /// </summary>
    private string LogGammaRiseText() => $$"""
        {{Head("ln Γ(r + t) − ln Γ(r) − t·ln r for r &gt; 0, t ≥ 0, and its slope with respect to ln r, r·(ψ(r + t) − ψ(r)) − t. By Stirling's series from x on, x = r or, below 4, r + 4; nothing cancels for large r, where both go to 0.", $"{target.Type} LogGammaRise({target.Type} r, {target.Type} t, out {target.Type} slope)")}}
            var isSmall = {{V}}.LessThan(r, {{C(4)}});
            var x = r + (isSmall & {{C(4)}});
            var y = x + t;
            var w = t / x;
            var far = Log({{V}}<float>.One + w);
            var isNear = {{V}}.LessThan(w, {{C(0.41)}});
            var remainder = {{V}}.ConditionalSelect(isNear, LogRemainder(w), w - far); // w − ln(1 + w)
            var log = {{V}}.ConditionalSelect(isNear, w - remainder, far); // ln(1 + w)
            var area = {{V}}.ConditionalSelect(isNear, w * w - ({{V}}<float>.One + w) * remainder, {{V}}.MultiplyAddEstimate({{V}}<float>.One + w, far, -w)); // (1 + w)·ln(1 + w) − w
            var rise = x * area - {{C(0.5)}} * log + ({{Tail("y", Stirling)}} - {{Tail("x", Stirling)}});
            slope = {{C(0.5)}} * t / y - x * remainder - x * ({{Tail("y", Digamma)}} / y - {{Tail("x", Digamma)}} / x);

            // Γ(r + t) / Γ(r) = Γ(x + t) / Γ(x) · Π (r + j) / (r + t + j), j from 0 to 3
            var (r1, r2, r3) = (r + {{C(1)}}, r + {{C(2)}}, r + {{C(3)}});
            var (s0, s1, s2, s3) = (r + t, r1 + t, r2 + t, r3 + t);
            rise += (t * Log(x / r) - Log(s0 / r) - Log(s1 / r1 * (s2 / r2) * (s3 / r3))) & isSmall;
            var sums = {{V}}<float>.One / s0 + r / r1 / s1 + r / r2 / s2 + r / r3 / s3; // Σ r / ((r + j)·(r + t + j))
            slope = {{V}}.ConditionalSelect(isSmall, r / x * (slope + t) - t + t * sums, slope);
            return rise;
        }
        """;

    /// <summary>1/12, −1/360, 1/1260, −1/1680 of ln Γ.</summary>
    private static readonly double[] Stirling = [-1 / 1680.0, 1 / 1260.0, -1 / 360.0, 1 / 12.0];

    /// <summary>1/12, −1/120, 1/252, −1/240 of ln x − 1/2x − ψ(x), after a factor 1/x.</summary>
    private static readonly double[] Digamma = [-1 / 240.0, 1 / 252.0, -1 / 120.0, 1 / 12.0];

    /// <summary>(c₁ + (c₂ + (c₃ + c₄/x²)/x²)/x²)/x.</summary>
    private string Tail(string x, double[] coefficients)
    {
        var power = $"({V}<float>.One / ({x} * {x}))";
        var sum = C(coefficients[0]);
        for (var i = 1; i < coefficients.Length; i++)
        {
            sum = $"{V}.MultiplyAddEstimate({sum}, {power}, {C(coefficients[i])})";
        }

        return $"{sum} / {x}";
    }
}
