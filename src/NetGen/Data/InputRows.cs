using System.Runtime.InteropServices;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>The inputs of a data set: rows of numbers, or of bytes that stand for numbers and take a quarter of the memory.</summary>
internal sealed class InputRows
{
    /// <summary>What is under way at once: more would drive out of the first-level cache what the step works with.</summary>
    private const int PrefetchedBytes = 16 * 1024;

    /// <summary>Of a long row only the start: what follows the processor finds by itself.</summary>
    private const int LongestPrefetch = 4 * 1024;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int _size;

    /// <summary>The numbers; for bytes null until somebody asks for all of them.</summary>
    private Numbers? _numbers;

    public InputRows(ReadOnlyMemory<float> numbers, int size) => (_numbers, _size, Length) = (new(numbers), size, numbers.Length);

    public InputRows(ReadOnlyMemory<byte> bytes, int size, float scale, float offset) =>
        (_bytes, _size, Length, AreBytes, Scale, Offset) = (bytes, size, bytes.Length, true, scale, offset);

    /// <summary>The numbers of all rows.</summary>
    public int Length { get; }

    public bool AreBytes { get; }

    public float Scale { get; } = 1;

    public float Offset { get; }

    /// <summary>The bytes; empty where there are numbers.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>All numbers: those of bytes are converted at the first call and kept.</summary>
    public ReadOnlySpan<float> All()
    {
        if (_numbers is null)
        {
            var numbers = new float[Length];
            ByteRows.Convert(Bytes, Scale, Offset, numbers);

            // Of two callers at once, both have the same numbers; either may be kept.
            Volatile.Write(ref _numbers, new(numbers));
        }

        return _numbers.Memory.Span;
    }

    /// <summary>One row: of bytes a converted copy, unless all are converted already.</summary>
    public ReadOnlySpan<float> Row(int index)
    {
        if (Volatile.Read(ref _numbers) is { } numbers)
        {
            return numbers.Memory.Span.Slice(index * _size, _size);
        }

        var row = new float[_size];
        ByteRows.Convert(Bytes.Slice(index * _size, _size), Scale, Offset, row);
        return row;
    }

    public InputRows Slice(int start, int count) => AreBytes
        ? new(_bytes.Slice(start * _size, count * _size), _size, Scale, Offset)
        : new(_numbers!.Memory.Slice(start * _size, count * _size), _size);

    public InputRows Select(ReadOnlySpan<int> rows)
    {
        if (!AreBytes)
        {
            var numbers = new float[rows.Length * _size];
            Gather(rows, default, numbers);
            return new(numbers, _size);
        }

        var bytes = new byte[rows.Length * _size];
        for (var i = 0; i < rows.Length; i++)
        {
            Bytes.Slice(rows[i] * _size, _size).CopyTo(bytes.AsSpan(i * _size));
        }

        return new(bytes, _size, Scale, Offset);
    }

    /// <summary>
    /// Writes the numbers of given rows, one after the other. Rows in a shuffled order come from main memory: each is asked for so much
    /// earlier that it is there in time, those of the next step while this one's are written.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="next">Those that will be read next.</param>
    /// <param name="into">Takes the numbers.</param>
    public void Gather(ReadOnlySpan<int> rows, ReadOnlySpan<int> next, Span<float> into)
    {
        var bytes = AreBytes ? Bytes : MemoryMarshal.AsBytes(_numbers!.Memory.Span);
        var size = AreBytes ? _size : _size * sizeof(float);
        var distance = Math.Clamp(PrefetchedBytes / size, 1, rows.Length);
        var fetched = Math.Min(size, LongestPrefetch);
        for (var i = 0; i < rows.Length; i++)
        {
            var ahead = i + distance;
            var later = ahead < rows.Length ? rows[ahead..] : next[Math.Min(ahead - rows.Length, next.Length)..];
            if (later.Length > 0)
            {
                ByteRows.Prefetch(bytes.Slice(later[0] * size, fetched));
            }

            var row = bytes.Slice(rows[i] * size, size);
            var numbers = into.Slice(i * _size, _size);
            if (AreBytes)
            {
                ByteRows.Convert(row, Scale, Offset, numbers);
            }
            else
            {
                MemoryMarshal.Cast<byte, float>(row).CopyTo(numbers);
            }
        }
    }

    public static void Gather(ReadOnlySpan<float> from, int size, ReadOnlySpan<int> rows, Span<float> into)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            from.Slice(rows[i] * size, size).CopyTo(into[(i * size)..]);
        }
    }

    /// <summary>A reference that is replaced as a whole.</summary>
    private sealed class Numbers(ReadOnlyMemory<float> memory)
    {
        public ReadOnlyMemory<float> Memory { get; } = memory;
    }
}
