using System.Globalization;

namespace NetGen;

/// <summary>
/// Samples to learn from or to be judged on: rows of <see cref="InputSize"/> numbers, each with a label (a class, 0 …
/// <see cref="Classes"/> − 1) or with a row of <see cref="TargetSize"/> numbers. It never changes and is never empty; operations
/// return new data sets. Its numbers are finite: they are checked once, when it is made. Inputs that come as bytes stay bytes, a quarter
/// of the memory, and are converted when they are used.
/// </summary>
public sealed partial class Dataset
{
    private readonly InputRows _inputs;
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
            new InputRows(Checked.Copy(inputs, inputSize, nameof(inputs), nameof(inputSize)), inputSize),
            inputSize,
            Checked.Copy(labels, classes, inputs.Length / inputSize),
            default,
            classes,
            0)
    {
    }

    /// <summary>
    /// Samples with labels, whose inputs are bytes (pixels) and stay so: a byte b stands for the number scale·b + offset, which is what
    /// every member gives and every network learns from, also one that was declared with another <see cref="InputAttribute.Scale"/>.
    /// The arrays are copied.
    /// </summary>
    /// <param name="inputs">Rows of <paramref name="inputSize"/> bytes, one after the other.</param>
    /// <param name="inputSize">The bytes of one row, at least 1.</param>
    /// <param name="labels">The class of each row, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="classes">The count of classes, at least 1.</param>
    /// <param name="scale">The factor: finite, not 0.</param>
    /// <param name="offset">What is added: finite.</param>
    /// <exception cref="ArgumentException">No rows, lengths that do not fit, a number that is not finite, or a label out of range.</exception>
    public Dataset(byte[] inputs, int inputSize, int[] labels, int classes, float scale, float offset = 0)
        : this(
            new InputRows(Checked.Copy(inputs, inputSize, scale, offset), inputSize, scale, offset),
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
            new InputRows(Checked.Copy(inputs, inputSize, nameof(inputs), nameof(inputSize)), inputSize),
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
        InputRows inputs, int inputSize, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> targets, int classes, int targetSize)
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

    /// <summary>
    /// All inputs, row after row: <see cref="Count"/>·<see cref="InputSize"/> numbers. Where they are bytes, the first call converts all of
    /// them and keeps the numbers, four times the memory of the bytes; training and evaluation do without.
    /// </summary>
    public ReadOnlySpan<float> Inputs => _inputs.All();

    /// <summary>Whether inputs are kept as bytes.</summary>
    public bool HasByteInputs => _inputs.AreBytes;

    /// <summary>All inputs as bytes, row after row; empty where they are numbers (<see cref="HasByteInputs"/>).</summary>
    public ReadOnlySpan<byte> InputBytes => _inputs.Bytes;

    /// <summary>What a byte is multiplied with; 1 where inputs are numbers.</summary>
    public float InputScale => _inputs.Scale;

    /// <summary>What is added to a byte's product with <see cref="InputScale"/>; 0 where inputs are numbers.</summary>
    public float InputOffset => _inputs.Offset;

    /// <summary>The class of each sample; empty where samples have targets.</summary>
    public ReadOnlySpan<int> Labels => _labels.Span;

    /// <summary>All targets, row after row: <see cref="Count"/>·<see cref="TargetSize"/> numbers; empty where samples have labels.</summary>
    public ReadOnlySpan<float> Targets => _targets.Span;

    /// <summary>The inputs of one sample. Where they are bytes, each call converts the row into new memory (unless <see cref="Inputs"/> was read).</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such row.</exception>
    public ReadOnlySpan<float> InputRow(int index)
    {
        CheckRow(index);
        return _inputs.Row(index);
    }

    /// <summary>The targets of one sample; empty where samples have labels.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such row.</exception>
    public ReadOnlySpan<float> TargetRow(int index)
    {
        CheckRow(index);
        return Targets.Slice(index * TargetSize, TargetSize);
    }

    /// <summary>The size, as in <c>1797 samples of 64 inputs, 10 classes</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} samples of {InputSize} inputs, {(HasLabels ? Classes : TargetSize)} {(HasLabels ? "classes" : "targets")}");

    /// <summary>For data made inside: the arrays are taken, not copied, and must be right.</summary>
    internal static Dataset Own(ReadOnlyMemory<byte> inputs, int inputSize, int[] labels, int classes, float scale) =>
        new(new InputRows(inputs, inputSize, scale, 0), inputSize, labels, default, classes, 0);

    /// <inheritdoc cref="Own(ReadOnlyMemory{byte}, int, int[], int, float)"/>
    internal static Dataset Own(float[] inputs, int inputSize, int[] labels, int classes) =>
        new(new InputRows(inputs, inputSize), inputSize, labels, default, classes, 0);

    /// <inheritdoc cref="Own(ReadOnlyMemory{byte}, int, int[], int, float)"/>
    internal static Dataset Own(float[] inputs, int inputSize, float[] targets, int targetSize) =>
        new(new InputRows(inputs, inputSize), inputSize, default, targets, 0, targetSize);

    /// <summary>Writes the inputs of given rows as numbers, one after the other.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="next">Those that will be read next, if that is known.</param>
    /// <param name="into">Takes the numbers.</param>
    internal void GatherInputs(ReadOnlySpan<int> rows, ReadOnlySpan<int> next, Span<float> into) => _inputs.Gather(rows, next, into);

    /// <summary>Copies the targets of given rows, one after the other.</summary>
    internal void GatherTargets(ReadOnlySpan<int> rows, Span<float> into) => InputRows.Gather(Targets, TargetSize, rows, into);

    /// <summary>Copies the labels of given rows.</summary>
    internal void GatherLabels(ReadOnlySpan<int> rows, Span<int> into)
    {
        var labels = Labels;
        for (var i = 0; i < rows.Length; i++)
        {
            into[i] = labels[rows[i]];
        }
    }

    private void CheckRow(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
    }
}
