using System;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>The predicted cycles of kernels on images: for convolutions those of their tiles, for the others loads and stores.</summary>
internal static class ImageCost
{
    /// <summary>The cycles of one vector that comes from the second-level cache and goes there.</summary>
    private const double Vector = 3;

    /// <summary>The cycles of one pixel of 16 samples that is read or written once, of images that the second-level cache hardly holds: alike at all widths.</summary>
    private const double Load = 2;

    public static double Of(Kernel kernel, VectorTarget target, int samples)
    {
        var groups = Frame.Groups(samples);
        double Lines(Ir.Buffer buffer) => (double)Math.Max(buffer.Columns, 1) * groups;
        double Vectors(Ir.Buffer buffer) => Lines(buffer) * target.Parts;
        return kernel switch
        {
            ToImagesKernel k => Vectors(k.Result) * 4,
            FromImagesKernel k => Vectors(k.Source) * 4,
            ConvolutionKernel k => groups * k.Groups * ConvolutionTaps.Products(k).Sum(product => ConvolutionSchedule.Of(product, target).Cycles)
                + Vectors(k.Result) * (CostModel.Folding(k.Folded) + CostModel.Activation(k.Activation)),
            ConvolutionInputGradientKernel k => groups * k.Groups * ConvolutionTaps.Products(k).Sum(product => ConvolutionSchedule.Of(product, target).Cycles)
                + Vectors(k.Result) * CostModel.Slope(k.Activation),
            ConvolutionParameterGradientKernel k => groups * ConvolutionSchedule.Of(k, target).Cycles + Vectors(k.Gradient) + k.Weights.Columns * 8.0
                + (k.Update is { } optimizer ? CostModel.Update(optimizer, k.Weights.Columns, target) : 0),
            PoolKernel k => Lines(k.Result) * (2 + k.Window.Kernel.Area * Load),
            PoolGradientKernel k => Lines(k.Gradient) * (2 + k.Window.Kernel.Area * (2 * Load + CostModel.Slope(k.Activation))),
            BiasKernel k => Vectors(k.Result) * (Vector + CostModel.Activation(k.Activation)),
            BiasGradientKernel k => Vectors(k.Gradient) * 1.5 + (k.Update is { } optimizer ? CostModel.Update(optimizer, k.Bias.Columns, target) : 0),
            JoinKernel k => Vectors(k.Result) * Vector * k.Sources.Count / 2,
            SliceKernel k => Vectors(k.Result) * Vector,
            JoinGradientKernel k => Vectors(k.Result) * Vector,
            _ => throw new InvalidOperationException(kernel.GetType().Name),
        };
    }
}
