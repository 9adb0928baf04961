using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>
/// Decides where the optimiser's step happens. Plain gradient descent is the addition in the product of the weights' gradient. Other
/// optimisers' steps are the end of that product: the gradient's tile is summed from zero, and changes weights and state while it is in
/// the first-level cache. Where the whole gradient must be there first, it is summed up in a block of its own, and one pass over all
/// parameters follows.
/// </summary>
internal static class PlaceUpdate
{
    public static KernelProgram Run(KernelProgram program)
    {
        if (program.Declaration.Train is not { Settings: { IsPlain: false } settings } train)
        {
            return program;
        }

        Penalty? PenaltyOn(Buffer? parameter) => program.Tensors.FirstOrDefault(tensor => tensor.Buffer == parameter)?.Penalty;
        Kernel With(Kernel kernel, string name, Optimizer? update) => kernel switch
        {
            ProductKernel { Product: Product.WeightGradient } product => product with
            {
                Name = name + product.Name.Substring("Update".Length),
                Update = update,
                WeightPenalty = update is null ? null : PenaltyOn(product.Result),
                BiasPenalty = update is null ? null : PenaltyOn(product.Bias),
            },
            PointwiseGradientKernel { Normalization: not null, IsFrozen: false } norm => norm with { Name = norm.Name.Replace("Gradient_", $"{name}_"), Update = update },
            ConvolutionParameterGradientKernel convolution => convolution with
            {
                Name = name + convolution.Name.Substring("Update".Length),
                Update = update,
                OwnWeights = update is null ? null : convolution.Weights with { Name = $"d{convolution.Weights.Name}" },
                OwnBias = update is null || convolution.Bias is null ? null : convolution.Bias with { Name = $"d{convolution.Bias.Name}" },
            },
            BiasGradientKernel bias => bias with
            {
                Name = name + bias.Name.Substring("Update".Length),
                Update = update,
                OwnBias = update is null ? null : bias.Bias with { Name = $"d{bias.Bias.Name}" },
            },
            _ => kernel,
        };
        EquatableArray<Kernel> Gradients(EquatableArray<Kernel> kernels) => kernels.Select(kernel => With(kernel, "Gradient", null)).ToEquatableArray();

        // A product that ends with the step starts with the penalty.
        EquatableArray<Kernel> Updates(EquatableArray<Kernel> kernels) =>
            kernels.Where(kernel => kernel is not PenaltyKernel).Select(kernel => With(kernel, "Update", settings.Optimizer)).ToEquatableArray();

        // A step that takes a sample a lane has few parameters, whose gradients come one by one.
        var atOnce = program.IsNarrow || program.SharesParameters || OptimizerRules.NeedsWholeGradient(train);
        return program with
        {
            Backward = Gradients(program.Backward),
            Descent = atOnce ? Gradients(program.Descent) : Updates(program.Descent),
            Update = atOnce ? UpdatePlace.AfterAll : UpdatePlace.InProducts,
        };
    }
}
