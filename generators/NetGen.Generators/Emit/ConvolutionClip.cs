using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Passes;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>Which taps of a convolution stand in the image: the others would multiply with zeros, and are left out.</summary>
internal static class ConvolutionClip
{
    /// <summary>Which pixels of a tile a tap within a row reaches: the others would take what is outside the image, which is zero.</summary>
    public static (int First, int End) Reached(TapProduct product, int tap, int firstPixel, int pixels, int width)
    {
        int Column(int pixel) => product.SourceColumn + (firstPixel + pixel) * product.SourceStep.Width + tap * product.Horizontal.SourceStep;
        var (first, end) = (0, pixels);
        while (first < end && (uint)Column(first) >= (uint)width)
        {
            first++;
        }

        while (end > first && (uint)Column(end - 1) >= (uint)width)
        {
            end--;
        }

        return (first, end);
    }

    /// <summary>The tiles of a row: those of one size whose taps reach the same of their pixels are one loop.</summary>
    public static IEnumerable<(TileRun Run, int First)> Runs(TapProduct product, int most, int width)
    {
        var first = 0;
        foreach (var run in Tiles.Cut(product.Count.Width, most))
        {
            string Reach(int tile) => string.Join(" ", Enumerable.Range(0, product.Horizontal.Count).Select(tap => Reached(product, tap, first + tile * run.Size, run.Size, width)));
            for (var tile = 0; tile < run.Count;)
            {
                var alike = Enumerable.Range(tile, run.Count - tile).TakeWhile(other => Reach(other) == Reach(tile)).Count();
                yield return (new(run.Size, alike), first + tile * run.Size);
                tile += alike;
            }

            first += run.Size * run.Count;
        }
    }

    /// <summary>Whether some row's taps reach outside the image.</summary>
    public static bool IsClipped(TapProduct product, int height) => Enumerable.Range(0, product.Count.Height).Any(row =>
        Enumerable.Range(0, product.Vertical.Count).Any(tap => (uint)(product.SourceRow + row * product.SourceStep.Height + tap * product.Vertical.SourceStep) >= (uint)height));

    /// <summary>Declares which taps of a row of the result stand in the image: from <c>firstTap</c> to before <c>endTap</c>.</summary>
    public static void ClipRows(CodeWriter writer, TapProduct product, int height)
    {
        if (product.Vertical.Count == 0 || product.Horizontal.Count == 0 || !IsClipped(product, height))
        {
            return;
        }

        var (count, step) = (Number(product.Vertical.Count), product.Vertical.SourceStep);
        writer.Line($"var top = {ImageLoops.Sum(ImageLoops.Product("row", product.SourceStep.Height), product.SourceRow)}; // the row of the first tap");
        if (step > 0)
        {
            writer.Line($"var firstTap = top >= 0 ? 0 : ({Number(step - 1)} - top) / {Number(step)};");
            writer.Line($"var endTap = top >= {Number(height)} ? 0 : Sys::Math.Min({count}, ({Number(height - 1)} - top) / {Number(step)} + 1);");
        }
        else if (step < 0)
        {
            writer.Line($"var firstTap = top < {Number(height)} ? 0 : (top - {Number(height)}) / {Number(-step)} + 1;");
            writer.Line($"var endTap = top < 0 ? 0 : Sys::Math.Min({count}, top / {Number(-step)} + 1);");
        }
        else
        {
            writer.Line("var firstTap = 0;");
            writer.Line($"var endTap = (uint)top < {Number(height)} ? 1 : 0;");
        }
    }
}
