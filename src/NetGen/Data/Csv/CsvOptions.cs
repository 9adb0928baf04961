using System.Globalization;
using System.Text;

namespace NetGen;

/// <summary>What a CSV file's text means and which of its columns is what. Columns that no property names are input numbers.</summary>
public sealed record CsvOptions
{
    /// <summary>What stands between two fields; an ASCII character.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Whether the first line holds the columns' names. Without them columns are named by their index.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>The column that holds each sample's class, whatever its text; null where samples have <see cref="Targets"/>.</summary>
    public CsvColumn? Label { get; init; }

    /// <summary>The columns that hold the numbers to predict, in this order; empty where samples have a <see cref="Label"/>.</summary>
    public IReadOnlyList<CsvColumn> Targets { get; init; } = [];

    /// <summary>Input columns that hold categories: each becomes an input for each category, 1 for the one that is there and 0 for the others.</summary>
    public IReadOnlyList<CsvColumn> Categories { get; init; } = [];

    /// <summary>Columns to pass over, such as a row's number.</summary>
    public IReadOnlyList<CsvColumn> Ignored { get; init; } = [];

    /// <summary>The order of categories and classes.</summary>
    public CategoryOrder CategoryOrder { get; init; } = CategoryOrder.Sorted;

    /// <summary>The most categories that a column may have: more are a column of numbers or of free text by mistake. At least 1.</summary>
    public int MaxCategories { get; init; } = 1000;

    /// <summary>Whether a category that the training data did not have is none of them (all its inputs are 0) or an error. A class is always an error.</summary>
    public bool AllowUnknownCategories { get; init; }

    /// <summary>What happens where an input's value is missing. A missing label or target is an error, or, with
    /// <see cref="MissingValues.DropRow"/>, drops the row.</summary>
    public MissingValues Missing { get; init; } = MissingValues.Error;

    /// <summary>The number that takes a missing one's place with <see cref="MissingValues.Constant"/>; finite.</summary>
    public float MissingConstant { get; init; }

    /// <summary>What stands for a missing value beside an empty field, such as <c>?</c> or <c>NA</c>, exactly.</summary>
    public IReadOnlyList<string> MissingMarkers { get; init; } = [];

    /// <summary>The text's encoding; null for that of its byte order mark, and UTF-8 where there is none.</summary>
    public Encoding? Encoding { get; init; }

    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    internal void Check()
    {
        foreach (var (list, name) in new (object?, string)[]
        {
            (Targets, nameof(Targets)), (Categories, nameof(Categories)), (Ignored, nameof(Ignored)), (MissingMarkers, nameof(MissingMarkers)),
        })
        {
            if (list is null)
            {
                throw new ArgumentException($"{name} must be a list, but is null.", "options");
            }
        }

        if (Label is null == (Targets.Count == 0))
        {
            throw new ArgumentException(
                $"Either Label or Targets must name what is to be predicted, but {(Label is null ? "neither does" : "both do")}.", "options");
        }

        if (!char.IsAscii(Delimiter) || Delimiter is '"' or '\r' or '\n' or ' ' or '\0')
        {
            throw new ArgumentException(
                Text.Of($"Delimiter must be an ASCII character, not a quote, a space or a line's end, but is U+{(int)Delimiter:X4}."), "options");
        }

        if (MaxCategories < 1)
        {
            throw new ArgumentException(Text.Of($"MaxCategories must be at least 1, but is {MaxCategories}."), "options");
        }

        if (!float.IsFinite(MissingConstant))
        {
            throw new ArgumentException(Text.Of($"MissingConstant must be finite, but is {MissingConstant}."), "options");
        }

        if (!Enum.IsDefined(Missing) || !Enum.IsDefined(CategoryOrder))
        {
            throw new ArgumentException(
                Text.Of($"Missing and CategoryOrder must be members of their enums, but are {Missing} and {CategoryOrder}."), "options");
        }
    }
}

/// <summary>A column by its name in the header, by its index from 0, or from the end: <c>"species"</c>, <c>4</c>, <c>^1</c>.</summary>
public readonly record struct CsvColumn
{
    private readonly string? _name;
    private readonly Index _index;

    private CsvColumn(string? name, Index index) => (_name, _index) = (name, index);

    /// <summary>A column by its name, exactly.</summary>
    /// <param name="name">The name.</param>
    public static implicit operator CsvColumn(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(name, default);
    }

    /// <summary>A column by its index.</summary>
    /// <param name="index">From 0.</param>
    public static implicit operator CsvColumn(int index) => new(null, index);

    /// <summary>A column by its index.</summary>
    /// <param name="index">From the start or, with <c>^</c>, from the end.</param>
    public static implicit operator CsvColumn(Index index) => new(null, index);

    /// <summary>The name in quotes, or the index.</summary>
    public override string ToString() => _name is null ? string.Create(CultureInfo.InvariantCulture, $"{_index}") : $"'{_name}'";

    /// <returns>The index from 0; null where the file has no such column, or two of that name.</returns>
    internal int? Find(IReadOnlyList<string> header, int count)
    {
        if (_name is null)
        {
            var offset = _index.GetOffset(count);
            return offset >= 0 && offset < count ? offset : null;
        }

        int? found = null;
        for (var i = 0; i < header.Count; i++)
        {
            if (header[i] == _name)
            {
                if (found is not null)
                {
                    return null;
                }

                found = i;
            }
        }

        return found;
    }
}

/// <summary>The order in which categories become inputs, and classes numbers.</summary>
public enum CategoryOrder
{
    /// <summary>By value where all are numbers, else by their text's characters; whatever the order of the rows.</summary>
    Sorted,

    /// <summary>In the order in which the rows of the training data name them.</summary>
    FirstAppearance,
}

/// <summary>What happens where an input's value is missing.</summary>
public enum MissingValues
{
    /// <summary>It is an error, which names the line and the column.</summary>
    Error,

    /// <summary>The row is left out.</summary>
    DropRow,

    /// <summary>A number becomes the column's mean over the training data; a category none of them (all its inputs are 0).</summary>
    Mean,

    /// <summary>A number becomes <see cref="CsvOptions.MissingConstant"/>; a category none of them (all its inputs are 0).</summary>
    Constant,
}
