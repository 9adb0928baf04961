using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace NetGen.Tests.Support;

/// <summary>A slow and plain writer of PNG files of every kind: an oracle for the reader.</summary>
internal sealed record TestPng(int Width, int Height, int Depth, int ColorType)
{
    /// <summary>The pass of each pixel of a square of 8x8, as the specification draws it.</summary>
    private static readonly string[] Passes =
        ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];

    /// <summary>Raw samples, [height, width, samples].</summary>
    public required int[] Samples { get; init; }

    public bool Interlaced { get; init; }

    public byte[] Palette { get; init; } = [];

    public byte[] Transparency { get; init; } = [];

    /// <summary>The filter of the first row; following rows take the following ones.</summary>
    public int FirstFilter { get; init; }

    /// <summary>The most bytes in one chunk IDAT.</summary>
    public int DataChunk { get; init; } = 50;

    private int SamplesPerPixel => ColorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.Latin1.GetBytes(type).CopyTo(chunk, 4);
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk[4..(8 + data.Length)]));
        return chunk;
    }

    public static byte[] File(params byte[][] chunks) => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. chunks.SelectMany(chunk => chunk)];

    public static byte[] Header(int width, int height, int depth, int colorType, int compression = 0, int filter = 0, int interlacing = 0)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[10], header[11], header[12]) = ((byte)depth, (byte)colorType, (byte)compression, (byte)filter, (byte)interlacing);
        return Chunk("IHDR", header);
    }

    public static byte[] Deflate(byte[] rows)
    {
        var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.SmallestSize))
        {
            zlib.Write(rows);
        }

        return stream.ToArray();
    }

    public byte[] ToBytes()
    {
        List<byte[]> chunks = [Header(Width, Height, Depth, ColorType, interlacing: Interlaced ? 1 : 0), Chunk("tEXt", "Comment\0x"u8.ToArray())];
        if (Palette.Length > 0)
        {
            chunks.Add(Chunk("PLTE", Palette));
        }

        if (Transparency.Length > 0)
        {
            chunks.Add(Chunk("tRNS", Transparency));
        }

        chunks.AddRange(Deflate(Rows()).Chunk(DataChunk).Select(data => Chunk("IDAT", data)));
        chunks.Add(Chunk("IEND", []));
        return File([.. chunks]);
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }

    private byte[] Rows()
    {
        var rows = new List<byte>();
        foreach (var pass in Interlaced ? "1234567" : "*")
        {
            byte[]? above = null;
            for (var y = 0; y < Height; y++)
            {
                var columns = Enumerable.Range(0, Width).Where(x => pass == '*' || Passes[y % 8][x % 8] == pass).ToList();
                if (columns.Count > 0)
                {
                    var row = Pack([.. columns.SelectMany(x => Enumerable.Range(0, SamplesPerPixel).Select(i => Samples[(y * Width + x) * SamplesPerPixel + i]))]);
                    rows.AddRange(Filter((FirstFilter + rows.Count) % 5, row, above ?? new byte[row.Length]));
                    above = row;
                }
            }
        }

        return [.. rows];
    }

    /// <summary>The bits one after the other, from the highest.</summary>
    private byte[] Pack(int[] samples)
    {
        var bits = string.Concat(samples.Select(sample => Convert.ToString(sample, 2).PadLeft(Depth, '0')));
        return [.. bits.PadRight((bits.Length + 7) / 8 * 8, '0').Chunk(8).Select(bits => Convert.ToByte(new string(bits), 2))];
    }

    private byte[] Filter(int filter, byte[] row, byte[] above)
    {
        var step = Math.Max(1, SamplesPerPixel * Depth / 8);
        int Left(byte[] of, int i) => i < step ? 0 : of[i - step];
        int Paeth(int i)
        {
            int[] candidates = [Left(row, i), above[i], Left(above, i)];
            return candidates.MinBy(c => Math.Abs(candidates[0] + candidates[1] - candidates[2] - c));
        }

        return [(byte)filter, .. row.Select((b, i) => (byte)(b - filter switch
        {
            1 => Left(row, i),
            2 => above[i],
            3 => (Left(row, i) + above[i]) / 2,
            4 => Paeth(i),
            _ => 0,
        }))];
    }
}
