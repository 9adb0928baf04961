namespace NetGen.IntegrationTests.Reference;

/// <summary>
/// The losses of two outputs a target: y is [samples, 2·K], the first K columns means (or their logarithms), t is [samples, K]. Of counts
/// the functions of Γ are sums over the whole numbers below t, by Γ(x + 1) = x·Γ(x): no series, no differences.
/// </summary>
internal static class ReferencePairs
{
    public static bool Has(Loss loss) => loss is Loss.GaussianNLL or Loss.NegativeBinomial;

    /// <summary>The mean loss.</summary>
    public static double Value(Loss loss, double[] y, double[] t, int outputs)
    {
        double sum = 0;
        for (var i = 0; i < t.Length; i++)
        {
            var (first, second) = Places(i, outputs);
            sum += loss == Loss.GaussianNLL
                ? 0.5 * (y[second] + (t[i] - y[first]) * (t[i] - y[first]) / Math.Exp(y[second]))
                : NegativeBinomial(y[first], y[second], t[i]);
        }

        return sum / t.Length;
    }

    /// <summary>dy[samples, 2·K] = ∂(mean loss)/∂y.</summary>
    public static double[] Gradient(Loss loss, double[] y, double[] t, int outputs)
    {
        var dy = new double[y.Length];
        for (var i = 0; i < t.Length; i++)
        {
            var (first, second) = Places(i, outputs);
            var (byFirst, bySecond) = loss == Loss.GaussianNLL
                ? ((y[first] - t[i]) / Math.Exp(y[second]), 0.5 - 0.5 * (t[i] - y[first]) * (t[i] - y[first]) / Math.Exp(y[second]))
                : NegativeBinomialSlopes(y[first], y[second], t[i]);
            (dy[first], dy[second]) = (byFirst / t.Length, bySecond / t.Length);
        }

        return dy;
    }

    /// <summary>−ln of the probability of t, but for ln t!, in the order of a textbook.</summary>
    public static double NegativeBinomial(double logMean, double logSize, double t)
    {
        var (mean, r) = (Math.Exp(logMean), Math.Exp(logSize));
        return (r + t) * ReferenceFunctions.LogP1(mean / r) - t * logMean - LogGammaRise(r, t);
    }

    /// <summary>Its slopes with respect to ln μ and ln r.</summary>
    public static (double ByMean, double BySize) NegativeBinomialSlopes(double logMean, double logSize, double t)
    {
        var (mean, r) = (Math.Exp(logMean), Math.Exp(logSize));
        var logShare = mean / r < 1e-3 ? Series(mean / r) : ReferenceFunctions.LogP1(mean / r) - mean / (r + mean);
        return (r * (mean - t) / (r + mean), r * logShare - t * mean / (r + mean) - LogGammaRiseSlope(r, t));

        // ln(1 + u) − u/(1 + u) = Σ (−1)ᵏ·uᵏ·(k − 1)/k
        static double Series(double u) => u * u * (1.0 / 2 - u * (2.0 / 3 - u * (3.0 / 4 - u * (4.0 / 5 - u * (5.0 / 6)))));
    }

    /// <summary>ln Γ(r + t) − ln Γ(r) − t·ln r = Σ ln(1 + j/r) over j from 0 to t − 1.</summary>
    public static double LogGammaRise(double r, double t)
    {
        double sum = 0;
        for (var j = 0; j < Whole(t); j++)
        {
            sum += ReferenceFunctions.LogP1(j / r);
        }

        return sum;
    }

    /// <summary>Its slope with respect to ln r: r·(ψ(r + t) − ψ(r)) − t = −Σ j/(r + j).</summary>
    public static double LogGammaRiseSlope(double r, double t)
    {
        double sum = 0;
        for (var j = 0; j < Whole(t); j++)
        {
            sum -= j / (r + j);
        }

        return sum;
    }

    /// <summary>Where target i finds its two outputs.</summary>
    private static (int First, int Second) Places(int i, int outputs)
    {
        var targets = outputs / 2;
        var first = i / targets * outputs + i % targets;
        return (first, first + targets);
    }

    private static int Whole(double t) => t >= 0 && t == Math.Floor(t) ? (int)t : throw new ArgumentOutOfRangeException(nameof(t), t, "A count is whole.");
}
