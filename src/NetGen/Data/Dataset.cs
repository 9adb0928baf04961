using System.Globalization;

namespace NetGen;

/// <summary>
/// Samples to learn from or to be judged on: rows of <see cref="InputSize"/> numbers, each with a label (a class, 0 …
/// <see cref="Classes"/> − 1) or with a row of <see cref="TargetSize"/> numbers. It never changes and is never empty; operations
/// return new data sets. Its numbers are finite: they are checked once, when it is made.
/// </summary>
public sealed partial class Dataset
{
    private readonly ReadOnlyMemory<float> _inputs;
    private readonly ReadOnlyMemory<int> _labels;
    private readonly ReadOnlyMemory<float> _targets;

    /// <summary>Samples with labels. The arrays are copied.</summary>
    /// <param name="inputs">Rows of <paramref name="inputSize"/> numbers, one after the other.</param>
    /// <param name="inputSize">The numbers of one row, at least 1.</param>
    /// <param name="labels">The class of each row, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="classes">The count of classes, at least 1.</param>
    /// <exception cref="ArgumentException">No rows, lengths that do not fit, a number that is not finite, or a label out of range.</exception>
    public Dataset(float[] inputs, int inputSize, int[] labels, int classes)
        : this(
            Checked.Copy(inputs, inputSize, nameof(inputs), nameof(inputSize)),
            inputSize,
            Checked.Copy(labels, classes, inputs.Length / inputSize),
            default,
            classes,
            0)
    {
    }

    /// <summary>Samples with numbers as targets. The arrays are copied.</summary>
    /// <param name="inputs">Rows of <paramref name="inputSize"/> numbers, one after the other.</param>
    /// <param name="inputSize">The numbers of one row, at least 1.</param>
    /// <param name="targets">As many rows of <paramref name="targetSize"/> numbers.</param>
    /// <param name="targetSize">The numbers of one row of targets, at least 1.</param>
    /// <exception cref="ArgumentException">No rows, lengths that do not fit, or a number that is not finite.</exception>
    public Dataset(float[] inputs, int inputSize, float[] targets, int targetSize)
        : this(
            Checked.Copy(inputs, inputSize, nameof(inputs), nameof(inputSize)),
            inputSize,
            default,
            Checked.Copy(targets, targetSize, nameof(targets), nameof(targetSize), inputs.Length / inputSize),
            0,
            targetSize)
    {
    }

    /// <summary>Samples with labels, an array a row.</summary>
    /// <param name="inputs">Rows of the same length.</param>
    /// <param name="labels">The class of each row, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="classes">The count of classes, at least 1.</param>
    /// <exception cref="ArgumentException">No rows, lengths that do not fit, a number that is not finite, or a label out of range.</exception>
    public Dataset(float[][] inputs, int[] labels, int classes)
        : this(Checked.Flatten(inputs, nameof(inputs)), inputs[0].Length, labels, classes)
    {
    }

    /// <summary>Samples with numbers as targets, an array a row: <c>new Dataset([[0, 0], [0, 1]], [[0], [1]])</c>.</summary>
    /// <param name="inputs">Rows of the same length.</param>
    /// <param name="targets">As many rows of the same length.</param>
    /// <exception cref="ArgumentException">No rows, lengths that do not fit, or a number that is not finite.</exception>
    public Dataset(float[][] inputs, float[][] targets)
        : this(Checked.Flatten(inputs, nameof(inputs)), inputs[0].Length, Checked.Flatten(targets, nameof(targets)), targets[0].Length)
    {
    }

    /// <summary>Samples with labels from a matrix of [rows, columns].</summary>
    /// <param name="inputs">The rows.</param>
    /// <param name="labels">The class of each row, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="classes">The count of classes, at least 1.</param>
    /// <exception cref="ArgumentException">No rows, lengths that do not fit, a number that is not finite, or a label out of range.</exception>
    public Dataset(float[,] inputs, int[] labels, int classes)
        : this(Checked.Flatten(inputs, nameof(inputs)), inputs.GetLength(1), labels, classes)
    {
    }

