using System;
using System.Collections.Generic;

namespace NetGen.Compiler.Passes;

/// <summary>A count cut into tiles of a few sizes: so many tiles of so many rows, one size after the other.</summary>
internal readonly record struct TileRun(int Size, int Count);

/// <summary>How rows are cut into tiles: as alike as possible, because a small last tile costs nearly as much as a whole one.</summary>
internal static class Tiles
{
    /// <summary>One size that fits without rest if a good one exists, else two that differ by one: 13 rows are 7 + 6, not 12 + 1.</summary>
    /// <param name="rows">The rows to be cut.</param>
    /// <param name="most">The most rows of a tile.</param>
    /// <param name="alike">Whether as few tiles as possible matter more than tiles of one size.</param>
    public static IReadOnlyList<TileRun> Cut(int rows, int most, bool alike = false)
    {
        if (rows == 0)
        {
            return [];
        }

        var least = alike ? most : most >= 12 ? most * 2 / 3 : most - 1;
        for (var size = Math.Min(rows, most); size == rows || size >= least; size--)
        {
            if (rows % size == 0)
            {
                return [new TileRun(size, rows / size)];
            }
        }

        var count = (rows + most - 1) / most;
        var (small, larger) = (rows / count, rows % count);
        return larger == 0 ? [new TileRun(small, count)] : [new TileRun(small + 1, larger), new TileRun(small, count - larger)];
    }

    /// <summary>The size of the largest tile of a cut.</summary>
    public static int Main(int rows, int most) => Cut(rows, most)[0].Size;
}
