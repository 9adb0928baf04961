using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Generic;

/// <summary>
/// A convolution of any size as a matrix product, sample by sample: y = f(W·X + b), where a row of X is the image as one tap of the filters sees
/// it (im2col). Rows of the product are filters and its columns pixels, so that vectors are full whatever the number of channels, and a
/// sample's X stays in the second-level cache. The weights stand transposed, [taps, filters].
/// </summary>
internal sealed class GenericConvolution : IGenericLayer, IGenericParameters
{
    private readonly ImageSize _source;
    private readonly ImageSize _result;
    private readonly Convolution _layer;
    private readonly int _sourcePlane;
    private readonly int _taps;
    private readonly int _filterStride;
    private readonly AlignedBuffer _weights;
    private readonly AlignedBuffer _gradients;
    private readonly AlignedBuffer _bias;
    private readonly AlignedBuffer _biasRows;
    private readonly AlignedBuffer _biasGradients;
    private readonly AlignedBuffer[] _weightStates;
    private readonly AlignedBuffer[] _biasStates;
    private readonly AlignedBuffer _padded;
    private readonly AlignedBuffer _sums;
    private readonly AlignedBuffer _columns;
    private readonly AlignedBuffer _transposed;
    private readonly AlignedBuffer _zeros;

    /// <param name="source">The shape of what comes.</param>
    /// <param name="sourcePlane">From one plane of it to the next.</param>
    /// <param name="result">The shape of what goes.</param>
    /// <param name="layer">The filters.</param>
    /// <param name="batchSize">The largest number of samples of a training step.</param>
    /// <param name="capacity">The largest number of samples of a forward pass.</param>
    /// <param name="states">What the optimiser keeps for each parameter.</param>
    public GenericConvolution(ImageSize source, int sourcePlane, ImageSize result, Convolution layer, int batchSize, int capacity, int states)
    {
        (_source, _sourcePlane, _result, _layer) = (source, sourcePlane, result, layer);
        _taps = source.Channels * layer.Kernel * layer.Kernel;
        _filterStride = Panel.Count(result.Channels) * Panel.Width;
        Plane = Panel.Count(result.Area) * Panel.Width;
        _weights = new AlignedBuffer(_taps * _filterStride);
        _gradients = new AlignedBuffer(_taps * _filterStride);
        _bias = new AlignedBuffer(_filterStride);
        _biasRows = new AlignedBuffer(result.Channels * Panel.Width);
        _biasGradients = new AlignedBuffer(_filterStride);
        _weightStates = [.. Enumerable.Range(0, states).Select(_ => new AlignedBuffer(_taps * _filterStride))];
        _biasStates = [.. Enumerable.Range(0, states).Select(_ => new AlignedBuffer(_filterStride))];

        // Rows are copied as whole vectors, the last of which reaches beyond.
        _padded = new AlignedBuffer(source.Channels * PaddedHeight * PaddedWidth + Panel.Width);
        _sums = new AlignedBuffer(_padded.Length);
        _columns = new AlignedBuffer(_taps * Plane + Panel.Width);
        _transposed = new AlignedBuffer((Plane + 4) * _filterStride);
        _zeros = new AlignedBuffer(Panel.Width);
        RowStride = result.Channels * Plane;
        Activations = new AlignedBuffer(capacity * RowStride);

        // Transposing takes four planes at a time.
        Deltas = new AlignedBuffer(batchSize * RowStride + 4 * Plane);
    }

    public int Inputs => _source.Length;

    public int RowStride { get; }

    /// <summary>From one plane of the result to the next: whole panels.</summary>
    public int Plane { get; }

    public AlignedBuffer Activations { get; }

    public AlignedBuffer Deltas { get; }

    private int PaddedHeight => _source.Height + 2 * _layer.Padding;

    private int PaddedWidth => _source.Width + 2 * _layer.Padding;

    public void Forward(ref float x, int xStride, int samples, bool trains)
    {
        for (var filter = 0; filter < _result.Channels; filter++)
        {
            _biasRows.Slice(filter * Panel.Width, Panel.Width).Fill(_bias.Span[filter]);
        }

        for (var sample = 0; sample < samples; sample++)
        {
            ToColumns(ref Unsafe.Add(ref x, sample * xStride));
            Product.Compute(
                _result.Channels, _taps, _result.Area,
                new Scalars(ref _weights.Origin, 1, _filterStride),
                Columns,
                new Vectors(ref _biasRows.Origin, Panel.Width, 0),
                1f,
                new Vectors(ref Activations.Slice(sample * RowStride, RowStride)[0], Plane, Panel.Width));
            Elementwise.Activate(_layer.Activation, Activations.Slice(sample * RowStride, RowStride));
        }
    }

    public void MultiplyBySlope(int samples, GenericOptimizer optimizer) =>
        Elementwise.MultiplyBySlope(_layer.Activation, Activations.Slice(0, samples * RowStride), Deltas.Slice(0, samples * RowStride));

