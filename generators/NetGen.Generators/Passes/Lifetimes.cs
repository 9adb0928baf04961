using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>
/// When the numbers that training works with are needed. A buffer is alive from the first kernel that touches it to the last one; two that are never
/// alive at once may stand in the same place. Kernels run in several orders on the same memory, a step's and that of gradients that are asked for, so
/// two buffers must keep apart if they meet in any of them.
/// </summary>
internal sealed class Lifetimes
{
    private readonly HashSet<string> _kept;

    /// <summary>Sums that a kernel finds at zero and leaves at zero.</summary>
    private readonly HashSet<string> _zeros;

    /// <summary>Of each order, the first and the last time at which a buffer is touched.</summary>
    private readonly List<Dictionary<string, (int First, int Last)>> _orders = [];

    private Lifetimes(KernelProgram program, StepSplit? split)
    {
        List<Kernel> kernels = [.. program.Forward, .. program.Losses, .. program.Backward, .. program.Descent, .. program.InputGradient];
        _kept = [.. kernels.SelectMany(Kept).Select(buffer => buffer.Name), AssignLayout.Rates];
        _zeros = [.. kernels.SelectMany(Zeros).Select(buffer => buffer.Name)];
        foreach (var order in Orders(program, split))
        {
            var times = new Dictionary<string, (int First, int Last)>();
            for (var time = 0; time < order.Count; time++)
            {
                foreach (var name in order[time])
                {
                    times[name] = (times.TryGetValue(name, out var known) ? known.First : time, time);
                }
            }

            _orders.Add(times);
        }
    }

    public static Lifetimes Of(KernelProgram program, StepSplit? split) => new(program, split);

    /// <summary>
    /// Gives buffers their places, from <paramref name="start"/> on: each the first one that is long enough and holds nothing else while it is alive.
    /// Largest first leaves the fewest gaps in deep networks; in others no order is better than that in which the buffers are used.
    /// </summary>
    /// <returns>The places in the order of the buffers, and where they end.</returns>
    public (EquatableArray<Placement> Placements, int End) Place(IReadOnlyList<(Buffer Buffer, int Length)> buffers, int start)
    {
        var asUsed = Place(buffers, Enumerable.Range(0, buffers.Count), start, out var end);
        var largestFirst = Place(buffers, Enumerable.Range(0, buffers.Count).OrderByDescending(i => buffers[i].Length), start, out var shorterEnd);
        var (offsets, length) = shorterEnd < end ? (largestFirst, shorterEnd) : (asUsed, end);
        return (buffers.Select((b, i) => new Placement(b.Buffer, offsets[i])).ToEquatableArray(), length);
    }

    private int[] Place(IReadOnlyList<(Buffer Buffer, int Length)> buffers, IEnumerable<int> order, int start, out int end)
    {
        var offsets = new int[buffers.Count];
        List<int> placed = []; // by their offsets
        end = start;
        foreach (var i in order)
        {
            var offset = start;
            foreach (var other in placed)
            {
                if (offsets[other] + buffers[other].Length <= offset || !Meet(buffers[i].Buffer.Name, buffers[other].Buffer.Name))
                {
                    continue;
                }

                if (offsets[other] - offset >= buffers[i].Length)
                {
                    break;
                }

                offset = offsets[other] + buffers[other].Length;
            }

            offsets[i] = offset;
            end = Math.Max(end, checked(offset + buffers[i].Length));
            var at = placed.FindIndex(other => offsets[other] > offset);
            placed.Insert(at < 0 ? placed.Count : at, i);
        }

        return offsets;
    }

    /// <summary>Whether two buffers are alive at once in any order. Zeros may only become other zeros.</summary>
    private bool Meet(string one, string other) => _kept.Contains(one) || _kept.Contains(other) || _zeros.Contains(one) != _zeros.Contains(other) || _orders.Any(times =>
        times.TryGetValue(one, out var a) && times.TryGetValue(other, out var b) && a.First <= b.Last && b.First <= a.Last);

