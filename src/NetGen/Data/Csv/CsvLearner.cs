using System.Globalization;

namespace NetGen;

/// <summary>One pass over the training data: its columns' kinds, means and categories.</summary>
internal static class CsvLearner
{
    public static CsvColumnRole[] Learn(CsvRows rows, CsvOptions options)
    {
        var (kinds, targets) = Kinds(rows, options);
        int[] used = [.. Enumerable.Range(0, kinds.Length).Where(i => kinds[i] != CsvColumnKind.Ignored)];
        if (!Array.Exists(kinds, kind => kind is CsvColumnKind.Number or CsvColumnKind.Category))
        {
            throw new InvalidDataException("line 1: there must be a column of inputs beside label, targets and ignored columns, but there is none.");
        }

        var sums = new double[kinds.Length];
        var counts = new long[kinds.Length];
        var categories = Array.ConvertAll(kinds, _ => new Dictionary<string, int>(StringComparer.Ordinal));
        var samples = 0L;
        while (rows.Read())
        {
            if (options.Missing == MissingValues.DropRow && Array.Exists(used, rows.IsMissing))
            {
                continue;
            }

            samples++;
            foreach (var i in used)
            {
                if (IsFilled(rows, i, kinds[i], options))
                {
                    continue;
                }

                if (kinds[i] is CsvColumnKind.Category or CsvColumnKind.Label)
                {
                    AddCategory(rows, i, categories[i], options);
                }
                else
                {
                    sums[i] += rows.Number(i);
                    counts[i]++;
                }
            }
        }

        if (samples == 0)
        {
            throw new InvalidDataException("A row without missing values must remain, but none does.");
        }

        return Roles(rows, options, kinds, targets, i => Filling(rows, i, options, sums[i], counts[i]), categories);
    }

    /// <summary>Whether a value is missing that an input may lack.</summary>
    /// <exception cref="InvalidDataException">A value is missing that must be there.</exception>
    public static bool IsFilled(CsvRows rows, int column, CsvColumnKind kind, CsvOptions options)
    {
        if (!rows.IsMissing(column))
        {
            return false;
        }

        if (kind is CsvColumnKind.Label or CsvColumnKind.Target)
        {
            throw rows.Wrong(column, $"must hold the {(kind == CsvColumnKind.Label ? "label" : "target")}, but the value is missing");
        }

        return options.Missing is MissingValues.Mean or MissingValues.Constant
            ? true
            : throw rows.Wrong(column, $"must hold a value, but it is missing (CsvOptions.Missing says what else may be done)");
    }

    /// <summary>What each column is, and the targets' columns in their order.</summary>
    private static (CsvColumnKind[] Kinds, int[] Targets) Kinds(CsvRows rows, CsvOptions options)
    {
        var kinds = new CsvColumnKind[rows.Columns];
        Assign(options.Ignored, CsvColumnKind.Ignored, nameof(options.Ignored));
        Assign(options.Categories, CsvColumnKind.Category, nameof(options.Categories));
        Assign(options.Label is { } label ? [label] : [], CsvColumnKind.Label, nameof(options.Label));
        return (kinds, Assign(options.Targets, CsvColumnKind.Target, nameof(options.Targets)));

        int[] Assign(IReadOnlyList<CsvColumn> columns, CsvColumnKind kind, string option) => [.. columns.Select(column =>
        {
            var index = column.Find(rows.Header, rows.Columns)
                ?? throw new InvalidDataException(
                    Text.Of($"line 1: there must be exactly one column {column}, which {option} names, among the {rows.Columns} columns{Names(rows)}."));
            if (kinds[index] != CsvColumnKind.Number)
            {
                throw new InvalidDataException(
                    Text.Of($"line 1: column {rows.Name(index)} must be one thing, but is named by {option} and as {kinds[index]}."));
            }

            kinds[index] = kind;
            return index;
        })];
    }

    private static string Names(CsvRows rows)
    {
        const int Shown = 20;
        return rows.Header.Count == 0
            ? ", which have no names"
            : $" ({string.Join(", ", Enumerable.Range(0, Math.Min(Shown, rows.Columns)).Select(rows.Name))}{(rows.Columns > Shown ? ", …" : "")})";
    }

    private static void AddCategory(CsvRows rows, int column, Dictionary<string, int> categories, CsvOptions options)
    {
        if (categories.GetAlternateLookup<ReadOnlySpan<char>>().TryAdd(rows.Category(column), categories.Count) && categories.Count > options.MaxCategories)
        {
            throw rows.Wrong(
                column, $"must be one of at most {options.MaxCategories} categories (CsvOptions.MaxCategories), but {rows.Shown(column)} is one more");
        }
    }

    private static float Filling(CsvRows rows, int column, CsvOptions options, double sum, long count) => options.Missing switch
    {
        MissingValues.Constant => options.MissingConstant,
        MissingValues.Mean when count == 0 => throw new InvalidDataException(
            Text.Of($"column {rows.Name(column)}: there must be a value to take the mean of, but all are missing.")),
        MissingValues.Mean => (float)(sum / count),
        _ => 0,
    };

    private static CsvColumnRole[] Roles(
        CsvRows rows, CsvOptions options, CsvColumnKind[] kinds, int[] targets, Func<int, float> filling, Dictionary<string, int>[] categories)
    {
        var roles = new CsvColumnRole[kinds.Length];
        var place = 0;
        for (var i = 0; i < roles.Length; i++)
        {
            var kind = kinds[i];
            var name = rows.Header.Count == 0 ? null : rows.Header[i];
            var ordered = Ordered(categories[i].Keys, options.CategoryOrder);
            roles[i] = kind switch
            {
                CsvColumnKind.Number => new(name, kind, i, place++, filling(i), []),
                CsvColumnKind.Target => new(name, kind, i, Array.IndexOf(targets, i), 0, []),
                CsvColumnKind.Category => new(name, kind, i, place, 0, ordered),
                _ => new(name, kind, i, 0, 0, ordered),
            };
            place += kind == CsvColumnKind.Category ? ordered.Length : 0;
        }

        return place > 0
            ? roles
            : throw new InvalidDataException("There must be an input, but all values of the columns of categories are missing.");
    }

    private static string[] Ordered(IEnumerable<string> categories, CategoryOrder order)
    {
        string[] texts = [.. categories];
        if (order == CategoryOrder.FirstAppearance)
        {
            return texts;
        }

        var numbers = Array.ConvertAll(
            texts, text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN);
        return numbers.Any(double.IsNaN)
            ? [.. texts.Order(StringComparer.Ordinal)]
            : [.. texts.Zip(numbers).OrderBy(pair => pair.Second).ThenBy(pair => pair.First, StringComparer.Ordinal).Select(pair => pair.First)];
    }
}