    /// <summary>dX = Wᵀ·δ, whose rows are added where their taps stand.</summary>
    public void Backward(IGenericLayer previous, int samples)
    {
        for (var sample = 0; sample < samples; sample++)
        {
            Product.Compute(
                _taps, _result.Channels, _result.Area,
                new Scalars(ref _weights.Origin, _filterStride, 1),
                new Vectors(ref DeltasOf(sample), Plane, Panel.Width),
                new Vectors(ref _zeros.Origin, 0, 0),
                1f,
                Columns);
            _sums.Span.Clear();
            for (var tap = 0; tap < _taps; tap++)
            {
                AddRows(
                    ref Unsafe.Add(ref _columns.Origin, tap * Plane), _result.Width, ref Unsafe.Add(ref _sums.Origin, TapPlace(tap)), PaddedWidth, _result.Height);
            }

            for (var channel = 0; channel < _source.Channels; channel++)
            {
                for (var row = 0; row < _source.Height; row++)
                {
                    _sums.Slice(PaddedPlace(channel, row), _source.Width)
                        .CopyTo(previous.Deltas.Slice(sample * previous.RowStride + channel * _sourcePlane + row * _source.Width, _source.Width));
                }
            }
        }
    }

    /// <summary>dWᵀ = Σ over samples of X·δᵀ, then the optimiser's step.</summary>
    public void Update(ref float x, int xStride, int samples, GenericOptimizer optimizer)
    {
        _gradients.Span.Clear();
        _biasGradients.Span.Clear();
        for (var sample = 0; sample < samples; sample++)
        {
            ToColumns(ref Unsafe.Add(ref x, sample * xStride));
            ref var delta = ref DeltasOf(sample);
            Panel.TransposeRows(ref delta, Plane, ref _transposed.Origin, _filterStride, _result.Channels, _result.Area);
            var gradients = new Vectors(ref _gradients.Origin, _filterStride, Panel.Width);
            Product.Compute(
                _taps, _result.Area, _result.Channels,
                new Scalars(ref _columns.Origin, Plane, 1),
                new Vectors(ref _transposed.Origin, _filterStride, Panel.Width),
                gradients,
                1f,
                gradients);
            for (var filter = 0; filter < _result.Channels; filter++)
            {
                _biasGradients.Span[filter] += TensorPrimitives.Sum(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref delta, filter * Plane), _result.Area));
            }
        }

        optimizer.Step(_weights.Span, _gradients.Span, _weightStates);
        optimizer.Step(_bias.Span, _biasGradients.Span, _biasStates);
    }

    public void SetParameters(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        for (var i = 0; i < weight.Length; i++)
        {
            _weights.Span[WeightIndex(i)] = weight[i];
        }

        bias.CopyTo(_bias.Span);
    }

    public float[] CopyWeight() => [.. Enumerable.Range(0, _result.Channels * _taps).Select(i => _weights.Span[WeightIndex(i)])];

    public float[] CopyBias() => _bias.Slice(0, _result.Channels).ToArray();

    private Vectors Columns => new(ref _columns.Origin, Plane, Panel.Width);

    private int WeightIndex(int index) => index % _taps * _filterStride + index / _taps;

    private ref float DeltasOf(int sample) => ref Deltas.Slice(sample * RowStride, RowStride)[0];

    private int PaddedPlace(int channel, int row) => (channel * PaddedHeight + row + _layer.Padding) * PaddedWidth + _layer.Padding;

    /// <summary>Where in the padded image a tap's first pixel stands.</summary>
    private int TapPlace(int tap)
    {
        var kernel = _layer.Kernel;
        return (tap / (kernel * kernel) * PaddedHeight + tap / kernel % kernel) * PaddedWidth + tap % kernel;
    }

    /// <summary>Writes X of one sample.</summary>
    private void ToColumns(ref float x)
    {
        var image = MemoryMarshal.CreateReadOnlySpan(ref x, (_source.Channels - 1) * _sourcePlane + _source.Area);
        for (var channel = 0; channel < _source.Channels; channel++)
        {
            for (var row = 0; row < _source.Height; row++)
            {
                image.Slice(channel * _sourcePlane + row * _source.Width, _source.Width).CopyTo(_padded.Span[PaddedPlace(channel, row)..]);
            }
        }

        for (var tap = 0; tap < _taps; tap++)
        {
            CopyRows(
                ref Unsafe.Add(ref _padded.Origin, TapPlace(tap)), PaddedWidth, ref Unsafe.Add(ref _columns.Origin, tap * Plane), _result.Width, _result.Height);
        }
    }

    /// <summary>Whole vectors: what is written beyond a row's end, the next row writes over, and beyond the last one stand lanes of padding or the next tap.</summary>
    private static void CopyRows(ref float from, int fromStride, ref float to, int width, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            for (nuint column = 0; column < (nuint)width; column += (nuint)Vector<float>.Count)
            {
                Vector.LoadUnsafe(ref from, column).StoreUnsafe(ref to, column);
            }

            from = ref Unsafe.Add(ref from, fromStride);
            to = ref Unsafe.Add(ref to, width);
        }
    }

    /// <summary>Adds rows to those of the padded image; no more than the row's width, for there follows what other taps sum.</summary>
    private static void AddRows(ref float from, int width, ref float to, int toStride, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            nuint i = 0;
            for (; i + (nuint)Vector<float>.Count <= (nuint)width; i += (nuint)Vector<float>.Count)
            {
                (Vector.LoadUnsafe(ref to, i) + Vector.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);
            }

            for (; i < (nuint)width; i++)
            {
                Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i);
            }

            from = ref Unsafe.Add(ref from, width);
            to = ref Unsafe.Add(ref to, toStride);
        }
    }
}
