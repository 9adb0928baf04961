using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.Benchmarks.Generic;

/// <summary>
/// C = S + α·A·B for any sizes: what serves the forward product (S the bias), the gradient that goes back (S zero) and the weights' update
/// (S the weights themselves, α the negative learning rate).
/// </summary>
internal static class Product
{
    /// <summary>Computes C[rows, columns] = S + α · A[rows, depth] · B[depth, columns], whole vectors of columns at a time.</summary>
    public static void Compute(int rows, int depth, int columns, in Scalars a, in Vectors b, in Vectors start, float alpha, in Vectors c)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Product<Lanes512, Vector512<float>>.Compute(rows, depth, columns, a, b, start, alpha, c);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Product<Lanes256, Vector256<float>>.Compute(rows, depth, columns, a, b, start, alpha, c);
        }
        else
        {
            Product<Lanes128, Vector128<float>>.Compute(rows, depth, columns, a, b, start, alpha, c);
        }
    }
}

/// <summary>The product for one width of vectors: register tiles of 8, 4 or 1 rows by two vectors, or one where a last panel needs no more.</summary>
internal static class Product<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private readonly struct OneVector;

    private readonly struct TwoVectors;

    public static void Compute(int rows, int depth, int columns, in Scalars a, in Vectors b, in Vectors start, float alpha, in Vectors c)
    {
        nuint panel = 0;
        for (var left = columns; left > 0; left -= 2 * TLanes.Count, panel++)
        {
            ref var bPanel = ref Unsafe.Add(ref b.Origin, panel * b.Stride);
            ref var startPanel = ref Unsafe.Add(ref start.Origin, panel * start.Stride);
            ref var cPanel = ref Unsafe.Add(ref c.Origin, panel * c.Stride);
            if (left > TLanes.Count)
            {
                ComputePanel<TwoVectors>(rows, depth, a, ref bPanel, b.Row, ref startPanel, start.Row, alpha, ref cPanel, c.Row);
            }
            else
            {
                ComputePanel<OneVector>(rows, depth, a, ref bPanel, b.Row, ref startPanel, start.Row, alpha, ref cPanel, c.Row);
            }
        }
    }

    private static void ComputePanel<TColumns>(
        int rows, int depth, in Scalars a, ref float b, nuint bRow, ref float start, nuint startRow, float alpha, ref float c, nuint cRow)
    {
        ref var aRows = ref a.Origin;
        var row = 0;
        if (TLanes.HasManyRegisters)
        {
            for (; row + 8 <= rows; row += 8)
            {
                Rows8<TColumns>(ref aRows, a.Row, a.Column, ref b, bRow, ref start, startRow, ref c, cRow, depth, alpha);
                aRows = ref Unsafe.Add(ref aRows, 8 * a.Row);
                start = ref Unsafe.Add(ref start, 8 * startRow);
                c = ref Unsafe.Add(ref c, 8 * cRow);
            }
        }

        for (; row + 4 <= rows; row += 4)
        {
            Rows4<TColumns>(ref aRows, a.Row, a.Column, ref b, bRow, ref start, startRow, ref c, cRow, depth, alpha);
            aRows = ref Unsafe.Add(ref aRows, 4 * a.Row);
            start = ref Unsafe.Add(ref start, 4 * startRow);
            c = ref Unsafe.Add(ref c, 4 * cRow);
        }

        for (; row < rows; row++)
        {
            Row1<TColumns>(ref aRows, a.Column, ref b, bRow, ref start, ref c, depth, alpha);
            aRows = ref Unsafe.Add(ref aRows, a.Row);
            start = ref Unsafe.Add(ref start, startRow);
            c = ref Unsafe.Add(ref c, cRow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows8<TColumns>(
        ref float a, nuint aRow, nuint aStep, ref float b, nuint bRow,
        ref float start, nuint startRow, ref float c, nuint cRow, int depth, float alpha)
    {
        TVector c00 = default, c10 = default, c20 = default, c30 = default, c40 = default, c50 = default, c60 = default, c70 = default;
        TVector c01 = default, c11 = default, c21 = default, c31 = default, c41 = default, c51 = default, c61 = default, c71 = default;
        ref var a4 = ref Unsafe.Add(ref a, 4 * aRow);
        for (var k = depth; k > 0; k--)
        {
            var b0 = TLanes.Load(ref b, 0);
            var b1 = LoadSecond<TColumns>(ref b, 0);
            Accumulate<TColumns>(a, b0, b1, ref c00, ref c01);
            Accumulate<TColumns>(Unsafe.Add(ref a, aRow), b0, b1, ref c10, ref c11);
            Accumulate<TColumns>(Unsafe.Add(ref a, 2 * aRow), b0, b1, ref c20, ref c21);
            Accumulate<TColumns>(Unsafe.Add(ref a, 3 * aRow), b0, b1, ref c30, ref c31);
            Accumulate<TColumns>(a4, b0, b1, ref c40, ref c41);
            Accumulate<TColumns>(Unsafe.Add(ref a4, aRow), b0, b1, ref c50, ref c51);
            Accumulate<TColumns>(Unsafe.Add(ref a4, 2 * aRow), b0, b1, ref c60, ref c61);
            Accumulate<TColumns>(Unsafe.Add(ref a4, 3 * aRow), b0, b1, ref c70, ref c71);
            a = ref Unsafe.Add(ref a, aStep);
            a4 = ref Unsafe.Add(ref a4, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }

        var scale = TLanes.Broadcast(alpha);
        Finish<TColumns>(c00, c01, scale, ref start, 0, ref c, 0);
        Finish<TColumns>(c10, c11, scale, ref start, startRow, ref c, cRow);
        Finish<TColumns>(c20, c21, scale, ref start, 2 * startRow, ref c, 2 * cRow);
        Finish<TColumns>(c30, c31, scale, ref start, 3 * startRow, ref c, 3 * cRow);
        Finish<TColumns>(c40, c41, scale, ref start, 4 * startRow, ref c, 4 * cRow);
        Finish<TColumns>(c50, c51, scale, ref start, 5 * startRow, ref c, 5 * cRow);
        Finish<TColumns>(c60, c61, scale, ref start, 6 * startRow, ref c, 6 * cRow);
        Finish<TColumns>(c70, c71, scale, ref start, 7 * startRow, ref c, 7 * cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows4<TColumns>(
        ref float a, nuint aRow, nuint aStep, ref float b, nuint bRow,
        ref float start, nuint startRow, ref float c, nuint cRow, int depth, float alpha)
    {
        TVector c00 = default, c10 = default, c20 = default, c30 = default;
        TVector c01 = default, c11 = default, c21 = default, c31 = default;
        for (var k = depth; k > 0; k--)
        {
            var b0 = TLanes.Load(ref b, 0);
            var b1 = LoadSecond<TColumns>(ref b, 0);
            Accumulate<TColumns>(a, b0, b1, ref c00, ref c01);
            Accumulate<TColumns>(Unsafe.Add(ref a, aRow), b0, b1, ref c10, ref c11);
            Accumulate<TColumns>(Unsafe.Add(ref a, 2 * aRow), b0, b1, ref c20, ref c21);
            Accumulate<TColumns>(Unsafe.Add(ref a, 3 * aRow), b0, b1, ref c30, ref c31);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }

        var scale = TLanes.Broadcast(alpha);
        Finish<TColumns>(c00, c01, scale, ref start, 0, ref c, 0);
        Finish<TColumns>(c10, c11, scale, ref start, startRow, ref c, cRow);
        Finish<TColumns>(c20, c21, scale, ref start, 2 * startRow, ref c, 2 * cRow);
        Finish<TColumns>(c30, c31, scale, ref start, 3 * startRow, ref c, 3 * cRow);
    }

    /// <summary>One row has too few accumulators to hide the latency of a multiply-add, so four of its depth run side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row1<TColumns>(
        ref float a, nuint aStep, ref float b, nuint bRow, ref float start, ref float c, int depth, float alpha)
    {
        TVector c00 = default, c10 = default, c20 = default, c30 = default;
        TVector c01 = default, c11 = default, c21 = default, c31 = default;
        for (; depth >= 4; depth -= 4)
        {
            Accumulate<TColumns>(a, TLanes.Load(ref b, 0), LoadSecond<TColumns>(ref b, 0), ref c00, ref c01);
            Accumulate<TColumns>(Unsafe.Add(ref a, aStep), TLanes.Load(ref b, bRow), LoadSecond<TColumns>(ref b, bRow), ref c10, ref c11);
            Accumulate<TColumns>(
                Unsafe.Add(ref a, 2 * aStep), TLanes.Load(ref b, 2 * bRow), LoadSecond<TColumns>(ref b, 2 * bRow), ref c20, ref c21);
            Accumulate<TColumns>(
                Unsafe.Add(ref a, 3 * aStep), TLanes.Load(ref b, 3 * bRow), LoadSecond<TColumns>(ref b, 3 * bRow), ref c30, ref c31);
            a = ref Unsafe.Add(ref a, 4 * aStep);
            b = ref Unsafe.Add(ref b, 4 * bRow);
        }

        for (; depth > 0; depth--)
        {
            Accumulate<TColumns>(a, TLanes.Load(ref b, 0), LoadSecond<TColumns>(ref b, 0), ref c00, ref c01);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }

        c00 = TLanes.Add(TLanes.Add(c00, c10), TLanes.Add(c20, c30));
        c01 = TLanes.Add(TLanes.Add(c01, c11), TLanes.Add(c21, c31));
        Finish<TColumns>(c00, c01, TLanes.Broadcast(alpha), ref start, 0, ref c, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadSecond<TColumns>(ref float source, nuint offset) =>
        typeof(TColumns) == typeof(TwoVectors) ? TLanes.Load(ref source, offset + (nuint)TLanes.Count) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<TColumns>(float a, TVector b0, TVector b1, ref TVector c0, ref TVector c1)
    {
        var broadcast = TLanes.Broadcast(a);
        c0 = TLanes.MultiplyAdd(broadcast, b0, c0);
        if (typeof(TColumns) == typeof(TwoVectors))
        {
            c1 = TLanes.MultiplyAdd(broadcast, b1, c1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TColumns>(
        TVector c0, TVector c1, TVector scale, ref float start, nuint startOffset, ref float c, nuint cOffset)
    {
        TLanes.Store(TLanes.MultiplyAdd(scale, c0, TLanes.Load(ref start, startOffset)), ref c, cOffset);
        if (typeof(TColumns) == typeof(TwoVectors))
        {
            var lanes = (nuint)TLanes.Count;
            TLanes.Store(TLanes.MultiplyAdd(scale, c1, TLanes.Load(ref start, startOffset + lanes)), ref c, cOffset + lanes);
        }
    }
}
