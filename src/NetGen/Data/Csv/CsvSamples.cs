namespace NetGen;

/// <summary>The rows of a file as samples, by a schema.</summary>
internal sealed class CsvSamples
{
    private readonly CsvSchema _schema;
    private readonly CsvRows _rows;

    /// <summary>The columns that are read, each with its place in this file.</summary>
    private readonly (CsvColumnRole Role, int Column)[] _columns;

    /// <summary>The place of the label's column among them.</summary>
    private readonly int _label;

    /// <summary>Finds the schema's columns.</summary>
    /// <param name="schema">What is read.</param>
    /// <param name="rows">Where it stands.</param>
    /// <param name="withTargets">Whether label and targets are read; else they may be missing.</param>
    /// <exception cref="InvalidDataException">The file has other columns.</exception>
    public CsvSamples(CsvSchema schema, CsvRows rows, bool withTargets)
    {
        (_schema, _rows) = (schema, rows);
        _columns = [.. (schema.Options.HasHeader ? ByName(withTargets) : ByIndex(withTargets)).Where(c => IsRead(c.Role, withTargets))];
        _label = Array.FindIndex(_columns, c => c.Role.Kind == CsvColumnKind.Label);
    }

    /// <summary>Goes to the next row that is not dropped.</summary>
    public bool Read()
    {
        while (_rows.Read())
        {
            if (_schema.Options.Missing != MissingValues.DropRow || !HasMissing())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the row's inputs.</summary>
    public void Inputs(Span<float> into)
    {
        into.Clear();
        foreach (var (role, column) in _columns)
        {
            if (role.Kind is not (CsvColumnKind.Number or CsvColumnKind.Category))
            {
                continue;
            }

            var isFilled = CsvLearner.IsFilled(_rows, column, role.Kind, _schema.Options);
            if (role.Kind == CsvColumnKind.Number)
            {
                into[role.Place] = isFilled ? role.Filling : _rows.Number(column);
            }
            else if (!isFilled && Category(role, column) is { } category)
            {
                into[role.Place + category] = 1;
            }
        }
    }

    /// <summary>Writes the row's targets, if it has any.</summary>
    public void Targets(Span<float> into)
    {
        foreach (var (role, column) in _columns)
        {
            if (role.Kind == CsvColumnKind.Target)
            {
                CsvLearner.IsFilled(_rows, column, role.Kind, _schema.Options);
                into[role.Place] = _rows.Number(column);
            }
        }
    }

    /// <summary>The row's class.</summary>
    public int Label()
    {
        var (role, column) = _columns[_label];
        CsvLearner.IsFilled(_rows, column, role.Kind, _schema.Options);
        return Category(role, column)!.Value;
    }

    private static bool IsRead(CsvColumnRole role, bool withTargets) =>
        role.Kind is CsvColumnKind.Number or CsvColumnKind.Category || (withTargets && role.Kind != CsvColumnKind.Ignored);

    private bool HasMissing()
    {
        foreach (var (_, column) in _columns)
        {
            if (_rows.IsMissing(column))
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>Null for a category that the training data did not have, where that is allowed.</returns>
    private int? Category(CsvColumnRole role, int column)
    {
        if (role.CategoryIndex.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(_rows.Category(column), out var index))
        {
            return index;
        }

        return role.Kind == CsvColumnKind.Category && _schema.Options.AllowUnknownCategories
            ? null
            : throw _rows.Wrong(
                column, $"must be one of the {role.Categories.Count} categories of the training data, but is {_rows.Shown(column)}");
    }

    private IEnumerable<(CsvColumnRole Role, int Column)> ByName(bool withTargets)
    {
        foreach (var name in _rows.Header)
        {
            if (!Array.Exists(_schema.Columns, role => role.Name == name))
            {
                throw new InvalidDataException($"line 1: the columns must be those of the training data, but there is another one, '{name}'.");
            }
        }

        foreach (var role in _schema.Columns.Where(role => IsRead(role, withTargets)))
        {
            // By name and, where the training data had a name several times, by index.
            var column = ((CsvColumn)role.Name!).Find(_rows.Header, _rows.Columns)
                ?? (role.Index < _rows.Columns && _rows.Header[role.Index] == role.Name
                    ? role.Index
                    : throw new InvalidDataException(
                        $"line 1: there must be exactly one column '{role.Name}' as in the training data, but there is none or more than one."));
            yield return (role, column);
        }
    }

    private IEnumerable<(CsvColumnRole Role, int Column)> ByIndex(bool withTargets)
    {
        var roles = _schema.Columns;
        if (_rows.Columns == roles.Length)
        {
            return roles.Select((role, i) => (role, i));
        }

        CsvColumnRole[] inputs = [.. roles.Where(role => role.Kind is not (CsvColumnKind.Label or CsvColumnKind.Target))];
        return !withTargets && _rows.Columns == inputs.Length
            ? inputs.Select((role, i) => (role, i))
            : throw new InvalidDataException(Text.Of(
                $"line 1: there must be {roles.Length} columns as in the training data{(withTargets ? "" : " (or those without what is predicted)")}, but there are {_rows.Columns}."));
    }
}
