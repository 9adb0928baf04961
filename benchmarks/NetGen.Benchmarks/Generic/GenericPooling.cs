using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Generic;

/// <summary>Means over squares that touch. The planes of its result follow one another without gaps, as a dense layer takes them.</summary>
internal sealed class GenericPooling : IGenericLayer
{
    private readonly ImageSize _source;
    private readonly ImageSize _result;
    private readonly int _size;
    private readonly int _sourcePlane;
    private readonly float[] _row;

    /// <param name="source">The shape of what comes.</param>
    /// <param name="sourcePlane">From one plane of it to the next.</param>
    /// <param name="result">The shape of what goes.</param>
    /// <param name="size">The side of a square.</param>
    /// <param name="batchSize">The largest number of samples of a training step.</param>
    /// <param name="capacity">The largest number of samples of a forward pass.</param>
    public GenericPooling(ImageSize source, int sourcePlane, ImageSize result, int size, int batchSize, int capacity)
    {
        (_source, _sourcePlane, _result, _size) = (source, sourcePlane, result, size);
        _row = new float[source.Width];
        RowStride = Panel.RowStride(result.Length);
        Activations = new AlignedBuffer(capacity * RowStride);
        Deltas = new AlignedBuffer(batchSize * RowStride);
    }

    public int Inputs => _source.Length;

    public int RowStride { get; }

    public AlignedBuffer Activations { get; }

    public AlignedBuffer Deltas { get; }

    public void Forward(ref float x, int xStride, int samples, bool trains)
    {
        var source = MemoryMarshal.CreateReadOnlySpan(ref x, samples * xStride);
        var scale = 1f / (_size * _size);
        for (var sample = 0; sample < samples; sample++)
        {
            for (var channel = 0; channel < _result.Channels; channel++)
            {
                var plane = source.Slice(sample * xStride + channel * _sourcePlane, _source.Area);
                var y = Activations.Slice(sample * RowStride + channel * _result.Area, _result.Area);
                for (var row = 0; row < _result.Height; row++)
                {
                    Mean(plane.Slice(row * _size * _source.Width, _size * _source.Width), y.Slice(row * _result.Width, _result.Width), scale);
                }
            }
        }
    }

    public void MultiplyBySlope(int samples, GenericOptimizer optimizer)
    {
    }

    public void Backward(IGenericLayer previous, int samples)
    {
        var scale = 1f / (_size * _size);
        for (var sample = 0; sample < samples; sample++)
        {
            for (var channel = 0; channel < _result.Channels; channel++)
            {
                var delta = Deltas.Slice(sample * RowStride + channel * _result.Area, _result.Area);
                var plane = previous.Deltas.Slice(sample * previous.RowStride + channel * _sourcePlane, _source.Area);
                for (var row = 0; row < _result.Height; row++)
                {
                    Spread(delta.Slice(row * _result.Width, _result.Width), scale);
                    for (var line = 0; line < _size; line++)
                    {
                        _row.CopyTo(plane[((row * _size + line) * _source.Width)..]);
                    }
                }
            }
        }
    }

    public void Update(ref float x, int xStride, int samples, GenericOptimizer optimizer)
    {
    }

    /// <summary>The rows of a line of squares are added as vectors, then their columns.</summary>
    private void Mean(ReadOnlySpan<float> rows, Span<float> y, float scale)
    {
        rows[.._source.Width].CopyTo(_row);
        for (var line = 1; line < _size; line++)
        {
            TensorPrimitives.Add(_row, rows.Slice(line * _source.Width, _source.Width), _row);
        }

        var left = _row.AsSpan();
        for (var column = 0; column < y.Length && left.Length >= _size; column++)
        {
            var sum = 0f;
            foreach (var value in left[.._size])
            {
                sum += value;
            }

            y[column] = sum * scale;
            left = left[_size..];
        }
    }

    private void Spread(ReadOnlySpan<float> delta, float scale)
    {
        var left = _row.AsSpan();
        foreach (var value in delta)
        {
            left[.._size].Fill(value * scale);
            left = left[_size..];
        }
    }
}
