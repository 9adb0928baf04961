namespace NetGen.Compiler.Ir;

/// <summary>y = f(x + b), b for each feature, or for each channel of images.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Source">x.</param>
/// <param name="Bias">b.</param>
/// <param name="Result">y.</param>
/// <param name="Activation">f.</param>
/// <param name="Argument">Takes x + b, where the slope of f is a function of that.</param>
internal sealed record BiasKernel(string Name, Buffer Source, Buffer Bias, Buffer Result, ActivationFunction Activation, Buffer? Argument) : Kernel(Name);

/// <summary>db = Σ dy over the samples, and over the pixels of images; added to what is there.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Gradient">dy.</param>
/// <param name="Bias">Takes db.</param>
internal sealed record BiasGradientKernel(string Name, Buffer Gradient, Buffer Bias) : Kernel(Name)
{
    /// <summary>The optimiser that steps with the gradient; null where it is added to what is there.</summary>
    public Optimizer? Update { get; init; }

    /// <summary>Where the gradient is gathered for an optimiser's step.</summary>
    public Buffer? OwnBias { get; init; }
}
