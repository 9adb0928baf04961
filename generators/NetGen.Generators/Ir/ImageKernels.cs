using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>Rows or panels into images.</summary>
internal sealed record ToImagesKernel(string Name, Buffer Source, Buffer Result) : Kernel(Name)
{
    /// <summary>The first feature that is taken.</summary>
    public int First { get; init; }
}

/// <summary>Some features or channels of a value, from <paramref name="First"/> on.</summary>
internal sealed record SliceKernel(string Name, Buffer Source, int First, Buffer Result) : Kernel(Name);

/// <summary>Images into panels.</summary>
internal sealed record FromImagesKernel(string Name, Buffer Source, Buffer Result) : Kernel(Name);

/// <summary>y = f(b + w ∗ x); transposed f(b + wᵀ ∗ x).</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Source">x.</param>
/// <param name="Weights">w[filters, channels/groups, kernel height, kernel width].</param>
/// <param name="Bias">b; null for none.</param>
/// <param name="Result">y.</param>
/// <param name="Window">Where w goes over x; transposed over y, for each number of x.</param>
/// <param name="Groups">The groups of channels that do not see one another.</param>
/// <param name="Activation">f.</param>
/// <param name="Argument">Takes z = b + w ∗ x, where the slope of f is a function of z.</param>
internal sealed record ConvolutionKernel(
    string Name, Buffer Source, Buffer Weights, Buffer? Bias, Buffer Result, Window Window, int Groups, ActivationFunction Activation, Buffer? Argument) : Kernel(Name)
{
    /// <summary>Whether it is the way back of the convolution that the window describes.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>When predicting: what each sum becomes before f; then there is no bias. Null for nothing.</summary>
    public Folded? Folded { get; init; }
}

/// <summary>dx = wᵀ ∗ dy, times the slope of what gave x; transposed w ∗ dy.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Gradient">dy.</param>
/// <param name="Weights">w.</param>
/// <param name="Result">dx.</param>
/// <param name="Window">Where w goes over x; transposed over dy.</param>
/// <param name="Groups">The groups of channels that do not see one another.</param>
/// <param name="Activation">The function whose slope is multiplied with; the identity for none.</param>
/// <param name="Operand">The value from which that slope comes.</param>
internal sealed record ConvolutionInputGradientKernel(
    string Name, Buffer Gradient, Buffer Weights, Buffer Result, Window Window, int Groups, ActivationFunction Activation, Buffer? Operand) : Kernel(Name)
{
    /// <summary>Whether it belongs to a transposed convolution.</summary>
    public bool IsTransposed { get; init; }
}

/// <summary>dw = dy ∗ x, summed over the samples; added to what is there. Transposed dw = x ∗ dy: the two are the other's buffer.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Source">x: what w goes over.</param>
/// <param name="Gradient">dy: a number for each place of w.</param>
/// <param name="Weights">Takes dw.</param>
/// <param name="Bias">Takes the sum of dy; null for none.</param>
/// <param name="Sums">For each weight 16 sums, one of each lane's samples, that are zero between steps; null where they stay in registers.</param>
/// <param name="Window">Where w goes over x.</param>
/// <param name="Groups">The groups of channels that do not see one another.</param>
internal sealed record ConvolutionParameterGradientKernel(
    string Name, Buffer Source, Buffer Gradient, Buffer Weights, Buffer? Bias, Buffer? Sums, Window Window, int Groups) : Kernel(Name)
{
    /// <summary>The optimiser that steps with the gradient; null where it is added to what is there.</summary>
    public Optimizer? Update { get; init; }

    /// <summary>Where the weights' gradient is gathered for an optimiser's step.</summary>
    public Buffer? OwnWeights { get; init; }

    /// <summary>The same of the bias.</summary>
    public Buffer? OwnBias { get; init; }

    /// <summary>Whether it belongs to a transposed convolution, the gradient of whose result is then <see cref="Source"/>.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>The gradient of the layer's result, whose sums are the bias's.</summary>
    public Buffer ResultGradient => IsTransposed ? Source : Gradient;
}

