using System.IO.Compression;

namespace NetGen;

/// <summary>Reads and writes NPZ files, NumPy's files of several named arrays: ZIP archives of NPY files.</summary>
public static class Npz
{
    private const string Extension = ".npy";

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="maxExpansion">How many times larger than the file all its arrays together may be (beyond a MiB): a small file may
    /// unpack to more than memory holds. Deflate reaches 1032 at most; arrays of numbers seldom more than 10, of hardly anything but zeros more
    /// than 100. At least 1.</param>
    /// <returns>The arrays by their names, without <c>.npy</c>.</returns>
    /// <exception cref="InvalidDataException">The file breaks a rule of the formats or unpacks to too much; the message names it, the array,
    /// the offset in it, and the reason.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, NumberArray> Read(string path, int maxExpansion = DataFile.DefaultExpansion) =>
        DataFile.Read(path, stream => Read(stream, maxExpansion));

    /// <summary>Reads a stream from its position to its end.</summary>
    /// <param name="stream">Readable; one that cannot seek is first copied to memory. It stays open.</param>
    /// <param name="maxExpansion">How many times larger than the stream all its arrays together may be (beyond a MiB), at least 1.</param>
    /// <returns>The arrays by their names, without <c>.npy</c>.</returns>
    /// <exception cref="InvalidDataException">It breaks a rule of the formats or unpacks to too much; the message names the array, the offset
    /// in it, and the reason.</exception>
    public static IReadOnlyDictionary<string, NumberArray> Read(Stream stream, int maxExpansion = DataFile.DefaultExpansion)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxExpansion, 1);
        stream = DataFile.Seekable(stream);
        var allowed = DataFile.Allowance(stream, maxExpansion);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var arrays = new Dictionary<string, NumberArray>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            var name = entry.FullName;
            if (!name.EndsWith(Extension, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"'{name}': the entries must be arrays, named *{Extension}, but this is not.");
            }

            allowed -= entry.Length;
            if (allowed < 0)
            {
                throw new InvalidDataException(Text.Of(
                    $"'{name}': the arrays must unpack to at most {maxExpansion} times the file's size (maxExpansion) and a MiB, but with this one are larger."));
            }

            try
            {
                if (!arrays.TryAdd(name[..^Extension.Length], Read(entry)))
                {
                    throw new InvalidDataException("each name must stand once, but this stands twice.");
                }
            }
            catch (InvalidDataException e)
            {
                throw new InvalidDataException($"'{name}': {e.Message}", e);
            }
        }

        return arrays;
    }

    /// <summary>
    /// Writes a file: into a temporary file beside it, which then takes its place. On any error the old file stays as it was. The same
    /// arrays give the same bytes.
    /// </summary>
    /// <param name="path">Its path.</param>
    /// <param name="arrays">The arrays by their names.</param>
    /// <param name="compress">Whether they are packed.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, NumberArray> arrays, bool compress = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(arrays);
        AtomicFile.Write(path, stream => Write(stream, arrays, compress));
    }

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Writable. It stays open.</param>
    /// <param name="arrays">The arrays by their names.</param>
    /// <param name="compress">Whether they are packed.</param>
    public static void Write(Stream stream, IReadOnlyDictionary<string, NumberArray> arrays, bool compress = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(arrays);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in arrays)
        {
            var entry = archive.CreateEntry(name + Extension, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var content = entry.Open();
            Npy.Write(content, array);
        }
    }

    private static NumberArray Read(ZipArchiveEntry entry)
    {
        using var content = new ChecksumStream(entry.Open());
        var array = Npy.ReadToEnd(content);
        return content.Checksum == entry.Crc32
            ? array
            : throw new InvalidDataException(
                Text.Of($"the checksum must be 0x{entry.Crc32:X8} as the archive says, but is 0x{content.Checksum:X8}: the data is damaged."));
    }
}
