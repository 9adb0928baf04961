using System;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>
/// Predicts the cycles of a product from what a core can do in one. The figures are those of the cores that NetGen is measured
/// on; others differ, but seldom in the order of two schedules. <c>docs/schedules.md</c> holds them against measurement.
/// </summary>
internal static class CostModel
{
    /// <summary>Multiply-adds a cycle, and as many loads of vectors or broadcasts.</summary>
    private const double Ports = 2;

    /// <summary>The cycles from one addition to a sum to the next.</summary>
    private const double Latency = 4;

    /// <summary>Instructions a cycle, of any kind.</summary>
    private const double Dispatch = 6;

    /// <summary>What a loop adds to each turn: moving two references, counting, jumping.</summary>
    private const int LoopInstructions = 4;

    /// <summary>The end of a loop that is too long to be foreseen.</summary>
    private const double Misprediction = 14;

    /// <summary>The turns up to which the end of a loop is foreseen.</summary>
    private const int ForeseenTurns = 32;

    /// <summary>The instructions that are under way at a time: so many short tiles overlap, and hide each other's latency.</summary>
    private const double Window = 400;

    /// <summary>The instructions of code without loops that stay decoded; what is beyond is fetched anew at each pass.</summary>
    private const int DecodedInstructions = 3000;

    private const double FetchCycles = 4;

    private const int FirstLevel = 40 * 1024;
    private const int SecondLevel = 900 * 1024;

    /// <summary>Bytes a cycle from the second and from the third level, as a stream of one thread gets them.</summary>
    private const double SecondLevelBytes = 48;

    private const double ThirdLevelBytes = 26;

    /// <summary>Calling a kernel and setting up its references.</summary>
    private const double Call = 12;

    /// <summary>The cycles of a kernel over so many samples.</summary>
    public static double Of(ProductKernel kernel, ProductSchedule schedule, VectorTarget target, int samples) => Call
        + (kernel.Product == Product.WeightGradient
            ? Parameters(kernel, schedule, target, samples)
            : Samples(kernel, schedule, target, samples));

    /// <summary>The cycles of an activation, or of its slope, on one vector.</summary>
    public static double Activation(ActivationFunction function) => function.IsIdentity() ? 0 : function.IsCheap() ? 1 : 12;

    /// <summary>Forward and the inputs' gradient: tiles of samples, then samples alone.</summary>
    private static double Samples(ProductKernel kernel, ProductSchedule schedule, VectorTarget target, int samples)
    {
        var depth = kernel.Left.Columns;
        var (cycles, rest) = (0.0, samples);
        var isForward = kernel.Product == Product.Forward;
        var runs = isForward ? null : Tiles.Cut(samples, schedule.Rows[0]);
        var segments = (depth + schedule.SegmentLength - 1) / schedule.SegmentLength;
        var loops = Math.Max(segments, kernel.Left.Storage == Storage.Panels ? (depth + Ir.Buffer.PanelWidth - 1) / Ir.Buffer.PanelWidth : 1);
        var columns = kernel.Right.PaddedColumns / target.Lanes;
        var streamed = Streamed(depth, schedule.Vectors * target.Lanes);
        for (var i = 0; i < (runs?.Count ?? schedule.Rows.Count); i++)
        {
            var (size, count) = runs is null ? (schedule.Rows[i], rest / schedule.Rows[i]) : (runs[i].Size, runs[i].Count);
            rest -= size * count;
            var ends = segments > 1 ? size * (segments * 2 + 1) : size;
            cycles += count * Columns(columns, schedule.Vectors, vectors =>
                Tile(target, size, vectors, depth, loops, schedule.Unrolled, streamed, ends * vectors)
                + size * vectors * Epilogue(kernel));
        }

        // Where the weights are too many for the second level, each pass over the samples streams them once.
        var first = FromMemory(kernel.Right.Length(0));
        return cycles + (rest < samples ? first : 0) + rest * Row(kernel, schedule, target, segments);
    }

    private static double Epilogue(ProductKernel kernel) => Activation(kernel.Activation);

    /// <summary>One sample alone: the weights stream by.</summary>
    private static double Row(ProductKernel kernel, ProductSchedule schedule, VectorTarget target, int segments)
    {
        var columns = kernel.Right.PaddedColumns / target.Lanes;
        var bytes = kernel.Right.Length(0) * 4.0;
        var stream = bytes <= FirstLevel ? 0 : bytes <= SecondLevel ? bytes / SecondLevelBytes : bytes / ThirdLevelBytes;
        var steps = 0.0;
        foreach (var run in Tiles.Cut(columns, schedule.RowVectors, alike: true))
        {
            var sums = (double)run.Size * segments;
            var perStep = Math.Max(Math.Max((sums + segments) / Ports, (2 * sums + segments + LoopInstructions) / Dispatch), Latency);
            steps += run.Count * (schedule.SegmentLength * perStep + Misprediction + run.Size);
        }

        return Math.Max(stream, steps) + columns * Epilogue(kernel) + Call;
    }

