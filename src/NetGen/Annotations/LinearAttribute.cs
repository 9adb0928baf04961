namespace NetGen;

/// <summary>
/// The product alone: y = x·Wᵀ, with W of shape [units, inputs]. With <see cref="BiasAttribute"/> and <see cref="ActivationAttribute"/> after it, it
/// is what <see cref="DenseAttribute"/> says in one line, and runs as that does. Parameter: <c>NAME.weight</c> [units, inputs].
/// </summary>
/// <param name="units">The number of outputs, at least 1.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LinearAttribute(int units) : LayerAttribute
{
    /// <summary>The number of outputs.</summary>
    public int Units { get; } = units;

    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }

    /// <summary>How the weights start. Default: what suits the activation that follows.</summary>
    public Initializer WeightInitializer { get; set; }

    /// <summary>Steps minimise the loss plus this times Σ|w| over the weights; finite, at least 0. Default 0.</summary>
    public double WeightL1 { get; set; }

    /// <summary>Steps minimise the loss plus this times Σ w² over the weights, whose slope is 2·WeightL2·w (Keras' meaning); finite, at least 0. Default 0.</summary>
    public double WeightL2 { get; set; }

    /// <summary>
    /// After each step, every unit whose incoming weights have a 2-norm above this has them scaled down to it; finite, above 0. Without it none is.
    /// </summary>
    public double MaxNorm { get; set; }

    /// <summary>Whether weights that are below 0 after a step become 0, before <see cref="MaxNorm"/>. Default: no.</summary>
    public bool NonNegative { get; set; }

    /// <summary>Whether training leaves the weights as they are. Default: no.</summary>
    public bool Frozen { get; set; }

    /// <summary>
    /// The name of an earlier layer of the same kind whose weights and biases this one uses: both are one set of parameters, which learns from both.
    /// What starts, freezes, penalises or limits them stands there. Default: it has its own.
    /// </summary>
    public string? SharedWith { get; set; }
}
