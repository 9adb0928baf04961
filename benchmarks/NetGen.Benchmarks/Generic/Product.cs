using System.Numerics;
using System.Runtime.CompilerServices;

namespace NetGen.Benchmarks.Generic;

/// <summary>
/// C = S + α·A·B for any sizes: what serves the forward product (S the bias), the gradient that goes back (S zero) and the weights' update
/// (S the weights themselves, α the negative learning rate). Panel by panel, in tiles whose sums stay in registers: 6 or 4 rows by a panel's
/// two vectors fill the 16 registers of a 256-bit machine, as 12 sums, two vectors of B and a broadcast number of A do.
/// </summary>
internal static class Product
{
    /// <summary>Computes C[rows, columns] = S + α · A[rows, depth] · B[depth, columns], whole vectors of columns at a time.</summary>
    public static void Compute(int rows, int depth, int columns, in Scalars a, in Vectors b, in Vectors start, float alpha, in Vectors c)
    {
        nuint panel = 0;
        for (var left = columns; left > 0; left -= Panel.Width, panel++)
        {
            if (left > Vector<float>.Count)
            {
                TwoVectors(rows, depth, a, b.At(panel), start.At(panel), alpha, c.At(panel));
            }
            else
            {
                OneVector(rows, depth, a, b.At(panel), start.At(panel), alpha, c.At(panel));
            }
        }
    }

    private static void TwoVectors(int rows, int depth, in Scalars a, in Vectors b, in Vectors start, float alpha, in Vectors c)
    {
        ref var x = ref a.Origin;
        ref var s = ref start.Origin;
        ref var y = ref c.Origin;
        while (rows > 0)
        {
            // 8 and 9 rows are better cut into 4 + 4 (+ 1) than into 6 + 1 + 1 (+ 1).
            var taken = rows >= 6 && rows is not (8 or 9) ? 6 : rows >= 4 ? 4 : 1;
            switch (taken)
            {
                case 6:
                    Tile6x2(ref x, a.Row, a.Column, ref b.Origin, b.Row, ref s, start.Row, ref y, c.Row, depth, alpha);
                    break;
                case 4:
                    Tile4x2(ref x, a.Row, a.Column, ref b.Origin, b.Row, ref s, start.Row, ref y, c.Row, depth, alpha);
                    break;
                default:
                    Tile1x2(ref x, a.Column, ref b.Origin, b.Row, ref s, ref y, depth, alpha);
                    break;
            }

            x = ref Unsafe.Add(ref x, (nuint)taken * a.Row);
            s = ref Unsafe.Add(ref s, (nuint)taken * start.Row);
            y = ref Unsafe.Add(ref y, (nuint)taken * c.Row);
            rows -= taken;
        }
    }

