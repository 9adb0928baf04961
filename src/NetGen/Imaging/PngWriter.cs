using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen;

/// <summary>Writes PNG files of 8 bits a channel, not interlaced.</summary>
internal static class PngWriter
{
    private const int Filters = 5;

    /// <param name="stream">Takes the file.</param>
    /// <param name="samples">[height, width, channels].</param>
    /// <param name="width">The pixels of a row.</param>
    /// <param name="height">The rows.</param>
    /// <param name="channels">1 … 4.</param>
    public static void Write(Stream stream, ReadOnlySpan<byte> samples, int width, int height, int channels)
    {
        stream.Write(PngFormat.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = channels switch
        {
            1 => PngFormat.Grey,
            2 => PngFormat.GreyAlpha,
            3 => PngFormat.Rgb,
            _ => PngFormat.RgbAlpha,
        };
        header[10..].Clear(); // deflate, the five filters, not interlaced
        WriteChunk(stream, "IHDR"u8, header);

        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            WriteRows(zlib, samples, width * channels, channels);
        }

        WriteChunk(stream, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static void WriteRows(Stream stream, ReadOnlySpan<byte> samples, int rowLength, int pixelLength)
    {
        var above = new byte[rowLength];
        var (filtered, best) = (new byte[rowLength + 1], new byte[rowLength + 1]);
        for (var start = 0; start < samples.Length; start += rowLength)
        {
            var row = samples.Slice(start, rowLength);
            var leastSum = long.MaxValue;
            for (byte filter = 0; filter < Filters; filter++)
            {
                // The specification's advice: the filter whose bytes, as signed numbers, have the smallest sum of absolute values.
                var sum = Filter(filter, row, above, pixelLength, filtered);
                if (sum < leastSum)
                {
                    leastSum = sum;
                    (filtered, best) = (best, filtered);
                }
            }

            stream.Write(best);
            row.CopyTo(above);
        }
    }

    /// <summary>Writes the filter's number and the row's differences from what the filter predicts.</summary>
    /// <returns>The differences' sum of absolute values.</returns>
    private static long Filter(byte filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixelLength, Span<byte> into)
    {
        into[0] = filter;
        var sum = 0L;
        for (var i = 0; i < row.Length; i++)
        {
            var left = i < pixelLength ? (byte)0 : row[i - pixelLength];
            var aboveLeft = i < pixelLength ? (byte)0 : above[i - pixelLength];
            var predicted = filter switch
            {
                PngFormat.FilterSub => left,
                PngFormat.FilterUp => above[i],
                PngFormat.FilterAverage => (byte)((left + above[i]) / 2),
                PngFormat.FilterPaeth => PngFormat.Paeth(left, above[i], aboveLeft),
                _ => (byte)0,
            };
            var difference = unchecked((byte)(row[i] - predicted));
            into[i + 1] = difference;
            sum += Math.Abs((int)unchecked((sbyte)difference));
        }

        return sum;
    }

    /// <summary>Length, type, data, and the check sum of type and data (5.3).</summary>
    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + PngFormat.ChunkOverhead];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), PngFormat.Crc(chunk.AsSpan(4, 4 + data.Length)));
        stream.Write(chunk);
    }
}
