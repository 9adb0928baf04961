using System.Buffers.Binary;
using System.Globalization;

namespace NetGen;

/// <summary>
/// The header of an NPY file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): a magic string, the version, the
/// length of what follows, and a Python dict of <c>descr</c> (the type), <c>fortran_order</c> and <c>shape</c>, padded with spaces.
/// </summary>
/// <param name="Type">The type of the numbers.</param>
/// <param name="IsReversed">Whether their bytes stand in the other order than this machine's.</param>
/// <param name="IsFortran">Whether the first dimension runs fastest.</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="Length">The header's bytes: the data starts there.</param>
internal sealed record NpyHeader(NumberType Type, bool IsReversed, bool IsFortran, long[] Shape, int Length)
{
    /// <summary>Only structured types, which are not read, need more.</summary>
    private const int LongestText = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The count of numbers; checked to be one that 63 bits can hold in bytes.</summary>
    public long Count => Shape.Aggregate(1L, (count, size) => count * size);

    /// <summary>Reads a header from a stream's position.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule of the format; the message says where and which.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        var read = stream.ReadAtLeast(start[..8], 8, throwOnEndOfStream: false);
        if (read < 8 || !start[..Magic.Length].SequenceEqual(Magic))
        {
            throw new InvalidDataException("offset 0: the file must start with '\\x93NUMPY' and its version, but does not.");
        }

        var version = start[6];
        if (version is < 1 or > 3 || start[7] != 0)
        {
            throw new InvalidDataException(Text.Of($"offset 6: the version must be 1.0, 2.0 or 3.0, but is {version}.{start[7]}."));
        }

        // The length has 2 bytes in version 1, 4 in the later ones.
        var size = version == 1 ? 2 : 4;
        var length = start.Slice(8, size);
        if (stream.ReadAtLeast(length, size, throwOnEndOfStream: false) < size)
        {
            throw new InvalidDataException("offset 8: the header's length must follow, but the file ends here.");
        }

        var textLength = size == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (textLength > LongestText)
        {
            throw new InvalidDataException(Text.Of($"offset 8: the header must have at most {LongestText} bytes, but the file says {textLength}."));
        }

        var text = new byte[textLength];
        read = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        return read == text.Length
            ? Parse(text, 8 + size)
            : throw new InvalidDataException(
                Text.Of($"offset {8 + size + read}: the header must have {textLength} bytes, but the file ends here."));
    }

    /// <summary>A header as NumPy writes it, version 1, padded so that the data starts at a multiple of 64.</summary>
    public static byte[] Write(NumberType type, ReadOnlySpan<int> shape)
    {
        var order = type.Size() == 1 ? '|' : '<';
        var sizes = string.Join(", ", Array.ConvertAll(shape.ToArray(), size => Text.Of($"{size}")));
        var text = $"{{'descr': '{order}{type.Name()}', 'fortran_order': False, 'shape': ({sizes}{(shape.Length == 1 ? "," : "")}), }}";
        var length = (10 + text.Length + 1 + 63) / 64 * 64;
        var header = new byte[length];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - 10));
        header.AsSpan(10).Fill((byte)' ');
        System.Text.Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    private static NpyHeader Parse(ReadOnlySpan<byte> text, int start)
    {
        string? descr = null;
        bool? isFortran = null;
        long[]? shape = null;
        var reader = new PythonReader(text, start);
        reader.Expect('{');
        while (!reader.Accept('}'))
        {
            var at = reader.Offset;
            var key = reader.String();
            reader.Expect(':');
            var isNew = key switch
            {
                "descr" => descr is null,
                "fortran_order" => isFortran is null,
                "shape" => shape is null,
                _ => throw PythonReader.Wrong(at, $"the keys must be 'descr', 'fortran_order' and 'shape', but one is '{key}'"),
            };
            if (!isNew)
            {
                throw PythonReader.Wrong(at, $"each key must stand once, but '{key}' stands twice");
            }

            switch (key)
            {
                case "descr":
                    descr = reader.String();
                    break;
                case "fortran_order":
                    isFortran = reader.Boolean();
                    break;
                default:
                    shape = reader.Tuple(NumberArray.MaxDimensions);
                    break;
            }

            if (!reader.Accept(','))
            {
                reader.Expect('}');
                break;
            }
        }

        reader.ExpectEnd();
        if (descr is null || isFortran is null || shape is null)
        {
            throw PythonReader.Wrong(
                start, $"the header must have '{(descr is null ? "descr" : isFortran is null ? "fortran_order" : "shape")}', but has not");
        }

        var (type, isReversed) = ParseType(descr, start);
        var bytes = (Int128)type.Size();
        foreach (var size in shape)
        {
            bytes *= size;
            if (bytes > long.MaxValue)
            {
                throw PythonReader.Wrong(start, $"the shape's bytes must be countable in 63 bits, but those of ({string.Join(", ", shape)}) are not");
            }
        }

        return new NpyHeader(type, isReversed, isFortran.Value, shape, start + text.Length);
    }

    private static (NumberType Type, bool IsReversed) ParseType(string descr, int start)
    {
        if (descr is [var order and ('<' or '>' or '|'), .. var name] && NumberTypes.Parse(name) is { } type && (order != '|' || type.Size() == 1))
        {
            return (type, type.Size() > 1 && BitConverter.IsLittleEndian != (order == '<'));
        }

        var hint = descr.Contains('O', StringComparison.Ordinal) ? " (Python objects, which are not read: they could run code)" : "";
        throw PythonReader.Wrong(
            start,
            $"the type must be a byte order ('<', '>', or '|' for single bytes) and one of b1, i1 … i8, u1 … u8, f2, f4, f8, but is '{descr}'{hint}");
    }
}

