using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>How a training step is split over threads.</summary>
/// <param name="RowUnit">The samples that stay together: whole tiles of every product.</param>
internal sealed record StepSplit(int RowUnit);

/// <summary>
/// Decides whether a step may be split over threads. Each thread takes some of the samples through all layers, forward and
/// backward, and then some of every layer's weights: three times the threads meet. A sum is never split, so that any number of
/// threads gives the same bits.
/// </summary>
internal static class SplitStep
{
    /// <summary>
    /// A step of fewer predicted cycles (10 us at 4 GHz) gains too little for what it keeps busy: two threads do one of 6.6 us 1.3
    /// times as fast, of 13 us 1.5 times, of 26 us 1.6 times, of 51 us 1.75 times.
    /// </summary>
    private const double LeastCycles = 40_000;

    public static StepSplit? Run(KernelProgram program)
    {
        if (program.Declaration.Train is not { } train)
        {
            return null;
        }

        // Other kernels run on all rows of a batch at once, and so does what clears padding.
        if (program.ClearsPadding
            || !program.Forward.All(RunsOnRows)
            || !program.Descent.All(k => k is TransposeKernel or PenaltyKernel || RunsOnRows(k)))
        {
            return null;
        }

        var target = new VectorTarget(512);
        var products = program.Forward.Concat(program.Descent).OfType<ProductKernel>().ToList();
        var schedules = products.ToDictionary(p => p.Name, p => Schedule.Run(p, target, train.BatchSize));
        var images = program.Forward.Concat(program.Descent).Where(k => k is not ProductKernel && RunsOnRows(k)).ToList();

        // Samples of an image stand 16 side by side.
        var unit = images.Count > 0
            ? Frame.Samples
            : products.Where(p => p.Product != Product.WeightGradient).Max(p => Tiles.Main(train.BatchSize, schedules[p.Name].Rows[0]));
        var cycles = schedules.Values.Sum(s => s.Cycles) + images.Sum(k => ImageCost.Of(k, target, train.BatchSize));
        return cycles >= LeastCycles && train.BatchSize >= 2 * unit ? new StepSplit(unit) : null;
    }

    /// <summary>Whether a kernel can run on some of a batch's rows: a product, or what works on images.</summary>
    public static bool RunsOnRows(Kernel kernel) => kernel is ProductKernel || ImageKernels.Buffers(kernel) is not null;
}
