using NetGen.CompilerServices;

namespace NetGen;

public sealed partial class Dataset
{
    /// <summary>The samples start … start + count − 1. The memory is shared, not copied.</summary>
    /// <param name="start">The first sample.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or goes beyond the samples.</exception>
    public Dataset Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(start, Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        return new(
            _inputs.Slice(start, count),
            InputSize,
            HasLabels ? _labels.Slice(start, count) : default,
            HasLabels ? default : _targets.Slice(start * TargetSize, count * TargetSize),
            Classes,
            TargetSize);
    }

    /// <summary>The first samples.</summary>
    /// <param name="count">How many, 1 … <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    public Dataset Take(int count) => Slice(0, count);

    /// <summary>The same samples in a random order.</summary>
    /// <param name="seed">The same seed gives the same order, on every platform.</param>
    public Dataset Shuffle(int seed)
    {
        var random = new Xoshiro256(seed);
        return Select(Permutation(ref random));
    }

    /// <summary>Every input becomes input·factor + offset. Bytes become numbers.</summary>
    /// <param name="factor">The factor, finite.</param>
    /// <param name="offset">What is added, finite.</param>
    /// <exception cref="ArgumentException">An argument is not finite, or a result is too large for a float.</exception>
    public Dataset Scale(float factor, float offset = 0)
    {
        Checked.Finite(factor, nameof(factor));
        Checked.Finite(offset, nameof(offset));
        var scaled = Numbers();
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = scaled[i] * factor + offset;
        }

        return WithInputs(scaled);
    }

    /// <summary>
    /// Brings every input column to mean 0 and standard deviation 1, and returns what is needed to treat other data alike:
    /// <c>var (train, standardizer) = raw.Standardize(); var test = standardizer.Apply(rawTest);</c>. Bytes become numbers.
    /// </summary>
    /// <exception cref="ArgumentException">A result is too large for a float.</exception>
    public (Dataset Data, Standardizer Standardizer) Standardize()
    {
        var standardizer = Standardizer.Fit(this);
        return (standardizer.Apply(this), standardizer);
    }

    /// <summary>The same samples, each label as a row of <see cref="Classes"/> targets: 1 for its class, 0 for the others.</summary>
    /// <exception cref="InvalidOperationException">The samples have no labels.</exception>
    public Dataset OneHot()
    {
        if (!HasLabels)
        {
            throw new InvalidOperationException("One-hot targets are made from labels, but these samples have targets already.");
        }

        var targets = new float[Checked.Size(Count, Classes, "one-hot targets")];
        for (var i = 0; i < Count; i++)
        {
            targets[i * Classes + Labels[i]] = 1;
        }

        return new(_inputs, InputSize, default, targets, 0, Classes);
    }

    /// <summary>The inputs as numbers, in a new array.</summary>
    internal float[] Numbers()
    {
        var numbers = new float[_inputs.Length];
        if (HasByteInputs)
        {
            ByteRows.Convert(InputBytes, InputScale, InputOffset, numbers);
        }
        else
        {
            Inputs.CopyTo(numbers);
        }

        return numbers;
    }

    /// <summary>The same labels or targets with other inputs of the same size, which are checked and taken.</summary>
    internal Dataset WithInputs(float[] inputs)
    {
        Checked.Numbers(inputs, InputSize, "The result");
        return new(new InputRows(inputs, InputSize), InputSize, _labels, _targets, Classes, TargetSize);
    }

    private Dataset Select(ReadOnlySpan<int> rows)
    {
        var inputs = _inputs.Select(rows);
        if (HasLabels)
        {
            var labels = new int[rows.Length];
            GatherLabels(rows, labels);
            return new(inputs, InputSize, labels, default, Classes, 0);
        }

        var targets = new float[rows.Length * TargetSize];
        GatherTargets(rows, targets);
        return new(inputs, InputSize, default, targets, 0, TargetSize);
    }
}