/// <summary>Reads the few forms of Python literals that a header has.</summary>
/// <param name="text">The literal.</param>
/// <param name="start">Its offset in the file.</param>
internal ref struct PythonReader(ReadOnlySpan<byte> text, int start)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly int _start = start;
    private int _at;

    /// <summary>The next character's offset in the file.</summary>
    public readonly int Offset => _start + _at;

    /// <summary>Reads a character if it comes next, after white space.</summary>
    public bool Accept(char character)
    {
        SkipSpace();
        if (_at == _text.Length || _text[_at] != character)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>Reads a character that must come next, after white space.</summary>
    public void Expect(char character)
    {
        if (!Accept(character))
        {
            throw Wrong(Offset, $"'{character}' must stand here, but {Found()}");
        }
    }

    /// <summary>Nothing but white space may follow, a line's end the last of it.</summary>
    public void ExpectEnd()
    {
        SkipSpace();
        if (_at < _text.Length || _text[^1] != '\n')
        {
            throw Wrong(Offset, $"the header must end with spaces and a line's end, but {Found()}");
        }
    }

    /// <summary>A string in single or double quotes; escapes are not read, as no name or type needs one.</summary>
    public string String()
    {
        var quote = Accept('\'') ? '\'' : Accept('"') ? '"' : throw Wrong(Offset, $"a string must stand here, but {Found()}");
        var length = _text[_at..].IndexOf((byte)quote);
        var content = length < 0 ? default : _text.Slice(_at, length);
        if (length < 0 || content.ContainsAnyExceptInRange((byte)' ', (byte)'~') || content.Contains((byte)'\\'))
        {
            throw Wrong(Offset, $"a string must be plain ASCII up to its closing quote, but is not");
        }

        _at += length + 1;
        return System.Text.Encoding.ASCII.GetString(content);
    }

    /// <summary>True or False.</summary>
    public bool Boolean()
    {
        SkipSpace();
        foreach (var (word, value) in ((string, bool)[])[("True", true), ("False", false)])
        {
            if (_text.Length - _at >= word.Length && System.Text.Ascii.Equals(_text.Slice(_at, word.Length), word))
            {
                _at += word.Length;
                return value;
            }
        }

        throw Wrong(Offset, $"True or False must stand here, but {Found()}");
    }

    /// <summary>A tuple of integers: (), (1,), (1, 2).</summary>
    public long[] Tuple(int longest)
    {
        Expect('(');
        var numbers = new List<long>();
        while (!Accept(')'))
        {
            if (numbers.Count == longest)
            {
                throw Wrong(Offset, $"there must be at most {longest} dimensions, but there are more");
            }

            numbers.Add(Integer());
            if (!Accept(','))
            {
                // (3) is a number in brackets, not a tuple.
                if (numbers.Count == 1)
                {
                    throw Wrong(Offset, $"',' must stand here, but {Found()}");
                }

                Expect(')');
                break;
            }
        }

        return [.. numbers];
    }

    /// <summary>An error at an offset in the file.</summary>
    public static InvalidDataException Wrong(int offset, FormattableString reason) => new(Text.Of($"offset {offset}: {Text.Of(reason)}."));

    private long Integer()
    {
        SkipSpace();
        var digits = _text[_at..];
        var end = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = end < 0 ? digits : digits[..end];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw Wrong(Offset, $"a whole number from 0 to {long.MaxValue} must stand here, but {Found()}");
        }

        _at += digits.Length;

        // Python 2 wrote long integers with an L.
        if (_at < _text.Length && _text[_at] == 'L')
        {
            _at++;
        }

        return number;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\n')
        {
            _at++;
        }
    }

    private readonly string Found() => _at == _text.Length
        ? "the header ends"
        : _text[_at] is >= 0x20 and < 0x7F ? $"'{(char)_text[_at]}' does" : Text.Of($"byte 0x{_text[_at]:X2} does");
}
