using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>
/// y = b + w ∗ x. What each tap finds for all results of a channel is gathered as a row, [channels·taps, places]; the result's channels are
/// weighted sums of these rows. Back, the rows' gradients are weighted sums of the channels', and each number goes where it came from.
/// </summary>
internal sealed class ConvolutionRule : NodeRule
{
    private readonly ImageWindow _window;
    private readonly int _groups;
    private readonly float[] _weight;
    private readonly float[] _bias;
    private readonly float[] _noBias;

    /// <summary>For each group [depth, filters].</summary>
    private readonly Lazy<float[]> _transposed;

    /// <param name="window">Where the kernel goes.</param>
    /// <param name="groups">The groups of channels.</param>
    /// <param name="weight">[filters, channels of a group · taps].</param>
    /// <param name="bias">[filters]; null for none.</param>
    public ConvolutionRule(ImageWindow window, int groups, float[] weight, float[]? bias)
    {
        (_window, _groups, _weight) = (window, groups, weight);
        _bias = bias ?? new float[window.Result.Channels];
        _noBias = new float[Depth];
        _transposed = new(() => Transposed(weight, groups, Filters, Depth));
    }

    /// <summary>Those of a group.</summary>
    private int Filters => _window.Result.Channels / _groups;

    /// <summary>The rows of taps of a group.</summary>
    private int Depth => _window.Source.Channels / _groups * _window.Taps;

    private int Places => _window.Result.Plane;

    /// <summary>Rows are so long that vectors fill them.</summary>
    private int Width => (Places + TapRows.Step - 1) / TapRows.Step * TapRows.Step;

    public override void Forward(float[][] x, float[] y, int samples)
    {
        var (taps, results) = (Rows(Depth), Rows(Filters));
        for (var part = 0; part < samples * _groups; part++)
        {
            var (sample, group) = (part / _groups, part % _groups);
            Gather(x[0].AsSpan(sample * _window.Source.Size), group, taps);
            TapRows.Multiply(_weight.AsSpan(group * Filters * Depth), _bias.AsSpan(group * Filters, Filters), taps, results, Depth, Width);
            var to = y.AsSpan(sample * _window.Result.Size + group * Filters * Places, Filters * Places);
            for (var filter = 0; filter < Filters; filter++)
            {
                results.AsSpan(filter * Width, Places).CopyTo(to[(filter * Places)..]);
            }
        }

        ArrayPool<float>.Shared.Return(taps);
        ArrayPool<float>.Shared.Return(results);
    }

    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        var (taps, results) = (Rows(Depth), Rows(Filters));
        for (var part = 0; part < samples * _groups; part++)
        {
            var (sample, group) = (part / _groups, part % _groups);
            var from = dy.AsSpan(sample * _window.Result.Size + group * Filters * Places, Filters * Places);
            for (var filter = 0; filter < Filters; filter++)
            {
                from.Slice(filter * Places, Places).CopyTo(results.AsSpan(filter * Width));
            }

            TapRows.Multiply(_transposed.Value.AsSpan(group * Filters * Depth), _noBias, results, taps, Filters, Width);
            Scatter(taps, dx[0].AsSpan(sample * _window.Source.Size), group);
        }

        ArrayPool<float>.Shared.Return(taps);
        ArrayPool<float>.Shared.Return(results);
    }

    /// <summary>Zeros: what no piece writes stays 0 for all samples.</summary>
    private float[] Rows(int count)
    {
        var rows = ArrayPool<float>.Shared.Rent(Checked.Size(count, Width, "What a convolution's taps find"));
        rows.AsSpan(0, count * Width).Clear();
        return rows;
    }

    private void Gather(ReadOnlySpan<float> x, int group, Span<float> taps)
    {
        var channels = _window.Source.Channels / _groups;
        for (var channel = 0; channel < channels; channel++)
        {
            var plane = x.Slice((group * channels + channel) * _window.Source.Plane, _window.Source.Plane);
            foreach (var piece in _window.Pieces)
            {
                var row = taps.Slice((channel * _window.Taps + piece.Tap) * Width + piece.Result, piece.Count);
                if (_window.Step == 1)
                {
                    plane.Slice(piece.Source, piece.Count).CopyTo(row);
                    continue;
                }

                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = plane[piece.Source + i * _window.Step];
                }
            }
        }
    }

    private void Scatter(ReadOnlySpan<float> taps, Span<float> dx, int group)
    {
        var channels = _window.Source.Channels / _groups;
        for (var channel = 0; channel < channels; channel++)
        {
            var plane = dx.Slice((group * channels + channel) * _window.Source.Plane, _window.Source.Plane);
            foreach (var piece in _window.Pieces)
            {
                var row = taps.Slice((channel * _window.Taps + piece.Tap) * Width + piece.Result, piece.Count);
                for (var i = 0; i < row.Length; i++)
                {
                    plane[piece.Source + i * _window.Step] += row[i];
                }
            }
        }
    }

    private static float[] Transposed(float[] weight, int groups, int filters, int depth)
    {
        var transposed = new float[weight.Length];
        for (var i = 0; i < weight.Length; i++)
        {
            var (group, filter, k) = (i / depth / filters, i / depth % filters, i % depth);
            transposed[(group * depth + k) * filters + filter] = weight[i];
        }

        return transposed;
    }
}

