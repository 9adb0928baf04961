using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>Chooses how each product runs at one vector width: the candidate that the cost model finds cheapest.</summary>
internal static class Schedule
{
    /// <summary>The most rows that a tile has at any width.</summary>
    public const int MostTileRows = 16;

    /// <summary>
    /// Up to so many samples, the sum of a parameter's step starts from the parameter; beyond, from zero, and is added once: else
    /// every sample's share would be rounded to the parameter's precision.
    /// </summary>
    public const int MostSamplesFromParameter = 16;

    /// <summary>The samples for which a prediction's cycles are told, where there is no batch size.</summary>
    private const int NominalRows = 64;

    /// <summary>The weights of one output whose gradients are summed together: as many as keep both multiply-add units busy at any width.</summary>
    public const int OneOutputGroup = 128;

    /// <summary>The most inputs of such a layer: its weights pass through the stack.</summary>
    private const int MostInputsOfOneOutput = 1024;

    /// <summary>
    /// Whether a product of a layer with one output runs along its inputs: forward, a function of the shape alone, for it orders the
    /// sum; the weights' gradient, whose sums have one order either way, where it starts from zero and no optimiser's step follows, which
    /// takes weights in rows.
    /// </summary>
    public static bool IsOneOutput(ProductKernel kernel, int? batchSize) => kernel.Product != Product.InputGradient
        && kernel.Right.Columns == 1
        && kernel.Left is { Storage: Storage.Panels, Columns: >= Buffer.PanelWidth and <= MostInputsOfOneOutput }
        && (kernel.Product == Product.Forward || (kernel.Update is null && batchSize > MostSamplesFromParameter));

    /// <summary>The cheapest way to run a product.</summary>
    public static ProductSchedule Run(ProductKernel kernel, VectorTarget target, int? batchSize)
    {
        var best = default(ProductSchedule);
        foreach (var candidate in Candidates(kernel, target, batchSize))
        {
            best = best is null || candidate.Cycles < best.Cycles ? candidate : best;
        }

        return best ?? throw new InvalidOperationException($"{kernel.Name} cannot be unrolled.");
    }

    /// <summary>The ways to run a product at one width, with what the model predicts for each. They differ in no sum's order.</summary>
    public static IEnumerable<ProductSchedule> Candidates(ProductKernel kernel, VectorTarget target, int? batchSize)
    {
        var isParameters = kernel.Product == Product.WeightGradient;
        var depth = isParameters ? batchSize!.Value : kernel.Left.Columns;
        var tiles = (isParameters ? ParameterTiles(kernel, target, depth) : SampleTiles(kernel, target, batchSize)).ToList();
        if (kernel.Hints.TileRows > 0 && tiles.Exists(tile => tile.Rows[0] <= kernel.Hints.TileRows))
        {
            tiles.RemoveAll(tile => tile.Rows[0] > kernel.Hints.TileRows);
            var most = tiles.Max(tile => tile.Rows[0]);
            tiles.RemoveAll(tile => tile.Rows[0] < most);
        }

        foreach (var tile in tiles)
        {
            foreach (var unrolled in UnrollRules.Choices(kernel, tile, target, depth))
            {
                var schedule = tile with { Unrolled = unrolled };
                yield return schedule with { Cycles = CostModel.Of(kernel, schedule, target, batchSize ?? NominalRows) };
            }
        }
    }

    /// <summary>
    /// The terms of a sum that are added up on their own. A function of the product's shape alone, so that every width, every
    /// number of threads and every number of samples adds in the same order. Narrow layers have too few columns to keep the
    /// multiply-add units busy on one sample: four segments give four times as many independent sums.
    /// </summary>
    public static int SegmentLength(ProductKernel kernel)
    {
        var depth = kernel.Left.Columns;
        if (kernel.Product != Product.Forward || depth < 128 || kernel.Right.PaddedColumns > 64)
        {
            return depth;
        }

        // In panels a segment is made of whole ones.
        var quarter = (depth + 3) / 4;
        return kernel.Left.Storage == Storage.Panels ? Buffer.RoundUp(quarter, Buffer.PanelWidth) : quarter;
    }

    /// <summary>
    /// The samples whose share of the weights' gradient is summed from zero and then added: all, or of many so many that their
    /// gradients in one panel stay in the first-level cache while all weights of the panel pass by.
    /// </summary>
    public static int SampleSegment(int batchSize)
    {
        const int Most = 200;
        var segments = batchSize <= 256 ? 1 : (batchSize + Most - 1) / Most;
        return (batchSize + segments - 1) / segments;
    }

