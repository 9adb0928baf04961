namespace NetGen;

/// <summary>Reads numbers as they stand in files.</summary>
internal static class NumberReader
{
    /// <summary>Taken at first where it is not known how far a stream reaches.</summary>
    private const int FirstBytes = 1 << 16;

    /// <summary>
    /// So many numbers. Memory is taken as far as the stream is known to reach, else little by little as numbers come: a header may
    /// promise anything.
    /// </summary>
    /// <param name="stream">Readable.</param>
    /// <param name="type">The numbers' type.</param>
    /// <param name="count">How many there must be.</param>
    /// <param name="isReversed">Whether their bytes stand in the other order than this machine's.</param>
    /// <param name="offset">Where they start, for errors.</param>
    /// <exception cref="InvalidDataException">The stream ends before, or a byte is no <see cref="bool"/>.</exception>
    public static Array Read(Stream stream, NumberType type, int count, bool isReversed, long offset)
    {
        var size = type.Size();
        var room = count;
        if (!stream.CanSeek)
        {
            room = Math.Min(count, FirstBytes / size);
        }
        else if (stream.Length - stream.Position < (long)count * size)
        {
            throw Short(offset + stream.Length - stream.Position, offset + (long)count * size);
        }

        var numbers = type.Allocate(room);
        for (var start = 0; start < count;)
        {
            if (start == room)
            {
                room = (int)Math.Min(count, 2L * room);
                var larger = type.Allocate(room);
                Array.Copy(numbers, larger, start);
                numbers = larger;
            }

            var window = NumberArray.Window(numbers, type, start, Math.Min(NumberArray.WindowSize, room - start));
            var at = offset + (long)start * size;
            Fill(stream, window, at, offset + (long)count * size);
            if (type.FirstNotBoolean(window) is >= 0 and var wrong)
            {
                throw new InvalidDataException(Text.Of($"offset {at + wrong}: a Boolean must be 0 or 1, but is {window[wrong]}."));
            }

            if (isReversed)
            {
                NumberTypes.Reverse(window, size);
            }

            start += window.Length / size;
        }

        return numbers;
    }

    /// <summary>Fills a buffer.</summary>
    /// <param name="stream">Readable.</param>
    /// <param name="buffer">Is filled.</param>
    /// <param name="offset">Where the stream stands, for errors.</param>
    /// <param name="end">Where the data must reach, for errors.</param>
    /// <exception cref="InvalidDataException">The stream ends before, or what packs it is damaged.</exception>
    public static void Fill(Stream stream, Span<byte> buffer, long offset, long end)
    {
        var read = 0;
        try
        {
            read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(offset, e);
        }

        if (read < buffer.Length)
        {
            throw Short(offset + read, end);
        }
    }

    /// <summary>Whether nothing follows.</summary>
    /// <param name="stream">Readable.</param>
    /// <param name="offset">Where it stands, for errors.</param>
    /// <exception cref="InvalidDataException">What packs the stream is damaged.</exception>
    public static bool IsAtEnd(Stream stream, long offset)
    {
        try
        {
            return stream.ReadByte() < 0;
        }
        catch (InvalidDataException e)
        {
            throw Damaged(offset, e);
        }
    }

    private static InvalidDataException Damaged(long offset, InvalidDataException error) =>
        new(Text.Of($"offset {offset}: the packed data from here on is damaged."), error);

    private static InvalidDataException Short(long offset, long end) =>
        new(Text.Of($"offset {offset}: the file ends here, but {end - offset} more byte(s) must follow."));
}
