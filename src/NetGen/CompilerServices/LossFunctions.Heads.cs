namespace NetGen.CompilerServices;

/// <summary>Hinges, and the losses of pairs of outputs.</summary>
public static partial class LossFunctions
{
    /// <summary>Whether targets are ±1.</summary>
    internal static bool IsHinge(Loss? loss) => loss is Loss.Hinge or Loss.SquaredHinge;

    /// <summary>Whether two outputs together say what is expected of one target.</summary>
    internal static bool IsOfPairs(Loss? loss) => loss is Loss.GaussianNLL or Loss.NegativeBinomial;

    private static int TargetSize(Loss loss, int outputSize) => !IsOfPairs(loss)
        ? outputSize
        : outputSize % 2 == 0
            ? outputSize / 2
            : throw new ArgumentException($"outputSize must be even for {loss}, which takes two outputs for each target, but is {outputSize}.", nameof(outputSize));

    private static double Hinge(Loss loss, double y, double t)
    {
        var margin = Math.Max(0, 1 - t * y);
        return loss == Loss.Hinge ? margin : margin * margin;
    }

    private static double Hinge(Loss loss, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            sum += Hinge(loss, outputs[i], targets[i]);
        }

        return sum;
    }

    /// <summary>Each class against the rest: 1 for the label's output, −1 for the others.</summary>
    private static double Hinge(Loss loss, ReadOnlySpan<float> outputs, ReadOnlySpan<int> labels, int outputSize)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            sum += Hinge(loss, outputs[i], i % outputSize == labels[i / outputSize] ? 1 : -1);
        }

        return sum;
    }

    private static double GaussianNLL(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int outputSize)
    {
        var (sum, size) = (0.0, outputSize / 2);
        for (var i = 0; i < targets.Length; i++)
        {
            var mean = i / size * outputSize + i % size;
            double logVariance = outputs[mean + size];
            var difference = (double)targets[i] - outputs[mean];
            sum += logVariance + difference * difference * Math.Exp(-logVariance);
        }

        return 0.5 * sum;
    }

    /// <summary>(r + t)·ln(1 + μ/r) − t·ln μ − (ln Γ(r + t) − ln Γ(r) − t·ln r): the formula of <see cref="Loss.NegativeBinomial"/> with ln r taken out of both sides.</summary>
    private static double NegativeBinomial(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int outputSize)
    {
        var (sum, size) = (0.0, outputSize / 2);
        for (var i = 0; i < targets.Length; i++)
        {
            var at = i / size * outputSize + i % size;
            var (logMean, logSize, t) = ((double)outputs[at], (double)outputs[at + size], (double)targets[i]);
            var (difference, r) = (logMean - logSize, Math.Exp(logSize));
            var log = Math.Max(difference, 0) + LogOnePlus(Math.Exp(-Math.Abs(difference)));
            sum += (r + t) * log - t * logMean - LogGammaRise(r, t);
        }

        return sum;
    }

    /// <summary>
    /// ln Γ(r + t) − ln Γ(r) − t·ln r by Stirling's series (Abramowitz and Stegun, 6.1.40) of r + t and r, subtracted by hand so that large
    /// ones do not cancel; r below 16 is raised by Γ(r + 1) = r·Γ(r).
    /// </summary>
    private static double LogGammaRise(double r, double t)
    {
        var (rise, x) = (0.0, r);
        for (; x < 16; x++)
        {
            rise -= LogOnePlus(t / x);
        }

        rise += x > r ? t * Math.Log(x / r) : 0;
        var w = t / x;
        var log = LogOnePlus(w);

        // (1 + w)·ln(1 + w) − w, where it would cancel by its series w²/2 − w³/6 + w⁴/12 − …
        var area = w > 0.01 ? (1 + w) * log - w : w * w * (1.0 / 2 - w * (1.0 / 6 - w * (1.0 / 12 - w * (1.0 / 20 - w * (1.0 / 30 - w / 42)))));
        return rise + x * area - 0.5 * log + (Tail(x + t) - Tail(x));

        static double Tail(double x)
        {
            var power = 1 / (x * x);
            return (1.0 / 12 - power * (1.0 / 360 - power * (1.0 / 1260 - power * (1.0 / 1680 - power / 1188)))) / x;
        }
    }

    /// <summary>ln(1 + u) for u ≥ 0 with the relative precision of a small u (Kahan's form).</summary>
    internal static double LogOnePlus(double u)
    {
        var sum = 1 + u;
        return sum == 1 ? u : double.IsInfinity(sum) ? sum : Math.Log(sum) * (u / (sum - 1));
    }
}
