using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace NetGen.CompilerServices;

/// <summary>Memory for a network: one pinned managed block, its first number on a cache line's start. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class NetworkMemory
{
    /// <summary>The floats of a cache line: what every block is aligned to.</summary>
    private const int Alignment = 16;

    /// <summary>Allocates zeroed floats that never move. A pinned array starts anywhere in a cache line, hence the slack.</summary>
    /// <param name="length">The floats needed.</param>
    /// <param name="origin">The index of the first float that stands on a cache line's start.</param>
    public static unsafe float[] Allocate(int length, out int origin)
    {
        var block = GC.AllocateArray<float>(length + Alignment - 1, pinned: true);
        fixed (float* start = block)
        {
            var misaligned = (int)((nuint)start / sizeof(float) % Alignment);
            origin = (Alignment - misaligned) % Alignment;
        }

        return block;
    }

    /// <summary>The first float on a cache line's start, in memory that does not move.</summary>
    /// <param name="memory">A method's own: stack-allocated, with 15 floats more than are needed.</param>
    public static unsafe ref float Align(Span<float> memory)
    {
        ref var start = ref MemoryMarshal.GetReference(memory);
        var misaligned = (int)((nuint)Unsafe.AsPointer(ref start) / sizeof(float) % Alignment);
        return ref Unsafe.Add(ref start, (Alignment - misaligned) % Alignment);
    }

    /// <summary>Asks for the cache line of a number that will soon be read and changed. Where the processor has no word for it, nothing.</summary>
    /// <param name="place">Any place in memory that does not move, or behind its end: nothing is read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(ref float place)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
        }
    }

    /// <summary>A parameter that views numbers of a block.</summary>
    /// <param name="name">Its name, by PyTorch's rules.</param>
    /// <param name="shape">Its shape; the product is the layout's count of numbers.</param>
    /// <param name="block">The network's memory.</param>
    /// <param name="start">Where the parameter starts in it.</param>
    /// <param name="layout">How its numbers stand there.</param>
    /// <param name="isFrozen">Whether training leaves it as it is.</param>
    /// <exception cref="ArgumentException">The shape does not fit the layout, or the block ends before the parameter does.</exception>
    public static Parameter CreateParameter(string name, int[] shape, float[] block, int start, ParameterLayout layout, bool isFrozen = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(block);
        var length = shape.Aggregate(1L, (product, size) => product * size);
        if (length != layout.Length)
        {
            throw new ArgumentException($"The shape of {name} must hold {layout.Length} numbers, but holds {length}.", nameof(shape));
        }

        if (start < 0 || (long)start + layout.Size > block.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start, $"{name} takes {layout.Size} floats from {start} on, but the block has {block.Length}.");
        }

        return new Parameter(name, shape, block, start, layout) { IsFrozen = isFrozen };
    }
}
