using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen;

/// <summary>The compressed rows of a PNG file: unpacked, unfiltered, put into their places and turned into numbers.</summary>
internal sealed class PngRows
{
    /// <summary>Deflate packs at most this well: what the data can hold is bounded before memory is taken for it.</summary>
    private const int LargestRatio = 1032;

    /// <summary>The seven passes of an interlaced picture (8.2): the first pixel's place, and the steps to the next.</summary>
    private static readonly (int Left, int Top, int Right, int Down)[] Adam7 =
    [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ];

    private static readonly (int Left, int Top, int Right, int Down)[] Whole = [(0, 0, 1, 1)];

    private readonly PngContents _contents;
    private readonly PngHeader _header;
    private readonly int _samples;
    private readonly float _largest;

    /// <summary>The samples of the transparent colour; empty where there is none.</summary>
    private readonly int[] _transparent = [];

    private PngRows(PngContents contents)
    {
        (_contents, _header) = (contents, contents.Header);
        _samples = PngFormat.SamplesPerPixel(_header.ColorType);
        _largest = (1 << _header.Depth) - 1;
        if (_header.ColorType is PngFormat.Grey or PngFormat.Rgb && contents.Transparency.Length > 0)
        {
            _transparent = new int[_samples];
            for (var i = 0; i < _samples; i++)
            {
                _transparent[i] = BinaryPrimitives.ReadUInt16BigEndian(contents.Transparency.AsSpan(2 * i));
            }
        }
    }

    /// <exception cref="InvalidDataException">The rows are damaged.</exception>
    public static Image Decode(PngContents contents) => new PngRows(contents).Decode();

    private Image Decode()
    {
        var passes = _header.Interlaced ? Adam7 : Whole;
        var length = passes.Sum(pass => PassLength(pass));
        if (length > Math.Min((long)_contents.Data.Length * LargestRatio, Array.MaxLength))
        {
            throw Damaged($"{_header.Width}x{_header.Height} pixels need {length} bytes, more than {_contents.Data.Length} compressed ones can hold");
        }

        var channels = _header.ColorType == PngFormat.Palette
            ? _contents.Transparency.Length > 0 ? 4 : 3
            : _samples + (_transparent.Length > 0 ? 1 : 0);
        if ((long)_header.Width * _header.Height * channels > Array.MaxLength)
        {
            throw Damaged($"{_header.Width}x{_header.Height} pixels are more than an array can hold");
        }

        // Memory for the picture is taken only when all its rows are there.
        var rows = Inflate((int)length);
        var image = new Image(_header.Width, _header.Height, channels);
        foreach (var pass in passes)
        {
            rows = rows[DecodePass(pass, rows, image)..];
        }

        return image;
    }

    /// <summary>The columns and rows of a pass.</summary>
    private (int Width, int Height) Size((int Left, int Top, int Right, int Down) pass) =>
        ((int)(((long)_header.Width - pass.Left + pass.Right - 1) / pass.Right), (int)(((long)_header.Height - pass.Top + pass.Down - 1) / pass.Down));

    private long RowLength(int width) => ((long)width * _samples * _header.Depth + 7) / 8;

    /// <summary>A filter's number and the packed pixels for each row; nothing for a pass without pixels. Sizes that no array has saturate.</summary>
    private long PassLength((int Left, int Top, int Right, int Down) pass)
    {
        var (width, height) = Size(pass);
        return width == 0 ? 0 : (long)Int128.Min((Int128)height * (1 + RowLength(width)), long.MaxValue / 8);
    }

