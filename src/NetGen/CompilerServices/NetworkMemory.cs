using System.ComponentModel;

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
}
