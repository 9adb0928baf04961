using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// Samples of files that are larger than memory: they are read while training goes on, each once an epoch, in a random order that a buffer
/// makes. The buffer holds the next samples of the file; one of them, each as likely, is given, and the file's next takes its place. A
/// buffer of the file's size shuffles evenly; a smaller one leaves a sample near its place, so a file that is sorted by class should be
/// shuffled beforehand. The memory taken is the buffer's: its samples times <see cref="InputSize"/> + <see cref="TargetSize"/> floats.
/// <para>To train: <c>net.Fit(data, epochs: 10)</c>; or, with a loop or a producer of one's own, <see cref="Fill"/> and
/// <see cref="FillLabels"/>. Not for several threads at once.</para>
/// </summary>
public sealed class StreamedDataset : IDisposable
{
    /// <summary>The samples of the buffer, unless somebody asks for another count.</summary>
    public const int DefaultBuffer = 10_000;

    private readonly ISampleSource _source;
    private readonly float[] _inputs;
    private readonly float[] _targets;
    private readonly int[] _labels;
    private Xoshiro256 _random;

    /// <summary>The samples in the buffer.</summary>
    private int _filled;

    private bool _isOver;

    private StreamedDataset(ISampleSource source, int buffer, int seed)
    {
        _source = source;
        var rows = (int)Math.Min(buffer, source.Count);
        try
        {
            _inputs = new float[Checked.Size(rows, source.InputSize, "A buffer")];
            _targets = new float[Checked.Size(rows, source.TargetSize, "A buffer")];
        }
        catch
        {
            source.Dispose();
            throw;
        }

        _labels = new int[rows];
        _random = new Xoshiro256(seed);
    }

    /// <summary>The numbers of one sample.</summary>
    public int InputSize => _source.InputSize;

    /// <summary>The numbers of one row of targets; 0 where samples have labels.</summary>
    public int TargetSize => _source.TargetSize;

    /// <summary>The count of classes; 0 where samples have targets.</summary>
    public int Classes => _source.Classes;

    /// <summary>Whether samples have labels; else they have targets.</summary>
    public bool HasLabels => Classes > 0;

    /// <summary>The count of samples, at least 1.</summary>
    public long Count => _source.Count;

