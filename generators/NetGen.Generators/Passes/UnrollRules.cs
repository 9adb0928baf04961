using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>
/// Which tiles may be written out without a loop: those within the budget, or all of a layer whose user demands it, as long as
/// the runtime's compiler optimises what comes of it. Beyond certain sizes of a method it silently does not.
/// </summary>
internal static class UnrollRules
{
    /// <summary>The JIT's limits, less a tenth for what surrounds the tiles.</summary>
    private const int MostLocalReferences = 7_200;

    private const int MostInstructions = 18_000;
    private const int MostBytes = 54_000;

    /// <summary>Loops, written-out code, or both for the cost model to choose from; none where a demand cannot be met.</summary>
    public static IEnumerable<bool> Choices(ProductKernel kernel, ProductSchedule tile, VectorTarget target, int terms)
    {
        if (tile.RightInRegisters)
        {
            return [true];
        }

        var fits = IsOneRun(kernel, tile, terms) && TooLarge(kernel, tile, target) is null;
        return kernel.Hints.Unroll switch
        {
            Unrolling.Full => fits ? [true] : [],
            Unrolling.None => [false],
            _ => fits && tile.SegmentLength * tile.Rows[0] * tile.Vectors <= kernel.Hints.UnrollBudget ? [true, false] : [false],
        };
    }

    /// <summary>What is wrong with demands for full unrolling: those that cannot be met, and those that cost.</summary>
    public static IEnumerable<CompilerError> Check(NetworkDeclaration declaration, Graph graph, CompilerOptions options)
    {
        if (!declaration.Layers.OfType<DenseDeclaration>().Any(dense => dense.Unroll == Unrolling.Full))
        {
            yield break;
        }

        var program = NetworkCompiler.Program(declaration, graph, options.UnrollBudget);
        var products = program.Prediction.Concat(program.Backward).Concat(program.InputGradient).OfType<ProductKernel>().ToList();
        var batch = declaration.Train?.BatchSize;
        for (var i = 0; i < declaration.Layers.Count; i++)
        {
            if (declaration.Layers[i] is not DenseDeclaration { Unroll: Unrolling.Full } dense)
            {
                continue;
            }

            var anchor = new Anchor(declaration.Inputs.Count + i, "Unroll");
            var own = products.Where(product => product.Hints.Layer == dense.Name).ToList();
            var refusals = from width in options.VectorWidths from product in own select Refusal(product, new VectorTarget(width), batch);
            if (refusals.FirstOrDefault(reason => reason is not null) is { } refusal)
            {
                yield return new(ErrorIds.CannotUnroll, anchor, dense.Name, refusal);
                continue;
            }

            var target = new VectorTarget(options.VectorWidths[0]);
            double Cycles(Unrolling unroll) => own.Sum(product =>
                Schedule.Run(product with { Hints = product.Hints with { Unroll = unroll } }, target, batch).Cycles);
            var (full, automatic) = (Cycles(Unrolling.Full), Cycles(Unrolling.Auto));
            if (full > automatic * 1.02)
            {
                yield return new(ErrorIds.UnrollingCosts, anchor, dense.Name, Text(full), Text(automatic));
            }
        }
    }

    /// <summary>Why a product cannot be written out; null when it can.</summary>
    private static string? Refusal(ProductKernel kernel, VectorTarget target, int? batchSize)
    {
        if (Schedule.Candidates(kernel, target, batchSize).Any())
        {
            return null;
        }

        var loops = kernel with { Hints = kernel.Hints with { Unroll = Unrolling.None } };
        var smallest = Schedule.Candidates(loops, target, batchSize).OrderBy(tile => tile.Rows[0] * tile.Vectors).First();
        var where = $"{kernel.Name} at {Text(target.Bits)} bits";
        var terms = kernel.Product == Product.WeightGradient ? batchSize!.Value : kernel.Left.Columns;
        return IsOneRun(kernel, smallest, terms)
            ? $"{where} would have {TooLarge(kernel, smallest, target)}, and the JIT optimises no method of that size"
            : $"{where} adds up {Text(terms)} terms in several parts, one after the other, for which it needs a loop";
    }

    /// <summary>Segments, and panels one after the other, are loops.</summary>
    private static bool IsOneRun(ProductKernel kernel, ProductSchedule tile, int terms) => tile.SegmentLength == terms
        && (kernel.Product == Product.WeightGradient || kernel.Left.Storage != Storage.Panels || terms <= Ir.Buffer.PanelWidth);

    /// <summary>What of a kernel's method would be beyond the JIT's limits, estimated from its tiles; null when nothing.</summary>
    private static string? TooLarge(ProductKernel kernel, ProductSchedule tile, VectorTarget target)
    {
        // A kernel repeats its tiles for whole panels, for what is left of them, and for a narrow last one.
        var columns = kernel.Right.PaddedColumns / target.Lanes;
        var groups = columns <= tile.Vectors ? 1 : kernel.Right.LastPanelWidth < Ir.Buffer.PanelWidth || columns % tile.Vectors != 0 ? 2 : 1;
        var sizes = tile.Rows.Sum();
        if (kernel.Product != Product.Forward)
        {
            sizes *= 2;
        }

        long multiplyAdds = (long)groups * tile.SegmentLength * sizes * tile.Vectors;
        long loads = (long)groups * tile.SegmentLength * (sizes + tile.Vectors * tile.Rows.Count);
        var (references, instructions, bytes) = (4 * multiplyAdds + 2 * loads, 5 * multiplyAdds + 6 * loads, 21 * multiplyAdds + 24 * loads);
        return references > MostLocalReferences ? $"some {Text(references)} references to locals (the limit is 8000)"
            : instructions > MostInstructions ? $"some {Text(instructions)} instructions (the limit is 20000)"
            : bytes > MostBytes ? $"some {Text(bytes)} bytes of IL (the limit is 60000)"
            : null;
    }

    private static string Text(double number) => number.ToString("F0", CultureInfo.InvariantCulture);
}
