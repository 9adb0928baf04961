using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>The tile of a product of shifted images: so many planes of the result times so many pixels of a row.</summary>
/// <param name="Planes">The planes.</param>
/// <param name="Pixels">The pixels.</param>
/// <param name="Cycles">The predicted cycles for one group of samples.</param>
internal sealed record TapTile(int Planes, int Pixels, double Cycles);

/// <summary>The tile of one sample's convolution, whose lanes run along the columns: so many planes times so many rows of so many vectors.</summary>
internal sealed record PlanarTile(int Planes, int Rows, int Vectors, double Cycles);

/// <summary>The tile of the gradient of filters: so many filters times so many weights of each.</summary>
/// <param name="Filters">The filters.</param>
/// <param name="Channels">The channels.</param>
/// <param name="Rows">The rows of the kernel.</param>
/// <param name="Columns">The columns of the kernel.</param>
/// <param name="ResultRows">The rows of the result that pass by before the sums wait in memory.</param>
/// <param name="Cycles">The predicted cycles for one group of samples.</param>
internal sealed record FilterTile(int Filters, int Channels, int Rows, int Columns, int ResultRows, double Cycles)
{
    /// <summary>The weights of one filter.</summary>
    public int Weights => Channels * Rows * Columns;
}

/// <summary>
/// Chooses the tiles of convolutions. Lanes are samples, so every tile fills them whatever the number of channels; what matters is that a
/// tile's sums fit the registers and that it does at least as many multiply-adds as loads. No choice here orders a sum.
/// </summary>
internal static class ConvolutionSchedule
{
    /// <summary>What a tile does besides its sum: starts, stores, moves.</summary>
    private const double TileOverhead = 6;

    /// <summary>Sums fewer than these wait for one another: a multiply-add takes four cycles, and two begin in each.</summary>
    private const double Latency = 4;

    /// <summary>What of the result's gradient and the source a block of rows may take of the first-level cache.</summary>
    private const int CacheBytes = 24 * 1024;

    /// <summary>The bytes a cycle that come from the second-level cache beside the multiply-adds.</summary>
    private const double SecondLevel = 32;

    /// <summary>The most multiply-adds that a method may have written out, of all its tiles: the JIT gives up on longer ones.</summary>
    private const int MostWritten = 1000;

    /// <summary>What fits: sums, one factor's vectors and one of the other, with a register to spare.</summary>
    private static int Registers(VectorTarget target) => target.Registers - 1;

    /// <summary>The cheapest tile.</summary>
    public static TapTile Of(TapProduct product, VectorTarget target) => Candidates(product, target).OrderBy(tile => tile.Cycles).First();

    /// <summary>
    /// The multiply-adds that are written out: those of a row of taps, for each size of tile and, at the image's sides, for each that reaches less
    /// than the others.
    /// </summary>
    private static int Written(TapProduct product, int planes, int pixels)
    {
        var sides = 2 * (product.Horizontal.Count - 1) * Math.Abs(product.Horizontal.SourceStep);
        var columns = Tiles.Cut(product.Count.Width, pixels).Sum(run => run.Size * Math.Min(run.Count, sides / (run.Size * product.SourceStep.Width) + 2));
        return Tiles.Cut(product.Planes, planes).Sum(run => run.Size) * columns * product.Horizontal.Count;
    }

    /// <summary>Whether all products of a convolution are short enough for one method.</summary>
    public static bool FitOneMethod(IEnumerable<(TapProduct Product, TapTile Tile)> all) => all.Sum(each => Written(each.Product, each.Tile.Planes, each.Tile.Pixels)) <= MostWritten;

    /// <summary>All tiles that fit the registers.</summary>
    public static IEnumerable<TapTile> Candidates(TapProduct product, VectorTarget target)
    {
        for (var planes = Math.Min(product.Planes, 16); planes >= 1; planes--)
        {
            for (var pixels = Math.Min(product.Count.Width, 12); pixels >= 1; pixels--)
            {
                var isShort = planes * pixels == 1 || Written(product, planes, pixels) <= MostWritten;
                if (planes * pixels + pixels + 1 <= Registers(target) && isShort)
                {
                    var cycles = 0.0;
                    foreach (var rows in Tiles.Cut(product.Planes, planes))
                    {
                        foreach (var columns in Tiles.Cut(product.Count.Width, pixels))
                        {
                            cycles += rows.Count * columns.Count * (TileOverhead + rows.Size * columns.Size + Math.Max(1, product.Depth) * Step(rows.Size, columns.Size));
                        }
                    }

                    yield return new(planes, pixels, cycles * product.Count.Height * target.Parts);
                }
            }
        }
    }