    /// <summary>The samples of a CSV file. It is read once at once: to count, and so that what is wrong with it shows before training.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">What is known of it, from <see cref="CsvSchema.Learn(string, CsvOptions)"/>.</param>
    /// <param name="buffer">The samples of the buffer, at least 1; 1 gives the file's order.</param>
    /// <param name="seed">The same seed gives the same order, on every platform.</param>
    /// <exception cref="InvalidDataException">The file is damaged or not as the schema says; the message names it, the line and the reason.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static StreamedDataset FromCsv(string path, CsvSchema schema, int buffer = DefaultBuffer, int seed = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer, 1);
        return new(new CsvSource(path, schema), buffer, seed);
    }

    /// <summary>Samples with labels of two array files, NPY (the last dimension running fastest) or IDX (gzipped or not).</summary>
    /// <param name="inputs">The file of inputs: a sample for each index of the first dimension.</param>
    /// <param name="labels">The file of as many labels.</param>
    /// <param name="classes">The count of classes, at least 1.</param>
    /// <param name="scale">What each input is multiplied with: finite, not 0.</param>
    /// <param name="offset">What is added to the product: finite.</param>
    /// <param name="buffer">The samples of the buffer, at least 1; 1 gives the files' order.</param>
    /// <param name="seed">The same seed gives the same order, on every platform.</param>
    /// <exception cref="InvalidDataException">A file is damaged, or they do not fit; the message names it, the place and the reason.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static StreamedDataset FromLabels(
        string inputs, string labels, int classes, float scale = 1, float offset = 0, int buffer = DefaultBuffer, int seed = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return FromArrays(inputs, labels, classes, scale, offset, buffer, seed);
    }

    /// <summary>Samples with targets of two array files, NPY (the last dimension running fastest) or IDX (gzipped or not).</summary>
    /// <param name="inputs">The file of inputs: a sample for each index of the first dimension.</param>
    /// <param name="targets">The file of as many rows of targets; one dimension holds a target for each sample.</param>
    /// <param name="scale">What each input is multiplied with: finite, not 0.</param>
    /// <param name="offset">What is added to the product: finite.</param>
    /// <param name="buffer">The samples of the buffer, at least 1; 1 gives the files' order.</param>
    /// <param name="seed">The same seed gives the same order, on every platform.</param>
    /// <exception cref="InvalidDataException">A file is damaged, or they do not fit; the message names it, the place and the reason.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static StreamedDataset FromTargets(
        string inputs, string targets, float scale = 1, float offset = 0, int buffer = DefaultBuffer, int seed = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(targets);
        return FromArrays(inputs, targets, classes: 0, scale, offset, buffer, seed);
    }

    /// <summary>The steps after which each sample was given once: <see cref="Count"/> by the batch size, rounded up.</summary>
    /// <param name="batchSize">The samples of a step, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is below 1, or the steps are more than an int can count.</exception>
    public int Batches(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var batches = (Count - 1) / batchSize + 1;
        return batches <= int.MaxValue
            ? (int)batches
            : throw new ArgumentOutOfRangeException(
                nameof(batchSize), Text.Of($"batchSize must be so large that {Count} samples are at most {int.MaxValue} steps, but is {batchSize}."));
    }

    /// <summary>
    /// The next samples, those of the next epoch after the last of this one. Labels become rows of 0 and a 1 at their class, or, where a row
    /// has one number and there are two classes, that number.
    /// </summary>
    /// <param name="inputs">Is filled: rows of <see cref="InputSize"/> numbers, at least one.</param>
    /// <param name="targets">Is filled: as many rows, of <see cref="TargetSize"/> numbers or, with labels, at least <see cref="Classes"/> or 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Fill(Span<float> inputs, Span<float> targets)
    {
        var rows = Rows(inputs);
        var (size, rest) = Math.DivRem(targets.Length, rows);
        var fits = HasLabels ? size >= Classes || (size == 1 && Classes == 2) : size == TargetSize;
        if (rest != 0 || !fits)
        {
            throw new ArgumentException(
                Text.Of($"targets must hold {rows} rows of {(HasLabels ? "at least " : "")}{(HasLabels ? Classes : TargetSize)} numbers, but has {targets.Length}."),
                nameof(targets));
        }

        for (var i = 0; i < rows; i++)
        {
            var slot = Draw();
            var target = targets.Slice(i * size, size);
            Input(slot).CopyTo(inputs[(i * InputSize)..]);
            if (!HasLabels)
            {
                Target(slot).CopyTo(target);
            }
            else if (size == 1 && Classes == 2)
            {
                target[0] = _labels[slot];
            }
            else
            {
                target.Clear();
                target[_labels[slot]] = 1;
            }

            Replace(slot);
        }
    }

    /// <summary>The next samples with their labels, those of the next epoch after the last of this one.</summary>
    /// <param name="inputs">Is filled: rows of <see cref="InputSize"/> numbers, at least one.</param>
    /// <param name="labels">Is filled: the class of each row.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="InvalidOperationException">The samples have no labels.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void FillLabels(Span<float> inputs, Span<int> labels)
    {
        if (!HasLabels)
        {
            throw new InvalidOperationException("These samples have targets, not labels: Fill gives them.");
        }

        var rows = Rows(inputs);
        if (labels.Length != rows)
        {
            throw new ArgumentException(
                Text.Of($"labels must hold {rows} numbers (one for each row of inputs), but has {labels.Length}."), nameof(labels));
        }

        for (var i = 0; i < rows; i++)
        {
            var slot = Draw();
            Input(slot).CopyTo(inputs[(i * InputSize)..]);
            labels[i] = _labels[slot];
            Replace(slot);
        }
    }

    /// <summary>Begins an epoch: what is left of the one before is not given any more.</summary>
    internal void BeginEpoch() => _filled = 0;

    /// <summary>Closes the files.</summary>
    public void Dispose() => _source.Dispose();

    /// <summary>The size, as in <c>60000 samples of 784 inputs, 10 classes, 10000 of them in the buffer</c>.</summary>
    public override string ToString() => Text.Of(
        $"{Count} samples of {InputSize} inputs, {(HasLabels ? Classes : TargetSize)} {(HasLabels ? "classes" : "targets")}, {_labels.Length} of them in the buffer");

    private static StreamedDataset FromArrays(string inputs, string answers, int classes, float scale, float offset, int buffer, int seed)
    {
        ArgumentException.ThrowIfNullOrEmpty(inputs);
        Checked.Scale(scale, offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer, 1);
        return new(new ArraySource(inputs, answers, classes, scale, offset), buffer, seed);
    }

    private int Rows(ReadOnlySpan<float> inputs)
    {
        var (rows, rest) = Math.DivRem(inputs.Length, InputSize);
        return rows > 0 && rest == 0
            ? rows
            : throw new ArgumentException(
                Text.Of($"inputs must hold one or more whole rows of {InputSize} numbers, but has {inputs.Length}."), nameof(inputs));
    }

    private Span<float> Input(int slot) => _inputs.AsSpan(slot * InputSize, InputSize);

    private Span<float> Target(int slot) => _targets.AsSpan(slot * TargetSize, TargetSize);

    /// <summary>One of the samples in the buffer, which is filled from the file's start if none is left.</summary>
    private int Draw()
    {
        if (_filled == 0)
        {
            _source.Rewind();
            _isOver = false;
            while (_filled < _labels.Length && Load(_filled))
            {
                _filled++;
            }
        }

        return _filled > 0
            ? _random.NextInt(_filled)
            : throw new InvalidDataException("The file must have samples as when it was opened, but has none any more.");
    }

    /// <summary>The file's next sample takes a place in the buffer; where there is none any more, the buffer's last.</summary>
    private void Replace(int slot)
    {
        if (Load(slot))
        {
            return;
        }

        _filled--;
        Input(_filled).CopyTo(Input(slot));
        Target(_filled).CopyTo(Target(slot));
        _labels[slot] = _labels[_filled];
    }

    private bool Load(int slot)
    {
        try
        {
            _isOver = _isOver || !_source.Read(Input(slot), Target(slot), out _labels[slot]);
            return !_isOver;
        }
        catch
        {
            // The place holds half a sample: whoever goes on all the same starts from the file's start.
            _filled = 0;
            throw;
        }
    }
}
