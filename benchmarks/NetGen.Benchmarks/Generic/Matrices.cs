using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.Benchmarks.Generic;

/// <summary>A matrix read one number at a time: element (i, k) is <c>Origin[i·Row + k·Column]</c>.</summary>
internal readonly ref struct Scalars(ref float origin, int row, int column)
{
    public readonly ref float Origin = ref origin;
    public readonly nuint Row = (nuint)row;
    public readonly nuint Column = (nuint)column;
}

/// <summary>
/// A matrix read and written by vectors, in panels of <see cref="Panel.Width"/> columns: element (k, j) is
/// <c>Origin[k·Row + (j / Width)·Stride + j % Width]</c>. A row-major matrix is one whose panels stand a panel's width apart.
/// </summary>
internal readonly ref struct Vectors(ref float origin, nuint row, nuint stride)
{
    public readonly ref float Origin = ref origin;
    public readonly nuint Row = row;
    public readonly nuint Stride = stride;

    public Vectors(ref float origin, int row, int stride)
        : this(ref origin, (nuint)row, (nuint)stride)
    {
    }

    /// <summary>One panel of this matrix.</summary>
    public Vectors At(nuint panel) => new(ref Unsafe.Add(ref Origin, panel * Stride), Row, Stride);
}

/// <summary>The panels' width and what follows from it; the machine's vectors decide it at run time.</summary>
internal static class Panel
{
    /// <summary>The columns of a panel: two vectors.</summary>
    public static int Width => 2 * Vector<float>.Count;

    /// <summary>The floats of a matrix in panels.</summary>
    public static int Length(int rows, int columns) => Count(columns) * rows * Width;

    public static int Count(int columns) => (columns + Width - 1) / Width;

    /// <summary>
    /// The step from one row of activations to the next: whole panels, and for wide rows an odd number of cache lines, or all rows would
    /// fall into a few of the cache's sets.
    /// </summary>
    public static int RowStride(int columns)
    {
        const int cacheLine = 16;
        var stride = Count(columns) * Width;
        return stride >= 16 * cacheLine && stride / cacheLine % 2 == 0 ? stride + cacheLine : stride;
    }

    /// <summary>Writes the transpose of a matrix in panels, also in panels; both have their rows rounded up to four.</summary>
    /// <param name="source">[rows, columns].</param>
    /// <param name="sourceRows">The rows that each panel of <paramref name="source"/> has room for.</param>
    /// <param name="destination">[columns, rows].</param>
    /// <param name="destinationRows">The rows that each panel of <paramref name="destination"/> has room for.</param>
    /// <param name="rows">The rows of the source.</param>
    /// <param name="columns">The columns of the source.</param>
    public static void Transpose(ref float source, int sourceRows, ref float destination, int destinationRows, int rows, int columns)
    {
        var width = Width;
        for (var column = 0; column < columns; column += 4)
        {
            ref var from = ref Unsafe.Add(ref source, column / width * sourceRows * width + column % width);
            for (var row = 0; row < rows; row += 4)
            {
                ref var to = ref Unsafe.Add(ref destination, row / width * destinationRows * width + column * width + row % width);
                TransposeBlock(ref Unsafe.Add(ref from, row * width), (nuint)width, ref to, (nuint)width);
            }
        }
    }

    /// <summary>Writes the transpose of a row-major matrix, also row-major; both have room for rows rounded up to four.</summary>
    public static void TransposeRows(ref float source, int sourceStride, ref float destination, int destinationStride, int rows, int columns)
    {
        for (var column = 0; column < columns; column += 4)
        {
            for (var row = 0; row < rows; row += 4)
            {
                TransposeBlock(
                    ref Unsafe.Add(ref source, row * sourceStride + column), (nuint)sourceStride,
                    ref Unsafe.Add(ref destination, column * destinationStride + row), (nuint)destinationStride);
            }
        }
    }

    /// <summary>Four rows of four: <see cref="Vector{T}"/> moves nothing from lane to lane, and every machine has vectors of four floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(ref float source, nuint sourceStride, ref float destination, nuint destinationStride)
    {
        var r0 = Vector128.LoadUnsafe(ref source);
        var r1 = Vector128.LoadUnsafe(ref source, sourceStride);
        var r2 = Vector128.LoadUnsafe(ref source, 2 * sourceStride);
        var r3 = Vector128.LoadUnsafe(ref source, 3 * sourceStride);
        var low01 = Interleave(r0, r1, high: false);
        var low23 = Interleave(r2, r3, high: false);
        var high01 = Interleave(r0, r1, high: true);
        var high23 = Interleave(r2, r3, high: true);
        Vector128.Create(low01.GetLower(), low23.GetLower()).StoreUnsafe(ref destination);
        Vector128.Create(low01.GetUpper(), low23.GetUpper()).StoreUnsafe(ref destination, destinationStride);
        Vector128.Create(high01.GetLower(), high23.GetLower()).StoreUnsafe(ref destination, 2 * destinationStride);
        Vector128.Create(high01.GetUpper(), high23.GetUpper()).StoreUnsafe(ref destination, 3 * destinationStride);
    }

    /// <summary>(a0, b0, a1, b1), or of the upper halves (a2, b2, a3, b3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Interleave(Vector128<float> a, Vector128<float> b, bool high)
    {
        var pairs = high
            ? Vector128.Create(a.GetUpper(), b.GetUpper())
            : Vector128.Create(a.GetLower(), b.GetLower());
        return Vector128.Shuffle(pairs, Vector128.Create(0, 2, 1, 3));
    }
}
