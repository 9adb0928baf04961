namespace NetGen;

/// <summary>Files that come from outside: their errors name them, and no memory is taken that they do not justify.</summary>
internal static class DataFile
{
    /// <summary>How many times larger than a packed file what it unpacks to may be, unless somebody asks for more.</summary>
    public const int DefaultExpansion = 256;

    /// <summary>What a file may always unpack to, however small it is.</summary>
    private const long FreeBytes = 1 << 20;

    /// <summary>Opens a file and reads it; errors in its data begin with its path.</summary>
    public static T Read<T>(string path, Func<Stream, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.OpenRead(path);
        try
        {
            return read(stream);
        }
        catch (InvalidDataException e)
        {
            throw Named(path, e);
        }
    }

    /// <summary>Opens a file that is read from start to end, a little at a time.</summary>
    public static FileStream OpenStream(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);

    /// <summary>The same error with the file's path.</summary>
    public static InvalidDataException Named(string path, InvalidDataException error) => new($"{path}: {error.Message}", error);

    /// <summary>The most bytes that the rest of a stream may unpack to.</summary>
    public static long Allowance(Stream stream, int maxExpansion) => Allowance(stream.Length - stream.Position, maxExpansion);

    /// <summary>The most bytes that so many may unpack to.</summary>
    public static long Allowance(long packed, int maxExpansion) => FreeBytes + maxExpansion * packed;

    /// <summary>A stream whose length is known: itself, or its rest in memory.</summary>
    public static Stream Seekable(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.CanSeek)
        {
            return stream;
        }

        var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }
}