    /// <summary>The cheapest tile for one sample.</summary>
    public static PlanarTile Planar(TapProduct product, VectorTarget target)
    {
        var all = (product.Count.Width + target.Lanes - 1) / target.Lanes;
        var best = new PlanarTile(1, 1, 1, double.MaxValue);
        for (var planes = Math.Min(product.Planes, 16); planes >= 1; planes--)
        {
            for (var vectors = Math.Min(all, 4); vectors >= 1; vectors--)
            {
                for (var rows = vectors == all ? Math.Min(product.Count.Height, 8) : 1; rows >= 1; rows--)
                {
                    if ((planes + 1) * rows * vectors + 1 > Registers(target))
                    {
                        continue;
                    }

                    var cycles = 0.0;
                    foreach (var p in Tiles.Cut(product.Planes, planes))
                    {
                        foreach (var r in Tiles.Cut(product.Count.Height, rows))
                        {
                            var tile = p.Size * r.Size * vectors;
                            cycles += p.Count * r.Count * Math.Ceiling((double)all / vectors) * (TileOverhead + tile + product.Depth * Step(p.Size, r.Size * vectors));
                        }
                    }

                    best = cycles < best.Cycles ? new(planes, rows, vectors, cycles) : best;
                }
            }
        }

        return best;
    }

    /// <summary>A row of left factors times a row of right ones: two multiply-adds a cycle, and four loads in three, for some come from the second-level cache.</summary>
    private static double Step(int left, int right) => Math.Max(Latency, Math.Max(left * right / 2.0, (left + right) * 0.75));

    /// <summary>The cheapest tile of a gradient of filters.</summary>
    public static FilterTile Of(ConvolutionParameterGradientKernel kernel, VectorTarget target) => Candidates(kernel, target).OrderBy(tile => tile.Cycles).First();

    /// <summary>All tiles of a gradient of filters that fit the registers.</summary>
    public static IEnumerable<FilterTile> Candidates(ConvolutionParameterGradientKernel kernel, VectorTarget target)
    {
        var window = kernel.Window;
        var (filters, channels) = (window.Result.Channels / kernel.Groups, window.Source.Channels / kernel.Groups);
        foreach (var (c, rows, columns) in Blocks(channels, window.Kernel))
        {
            var weights = c * rows * columns;
            for (var f = Math.Min(filters, 12); f >= 1; f--)
            {
                if (f * weights + f + 1 > Registers(target))
                {
                    continue;
                }

                var sourceRow = window.Source.Width * Frame.Samples * sizeof(float) * window.Stride.Height;
                var resultRow = window.Result.Width * Frame.Samples * sizeof(float);
                var resultRows = kernel.Sums is null ? window.Result.Height : Math.Max(1, Math.Min(window.Result.Height, CacheBytes / (f * resultRow + c * sourceRow)));
                var blocks = Math.Ceiling((double)window.Result.Height / resultRows);
                var cycles = 0.0;
                foreach (var tile in Cuts(filters, f, channels, c, window.Kernel, rows, columns))
                {
                    var size = tile.Channels * tile.Rows * tile.Columns;
                    var pixel = Step(tile.Filters, size);
                    if (kernel.Sums is null)
                    {
                        // Each tile passes over whole images, which the first-level cache does not hold; but a row's taps, and a row that the next one takes too, come once.
                        var lines = tile.Filters + tile.Channels * Math.Min(tile.Rows, window.Stride.Height) * Math.Min(tile.Columns, window.Stride.Width);
                        pixel = Math.Max(pixel, lines * target.Lanes * sizeof(float) / SecondLevel);
                    }

                    cycles += tile.Count * (blocks * (2 * tile.Filters * size + TileOverhead) + window.Result.Height * (window.Result.Width * pixel + 4));
                }

                yield return new(f, c, rows, columns, resultRows, cycles * kernel.Groups * target.Parts);
            }
        }
    }

    /// <summary>The tiles that come of it when a block does not divide what it cuts: so many of each size.</summary>
    private static IEnumerable<(int Count, int Filters, int Channels, int Rows, int Columns)> Cuts(int filters, int f, int channels, int c, Extent kernel, int rows, int columns) =>
        from byFilter in Tiles.Cut(filters, f)
        from byChannel in Tiles.Cut(channels, c)
        from byRow in Tiles.Cut(kernel.Height, rows)
        from byColumn in Tiles.Cut(kernel.Width, columns)
        select (byFilter.Count * byChannel.Count * byRow.Count * byColumn.Count, byFilter.Size, byChannel.Size, byRow.Size, byColumn.Size);

    /// <summary>Weights of a filter that follow one another: part of a row, whole rows, whole channels.</summary>
    private static IEnumerable<(int Channels, int Rows, int Columns)> Blocks(int channels, Extent kernel)
    {
        for (var columns = 1; columns <= Math.Min(kernel.Width, 14); columns++)
        {
            yield return (1, 1, columns);
        }

        for (var rows = 2; rows <= kernel.Height && rows * kernel.Width <= 28; rows++)
        {
            yield return (1, rows, kernel.Width);
        }

        for (var c = 2; c <= channels && c * kernel.Area <= 28; c++)
        {
            yield return (c, kernel.Height, kernel.Width);
        }
    }
}
