using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Passes;

/// <summary>Equally spaced taps along one direction.</summary>
/// <param name="Count">How many; 0 where no weight reaches these results.</param>
/// <param name="WeightStep">From one tap's weight to the next one's, in floats.</param>
/// <param name="SourceStep">From one tap's number to the next one's, in rows or columns of the source; below 0 on the way back.</param>
internal readonly record struct Taps(int Count, int WeightStep, int SourceStep);

/// <summary>
/// A sum of products of shifted images, result[p, i, j] = Σ w[p, t, u, v]·source[t, i·step + u-th tap, j·step + v-th tap], over some of the
/// result's pixels: what a convolution is forward, and, for each remainder of a pixel by the stride, on its way back.
/// </summary>
/// <param name="Planes">The planes p of the result, of one group.</param>
/// <param name="PlaneStep">From one p's weights to the next one's, in floats.</param>
/// <param name="Terms">The planes t of the source that are summed over, of one group.</param>
/// <param name="TermStep">From one t's weights to the next one's, in floats.</param>
/// <param name="FirstWeight">The first tap's weight, in floats.</param>
/// <param name="Vertical">The taps from one row to another.</param>
/// <param name="Horizontal">The taps within a row.</param>
/// <param name="SourceRow">The row of the first pixel's first tap; may be above the image.</param>
/// <param name="SourceColumn">Its column.</param>
/// <param name="SourceStep">How far the taps move from pixel to pixel.</param>
/// <param name="ResultRow">The row of the first pixel.</param>
/// <param name="ResultColumn">Its column.</param>
/// <param name="ResultStep">From pixel to pixel of the result.</param>
/// <param name="Count">The pixels.</param>
internal sealed record TapProduct(
    int Planes,
    int PlaneStep,
    int Terms,
    int TermStep,
    int FirstWeight,
    Taps Vertical,
    Taps Horizontal,
    int SourceRow,
    int SourceColumn,
    Extent SourceStep,
    int ResultRow,
    int ResultColumn,
    Extent ResultStep,
    Extent Count)
{
    /// <summary>The pixels of the source.</summary>
    public Extent Source { get; init; }

    /// <summary>The terms of one sum, on average: taps outside the source are left out.</summary>
    public double Depth => Terms * Inside(Vertical, Count.Height, SourceRow, SourceStep.Height, Source.Height) * Inside(Horizontal, Count.Width, SourceColumn, SourceStep.Width, Source.Width);

    private static double Inside(Taps taps, int count, int first, int step, int size)
    {
        var inside = 0;
        for (var pixel = 0; pixel < count; pixel++)
        {
            for (var tap = 0; tap < taps.Count; tap++)
            {
                inside += (uint)(first + pixel * step + tap * taps.SourceStep) < (uint)size ? 1 : 0;
            }
        }

        return (double)inside / count;
    }
}

/// <summary>Convolutions as sums of products of shifted images.</summary>
internal static class ConvolutionTaps
{
    /// <summary>What a convolution computes: one product, or transposed those of the way back.</summary>
    public static IReadOnlyList<TapProduct> Products(ConvolutionKernel kernel) => Products(kernel.Window, kernel.Groups, kernel.IsTransposed);

    /// <summary>What the gradient of a convolution's input is: the other way.</summary>
    public static IReadOnlyList<TapProduct> Products(ConvolutionInputGradientKernel kernel) => Products(kernel.Window, kernel.Groups, !kernel.IsTransposed);

    private static IReadOnlyList<TapProduct> Products(Window window, int groups, bool isBack) => isBack ? [.. InputGradient(window, groups)] : [Forward(window, groups)];

    /// <summary>The frame of what a transposed convolution takes: as wide as its taps reach beyond the image.</summary>
    public static Frame Around(Frame frame, Window window)
    {
        foreach (var product in InputGradient(window, 1).Where(product => product.Vertical.Count > 0 && product.Horizontal.Count > 0))
        {
            var (up, left) = ((product.Vertical.Count - 1) * -product.Vertical.SourceStep, (product.Horizontal.Count - 1) * -product.Horizontal.SourceStep);
            frame = frame with
            {
                Top = Math.Max(frame.Top, up - product.SourceRow),
                Bottom = Math.Max(frame.Bottom, product.SourceRow + product.Count.Height - product.Source.Height),
                Left = Math.Max(frame.Left, left - product.SourceColumn),
                Right = Math.Max(frame.Right, product.SourceColumn + product.Count.Width - product.Source.Width),
            };
        }

        return frame;
    }

    /// <summary>y = w ∗ x.</summary>
    public static TapProduct Forward(Window window, int groups)
    {
        var (filters, channels) = (window.Result.Channels / groups, window.Source.Channels / groups);
        return new(
            filters, channels * window.Kernel.Area, channels, window.Kernel.Area, 0,
            new(window.Kernel.Height, window.Kernel.Width, window.Dilation.Height), new(window.Kernel.Width, 1, window.Dilation.Width),
            -window.Top, -window.Left, window.Stride, 0, 0, new(1, 1), new(window.Result.Height, window.Result.Width))
        {
            Source = new(window.Source.Height, window.Source.Width),
        };
    }

    /// <summary>
    /// dx = wᵀ ∗ dy. Tap u took x's row i into the result (i + top − u·dilation)/stride where that is whole: which taps these are depends on
    /// i's remainder by the stride, so each remainder is a product of its own.
    /// </summary>
    public static IEnumerable<TapProduct> InputGradient(Window window, int groups)
    {
        var (filters, channels) = (window.Result.Channels / groups, window.Source.Channels / groups);
        for (var row = 0; row < window.Stride.Height && row < window.Source.Height; row++)
        {
            var (vertical, firstU, sourceRow) = Along(row, window.Top, window.Kernel.Height, window.Stride.Height, window.Dilation.Height, window.Kernel.Width);
            for (var column = 0; column < window.Stride.Width && column < window.Source.Width; column++)
            {
                var (horizontal, firstV, sourceColumn) = Along(column, window.Left, window.Kernel.Width, window.Stride.Width, window.Dilation.Width, 1);
                yield return new(
                    channels, window.Kernel.Area, filters, channels * window.Kernel.Area, firstU * window.Kernel.Width + firstV,
                    vertical, horizontal, sourceRow, sourceColumn, new(1, 1), row, column, window.Stride,
                    new((window.Source.Height - row + window.Stride.Height - 1) / window.Stride.Height, (window.Source.Width - column + window.Stride.Width - 1) / window.Stride.Width))
                {
                    Source = new(window.Result.Height, window.Result.Width),
                };
            }
        }

        static (Taps Taps, int First, int Source) Along(int pixel, int before, int kernel, int stride, int dilation, int weightStep)
        {
            List<int> taps = [];
            for (var u = 0; u < kernel; u++)
            {
                if ((pixel + before - u * dilation) % stride == 0)
                {
                    taps.Add(u);
                }
            }

            if (taps.Count == 0)
            {
                return (new(0, 0, 0), 0, 0);
            }

            var step = taps.Count > 1 ? taps[1] - taps[0] : 0;
            return (new(taps.Count, step * weightStep, -step * dilation / stride), taps[0], (pixel + before - taps[0] * dilation) / stride);
        }
    }
}
