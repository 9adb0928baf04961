using System.IO.Compression;

namespace NetGen;

/// <summary>
/// Reads IDX files, the form in which MNIST and its like are distributed (http://yann.lecun.com/exdb/mnist/): two zero bytes, the type,
/// the number of dimensions, each dimension's size as a big-endian 32-bit number, then the numbers, big-endian. Gzipped or not.
/// </summary>
public static class Idx
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="maxExpansion">How many times larger than a gzipped file its numbers may be (beyond a MiB), at least 1.</param>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format; the message names it, the offset (in the unpacked file) and
    /// the rule.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NumberArray Read(string path, int maxExpansion = DataFile.DefaultExpansion) =>
        DataFile.Read(path, stream => Read(stream, maxExpansion));

    /// <summary>Reads a stream from its position to its end. No more memory is taken than what the stream holds justifies.</summary>
    /// <param name="stream">Readable; one that cannot seek is first copied to memory. It stays open.</param>
    /// <param name="maxExpansion">How many times larger than a gzipped stream its numbers may be (beyond a MiB), at least 1.</param>
    /// <exception cref="InvalidDataException">It breaks a rule of the format; the message says where (in the unpacked data) and which.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NumberArray Read(Stream stream, int maxExpansion = DataFile.DefaultExpansion) => Read(stream, maxExpansion, magic: null);

    /// <summary>Reads a file that must hold unsigned bytes in so many dimensions.</summary>
    internal static NumberArray ReadBytes(string path, int dimensions) =>
        DataFile.Read(path, stream => Read(stream, DataFile.DefaultExpansion, IdxHeader.UnsignedByte << 8 | dimensions));

    /// <summary>The stream, unpacked if it is gzipped; it stays open.</summary>
    internal static Stream Unpacked(Stream stream)
    {
        var start = stream.Position;
        var isZipped = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = start;
        return isZipped ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : stream;
    }

    private static NumberArray Read(Stream stream, int maxExpansion, int? magic)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxExpansion, 1);
        stream = DataFile.Seekable(stream);
        var allowed = DataFile.Allowance(stream, maxExpansion);
        var unpacked = Unpacked(stream);
        try
        {
            var header = IdxHeader.Read(unpacked, magic);
            var end = header.Length + header.Count * header.Type.Size();
            if (header.Count > Array.MaxLength)
            {
                throw IdxHeader.Wrong(
                    header.Length - 4,
                    $"at most {Array.MaxLength} numbers are read at once, but the sizes are {string.Join("x", header.Shape)}: read them as a stream");
            }

            if (unpacked != stream && end > allowed)
            {
                throw IdxHeader.Wrong(
                    header.Length - 4,
                    $"the numbers must be at most {maxExpansion} times the packed file's size (maxExpansion) and a MiB, but the sizes are {string.Join("x", header.Shape)}");
            }

            var numbers = NumberReader.Read(unpacked, header.Type, (int)header.Count, BitConverter.IsLittleEndian, header.Length);
            return NumberReader.IsAtEnd(unpacked, end)
                ? NumberArray.Own(header.Type, numbers, header.Shape)
                : throw IdxHeader.Wrong(end, $"the file must end here, but more bytes follow");
        }
        finally
        {
            if (unpacked != stream)
            {
                unpacked.Dispose();
            }
        }
    }
}