    /// <summary>The weights' gradient: a row is an input, the sum runs over the samples.</summary>
    private static double Parameters(ProductKernel kernel, ProductSchedule schedule, VectorTarget target, int samples)
    {
        var inputs = kernel.Left.Columns;
        var columns = kernel.Right.PaddedColumns / target.Lanes;
        var panels = kernel.Left.Storage == Storage.Panels ? (inputs + Ir.Buffer.PanelWidth - 1) / Ir.Buffer.PanelWidth : 1;
        var span = panels > 1 ? Ir.Buffer.PanelWidth : inputs;
        var memory = 2 * FromMemory(kernel.Result.Length(0));
        var bias = kernel.Bias is null ? 0 : samples * Math.Max(columns / Ports, Math.Min(Latency, columns * Latency)) + Misprediction;
        if (schedule.RightInRegisters)
        {
            var size = schedule.Rows[0];
            return memory + bias + Columns(columns, schedule.Vectors, vectors =>
                samples * vectors / Ports
                + panels * (span / size * Held(target, size, vectors, samples) + span % size * Held(target, 1, vectors, samples)));
        }

        var cycles = 0.0;
        var streamed = Streamed(samples, schedule.Vectors * target.Lanes);
        foreach (var run in Tiles.Cut(span, schedule.Rows[0]))
        {
            cycles += run.Count * Columns(columns, schedule.Vectors, vectors =>
                Tile(target, run.Size, vectors, samples, 1, schedule.Unrolled, streamed, 1.5 * run.Size * vectors));
        }

        return memory + bias + panels * cycles;
    }

    /// <summary>A few rows of weights that pass by the deltas of all samples, which stay in registers.</summary>
    private static double Held(VectorTarget target, int rows, int vectors, int samples)
    {
        var sums = rows * vectors;
        var instructions = samples * (rows + sums) + 2.0 * sums + LoopInstructions;
        var busy = Math.Max(Math.Max(samples * sums / Ports, (samples * rows + sums) / Ports), instructions / Dispatch) + Stores(target, sums) / 2;
        return Math.Max(busy, (samples * Latency + 10) / Math.Max(1, Window / instructions));
    }

    /// <summary>A tile of sums over a depth.</summary>
    /// <param name="target">The width.</param>
    /// <param name="rows">The tile's rows.</param>
    /// <param name="vectors">The vectors of a row.</param>
    /// <param name="depth">The steps.</param>
    /// <param name="loops">The loops one after another that make up the steps.</param>
    /// <param name="unrolled">Whether the steps are written out.</param>
    /// <param name="streamed">Whether the right factor comes from the second level.</param>
    /// <param name="ends">The vectors stored, or loaded at half a store's cost, before and after.</param>
    private static double Tile(VectorTarget target, int rows, int vectors, int depth, int loops, bool unrolled, bool streamed, double ends)
    {
        var sums = rows * vectors;
        var instructions = rows + vectors + sums + (unrolled ? 0 : LoopInstructions);
        var step = Math.Max(Math.Max(sums / Ports, (rows + vectors) / Ports), instructions / Dispatch);
        step = Math.Max(step, streamed ? vectors * target.Lanes * 4 / SecondLevelBytes : 0);
        var all = (double)depth * instructions;
        var fetch = unrolled && all > DecodedInstructions ? (all - DecodedInstructions) * FetchCycles : 0;
        var foreseen = unrolled || depth <= ForeseenTurns;
        var overlap = foreseen ? Math.Max(1, Window / (all + 2 * sums)) : 1;
        var latency = depth * Latency / overlap;
        return Math.Max(depth * step, latency) + fetch + Stores(target, ends) + (unrolled ? 0 : loops * 4)
            + (foreseen ? 0 : Misprediction);
    }

    /// <summary>A core stores 512 bits a cycle, in one piece or in two.</summary>
    private static double Stores(VectorTarget target, double vectors) => target.Bits == 512 ? vectors : vectors / 2;

    /// <summary>Whether a tile's part of the right factor is too large to stay in the first level from one tile to the next.</summary>
    private static bool Streamed(int depth, int columns) => depth * columns * 4 > FirstLevel;

    private static double FromMemory(int floats) => floats * 4.0 <= SecondLevel ? 0 : floats * 4.0 / ThirdLevelBytes / 2;

    /// <summary>All columns: tiles of so many vectors, then the rest in halves.</summary>
    private static double Columns(int columns, int vectors, Func<int, double> tile)
    {
        var cycles = 0.0;
        for (var (size, left) = (vectors, columns); left > 0; size = Math.Max(1, size / 2))
        {
            var count = left / size;
            cycles += count == 0 ? 0 : count * tile(size);
            left -= count * size;
        }

        return cycles;
    }
}
