namespace NetGen;

/// <summary>Files that come from outside: their errors name them, and no memory is taken that they do not justify.</summary>
internal static class DataFile
{
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

    /// <summary>The same error with the file's path.</summary>
    public static InvalidDataException Named(string path, InvalidDataException error) => new($"{path}: {error.Message}", error);

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
