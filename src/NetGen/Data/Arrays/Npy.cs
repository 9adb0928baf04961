namespace NetGen;

/// <summary>
/// Reads and writes NPY files, NumPy's files of one array (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), in
/// versions 1 to 3, of both byte orders and both orders of dimensions. Python objects and structures are not read: no code is ever run.
/// </summary>
public static class Npy
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format; the message names it, the offset and the rule.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NumberArray Read(string path) => DataFile.Read(path, stream => ReadToEnd(stream));

    /// <summary>Reads an array from a stream's position, and nothing behind it. No more memory is taken than what the stream holds justifies.</summary>
    /// <param name="stream">Readable. It stays open.</param>
    /// <exception cref="InvalidDataException">It breaks a rule of the format; the message says where and which.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NumberArray Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, out _);
    }

    /// <summary>Writes a file: into a temporary file beside it, which then takes its place. On any error the old file stays as it was.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="numbers">The array, in its own type; little-endian, the last dimension fastest.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, NumberArray numbers)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(numbers);
        AtomicFile.Write(path, stream => Write(stream, numbers));
    }

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Writable. It stays open.</param>
    /// <param name="numbers">The array, in its own type; little-endian, the last dimension fastest.</param>
    public static void Write(Stream stream, NumberArray numbers)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(numbers);
        stream.Write(NpyHeader.Write(numbers.Type, numbers.Shape));
        numbers.WriteLittleEndian(stream);
    }

    /// <summary>Reads an array behind which the stream must end.</summary>
    internal static NumberArray ReadToEnd(Stream stream)
    {
        var array = Read(stream, out var end);
        return NumberReader.IsAtEnd(stream, end)
            ? array
            : throw new InvalidDataException(Text.Of($"offset {end}: the file must end here, but more bytes follow."));
    }

    private static NumberArray Read(Stream stream, out long end)
    {
        var header = NpyHeader.Read(stream);
        var count = header.Count;
        end = header.Length + count * header.Type.Size();
        if (count > Array.MaxLength || Array.Exists(header.Shape, size => size > int.MaxValue))
        {
            throw new InvalidDataException(Text.Of(
                $"offset {header.Length - 1}: at most {Array.MaxLength} numbers are read at once, but the shape is ({string.Join(", ", header.Shape)}): read them as a stream."));
        }

        var shape = Array.ConvertAll(header.Shape, size => (int)size);
        var numbers = NumberReader.Read(stream, header.Type, (int)count, header.IsReversed, header.Length);
        if (header.IsFortran)
        {
            numbers = FortranOrder.ToC(header.Type, numbers, shape);
        }

        return NumberArray.Own(header.Type, numbers, shape);
    }
}