/// <summary>y = the largest number or the mean of each window of x.</summary>
internal sealed record PoolKernel(string Name, Pooling Pooling, Buffer Source, Buffer Result, Window Window) : Kernel(Name);

/// <summary>dx of a pooling, times the slope of what gave x.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Pooling">What the pooling does.</param>
/// <param name="Gradient">dy.</param>
/// <param name="Source">x, for a maximum: to find where it was.</param>
/// <param name="Pooled">y, for a maximum.</param>
/// <param name="Result">dx.</param>
/// <param name="Window">Where the windows are.</param>
/// <param name="Activation">The function whose slope is multiplied with; the identity for none.</param>
/// <param name="Operand">The value from which that slope comes.</param>
internal sealed record PoolGradientKernel(
    string Name, Pooling Pooling, Buffer Gradient, Buffer? Source, Buffer? Pooled, Buffer Result, Window Window, ActivationFunction Activation, Buffer? Operand) : Kernel(Name);

/// <summary>Several values as one.</summary>
internal sealed record JoinKernel(string Name, Joining Joining, EquatableArray<Buffer> Sources, Buffer Result) : Kernel(Name);

/// <summary>The gradient of one of the values of a sum or a product.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Gradient">Of the sum or product.</param>
/// <param name="Others">For a product: the other values.</param>
/// <param name="Result">Takes the gradient.</param>
internal sealed record JoinGradientKernel(string Name, Buffer Gradient, EquatableArray<Buffer> Others, Buffer Result) : Kernel(Name);

/// <summary>The questions that have one answer for each kernel on images.</summary>
internal static class ImageKernels
{
    /// <summary>The buffers that a kernel touches, each once, in the order of its method's parameters; null for a kernel that is none of these.</summary>
    public static IReadOnlyList<Buffer>? Buffers(Kernel kernel)
    {
        Buffer?[]? buffers = kernel switch
        {
            ToImagesKernel k => [k.Source, k.Result],
            SliceKernel k => [k.Source, k.Result],
            FromImagesKernel k => [k.Source, k.Result],
            ConvolutionKernel k => [k.Source, k.Weights, k.Bias, k.Folded?.Scale, k.Folded?.Shift, k.Argument, k.Result],
            ConvolutionInputGradientKernel k => [k.Gradient, k.Weights, k.Operand, k.Result],
            ConvolutionParameterGradientKernel k => [k.Source, k.Gradient, k.Sums, k.OwnWeights, k.OwnBias, k.Weights, k.Bias],
            PoolKernel k => [k.Source, k.Result],
            PoolGradientKernel k => [k.Gradient, k.Source, k.Pooled, k.Operand, k.Result],
            JoinKernel k => [.. k.Sources, k.Result],
            JoinGradientKernel k => [k.Gradient, .. k.Others, k.Result],
            BiasKernel k => [k.Source, k.Bias, k.Argument, k.Result],
            BiasGradientKernel k => [k.Gradient, k.OwnBias, k.Bias],
            _ => null,
        };
        return buffers?.Where(b => b is not null).Select(b => b!).GroupBy(b => b.Name).Select(same => same.First()).ToList();
    }

    /// <summary>Whether a kernel on images touches panels, and so must be told how many rows they have, which may be more than it works on.</summary>
    public static bool TakesStride(Kernel kernel) => kernel is not ConvolutionParameterGradientKernel && Buffers(kernel)!.Any(b => b.Storage == Storage.Panels);

    /// <summary>What a kernel writes when it runs forward; null for a kernel that is none of these.</summary>
    public static Buffer? Result(Kernel kernel) => kernel switch
    {
        ToImagesKernel k => k.Result,
        SliceKernel k => k.Result,
        FromImagesKernel k => k.Result,
        ConvolutionKernel k => k.Result,
        PoolKernel k => k.Result,
        JoinKernel k => k.Result,
        BiasKernel k => k.Result,
        _ => null,
    };
}
