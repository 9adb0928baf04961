using NetGen.CompilerServices;

namespace NetGen.Benchmarks.Generic;

/// <summary>Zeroed floats that start on a cache line.</summary>
internal readonly struct AlignedBuffer
{
    private readonly float[] _array;
    private readonly int _origin;

    public AlignedBuffer(int length)
    {
        _array = NetworkMemory.Allocate(length, out _origin);
        Length = length;
    }

    public int Length { get; }

    public ref float Origin => ref _array[_origin];

    public Span<float> Span => _array.AsSpan(_origin, Length);

    public Span<float> Slice(int start, int length) => Span.Slice(start, length);
}
