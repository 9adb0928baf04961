namespace NetGen;

/// <summary>The rows of an NPY or IDX file, one at a time: what one index of the first dimension holds.</summary>
internal sealed class ArrayRows : IDisposable
{
    /// <summary>Deflate packs at most this well.</summary>
    private const int LargestRatio = 1032;

    private readonly FileStream _file;
    private readonly NumberType _type;
    private readonly bool _isReversed;
    private readonly int _start;
    private readonly byte[] _row;
    private Stream _stream;

    /// <summary>Opens the file, whose first byte tells the format, and reads its header.</summary>
    public ArrayRows(string path)
    {
        Path = path;
        _stream = _file = DataFile.OpenStream(path);
        try
        {
            var isNpy = _file.ReadByte() == 0x93;
            _file.Position = 0;
            _stream = Idx.Unpacked(_file);
            var shape = isNpy ? ReadNpy(out _type, out _isReversed, out _start) : ReadIdx(out _type, out _isReversed, out _start);
            var size = shape.Length == 0 ? 0 : shape[1..].Aggregate(1L, (product, length) => product * length);
            if (size == 0 || shape[0] == 0)
            {
                throw new InvalidDataException(
                    Text.Of($"there must be at least one row of at least one number, but the shape is ({string.Join(", ", shape)})."));
            }

            // A row is read whole: neither it nor all of them may be larger than what the file can hold.
            var rowBytes = (Int128)size * _type.Size();
            var (largest, fits) = IsPacked
                ? (DataFile.Allowance(_file.Length, DataFile.DefaultExpansion), shape[0] * rowBytes <= DataFile.Allowance(_file.Length, LargestRatio))
                : (Array.MaxLength, shape[0] * rowBytes == _file.Length - _start);
            if (!fits || rowBytes > largest)
            {
                throw new InvalidDataException(Text.Of(
                    $"offset {_start}: there must be {shape[0]} rows of {size} numbers of {_type.Size()} bytes, but {_file.Length - _start} bytes follow."));
            }

            (Count, Size) = (shape[0], (int)size);
            _row = new byte[Size * _type.Size()];
        }
        catch (InvalidDataException e)
        {
            Dispose();
            throw DataFile.Named(path, e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>The count of rows.</summary>
    public long Count { get; }

    /// <summary>The numbers of one row.</summary>
    public int Size { get; }

    /// <summary>The row that is read next, from 0.</summary>
    public long Position { get; private set; }

    private bool IsPacked => _stream != _file;

    /// <summary>Goes before the first row.</summary>
    public void Rewind()
    {
        Position = 0;
        if (!IsPacked)
        {
            _file.Position = _start;
            return;
        }

        _stream.Dispose();
        _file.Position = 0;
        _stream = Idx.Unpacked(_file);
        Span<byte> header = stackalloc byte[4 + 4 * NumberArray.MaxDimensions];
        NumberReader.Fill(_stream, header[.._start], 0, _start);
    }

    /// <summary>Reads a row as floats.</summary>
    /// <exception cref="InvalidDataException">The file ends before or is damaged, or a number is too large.</exception>
    public void Read(Span<float> into)
    {
        try
        {
            ReadBytes();
            NumberConversion.ToSingles(_row, _type, into, Position * Size);
            Position++;
        }
        catch (InvalidDataException e)
        {
            throw DataFile.Named(Path, e);
        }
    }

    /// <summary>Reads a row as integers.</summary>
    /// <exception cref="InvalidDataException">The file ends before or is damaged, or a number is none.</exception>
    public void Read(Span<int> into)
    {
        try
        {
            ReadBytes();
            NumberConversion.ToInt32s(_row, _type, into, Position * Size);
            Position++;
        }
        catch (InvalidDataException e)
        {
            throw DataFile.Named(Path, e);
        }
    }

    /// <summary>Checks the row that was read last.</summary>
    /// <exception cref="InvalidDataException">A number is not finite.</exception>
    public void CheckFinite(ReadOnlySpan<float> row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            if (!float.IsFinite(row[i]))
            {
                throw new InvalidDataException(
                    Text.Of($"{Path}: row {Position - 1}, column {i} (both from 0): a number must be finite, but is {row[i]}."));
            }
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }

    private void ReadBytes()
    {
        var offset = _start + Position * _row.Length;
        NumberReader.Fill(_stream, _row, offset, _start + Count * _row.Length);
        if (_type.FirstNotBoolean(_row) is >= 0 and var wrong)
        {
            throw new InvalidDataException(Text.Of($"offset {offset + wrong}: a Boolean must be 0 or 1, but is {_row[wrong]}."));
        }

        if (_isReversed)
        {
            NumberTypes.Reverse(_row, _type.Size());
        }

        // Behind the last row of a packed file there must be nothing; of another one the length is known.
        if (IsPacked && Position == Count - 1 && !NumberReader.IsAtEnd(_stream, offset + _row.Length))
        {
            throw new InvalidDataException(Text.Of($"offset {offset + _row.Length}: the file must end here, but more bytes follow."));
        }
    }

    private long[] ReadNpy(out NumberType type, out bool isReversed, out int start)
    {
        var header = NpyHeader.Read(_stream);
        (type, isReversed, start) = (header.Type, header.IsReversed, header.Length);
        return header is { IsFortran: true, Shape.Length: > 1 }
            ? throw new InvalidDataException("The numbers must stand row after row to be read as a stream, but 'fortran_order' is True.")
            : header.Shape;
    }

    private long[] ReadIdx(out NumberType type, out bool isReversed, out int start)
    {
        var header = IdxHeader.Read(_stream);
        (type, isReversed, start) = (header.Type, BitConverter.IsLittleEndian, header.Length);
        return Array.ConvertAll(header.Shape, size => (long)size);
    }
}
