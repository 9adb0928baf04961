namespace NetGen;

/// <summary>
/// Layer normalisation (Ba, Kiros and Hinton, 2016): y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² the mean and the variance of one sample's
/// features. Parameters: <c>NAME.weight</c> (γ, starts at 1) and <c>NAME.bias</c> (β, starts at 0), each [features].
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LayerNormAttribute : LayerAttribute
{
    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }

    /// <summary>The ε below the root, above 0. Default 1e-5.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>
    /// Whether steps leave the layer's parameters as they are. Default: no. Gradients of a frozen layer are not computed in steps,
    /// and below the lowest layer that learns nothing runs backwards; <c>ComputeGradients</c> gives every gradient all the same. Some layer must learn.
    /// </summary>
    public bool Frozen { get; set; }
}
