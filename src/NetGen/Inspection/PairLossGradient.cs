using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// The slopes of the losses that take two outputs for each target, <see cref="Loss.GaussianNLL"/> and <see cref="Loss.NegativeBinomial"/>, by
/// the first output (μ, or its logarithm) and by the second (ln σ², or ln r).
/// </summary>
internal static class PairLossGradient
{
    /// <summary>Of ½·(s + (t − μ)²·e^−s), s = ln σ².</summary>
    public static (double ByMean, double ByLogVariance) GaussianNLL(double mean, double logVariance, double t)
    {
        var (difference, precision) = (mean - t, Math.Exp(-logVariance));
        return (difference * precision, 0.5 - 0.5 * difference * difference * precision);
    }

    /// <summary>
    /// Of (r + t)·ln(1 + μ/r) − t·ln μ − (ln Γ(r + t) − ln Γ(r) − t·ln r): r·p − t·(1 − p) by ln μ, p = μ/(r + μ), and
    /// r·(ln(1 + μ/r) − p) − t·p − (r·(ψ(r + t) − ψ(r)) − t) by ln r.
    /// </summary>
    public static (double ByLogMean, double ByLogSize) NegativeBinomial(double logMean, double logSize, double t)
    {
        var (difference, r) = (logMean - logSize, Math.Exp(logSize));
        var p = 1 / (1 + Math.Exp(-difference));
        return (r * p - t / (1 + Math.Exp(difference)), r * LogLessShare(difference, p) - t * p - DigammaRise(r, t));
    }

    /// <summary>ln(1 + u) − u/(1 + u), u = e^<paramref name="logU"/>; by its series u²/2 − 2u³/3 + 3u⁴/4 − … where it would cancel.</summary>
    private static double LogLessShare(double logU, double share)
    {
        var u = Math.Exp(logU);
        return u < 1e-3
            ? u * u * (1.0 / 2 - u * (2.0 / 3 - u * (3.0 / 4 - u * 4.0 / 5)))
            : Math.Max(logU, 0) + LossFunctions.LogOnePlus(Math.Exp(-Math.Abs(logU))) - share;
    }

    /// <summary>
    /// r·(ψ(r + t) − ψ(r)) − t. With ψ(x) = ln x − 1/(2x) − 1/(12x²) + … (Abramowitz and Stegun, 6.3.18) of x + t and x, subtracted by hand so
    /// that large ones do not cancel; r below 16 is raised to x by ψ(r + 1) = ψ(r) + 1/r.
    /// </summary>
    private static double DigammaRise(double r, double t)
    {
        var (rise, x) = (0.0, r);
        for (; x < 16; x++)
        {
            rise += t / (x * (x + t));
        }

        var w = t / x;

        // ln(1 + w) − w, where it would cancel by its series −w²/2 + w³/3 − …
        var bend = w > 0.01
            ? LossFunctions.LogOnePlus(w) - w
            : -w * w * (1.0 / 2 - w * (1.0 / 3 - w * (1.0 / 4 - w * (1.0 / 5 - w * (1.0 / 6 - w / 7)))));
        return r * (rise + bend + 0.5 * w / (x + t) + Tail(x + t) - Tail(x)) + (x > r ? r * w - t : 0);

        static double Tail(double x)
        {
            var power = 1 / (x * x);
            return -power * (1.0 / 12 - power * (1.0 / 120 - power * (1.0 / 252 - power / 240)));
        }
    }
}