    /// <summary>The names of the buffers that are touched together, one set after the other, in each order in which kernels run.</summary>
    private static IEnumerable<List<HashSet<string>>> Orders(KernelProgram program, StepSplit? split)
    {
        foreach (var objective in program.Objectives)
        {
            List<HashSet<string>> before = [Inputs()], loss = [With(Names(objective.Losses), AssignLayout.Edge)];
            if (program.IsNarrow)
            {
                yield return [With(Inputs(), AssignLayout.Edge)];
            }

            yield return [.. before, .. Each(program.Forward), .. loss, .. Each(program.Descent), .. Each(program.Constraints), .. Each(program.Track)];
            var gradient = program.InputGradientBuffer is { } rows ? new HashSet<string> { rows.Name } : [];
            yield return [.. before, .. Each(program.Forward), .. loss, .. Each(program.Backward), .. Each(program.InputGradient), gradient];

            // Threads do not wait for one another within a stage, and weights are turned in the first one.
            if (split is not null)
            {
                var turns = program.Descent.Where(kernel => kernel is TransposeKernel);
                var carries = program.Descent.Where(kernel => kernel is not TransposeKernel && !IsUpdate(kernel));
                yield return [.. before, Names(program.Forward.Concat(turns)), .. loss, Names(carries), Names(program.Descent.Where(IsUpdate)), Names(program.Constraints)];
            }
        }

        static bool IsUpdate(Kernel kernel) => kernel is ProductKernel { Product: Product.WeightGradient } or ConvolutionParameterGradientKernel or BiasGradientKernel;

        HashSet<string> Inputs() => [AssignLayout.PartialInputs];

        IEnumerable<HashSet<string>> Each(IEnumerable<Kernel> kernels) => kernels.Select(kernel => Names([kernel]));

        // The caller's rows of inputs may be the network's own.
        HashSet<string> Names(IEnumerable<Kernel> kernels) =>
            new(kernels.SelectMany(AssignLayout.Buffers).Select(buffer => buffer.Name == program.Input.Name ? AssignLayout.PartialInputs : buffer.Name));

        static HashSet<string> With(HashSet<string> names, string name)
        {
            names.Add(name);
            return names;
        }
    }

    /// <summary>
    /// What holds numbers from one step to the next, so that nothing else may stand there: rates of dropout, and zeros that nobody writes, around images
    /// and, where a kernel does not write whole vectors at every width, behind the last feature or channel.
    /// </summary>
    private static IEnumerable<Buffer> Kept(Kernel kernel)
    {
        var rates = kernel is PointwiseKernel pointwise ? pointwise.Stages.OfType<DropoutStage>().Select(stage => stage.Rate) : [];
        Buffer?[] partial = kernel switch
        {
            ArrangeKernel k => [k.Result],
            FromImagesKernel k => [k.Result],
            SliceKernel k => [k.Result],
            JoinKernel { Joining: Joining.Concat } k => [k.Result],
            ActivationKernel { Function.Kind: Activation.Softmax } k => [k.Result],
            PointwiseKernel { Normalization.Figures: Figures.Sample } k => [k.Result],
            PointwiseKernel { Source.Storage: Storage.Images, Normalization: { Figures: Figures.Batch } figures } => [figures.Mean, figures.Variance],
            ProductKernel { Product: Product.Forward, Result.Columns: 1 } k => [k.Result, k.Operand],
            LossKernel k => [k.Gradient],
            _ => [],
        };
        return rates
            .Concat(partial.OfType<Buffer>().Where(buffer => buffer is { Storage: Storage.Panels or Storage.Vector } && buffer.Columns != buffer.PaddedColumns))
            .Concat(AssignLayout.Buffers(kernel).Where(buffer => buffer.Frame is { HasBorder: true }));
    }

    private static IEnumerable<Buffer> Zeros(Kernel kernel)
    {
        Buffer?[] zeros = kernel switch
        {
            ConvolutionParameterGradientKernel k => [k.Sums, k.OwnWeights, k.OwnBias],
            BiasGradientKernel k => [k.OwnBias],
            _ => [],
        };
        return zeros.OfType<Buffer>();
    }
}
