using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace NetGen;

/// <summary>The rows of a CSV file, one at a time, each with as many fields as the first. Errors name the line.</summary>
internal sealed class CsvRows : IDisposable
{
    /// <summary>A longer row is a quote that nothing closes; memory is taken for what is read, not at once.</summary>
    private const int LongestRow = 1 << 26;

    private readonly CsvReader _reader;
    private readonly byte[][] _missing;
    private char[] _text = new char[64];
    private bool _isFirst = true;

    /// <summary>Reads the first row, so that the columns are known.</summary>
    /// <param name="stream">Stays open.</param>
    /// <param name="options">Checked options.</param>
    /// <exception cref="InvalidDataException">There are no rows, or the first is malformed.</exception>
    public CsvRows(Stream stream, CsvOptions options)
    {
        _missing = [.. options.MissingMarkers.Select(Encoding.UTF8.GetBytes)];
        _reader = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = options.Delimiter,
            HasHeader = options.HasHeader,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = LongestRow,
            Encoding = options.Encoding,
            FormatProvider = CultureInfo.InvariantCulture,
        }, leaveOpen: true);
        if (!Advance())
        {
            throw new InvalidDataException("There must be at least one row of data, but there is none.");
        }

        Header = _reader.Headers;
        Columns = options.HasHeader ? Header.Count : _reader.FieldCount;
    }

    /// <summary>The columns' names; empty where there is no header.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The fields of each row.</summary>
    public int Columns { get; }

    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public bool Read()
    {
        if (!_isFirst && !Advance())
        {
            return false;
        }

        _isFirst = false;
        return _reader.FieldCount == Columns
            ? true
            : throw Wrong($"there must be {Columns} fields as in the first line, but there are {_reader.FieldCount}");
    }

    /// <summary>Whether a field is empty or a marker.</summary>
    public bool IsMissing(int column)
    {
        var field = _reader.GetSpan(column);
        if (field.IsEmpty)
        {
            return true;
        }

        foreach (var marker in _missing)
        {
            if (field.SequenceEqual(marker))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A field's number.</summary>
    /// <exception cref="InvalidDataException">It is none, or not finite.</exception>
    public float Number(int column)
    {
        var field = _reader.GetSpan(column);
        return float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)
            ? number
            : throw Wrong(column, $"must be a finite number, but is {Shown(column)} (text belongs into a column of Categories, Label or Ignored)");
    }

    /// <summary>A field's text, until the next one is asked for.</summary>
    /// <exception cref="InvalidDataException">It is not UTF-8.</exception>
    public ReadOnlySpan<char> Category(int column)
    {
        var field = _reader.GetSpan(column);
        if (!Utf8.IsValid(field))
        {
            throw Wrong(column, $"must be UTF-8 text (or CsvOptions.Encoding say otherwise), but is {Shown(column)}");
        }

        // A character of UTF-16 takes at least a byte of UTF-8.
        if (_text.Length < field.Length)
        {
            _text = new char[Math.Max(field.Length, 2 * _text.Length)];
        }

        return _text.AsSpan(0, Encoding.UTF8.GetChars(field, _text));
    }

    /// <summary>An error in this row.</summary>
    public InvalidDataException Wrong(FormattableString reason) => new(Text.Of($"line {_reader.LineNumber}: {Text.Of(reason)}."));

    /// <summary>An error in a field of this row.</summary>
    public InvalidDataException Wrong(int column, FormattableString reason) =>
        new(Text.Of($"line {_reader.LineNumber}, column {Name(column)}: the field {Text.Of(reason)}."));

    /// <summary>A column as errors name it: its index from 0 and, if it has one, its name.</summary>
    public string Name(int column) =>
        Header.Count == 0 ? Text.Of($"{column} (from 0)") : Text.Of($"{column} ('{Shown(Header[column])}')");

    /// <summary>A field's text as errors show it.</summary>
    public string Shown(int column) => $"'{Shown(_reader.GetString(column))}'";

    public void Dispose() => _reader.Dispose();

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private bool Advance()
    {
        try
        {
            return _reader.Read();
        }
        catch (CsvFormatException e)
        {
            throw new InvalidDataException(Text.Of($"line {e.LineNumber}: the row cannot be read. {e.Message}"), e);
        }
    }
}