    private static void OneVector(int rows, int depth, in Scalars a, in Vectors b, in Vectors start, float alpha, in Vectors c)
    {
        ref var x = ref a.Origin;
        ref var s = ref start.Origin;
        ref var y = ref c.Origin;
        while (rows > 0)
        {
            var taken = rows >= 8 ? 8 : rows >= 4 ? 4 : 1;
            switch (taken)
            {
                case 8:
                    Tile8x1(ref x, a.Row, a.Column, ref b.Origin, b.Row, ref s, start.Row, ref y, c.Row, depth, alpha);
                    break;
                case 4:
                    Tile4x1(ref x, a.Row, a.Column, ref b.Origin, b.Row, ref s, start.Row, ref y, c.Row, depth, alpha);
                    break;
                default:
                    Tile1x1(ref x, a.Column, ref b.Origin, b.Row, ref s, ref y, depth, alpha);
                    break;
            }

            x = ref Unsafe.Add(ref x, (nuint)taken * a.Row);
            s = ref Unsafe.Add(ref s, (nuint)taken * start.Row);
            y = ref Unsafe.Add(ref y, (nuint)taken * c.Row);
            rows -= taken;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6x2(
        ref float a, nuint aRow, nuint aStep, ref float b, nuint bRow,
        ref float start, nuint startRow, ref float c, nuint cRow, int depth, float alpha)
    {
        Vector<float> c00 = default, c10 = default, c20 = default, c30 = default, c40 = default, c50 = default;
        Vector<float> c01 = default, c11 = default, c21 = default, c31 = default, c41 = default, c51 = default;
        ref var a3 = ref Unsafe.Add(ref a, 3 * aRow);
        for (var k = depth; k > 0; k--)
        {
            var b0 = Vector.LoadUnsafe(ref b);
            var b1 = Vector.LoadUnsafe(ref b, (nuint)Vector<float>.Count);
            Accumulate(a, b0, b1, ref c00, ref c01);
            Accumulate(Unsafe.Add(ref a, aRow), b0, b1, ref c10, ref c11);
            Accumulate(Unsafe.Add(ref a, 2 * aRow), b0, b1, ref c20, ref c21);
            Accumulate(a3, b0, b1, ref c30, ref c31);
            Accumulate(Unsafe.Add(ref a3, aRow), b0, b1, ref c40, ref c41);
            Accumulate(Unsafe.Add(ref a3, 2 * aRow), b0, b1, ref c50, ref c51);
            a = ref Unsafe.Add(ref a, aStep);
            a3 = ref Unsafe.Add(ref a3, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }

        Finish(c00, c01, alpha, ref start, 0, ref c, 0);
        Finish(c10, c11, alpha, ref start, startRow, ref c, cRow);
        Finish(c20, c21, alpha, ref start, 2 * startRow, ref c, 2 * cRow);
        Finish(c30, c31, alpha, ref start, 3 * startRow, ref c, 3 * cRow);
        Finish(c40, c41, alpha, ref start, 4 * startRow, ref c, 4 * cRow);
        Finish(c50, c51, alpha, ref start, 5 * startRow, ref c, 5 * cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(
        ref float a, nuint aRow, nuint aStep, ref float b, nuint bRow,
        ref float start, nuint startRow, ref float c, nuint cRow, int depth, float alpha)
    {
        Vector<float> c00 = default, c10 = default, c20 = default, c30 = default;
        Vector<float> c01 = default, c11 = default, c21 = default, c31 = default;
        ref var a3 = ref Unsafe.Add(ref a, 3 * aRow);
        for (var k = depth; k > 0; k--)
        {
            var b0 = Vector.LoadUnsafe(ref b);
            var b1 = Vector.LoadUnsafe(ref b, (nuint)Vector<float>.Count);
            Accumulate(a, b0, b1, ref c00, ref c01);
            Accumulate(Unsafe.Add(ref a, aRow), b0, b1, ref c10, ref c11);
            Accumulate(Unsafe.Add(ref a, 2 * aRow), b0, b1, ref c20, ref c21);
            Accumulate(a3, b0, b1, ref c30, ref c31);
            a = ref Unsafe.Add(ref a, aStep);
            a3 = ref Unsafe.Add(ref a3, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }

        Finish(c00, c01, alpha, ref start, 0, ref c, 0);
        Finish(c10, c11, alpha, ref start, startRow, ref c, cRow);
        Finish(c20, c21, alpha, ref start, 2 * startRow, ref c, 2 * cRow);
        Finish(c30, c31, alpha, ref start, 3 * startRow, ref c, 3 * cRow);
    }

    /// <summary>One row has too few sums to hide the latency of a multiply-add, so four of its depth run side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x2(ref float a, nuint aStep, ref float b, nuint bRow, ref float start, ref float c, int depth, float alpha)
    {
        var second = (nuint)Vector<float>.Count;
        Vector<float> c00 = default, c10 = default, c20 = default, c30 = default;
        Vector<float> c01 = default, c11 = default, c21 = default, c31 = default;
        for (; depth >= 4; depth -= 4)
        {
            Accumulate(a, Vector.LoadUnsafe(ref b), Vector.LoadUnsafe(ref b, second), ref c00, ref c01);
            ref var next = ref Unsafe.Add(ref b, bRow);
            Accumulate(Unsafe.Add(ref a, aStep), Vector.LoadUnsafe(ref next), Vector.LoadUnsafe(ref next, second), ref c10, ref c11);
            next = ref Unsafe.Add(ref next, bRow);
            Accumulate(Unsafe.Add(ref a, 2 * aStep), Vector.LoadUnsafe(ref next), Vector.LoadUnsafe(ref next, second), ref c20, ref c21);
            next = ref Unsafe.Add(ref next, bRow);
            Accumulate(Unsafe.Add(ref a, 3 * aStep), Vector.LoadUnsafe(ref next), Vector.LoadUnsafe(ref next, second), ref c30, ref c31);
            a = ref Unsafe.Add(ref a, 4 * aStep);
            b = ref Unsafe.Add(ref next, bRow);
        }

        for (; depth > 0; depth--)
        {
            Accumulate(a, Vector.LoadUnsafe(ref b), Vector.LoadUnsafe(ref b, second), ref c00, ref c01);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }

        Finish(c00 + c10 + (c20 + c30), c01 + c11 + (c21 + c31), alpha, ref start, 0, ref c, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(
        ref float a, nuint aRow, nuint aStep, ref float b, nuint bRow,
        ref float start, nuint startRow, ref float c, nuint cRow, int depth, float alpha)
    {
        Vector<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        ref var a4 = ref Unsafe.Add(ref a, 4 * aRow);
        for (var k = depth; k > 0; k--)
        {
            var b0 = Vector.LoadUnsafe(ref b);
            Accumulate(a, b0, ref c0);
            Accumulate(Unsafe.Add(ref a, aRow), b0, ref c1);
            Accumulate(Unsafe.Add(ref a, 2 * aRow), b0, ref c2);
            Accumulate(Unsafe.Add(ref a, 3 * aRow), b0, ref c3);
            Accumulate(a4, b0, ref c4);
            Accumulate(Unsafe.Add(ref a4, aRow), b0, ref c5);
            Accumulate(Unsafe.Add(ref a4, 2 * aRow), b0, ref c6);
            Accumulate(Unsafe.Add(ref a4, 3 * aRow), b0, ref c7);
            a = ref Unsafe.Add(ref a, aStep);
            a4 = ref Unsafe.Add(ref a4, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }

        Finish(c0, alpha, ref start, 0, ref c, 0);
        Finish(c1, alpha, ref start, startRow, ref c, cRow);
        Finish(c2, alpha, ref start, 2 * startRow, ref c, 2 * cRow);
        Finish(c3, alpha, ref start, 3 * startRow, ref c, 3 * cRow);
        Finish(c4, alpha, ref start, 4 * startRow, ref c, 4 * cRow);
        Finish(c5, alpha, ref start, 5 * startRow, ref c, 5 * cRow);
        Finish(c6, alpha, ref start, 6 * startRow, ref c, 6 * cRow);
        Finish(c7, alpha, ref start, 7 * startRow, ref c, 7 * cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x1(
        ref float a, nuint aRow, nuint aStep, ref float b, nuint bRow,
        ref float start, nuint startRow, ref float c, nuint cRow, int depth, float alpha)
    {
        Vector<float> c0 = default, c1 = default, c2 = default, c3 = default;
        for (var k = depth; k > 0; k--)
        {
            var b0 = Vector.LoadUnsafe(ref b);
            Accumulate(a, b0, ref c0);
            Accumulate(Unsafe.Add(ref a, aRow), b0, ref c1);
            Accumulate(Unsafe.Add(ref a, 2 * aRow), b0, ref c2);
            Accumulate(Unsafe.Add(ref a, 3 * aRow), b0, ref c3);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }

        Finish(c0, alpha, ref start, 0, ref c, 0);
        Finish(c1, alpha, ref start, startRow, ref c, cRow);
        Finish(c2, alpha, ref start, 2 * startRow, ref c, 2 * cRow);
        Finish(c3, alpha, ref start, 3 * startRow, ref c, 3 * cRow);
    }

    /// <summary>Four of the depth side by side, as in <see cref="Tile1x2"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x1(ref float a, nuint aStep, ref float b, nuint bRow, ref float start, ref float c, int depth, float alpha)
    {
        Vector<float> c0 = default, c1 = default, c2 = default, c3 = default;
        for (; depth >= 4; depth -= 4)
        {
            Accumulate(a, Vector.LoadUnsafe(ref b), ref c0);
            Accumulate(Unsafe.Add(ref a, aStep), Vector.LoadUnsafe(ref b, bRow), ref c1);
            Accumulate(Unsafe.Add(ref a, 2 * aStep), Vector.LoadUnsafe(ref b, 2 * bRow), ref c2);
            Accumulate(Unsafe.Add(ref a, 3 * aStep), Vector.LoadUnsafe(ref b, 3 * bRow), ref c3);
            a = ref Unsafe.Add(ref a, 4 * aStep);
            b = ref Unsafe.Add(ref b, 4 * bRow);
        }

        for (; depth > 0; depth--)
        {
            Accumulate(a, Vector.LoadUnsafe(ref b), ref c0);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }

        Finish(c0 + c1 + (c2 + c3), alpha, ref start, 0, ref c, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(float a, Vector<float> b0, Vector<float> b1, ref Vector<float> c0, ref Vector<float> c1)
    {
        var broadcast = new Vector<float>(a);
        c0 = Vector.MultiplyAddEstimate(broadcast, b0, c0);
        c1 = Vector.MultiplyAddEstimate(broadcast, b1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(float a, Vector<float> b, ref Vector<float> c) => c = Vector.MultiplyAddEstimate(new Vector<float>(a), b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(
        Vector<float> c0, Vector<float> c1, float alpha, ref float start, nuint startOffset, ref float c, nuint cOffset)
    {
        var second = (nuint)Vector<float>.Count;
        Finish(c0, alpha, ref start, startOffset, ref c, cOffset);
        Finish(c1, alpha, ref start, startOffset + second, ref c, cOffset + second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(Vector<float> sum, float alpha, ref float start, nuint startOffset, ref float c, nuint cOffset) =>
        Vector.MultiplyAddEstimate(new Vector<float>(alpha), sum, Vector.LoadUnsafe(ref start, startOffset)).StoreUnsafe(ref c, cOffset);
}
