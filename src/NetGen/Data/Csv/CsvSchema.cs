using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>
/// What a network needs to know of a CSV file, learned from the training data: which column is what, which categories there are and
/// in which order, and what takes a missing number's place. Other files are read by it alike:
/// <c>var (train, schema) = Csv.Read("train.csv", options); var test = schema.Read("test.csv");</c>.
/// </summary>
public sealed class CsvSchema
{
    internal CsvSchema(CsvOptions options, CsvColumnRole[] columns)
    {
        (Options, Columns) = (options, columns);
        InputNames = [.. columns.SelectMany(column => column.InputNames)];
        ClassNames = columns.FirstOrDefault(column => column.Kind == CsvColumnKind.Label)?.Categories ?? [];
        TargetSize = columns.Count(column => column.Kind == CsvColumnKind.Target);
    }

    /// <summary>A name for each input: the column's, and for a category <c>column=category</c>; <c>column 3</c> where there is no header.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>The text of each class: label 0 is the first; empty where samples have targets.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The numbers of one sample.</summary>
    public int InputSize => InputNames.Count;

    /// <summary>The count of classes; 0 where samples have targets.</summary>
    public int Classes => ClassNames.Count;

    /// <summary>The count of targets; 0 where samples have labels.</summary>
    public int TargetSize { get; }

    internal CsvOptions Options { get; }

    /// <summary>The training data's columns in their order.</summary>
    internal CsvColumnRole[] Columns { get; }

    /// <summary>Learns from a file without keeping its numbers: for files that are larger than memory.</summary>
    /// <param name="path">The training data.</param>
    /// <param name="options">Which column is what.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or not as the options say; the message names it, the line and the reason.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CsvSchema Learn(string path, CsvOptions options) => DataFile.Read(path, stream => Learn(stream, options));

    /// <summary>Learns from a stream, from its position to its end, without keeping its numbers.</summary>
    /// <param name="stream">The training data. It stays open.</param>
    /// <param name="options">Which column is what.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="InvalidDataException">The data is damaged or not as the options say; the message names the line and the reason.</exception>
    public static CsvSchema Learn(Stream stream, CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        using var rows = new CsvRows(stream, options);
        return new CsvSchema(options, CsvLearner.Learn(rows, options));
    }

    /// <summary>Reads samples as the training data's were read.</summary>
    /// <param name="path">A file with the same columns, in any order where they have names.</param>
    /// <exception cref="InvalidDataException">The file is damaged or has other columns, categories or classes; the message names it, the line
    /// and the reason.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public Dataset Read(string path) => DataFile.Read(path, Read);

    /// <summary>Reads samples from a stream, from its position to its end.</summary>
    /// <param name="stream">CSV text with the same columns, in any order where they have names. It stays open.</param>
    /// <exception cref="InvalidDataException">It is damaged or has other columns, categories or classes; the message names the line and the
    /// reason.</exception>
    public Dataset Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var rows = new CsvRows(stream, Options);
        var samples = new CsvSamples(this, rows, withTargets: true);
        var inputs = new List<float>();
        var targets = new List<float>();
        var labels = new List<int>();
        while (samples.Read())
        {
            samples.Inputs(Grow(inputs, InputSize));
            samples.Targets(Grow(targets, TargetSize));
            if (Classes > 0)
            {
                labels.Add(samples.Label());
            }
        }

        CheckSome(inputs);
        return Classes > 0
            ? Dataset.Own([.. inputs], InputSize, [.. labels], Classes)
            : Dataset.Own([.. inputs], InputSize, [.. targets], TargetSize);
    }

    /// <summary>
    /// Reads inputs to predict from: rows of <see cref="InputSize"/> numbers, one after the other. With <see cref="MissingValues.DropRow"/>
    /// rows in which an input is missing are left out here too.
    /// </summary>
    /// <param name="path">A file with the same columns; those of label and targets may be missing.</param>
    /// <exception cref="InvalidDataException">The file is damaged or has other columns or categories; the message names it, the line and the
    /// reason.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public float[] ReadInputs(string path) => DataFile.Read(path, ReadInputs);

    /// <summary>
    /// Reads inputs to predict from: rows of <see cref="InputSize"/> numbers, one after the other. With <see cref="MissingValues.DropRow"/>
    /// rows in which an input is missing are left out here too.
    /// </summary>
    /// <param name="stream">CSV text with the same columns; those of label and targets may be missing. It stays open.</param>
    /// <exception cref="InvalidDataException">It is damaged or has other columns or categories; the message names the line and the
    /// reason.</exception>
    public float[] ReadInputs(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var rows = new CsvRows(stream, Options);
        var samples = new CsvSamples(this, rows, withTargets: false);
        var inputs = new List<float>();
        while (samples.Read())
        {
            samples.Inputs(Grow(inputs, InputSize));
        }

        CheckSome(inputs);
        return [.. inputs];
    }

    /// <summary>The size, as in <c>4 inputs, 3 classes</c>.</summary>
    public override string ToString() =>
        Text.Of($"{InputSize} inputs, {(Classes > 0 ? Classes : TargetSize)} {(Classes > 0 ? "classes" : "targets")}");

    /// <summary>Room for one more row.</summary>
    private static Span<float> Grow(List<float> numbers, int size)
    {
        var start = numbers.Count;
        if ((long)start + size > Array.MaxLength)
        {
            throw new InvalidDataException(
                Text.Of($"The rows must hold at most {Array.MaxLength} numbers to be read at once, but hold more: read them as a stream."));
        }

        CollectionsMarshal.SetCount(numbers, start + size);
        return CollectionsMarshal.AsSpan(numbers)[start..];
    }

    private static void CheckSome(List<float> inputs)
    {
        if (inputs.Count == 0)
        {
            throw new InvalidDataException("A row without missing values must remain, but none does.");
        }
    }
}

/// <summary>What a column is.</summary>
internal enum CsvColumnKind
{
    Number,
    Category,
    Target,
    Label,
    Ignored,
}

/// <summary>A column and what was learned of it.</summary>
/// <param name="Name">Its name in the header; null where there is none.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Index">Where it stands in the training data, from 0.</param>
/// <param name="Place">Where its first input stands in a sample's; a target's index.</param>
/// <param name="Filling">What takes a missing number's place.</param>
/// <param name="Categories">The categories or classes in their order; empty for numbers.</param>
internal sealed record CsvColumnRole(
    string? Name, CsvColumnKind Kind, int Index, int Place, float Filling, IReadOnlyList<string> Categories)
{
    /// <summary>The place of each category.</summary>
    public Dictionary<string, int> CategoryIndex { get; } =
        Categories.Select((category, i) => (category, i)).ToDictionary(pair => pair.category, pair => pair.i, StringComparer.Ordinal);

    /// <summary>A name for each input that the column becomes.</summary>
    public IEnumerable<string> InputNames
    {
        get
        {
            var name = Name ?? Text.Of($"column {Index}");
            return Kind switch
            {
                CsvColumnKind.Number => [name],
                CsvColumnKind.Category => Categories.Select(category => $"{name}={category}"),
                _ => [],
            };
        }
    }
}
