using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen;

/// <summary>
/// An IDX file of unsigned bytes, gzipped or not: two zero bytes, the type 0x08, the number of dimensions, each dimension's size as a
/// big-endian 32-bit number, then the bytes.
/// </summary>
/// <param name="Sizes">The dimensions' sizes, each at least 1.</param>
/// <param name="Bytes">The data.</param>
/// <param name="Start">The data's offset in the (unpacked) file.</param>
internal sealed record IdxFile(int[] Sizes, byte[] Bytes, int Start)
{
    private const byte UnsignedByte = 8;

    /// <summary>Deflate packs at most this well: what a file of some length can hold is bounded before memory is taken for it.</summary>
    private const int LargestRatio = 1032;

    /// <exception cref="InvalidDataException">The file is no such file; the message names it, the offset and the reason.</exception>
    public static IdxFile Read(string path, int dimensions)
    {
        using var file = File.OpenRead(path);
        var zipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using var stream = zipped ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        return Read(stream, dimensions, path, zipped ? file.Length * LargestRatio : file.Length);
    }

    private static IdxFile Read(Stream stream, int dimensions, string path, long capacity)
    {
        var start = 4 + 4 * dimensions;
        Span<byte> header = stackalloc byte[start];
        var read = Fill(stream, header, path, 0);
        if (read < start)
        {
            throw Damaged(path, read, $"the header must have {start} bytes, but the file ends here");
        }

        var magic = BinaryPrimitives.ReadInt32BigEndian(header);
        var expected = UnsignedByte << 8 | dimensions;
        if (magic != expected)
        {
            throw Damaged(path, 0, $"the magic number must be 0x{expected:X8} (unsigned bytes in {dimensions} dimension(s)), but is 0x{magic:X8}");
        }

        var sizes = new int[dimensions];
        var length = 1L;
        for (var i = 0; i < dimensions; i++)
        {
            var offset = 4 + 4 * i;
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(header[offset..]);
            if (sizes[i] < 1)
            {
                throw Damaged(path, offset, $"a dimension's size must be from 1 to {int.MaxValue}, but is {(uint)sizes[i]}");
            }

            // Checked at each step, so that the product of up to three sizes cannot overflow.
            length *= sizes[i];
            if (length > Math.Min(capacity, Array.MaxLength))
            {
                throw Damaged(path, offset, $"the sizes {string.Join("x", sizes[..(i + 1)])} ask for more bytes than the file can hold");
            }
        }

        var bytes = new byte[length];
        read = Fill(stream, bytes, path, start);
        if (read < bytes.Length)
        {
            throw Damaged(path, start + read, $"the file ends here, but {bytes.Length - read} more byte(s) must follow");
        }

        if (Fill(stream, header[..1], path, start + length) > 0)
        {
            throw Damaged(path, start + length, $"the file must end here, but more bytes follow");
        }

        return new(sizes, bytes, start);
    }

    /// <summary>Reads until the buffer is full or the data ends.</summary>
    /// <returns>The number of bytes read.</returns>
    private static int Fill(Stream stream, Span<byte> buffer, string path, long offset)
    {
        try
        {
            return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            throw Damaged(path, offset, $"the gzip data from here on is damaged");
        }
    }

    private static InvalidDataException Damaged(string path, long offset, FormattableString reason) =>
        new(Text.Of($"{path}: offset {offset}: {Text.Of(reason)}."));
}
