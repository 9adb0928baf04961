using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// A network's working memory for predictions: a few blocks kept between calls, so that callers on many threads neither wait
/// nor allocate once as many blocks exist as calls run at once. For generated code.
/// </summary>
/// <param name="length">The floats of one block.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ScratchCache(int length)
{
    private readonly Scratch?[] _kept = new Scratch?[Math.Max(4, 2 * Environment.ProcessorCount)];

    /// <summary>A block that no other caller holds; its contents are whatever the last caller left.</summary>
    public Scratch Rent()
    {
        foreach (ref var slot in _kept.AsSpan())
        {
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } scratch)
            {
                return scratch;
            }
        }

        return new Scratch(length);
    }

    /// <summary>Gives a block back.</summary>
    public void Return(Scratch scratch)
    {
        foreach (ref var slot in _kept.AsSpan())
        {
            if (slot is null && Interlocked.CompareExchange(ref slot, scratch, null) is null)
            {
                return;
            }
        }
    }
}

/// <summary>One pinned, aligned block of working memory. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Scratch
{
    /// <summary>Allocates the block.</summary>
    /// <param name="length">Its floats.</param>
    public Scratch(int length)
    {
        Block = NetworkMemory.Allocate(length, out var origin);
        Origin = origin;
    }

    /// <summary>The memory.</summary>
    public float[] Block { get; }

    /// <summary>Where the aligned memory starts in <see cref="Block"/>.</summary>
    public int Origin { get; }
}
