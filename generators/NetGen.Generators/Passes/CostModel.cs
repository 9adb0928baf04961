using System;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>
/// Predicts cycles from what limits a tile: two multiply-adds and two loads a cycle, and four cycles from one addition to a sum
/// to the next. Those are the figures of the cores that NetGen is measured on; others differ, but seldom in their order.
/// </summary>
internal static class CostModel
{
    private const double MultiplyAddsPerCycle = 2;
    private const double LoadsPerCycle = 2;
    private const double Latency = 4;

    /// <summary>The cycles of rows x columns results, each a sum of depth products, by tiles of so many rows and vectors.</summary>
    public static double Product(int rows, int paddedColumns, int depth, int tileRows, int tileVectors, VectorTarget target)
    {
        var perStep = Math.Max(
            Math.Max(tileRows * tileVectors / MultiplyAddsPerCycle, (tileRows + tileVectors) / LoadsPerCycle), Latency);
        var perTile = depth * perStep + 2.0 * tileRows * tileVectors;
        var tiles = Math.Ceiling((double)rows / tileRows) * Math.Ceiling((double)paddedColumns / (tileVectors * target.Lanes));
        return tiles * perTile;
    }
}
