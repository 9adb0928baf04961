using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>
/// Decides which axis the vectors' lanes of a training step run along: the features of a layer, which is what the kernels do, or
/// the samples. A network such as 2-5-2 would leave most lanes empty along features; with a sample a lane the whole step is one
/// loop over 16 samples at a time, whose values never leave the registers, and every weight is a broadcast operand.
/// </summary>
internal static class NarrowStep
{
    /// <summary>The samples that one turn of the loop takes at every width, so that every width sums in one order.</summary>
    public const int Samples = VectorTarget.VirtualLanes;

    /// <summary>The sums of the gradients stay in registers or on the stack; all of them are written out, for four parts at 128 bits.</summary>
    private const int MostParameters = 64;

    /// <summary>Rows of inputs and targets are turned by as many shuffles as they have numbers, squared.</summary>
    private const int MostColumns = 8;

    /// <summary>Whether a step takes a sample a lane. A function of shapes alone: it orders the sums of the gradients.</summary>
    public static bool Run(KernelProgram program)
    {
        if (program.Declaration.Train is not { BatchSize: >= Samples } train
            || program.Input.Columns > MostColumns
            || program.Output.Columns > MostColumns
            || program.Objectives[0].Losses is { Count: > 1 }
            || program.Objectives[0].Losses[0] is { IsOfPairs: true } or not { Weight: 1 }
            || program.Tensors.Sum(t => t.Shape.Aggregate(1, (a, b) => a * b)) > MostParameters)
        {
            return false;
        }

        // A step that goes another way back than gradients do is the kernels'.
        if (program.HasDescentOfItsOwn || program.Constraints.Count > 0)
        {
            return false;
        }

        // Kernels that are no products would each need a row of their own here; a network this small has none that is not fused.
        if (!program.Forward.All(k => k is ProductKernel) || !program.Backward.All(k => k is ProductKernel or TransposeKernel))
        {
            return false;
        }

        var target = new VectorTarget(512);
        return Cycles(program, target) < ProgramCost.StepKernels(program).Sum(k => ProgramCost.Of(k, target, train.BatchSize, train.BatchSize));
    }

    /// <summary>The predicted cycles of such a step.</summary>
    public static double Cycles(KernelProgram program, VectorTarget target)
    {
        var parameters = program.Tensors.Sum(t => t.Shape.Aggregate(1, (a, b) => a * b));
        var turned = program.Input.Columns * program.Input.Columns + program.Output.Columns * program.Output.Columns;
        var products = program.Forward.Concat(program.Backward).OfType<ProductKernel>().ToList();
        var functions = products.Sum(k => k.Result.Columns * k.Product switch
        {
            Product.Forward => CostModel.Activation(k.Activation),
            Product.InputGradient => CostModel.Slope(k.Activation),
            _ => 0,
        });
        var loss = program.Objectives[0].Losses[0] is { IsOverClasses: true } or { TakesLogits: true } ? 24.0 : 6.0;

        // A multiply-add forward, one back and one for the gradient, each with a load; what does not fit the registers is loaded and stored again.
        var vector = 3 * parameters * 0.75 + 2 * turned + functions + program.Output.Columns * loss;
        var blocks = (program.Declaration.Train!.BatchSize + Samples - 1) / Samples;
        return 60 + blocks * target.Parts * vector + parameters * (2.5 + target.Parts);
    }
}
