namespace NetGen;

/// <summary>Writes files that are either whole or not there.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes into a temporary file in the same folder, brings it to the disk, and renames it over the target. On any error the
    /// temporary file is removed and the target is as it was.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        var target = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(target) ?? "", $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp");
        var created = false;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                created = true;
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch when (created)
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>Removes the temporary files of writers that were killed. No other writer of the same file may be at work.</summary>
    public static void DeleteLeftovers(string path)
    {
        var target = Path.GetFullPath(path);
        if (Path.GetDirectoryName(target) is { } folder && Directory.Exists(folder))
        {
            foreach (var file in Directory.EnumerateFiles(folder, $".{Path.GetFileName(target)}.*.tmp"))
            {
                TryDelete(file);
            }
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that led here says more than this one.
        }
    }
}