    /// <summary>A row is a sample: forward, and the inputs' gradient.</summary>
    private static IEnumerable<ProductSchedule> SampleTiles(ProductKernel kernel, VectorTarget target, int? batchSize)
    {
        var isForward = kernel.Product == Product.Forward;
        var segment = SegmentLength(kernel);
        var segments = (kernel.Left.Columns + segment - 1) / segment;
        var rowVectors = Math.Max(1, (target.Registers == 32 ? 16 : 8) / segments);
        var columns = Math.Min(Buffer.PanelWidth, kernel.Right.PaddedColumns) / target.Lanes;
        for (var vectors = 1; vectors <= Math.Min(4, columns); vectors *= 2)
        {
            var most = MostRows(target, vectors);
            var sizes = new SortedSet<int>();
            for (var rows = 1; rows <= Math.Min(most, batchSize ?? most); rows++)
            {
                sizes.Add(batchSize is { } batch ? Tiles.Main(batch, rows) : rows);
            }

            foreach (var size in sizes.Reverse())
            {
                int[] rows = isForward ? Rows(target, size, Math.Min(8, most), batchSize) : [size];
                yield return new ProductSchedule(
                    target.Bits, rows.ToEquatableArray(), vectors, rowVectors, segment, RightInRegisters: false, Unrolled: false, Cycles: 0);
            }
        }
    }

    /// <summary>
    /// The tiles of forward products: the batch's, and smaller ones, since predictions come in any number. With tiles of 4, 3 and 2
    /// rows no more than one row runs alone, and that only where 1 or 5 are left: 7 samples take no longer than 8. With 16 registers a
    /// fourth loop makes the runtime's compiler spill the sums of all of them, which doubles the time: there 3 is left out.
    /// </summary>
    private static int[] Rows(VectorTarget target, int size, int usual, int? batchSize)
    {
        var rows = new SortedSet<int> { size, 4, 2 };
        if (target.Registers == 32)
        {
            rows.Add(3);
        }

        if (batchSize is { } batch)
        {
            rows.UnionWith(Tiles.Cut(batch, size).Select(run => run.Size));
        }

        if (batchSize < usual)
        {
            rows.Add(usual);
        }

        rows.RemoveWhere(r => r < 2 || r > Math.Max(size, usual));
        return [.. rows.Reverse()];
    }

    /// <summary>A row is an input of the layer: the weights' gradient, summed over the samples.</summary>
    private static IEnumerable<ProductSchedule> ParameterTiles(ProductKernel kernel, VectorTarget target, int batchSize)
    {
        var inputs = kernel.Left.Columns;
        var most = kernel.Right.PaddedColumns / target.Lanes;

        // With few samples their gradients can stay in registers, and the weights pass by a few rows at a time.
        var room = target.Registers == 32 ? 29 : 14;
        for (var vectors = 2; vectors >= 1; vectors--)
        {
            for (var rows = 4; rows >= 1; rows--)
            {
                if (vectors <= most && rows <= inputs && (batchSize + rows) * vectors < room)
                {
                    yield return Tile(rows, vectors, true);
                }
            }
        }

        // In panels, a tile may not reach over a panel's end.
        var span = kernel.Left.Storage == Storage.Panels ? Math.Min(inputs, Buffer.PanelWidth) : inputs;
        for (var vectors = 1; vectors <= Math.Min(16, most); vectors *= 2)
        {
            var sizes = new SortedSet<int>();
            for (var rows = 1; rows <= Math.Min(span, MostRows(target, vectors)); rows++)
            {
                sizes.Add(Tiles.Main(span, rows));
            }

            foreach (var size in sizes.Reverse())
            {
                yield return Tile(size, vectors, false);
            }
        }

        ProductSchedule Tile(int rows, int vectors, bool held) => new(
            target.Bits, new[] { rows }.ToEquatableArray(), vectors, vectors, SampleSegment(batchSize), RightInRegisters: held, Unrolled: held, Cycles: 0);
    }

    /// <summary>The most rows of a tile: its sums, the right factor's vectors and one broadcast must fit the registers.</summary>
    private static int MostRows(VectorTarget target, int vectors) => target.Registers == 32
        ? vectors switch { 1 => 16, 2 => 12, _ => Math.Max(0, 24 / vectors) }
        : vectors switch { 1 => 8, 2 => 6, _ => Math.Max(0, 12 / vectors) };
}
