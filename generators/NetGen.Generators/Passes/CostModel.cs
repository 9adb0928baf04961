using System;
using System.Collections.Generic;
using System.Linq;
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

    /// <summary>The same where nothing is multiplied.</summary>
    private const double AdditionLatency = 2;

    /// <summary>Instructions a cycle, of any kind.</summary>
    private const double Dispatch = 6;

    /// <summary>What a loop adds to each turn: moving two references, counting, jumping.</summary>
    private const int LoopInstructions = 4;

    /// <summary>The end of a loop that is too long to be foreseen.</summary>
    private const double Misprediction = 14;

    /// <summary>The turns up to which the end of a loop is foreseen.</summary>
    private const int ForeseenTurns = 32;

    /// <summary>The instructions that are under way at a time: so many short tiles overlap, and hide each other's latency.</summary>
    private const double Window = 540;

    /// <summary>Instructions a cycle where code is written out: long ones, fetched once each.</summary>
    private const double FetchedDispatch = 3.2;

    /// <summary>The instructions of a tile without loops up to which that holds; each beyond takes <see cref="FetchCycles"/>.</summary>
    private const int DecodedInstructions = 3000;

    private const double FetchCycles = 4;

    private const int FirstLevel = 40 * 1024;
    private const int SecondLevel = 900 * 1024;

    /// <summary>Bytes a cycle from the second and from the third level, as a stream of one thread gets them.</summary>
    private const double SecondLevelBytes = 48;

    private const double ThirdLevelBytes = 26;

    /// <summary>Calling a kernel and setting up its references.</summary>
    private const double Call = 12;

    /// <summary>Entering and leaving the loop over the tiles of one size.</summary>
    private const double Run = 10;

    /// <summary>The cycles of a kernel over so many samples.</summary>
    public static double Of(ProductKernel kernel, ProductSchedule schedule, VectorTarget target, int samples) => Call
        + (kernel.Product == Product.WeightGradient
            ? Parameters(kernel, schedule, target, samples)
            : Samples(kernel, schedule, target, samples));

    /// <summary>A product of a layer with one output, with lanes along its inputs: each sample's row is read once, from the second level.</summary>
    public static double OneOutput(ProductKernel kernel, VectorTarget target, int samples)
    {
        var row = Math.Max(kernel.Left.PaddedColumns / target.Lanes, kernel.Left.PaddedColumns * sizeof(float) / SecondLevelBytes);
        var end = kernel.Product == Product.Forward ? 6 + Epilogue(kernel) : 1;
        return Call + kernel.Left.Columns + samples * (row + end);
    }

    /// <summary>The cycles of an optimiser's step on so many parameters: gradients stand in the first level, parameters and state stream by.</summary>
    public static double Update(Optimizer optimizer, int floats, VectorTarget target)
    {
        // Narrower vectors take their roots and divisions faster, but not in proportion.
        var vector = OptimizerRules.Cycles(optimizer) * (0.25 + 0.75 * target.Bits / 512);
        return Call + (double)floats / target.Lanes * vector + 2 * (optimizer == Optimizer.Sgd ? 1 : 2) * FromMemory(floats);
    }

    /// <summary>The cycles of an activation on one vector.</summary>
    public static double Activation(ActivationFunction function) => function.IsIdentity() ? 0 : function.IsCheap() ? 1 : 12;

    /// <summary>The cycles of its slope, from a result that is there already or anew from the argument.</summary>
    public static double Slope(ActivationFunction function) => function.IsIdentity() ? 0 : function.HasCheapSlope() ? 1 : 16;

    /// <summary>The cycles of a normalisation on one vector of the product that it is folded into.</summary>
    public static double Folding(Folded? folded) => folded is null ? 0 : 1;

    /// <summary>Scale and shift of a folded normalisation: a root and a division for each vector, which take as long as it is wide.</summary>
    public static double Fold(FoldKernel kernel, VectorTarget target) => Call + 24.0 * target.Bits / 512 * kernel.Normalization.Weight.PaddedColumns / target.Lanes;

    /// <summary>A normalisation and what follows it, on so many vectors; sums over them are passes of their own.</summary>
    public static double Pointwise(Normalization? normalization, IEnumerable<Stage> stages, double vectors, bool isGradient)
    {
        var passes = normalization is null or { Figures: Figures.Running } ? 0 : isGradient ? 4 : 3;
        return Call + vectors * (2 + passes + stages.Sum(stage => stage switch
        {
            ActivationStage activation => Activation(activation.Function) + (isGradient ? Slope(activation.Function) : 0),
            DropoutStage => 5,
            _ => 24.0,
        }));
    }

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
        var far = isForward ? 1 : 2;
        far *= kernel.Result.Length(samples) * sizeof(float) > FirstLevel ? Ir.Buffer.PanelWidth * sizeof(float) : 0;
        for (var i = 0; i < (runs?.Count ?? schedule.Rows.Count); i++)
        {
            var (size, count) = runs is null ? (schedule.Rows[i], rest / schedule.Rows[i]) : (runs[i].Size, runs[i].Count);
            rest -= size * count;
            cycles += (count > 0 ? Run : 0) + count * Columns(columns, schedule.Vectors, vectors =>
            {
                // A sum in segments waits in the result from one segment to the next.
                var sums = size * vectors;
                var (loaded, stored) = segments > 1 ? (segments * sums, (segments + 1) * sums) : (isForward ? vectors : sums, sums);
                var farBytes = (double)far * size * vectors * target.Lanes / Ir.Buffer.PanelWidth;
                return Tile(target, size, vectors, depth, loops, schedule.Unrolled, loaded, stored, farBytes) + sums * Epilogue(kernel);
            });
        }

        // Where the weights are too many for the second level, each pass over the samples streams them once.
        var first = FromMemory(kernel.Right.Length(0));
        return cycles + (rest < samples ? first : 0) + rest * Row(kernel, schedule, target, segments);
    }

    private static double Epilogue(ProductKernel kernel) => kernel.Product == Product.Forward ? Folding(kernel.Folded) + Activation(kernel.Activation) : Slope(kernel.Activation);

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
        var memory = 2 * FromMemory(kernel.Result.Length(0));
        var bias = kernel.Bias is null ? 0 : samples * Math.Max(columns / Ports, AdditionLatency);

        var update = kernel.Update is { } optimizer ? Update(optimizer, kernel.Result.Length(0) + (kernel.Bias?.Length(0) ?? 0), target) : 0;

        // Where a sum starts from a weight, it waits for it; a tile that is short enough to overlap with the one before does not.
        var waits = kernel.Update is null && samples <= Schedule.MostSamplesFromParameter && kernel.Result.Length(0) * sizeof(float) > FirstLevel;
        var segment = schedule.SegmentLength;
        var segments = (samples + segment - 1) / segment;
        double Span(int span, int vectors)
        {
            if (schedule.RightInRegisters)
            {
                var size = schedule.Rows[0];
                return span / size * Held(target, size, vectors, samples) + span % size * Held(target, 1, vectors, samples);
            }

            return Tiles.Cut(span, schedule.Rows[0]).Sum(run =>
            {
                var sums = run.Size * vectors;
                var instructions = samples * (run.Size + vectors + sums + LoopInstructions) + 2 * sums;
                var wait = waits ? Math.Min(30, Math.Max(0, instructions - Window / 2) * 0.15) : 0;
                return run.Count * (wait + Tile(target, run.Size, vectors, segment, 1, schedule.Unrolled, sums, sums, 0));
            });
        }

        // In panels, a tile may not reach over a panel's end.
        var panel = kernel.Left.Storage == Storage.Panels ? Ir.Buffer.PanelWidth : inputs;
        return memory + bias + update + segments * Columns(columns, schedule.Vectors, vectors =>
            (schedule.RightInRegisters ? samples * vectors / Ports : 0) + inputs / panel * Span(panel, vectors) + Span(inputs % panel, vectors));
    }

    /// <summary>A few rows of weights that pass by the deltas of all samples, which stay in registers.</summary>
    private static double Held(VectorTarget target, int rows, int vectors, int samples)
    {
        var sums = rows * vectors;
        var instructions = samples * (rows + sums) + 2 * sums + LoopInstructions;
        return Longest(target, samples * sums, samples * rows + sums, sums, instructions / FetchedDispatch, samples * Latency * instructions / Window);
    }

    /// <summary>A tile of sums over a depth.</summary>
    /// <param name="target">The width.</param>
    /// <param name="rows">The tile's rows.</param>
    /// <param name="vectors">The vectors of a row.</param>
    /// <param name="depth">The steps.</param>
    /// <param name="loops">The loops one after another that make up the steps.</param>
    /// <param name="unrolled">Whether the steps are written out.</param>
    /// <param name="loaded">The vectors loaded before and after the steps.</param>
    /// <param name="stored">The vectors stored.</param>
    /// <param name="farBytes">The bytes of results that come from beyond the first level.</param>
    private static double Tile(
        VectorTarget target, int rows, int vectors, int depth, int loops, bool unrolled, double loaded, double stored, double farBytes)
    {
        var sums = rows * vectors;
        var instructions = (double)depth * (rows + vectors + sums + (unrolled ? 0 : LoopInstructions)) + loaded + stored;
        var dispatch = !unrolled ? instructions / Dispatch : instructions / FetchedDispatch
            + Math.Max(0, instructions - DecodedInstructions) * FetchCycles;
        var isForeseen = unrolled || depth <= ForeseenTurns;

        // Neighbouring tiles overlap as far as the core looks ahead, which a turn that it does not foresee ends.
        var latency = depth * Latency * (isForeseen ? Math.Min(1, instructions / Window) : 1);
        var far = farBytes + (IsStreamed(depth, vectors * target.Lanes) ? (double)depth * vectors * target.Lanes * sizeof(float) : 0);
        return Math.Max(
                Longest(target, (double)depth * sums, (double)depth * (rows + vectors) + loaded, stored, dispatch, latency),
                far / SecondLevelBytes)
            + (unrolled ? 1 : loops) + (isForeseen ? 0 : Misprediction);
    }

    /// <summary>What of the core is busy longest.</summary>
    private static double Longest(VectorTarget target, double multiplyAdds, double loads, double stores, double dispatch, double latency) =>
        Math.Max(Math.Max(Math.Max(multiplyAdds, loads) / Ports, dispatch), Math.Max(stores / (target.Bits == 512 ? 1 : 2), latency));

    /// <summary>Whether a tile's part of the right factor is too large to stay in the first level from one tile to the next.</summary>
    private static bool IsStreamed(int depth, int columns) => depth * columns * 4 > FirstLevel;

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
