using System.Numerics;
using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>
/// A matrix M[depth, columns] by which rows are multiplied: y[n, columns] = x[n, depth]·M + start. It stands in panels as wide as two
/// vectors, so that a tile of six rows by two vectors keeps its sums in registers and reads the panel from the first float to the last.
/// </summary>
internal sealed class PanelMatrix
{
    private const int TileRows = 6;

    private readonly int _depth;
    private readonly int _columns;

    /// <summary>[columns / Width][depth][Width], padded with 0.</summary>
    private readonly float[] _panels;

    /// <summary>What each sum starts from, padded with 0.</summary>
    private readonly float[] _start;

    /// <param name="numbers">M, row after row; its transpose if <paramref name="transposed"/>. Copied.</param>
    /// <param name="depth">The rows of M.</param>
    /// <param name="columns">The columns of M.</param>
    /// <param name="transposed">Whether the numbers are [columns, depth].</param>
    /// <param name="start">What is added to each row, [columns]; null for nothing.</param>
    public PanelMatrix(ReadOnlySpan<float> numbers, int depth, int columns, bool transposed, float[]? start = null)
    {
        (_depth, _columns) = (depth, columns);
        var count = (columns + Width - 1) / Width;
        _panels = new float[checked(count * depth * Width)];
        _start = new float[count * Width];
        start?.CopyTo(_start, 0);
        for (var c = 0; c < columns; c++)
        {
            for (var k = 0; k < depth; k++)
            {
                _panels[(c / Width * depth + k) * Width + c % Width] = transposed ? numbers[c * depth + k] : numbers[k * columns + c];
            }
        }
    }

    private static int Width => 2 * Vector<float>.Count;

    /// <summary>y[n, columns] = x[n, depth]·M + start.</summary>
    public void Multiply(ReadOnlySpan<float> x, Span<float> y, int samples)
    {
        if (x.Length < (long)samples * _depth || y.Length < (long)samples * _columns)
        {
            throw new ArgumentException($"{samples} rows of {_depth} and {_columns} numbers are needed, but there are {x.Length} and {y.Length}.", nameof(samples));
        }

        Span<float> tile = stackalloc float[TileRows * Width];
        for (var column = 0; column < _columns; column += Width)
        {
            ref var panel = ref _panels[column * _depth];
            ref var start = ref _start[column];
            for (var row = 0; row < samples;)
            {
                var rows = samples - row >= TileRows ? TileRows : 1;
                ref var left = ref Unsafe.AsRef(in x[row * _depth]);
                var whole = column + Width <= _columns;
                ref var into = ref whole ? ref y[row * _columns + column] : ref tile[0];
                var stride = whole ? _columns : Width;
                if (rows == TileRows)
                {
                    Tile6x2(ref left, (nuint)_depth, ref panel, ref start, ref into, (nuint)stride);
                }
                else
                {
                    Tile1x2(ref left, (nuint)_depth, ref panel, ref start, ref into);
                }

                for (var r = 0; r < rows && !whole; r++)
                {
                    tile.Slice(r * Width, _columns - column).CopyTo(y[((row + r) * _columns + column)..]);
                }

                row += rows;
            }
        }
    }

    /// <summary>Six rows: twelve sums, two vectors of the panel and one number fit into sixteen registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6x2(ref float x, nuint depth, ref float panel, ref float start, ref float y, nuint stride)
    {
        var second = (nuint)Vector<float>.Count;
        var (s0, s1) = (Vector.LoadUnsafe(ref start), Vector.LoadUnsafe(ref start, second));
        var (c00, c10, c20, c30, c40, c50) = (s0, s0, s0, s0, s0, s0);
        var (c01, c11, c21, c31, c41, c51) = (s1, s1, s1, s1, s1, s1);
        ref var x3 = ref Unsafe.Add(ref x, 3 * depth);
        for (nuint k = 0; k < depth; k++)
        {
            var b0 = Vector.LoadUnsafe(ref panel);
            var b1 = Vector.LoadUnsafe(ref panel, second);
            Add(Unsafe.Add(ref x, k), b0, b1, ref c00, ref c01);
            Add(Unsafe.Add(ref x, depth + k), b0, b1, ref c10, ref c11);
            Add(Unsafe.Add(ref x, 2 * depth + k), b0, b1, ref c20, ref c21);
            Add(Unsafe.Add(ref x3, k), b0, b1, ref c30, ref c31);
            Add(Unsafe.Add(ref x3, depth + k), b0, b1, ref c40, ref c41);
            Add(Unsafe.Add(ref x3, 2 * depth + k), b0, b1, ref c50, ref c51);
            panel = ref Unsafe.Add(ref panel, 2 * second);
        }

        Store(c00, c01, ref y, 0);
        Store(c10, c11, ref y, stride);
        Store(c20, c21, ref y, 2 * stride);
        Store(c30, c31, ref y, 3 * stride);
        Store(c40, c41, ref y, 4 * stride);
        Store(c50, c51, ref y, 5 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x2(ref float x, nuint depth, ref float panel, ref float start, ref float y)
    {
        var second = (nuint)Vector<float>.Count;
        var (c0, c1) = (Vector.LoadUnsafe(ref start), Vector.LoadUnsafe(ref start, second));
        for (nuint k = 0; k < depth; k++)
        {
            Add(Unsafe.Add(ref x, k), Vector.LoadUnsafe(ref panel), Vector.LoadUnsafe(ref panel, second), ref c0, ref c1);
            panel = ref Unsafe.Add(ref panel, 2 * second);
        }

        Store(c0, c1, ref y, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float x, Vector<float> b0, Vector<float> b1, ref Vector<float> c0, ref Vector<float> c1)
    {
        var broadcast = new Vector<float>(x);
        c0 = Vector.MultiplyAddEstimate(broadcast, b0, c0);
        c1 = Vector.MultiplyAddEstimate(broadcast, b1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> c0, Vector<float> c1, ref float y, nuint offset)
    {
        c0.StoreUnsafe(ref y, offset);
        c1.StoreUnsafe(ref y, offset + (nuint)Vector<float>.Count);
    }
}
