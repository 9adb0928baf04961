namespace NetGen.Benchmarks.Generic;

/// <summary>The textbook's normalisation of a batch, sample by sample and feature by feature.</summary>
internal sealed class ScalarNormalization(int size)
{
    private double[][] _normal = [];
    private double[] _inverse = [];

    public double[] Gamma { get; } = [.. Enumerable.Repeat(1.0, size)];

    public double[] Beta { get; } = new double[size];

    public double[] Mean { get; } = new double[size];

    public double[] Variance { get; } = [.. Enumerable.Repeat(1.0, size)];

    /// <summary>y of one sample, with the running figures, in place.</summary>
    public void Predict(double[] z)
    {
        for (var f = 0; f < size; f++)
        {
            z[f] = Gamma[f] * (z[f] - Mean[f]) / Math.Sqrt(Variance[f] + 1e-5) + Beta[f];
        }
    }

    /// <summary>y of all samples, with their own figures, in place.</summary>
    public void Train(double[][] z)
    {
        _normal = [.. z.Select(row => new double[row.Length])];
        _inverse = new double[size];
        for (var f = 0; f < size; f++)
        {
            var mean = z.Average(row => row[f]);
            var variance = z.Average(row => (row[f] - mean) * (row[f] - mean));
            _inverse[f] = 1 / Math.Sqrt(variance + 1e-5);
            Mean[f] = 0.9 * Mean[f] + 0.1 * mean;
            Variance[f] = 0.9 * Variance[f] + 0.1 * variance * z.Length / (z.Length - 1);
            for (var n = 0; n < z.Length; n++)
            {
                _normal[n][f] = (z[n][f] - mean) * _inverse[f];
                z[n][f] = Gamma[f] * _normal[n][f] + Beta[f];
            }
        }
    }

    /// <summary>∂loss/∂y of all samples → ∂loss/∂z, in place; gives the gradients of γ and β.</summary>
    public (double[] Gamma, double[] Beta) Backward(double[][] delta)
    {
        var (gamma, beta) = (new double[size], new double[size]);
        for (var f = 0; f < size; f++)
        {
            for (var n = 0; n < delta.Length; n++)
            {
                gamma[f] += delta[n][f] * _normal[n][f];
                beta[f] += delta[n][f];
            }

            for (var n = 0; n < delta.Length; n++)
            {
                delta[n][f] = Gamma[f] * _inverse[f] * (delta[n][f] - (beta[f] + _normal[n][f] * gamma[f]) / delta.Length);
            }
        }

        return (gamma, beta);
    }
}
