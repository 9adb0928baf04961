namespace NetGen.Compiler.Ir;

/// <summary>
/// What a product ends with instead of a bias when predicting, where a normalisation by running figures follows it: z·scale + shift, a pair of numbers
/// for each output of a dense layer or each filter of a convolution.
/// </summary>
/// <param name="Scale">γ/√(σ² + ε).</param>
/// <param name="Shift">β + (b − μ)·scale.</param>
internal sealed record Folded(Buffer Scale, Buffer Shift);

/// <summary>Scale and shift: once in each call of a prediction, for steps between two calls change what they are made of.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Normalization">The normalisation, by running figures.</param>
/// <param name="Bias">b, from which the product would start; null for none.</param>
/// <param name="Folded">What is written.</param>
internal sealed record FoldKernel(string Name, Normalization Normalization, Buffer? Bias, Folded Folded) : Kernel(Name);