    /// <summary>Samples with numbers as targets from matrices of [rows, columns].</summary>
    /// <param name="inputs">The rows.</param>
    /// <param name="targets">As many rows.</param>
    /// <exception cref="ArgumentException">No rows, lengths that do not fit, or a number that is not finite.</exception>
    public Dataset(float[,] inputs, float[,] targets)
        : this(Checked.Flatten(inputs, nameof(inputs)), inputs.GetLength(1), Checked.Flatten(targets, nameof(targets)), targets.GetLength(1))
    {
    }

    /// <summary>Takes memory that is already checked and that nobody else writes.</summary>
    private Dataset(
        ReadOnlyMemory<float> inputs, int inputSize, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> targets, int classes, int targetSize)
    {
        (_inputs, InputSize, _labels, _targets, Classes, TargetSize) = (inputs, inputSize, labels, targets, classes, targetSize);
        Count = inputs.Length / inputSize;
    }

    /// <summary>The count of samples, at least 1.</summary>
    public int Count { get; }

    /// <summary>The numbers of one sample.</summary>
    public int InputSize { get; }

    /// <summary>The numbers of one row of targets; 0 where samples have labels.</summary>
    public int TargetSize { get; }

    /// <summary>The count of classes; 0 where samples have targets.</summary>
    public int Classes { get; }

    /// <summary>Whether samples have labels; else they have targets.</summary>
    public bool HasLabels => Classes > 0;

    /// <summary>All inputs, row after row: <see cref="Count"/>·<see cref="InputSize"/> numbers.</summary>
    public ReadOnlySpan<float> Inputs => _inputs.Span;

    /// <summary>The class of each sample; empty where samples have targets.</summary>
    public ReadOnlySpan<int> Labels => _labels.Span;

    /// <summary>All targets, row after row: <see cref="Count"/>·<see cref="TargetSize"/> numbers; empty where samples have labels.</summary>
    public ReadOnlySpan<float> Targets => _targets.Span;

    /// <summary>The inputs of one sample.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such row.</exception>
    public ReadOnlySpan<float> InputRow(int index) => Row(Inputs, index, InputSize);

    /// <summary>The targets of one sample; empty where samples have labels.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such row.</exception>
    public ReadOnlySpan<float> TargetRow(int index) => Row(Targets, index, TargetSize);

    /// <summary>The size, as in <c>1797 samples of 64 inputs, 10 classes</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} samples of {InputSize} inputs, {(HasLabels ? Classes : TargetSize)} {(HasLabels ? "classes" : "targets")}");

    /// <summary>For data made inside: the arrays are taken, not copied, and must be right.</summary>
    internal static Dataset Own(float[] inputs, int inputSize, int[] labels, int classes) =>
        new(inputs, inputSize, labels, default, classes, 0);

    /// <summary>Copies the inputs of given rows, one after the other.</summary>
    internal void GatherInputs(ReadOnlySpan<int> rows, Span<float> into) => Gather(Inputs, InputSize, rows, into);

    /// <summary>Copies the targets of given rows, one after the other.</summary>
    internal void GatherTargets(ReadOnlySpan<int> rows, Span<float> into) => Gather(Targets, TargetSize, rows, into);

    /// <summary>Copies the labels of given rows.</summary>
    internal void GatherLabels(ReadOnlySpan<int> rows, Span<int> into)
    {
        var labels = Labels;
        for (var i = 0; i < rows.Length; i++)
        {
            into[i] = labels[rows[i]];
        }
    }

    private static void Gather(ReadOnlySpan<float> from, int size, ReadOnlySpan<int> rows, Span<float> into)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            from.Slice(rows[i] * size, size).CopyTo(into[(i * size)..]);
        }
    }

    private ReadOnlySpan<float> Row(ReadOnlySpan<float> numbers, int index, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return numbers.Slice(index * size, size);
    }
}