    private Span<byte> Inflate(int length)
    {
        var rows = new MemoryStream();
        var chunk = new byte[Math.Min(length + 1, 16 * 1024)];
        try
        {
            using var packed = new MemoryStream(_contents.Data.ToArray());
            using var zlib = new ZLibStream(packed, CompressionMode.Decompress);

            // One byte more than there must be: the data's end is read as well, and with it the check sum is compared.
            while (rows.Length <= length && zlib.Read(chunk, 0, (int)Math.Min(chunk.Length, length + 1 - rows.Length)) is > 0 and var read)
            {
                rows.Write(chunk, 0, read);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Damaged($"the compressed rows are damaged after {rows.Length} of {length} bytes");
        }

        return rows.Length == length
            ? rows.GetBuffer().AsSpan(0, length)
            : throw Damaged($"{length} bytes of rows must be compressed here, but there are {(rows.Length < length ? Text.Of($"{rows.Length}") : "more")}");
    }

    /// <summary>Unfilters the rows of a pass and writes their pixels.</summary>
    /// <returns>The bytes of the pass.</returns>
    private int DecodePass((int Left, int Top, int Right, int Down) pass, Span<byte> rows, Image image)
    {
        var (width, height) = Size(pass);
        if (width == 0)
        {
            return 0;
        }

        var rowLength = (int)RowLength(width);
        var pixelLength = Math.Max(1, _samples * _header.Depth / 8);
        ReadOnlySpan<byte> above = new byte[rowLength];
        for (var y = 0; y < height; y++)
        {
            var line = rows.Slice(y * (rowLength + 1), rowLength + 1);
            var row = line[1..];
            var imageRow = pass.Top + y * pass.Down;
            Unfilter(line[0], row, above, pixelLength, imageRow);
            for (var x = 0; x < width; x++)
            {
                var position = (imageRow * image.Width + pass.Left + x * pass.Right) * image.Channels;
                WritePixel(row, x, image.Pixels.Slice(position, image.Channels), imageRow);
            }

            above = row;
        }

        return height * (rowLength + 1);
    }

    /// <summary>Adds what the filter predicted (9.2).</summary>
    private void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelLength, int imageRow)
    {
        if (filter > PngFormat.FilterPaeth)
        {
            throw Damaged($"the filter of row {imageRow} (from 0) must be from 0 to {PngFormat.FilterPaeth}, but is {filter}");
        }

        for (var i = 0; filter != PngFormat.FilterNone && i < row.Length; i++)
        {
            var left = i < pixelLength ? (byte)0 : row[i - pixelLength];
            var aboveLeft = i < pixelLength ? (byte)0 : above[i - pixelLength];
            var predicted = filter switch
            {
                PngFormat.FilterSub => left,
                PngFormat.FilterUp => above[i],
                PngFormat.FilterAverage => (byte)((left + above[i]) / 2),
                _ => PngFormat.Paeth(left, above[i], aboveLeft),
            };
            row[i] = unchecked((byte)(row[i] + predicted));
        }
    }

    private void WritePixel(ReadOnlySpan<byte> row, int x, Span<float> pixel, int imageRow)
    {
        if (_header.ColorType == PngFormat.Palette)
        {
            WriteColor(Sample(row, x), pixel, imageRow);
            return;
        }

        var isTransparent = _transparent.Length > 0;
        for (var i = 0; i < _samples; i++)
        {
            var sample = Sample(row, x * _samples + i);
            pixel[i] = sample / _largest;
            isTransparent = isTransparent && sample == _transparent[i];
        }

        if (_transparent.Length > 0)
        {
            pixel[_samples] = isTransparent ? 0 : 1;
        }
    }

    private void WriteColor(int index, Span<float> pixel, int imageRow)
    {
        var colors = _contents.Palette.Length / 3;
        if (index >= colors)
        {
            throw Damaged($"row {imageRow} (from 0) names colour {index}, but the palette has {colors}");
        }

        for (var i = 0; i < 3; i++)
        {
            pixel[i] = _contents.Palette[3 * index + i] / (float)byte.MaxValue;
        }

        if (pixel.Length > 3)
        {
            pixel[3] = index < _contents.Transparency.Length ? _contents.Transparency[index] / (float)byte.MaxValue : 1;
        }
    }

    /// <summary>A number of a row: packed from the highest bit of a byte, or two bytes, the higher first (7.2).</summary>
    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        switch (_header.Depth)
        {
            case 16:
                return BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]);
            case 8:
                return row[index];
            default:
                var bit = index * _header.Depth;
                return (row[bit / 8] >> (8 - _header.Depth - bit % 8)) & ((1 << _header.Depth) - 1);
        }
    }

    private InvalidDataException Damaged(FormattableString reason) => PngReader.Damaged(_contents.DataOffset, reason);
}
