namespace NetGen;

/// <summary>
/// Brings input columns to mean 0 and standard deviation 1: x becomes (x − mean) / deviation. The figures come from one data set
/// (the training data) and are applied to others alike. A column that is constant there becomes 0 (less its mean, for other data).
/// </summary>
public sealed class Standardizer
{
    private readonly double[] _means;
    private readonly double[] _deviations;

    private Standardizer(double[] means, double[] deviations) => (_means, _deviations) = (means, deviations);

    /// <summary>The mean of each column.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>The standard deviation of each column over the whole population (divided by n); 0 for a constant column.</summary>
    public ReadOnlySpan<double> Deviations => _deviations;

    /// <summary>Takes the figures of a data set, in double precision and two passes.</summary>
    /// <param name="data">Usually the training data.</param>
    public static Standardizer Fit(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var size = data.InputSize;
        ReadOnlySpan<float> inputs = data.HasByteInputs ? data.Numbers() : data.Inputs;
        var means = new double[size];
        var deviations = new double[size];
        for (var i = 0; i < inputs.Length; i++)
        {
            means[i % size] += inputs[i];
        }

        foreach (ref var mean in means.AsSpan())
        {
            mean /= data.Count;
        }

        // The mean of equal numbers may differ from them in its last bit: a constant column is found by comparing.
        var constant = new bool[size];
        for (var j = 0; j < size; j++)
        {
            constant[j] = true;
        }

        for (var i = 0; i < inputs.Length; i++)
        {
            var difference = inputs[i] - means[i % size];
            deviations[i % size] += difference * difference;
            constant[i % size] &= inputs[i] == inputs[i % size];
        }

        for (var j = 0; j < size; j++)
        {
            deviations[j] = constant[j] ? 0 : Math.Sqrt(deviations[j] / data.Count);
            means[j] = constant[j] ? inputs[j] : means[j];
        }

        return new(means, deviations);
    }

    /// <summary>The same samples with standardised inputs.</summary>
    /// <param name="data">Data with as many columns.</param>
    /// <exception cref="ArgumentException">The count of columns differs, or a result is too large for a float.</exception>
    public Dataset Apply(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.InputSize != _means.Length)
        {
            throw new ArgumentException(Text.Of($"data must have {_means.Length} inputs, but has {data.InputSize}."), nameof(data));
        }

        var standardized = data.Numbers();
        for (var i = 0; i < standardized.Length; i++)
        {
            var j = i % _means.Length;
            standardized[i] = (float)((standardized[i] - _means[j]) / (_deviations[j] == 0 ? 1 : _deviations[j]));
        }

        return data.WithInputs(standardized);
    }
}
