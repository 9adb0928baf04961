namespace NetGen.IntegrationTests.Reference;

/// <summary>
/// Normalisations in double precision: y = γ·(x − μ)/√(σ² + ε) + β over rows x[n, size], as PyTorch documents them. Each γ and β belongs to
/// as many numbers of a row as an image has pixels; of features, to one.
/// </summary>
internal static class ReferenceNormalization
{
    /// <summary>μ and σ² of each feature over the samples; of each channel over the samples and its pixels.</summary>
    public static (double[] Mean, double[] Variance) OverSamples(double[] x, int size, int pixels)
    {
        var samples = x.Length / size;
        var (mean, variance) = (new double[size / pixels], new double[size / pixels]);
        for (var f = 0; f < mean.Length; f++)
        {
            (mean[f], variance[f]) = Figures(Enumerable.Range(0, samples * pixels).Select(i => x[i / pixels * size + f * pixels + i % pixels]));
        }

        return (mean, variance);
    }

    /// <summary>μ and σ² of each sample over its features.</summary>
    public static (double[] Mean, double[] Variance) OverFeatures(double[] x, int size)
    {
        var samples = x.Length / size;
        var (mean, variance) = (new double[samples], new double[samples]);
        for (var n = 0; n < samples; n++)
        {
            (mean[n], variance[n]) = Figures(x.Skip(n * size).Take(size));
        }

        return (mean, variance);
    }

    /// <summary>x̂ = (x − μ)/√(σ² + ε); which figure belongs to a number is a function of its sample and feature.</summary>
    public static double[] Normalize(double[] x, int size, double[] mean, double[] variance, double epsilon, Func<int, int, int> figure)
    {
        var normal = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var at = figure(i / size, i % size);
            normal[i] = (x[i] - mean[at]) / Math.Sqrt(variance[at] + epsilon);
        }

        return normal;
    }

    /// <summary>
    /// dx = (g − mean g − x̂·mean(g·x̂))/√(σ² + ε), g = γ·dy, with means over the numbers that share figures; constant figures have no means.
    /// </summary>
    public static double[] Backward(
        double[] normal, double[] dy, double[] gamma, int size, int pixels, double[] variance, double epsilon, Func<int, int, int> figure, bool constant)
    {
        var (mean, product, count) = (new double[variance.Length], new double[variance.Length], new int[variance.Length]);
        for (var i = 0; i < dy.Length; i++)
        {
            var at = figure(i / size, i % size);
            mean[at] += gamma[i % size / pixels] * dy[i];
            product[at] += gamma[i % size / pixels] * dy[i] * normal[i];
            count[at]++;
        }

        var dx = new double[dy.Length];
        for (var i = 0; i < dy.Length; i++)
        {
            var at = figure(i / size, i % size);
            var own = constant ? 0 : (mean[at] + normal[i] * product[at]) / count[at];
            dx[i] = (gamma[i % size / pixels] * dy[i] - own) / Math.Sqrt(variance[at] + epsilon);
        }

        return dx;
    }

    private static (double Mean, double Variance) Figures(IEnumerable<double> numbers)
    {
        var all = numbers.ToArray();
        var mean = all.Average();
        return (mean, all.Average(x => (x - mean) * (x - mean)));
    }
}
