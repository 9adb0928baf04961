using System;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>
/// Decides whether few samples with images are predicted one by one, with lanes along the columns of their images, rather than a sample a
/// lane with most lanes empty. A function of shapes alone; either way gives the same bits.
/// </summary>
internal static class PlanarRules
{
    /// <summary>Up to so many samples run one by one; 0 where that never pays, or a kernel has no such form.</summary>
    public static int FewSamples(KernelProgram program)
    {
        if (!AssignLayout.HasImages(program) || !program.Prediction.All(HasForm))
        {
            return 0;
        }

        var target = new VectorTarget(512);
        var alone = Alone(program, target);
        var together = program.Prediction.Where(kernel => kernel is not FoldKernel).Sum(kernel => ProgramCost.Of(kernel, target, Frame.Samples, program.Declaration.Train?.BatchSize));
        return Math.Min(Frame.Samples - 1, (int)(together / alone));
    }

    /// <summary>The predicted cycles of one sample's prediction.</summary>
    public static double Alone(KernelProgram program, VectorTarget target) => program.Prediction.Sum(kernel => Alone(kernel, target));

    /// <summary>Whether a kernel works on images, and so has a method of its own for one sample.</summary>
    public static bool IsOnImages(Kernel kernel) => AssignLayout.Buffers(kernel).Any(buffer => buffer.Storage == Storage.Images);

    /// <summary>Columns that do not follow one another cannot be loaded as a vector; those of a result may be stored one by one.</summary>
    private static bool HasForm(Kernel kernel) => kernel switch
    {
        ConvolutionKernel convolution => convolution.IsTransposed || convolution.Window.Stride.Width == 1,
        _ => true,
    };

    /// <summary>The predicted cycles of one sample.</summary>
    private static double Alone(Kernel kernel, VectorTarget target)
    {
        double Vectors(Ir.Buffer buffer) => buffer.Frame is { Shape: var shape } ? (double)shape.Channels * shape.Height * ((shape.Width + target.Lanes - 1) / target.Lanes) : 1;
        return kernel switch
        {
            ConvolutionKernel k => k.Groups * ConvolutionTaps.Products(k).Sum(product => ConvolutionSchedule.Planar(product, target).Cycles)
                + Vectors(k.Result) * (CostModel.Folding(k.Folded) + CostModel.Activation(k.Activation)) + (k.IsTransposed && k.Window.Stride.Width > 1 ? k.Result.Columns : 0),
            FoldKernel => 0, // once a call
            PoolKernel k => (double)k.Result.Columns * (2 + k.Window.Kernel.Area),
            _ when IsOnImages(kernel) => AssignLayout.Buffers(kernel).Sum(Vectors) * 4,
            _ => ProgramCost.Of(kernel, target, 1, null),
        };
    }
}