/// <summary>Weighted sums of rows.</summary>
internal static class TapRows
{
    private const int TileRows = 4;

    /// <summary>Two vectors: rows are a multiple of it long.</summary>
    public static int Step => 2 * Vector<float>.Count;

    /// <summary>y[rows, width] = start[rows] + w[rows, depth]·x[depth, width].</summary>
    public static void Multiply(ReadOnlySpan<float> w, ReadOnlySpan<float> start, ReadOnlySpan<float> x, Span<float> y, int depth, int width)
    {
        var rows = start.Length;
        if (width % Step != 0 || w.Length < rows * depth || x.Length < depth * width || y.Length < rows * width)
        {
            throw new ArgumentException($"{rows} sums of {depth} rows of {width} numbers do not fit their places.", nameof(width));
        }

        for (var row = 0; row < rows;)
        {
            var isTile = rows - row >= TileRows;
            for (var column = 0; column < width; column += Step)
            {
                ref var weights = ref Unsafe.AsRef(in w[row * depth]);
                ref var from = ref Unsafe.AsRef(in x[column]);
                if (isTile)
                {
                    Tile4x2(ref weights, start.Slice(row, TileRows), ref from, ref y[row * width + column], (nuint)depth, (nuint)width);
                }
                else
                {
                    Tile1x2(ref weights, start[row], ref from, ref y[row * width + column], (nuint)depth, (nuint)width);
                }
            }

            row += isTile ? TileRows : 1;
        }
    }

    /// <summary>Four rows: eight sums, two vectors of the taps and one weight stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(ref float w, ReadOnlySpan<float> start, ref float x, ref float y, nuint depth, nuint width)
    {
        var second = (nuint)Vector<float>.Count;
        Vector<float> c00 = new(start[0]), c10 = new(start[1]), c20 = new(start[2]), c30 = new(start[3]);
        var (c01, c11, c21, c31) = (c00, c10, c20, c30);
        for (nuint k = 0; k < depth; k++)
        {
            var x0 = Vector.LoadUnsafe(ref x, k * width);
            var x1 = Vector.LoadUnsafe(ref x, k * width + second);
            Add(Unsafe.Add(ref w, k), x0, x1, ref c00, ref c01);
            Add(Unsafe.Add(ref w, depth + k), x0, x1, ref c10, ref c11);
            Add(Unsafe.Add(ref w, 2 * depth + k), x0, x1, ref c20, ref c21);
            Add(Unsafe.Add(ref w, 3 * depth + k), x0, x1, ref c30, ref c31);
        }

        Store(c00, c01, ref y, 0);
        Store(c10, c11, ref y, width);
        Store(c20, c21, ref y, 2 * width);
        Store(c30, c31, ref y, 3 * width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x2(ref float w, float start, ref float x, ref float y, nuint depth, nuint width)
    {
        Vector<float> c0 = new(start), c1 = c0;
        for (nuint k = 0; k < depth; k++)
        {
            Add(Unsafe.Add(ref w, k), Vector.LoadUnsafe(ref x, k * width), Vector.LoadUnsafe(ref x, k * width + (nuint)Vector<float>.Count), ref c0, ref c1);
        }

        Store(c0, c1, ref y, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float w, Vector<float> x0, Vector<float> x1, ref Vector<float> c0, ref Vector<float> c1)
    {
        var broadcast = new Vector<float>(w);
        c0 = Vector.MultiplyAddEstimate(broadcast, x0, c0);
        c1 = Vector.MultiplyAddEstimate(broadcast, x1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> c0, Vector<float> c1, ref float y, nuint offset)
    {
        c0.StoreUnsafe(ref y, offset);
        c1.StoreUnsafe(ref y, offset + (nuint)Vector<float>.Count);
    }
}
