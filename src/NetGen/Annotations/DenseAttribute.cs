namespace NetGen;

/// <summary>
/// A fully connected layer: y = f(x·Wᵀ + b), with W of shape [units, inputs], b of shape [units] and f the activation.
/// Parameters: <c>NAME.weight</c> [units, inputs] and <c>NAME.bias</c> [units].
/// </summary>
/// <param name="units">The number of outputs, at least 1.</param>
/// <param name="activation">The function applied to each output.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class DenseAttribute(int units, Activation activation = Activation.Identity) : LayerAttribute
{
    /// <summary>The number of outputs.</summary>
    public int Units { get; } = units;

    /// <summary>The function applied to each output.</summary>
    public Activation Activation { get; } = activation;

    /// <summary>
    /// The name of a function of the network's own class that is applied to each output, in place of <see cref="Activation"/>:
    /// <c>Function = nameof(Swish)</c> with <c>static float Swish(float z)</c> and its derivative <c>static float SwishDerivative(float z)</c>,
    /// both private if you like. They are translated into the generated vector code: return an expression, after local variables, <c>if</c>s
    /// that return and calls of other such methods if wanted, of + − × ÷, comparisons, <c>?:</c> and functions of <see cref="MathF"/>. The
    /// generated method <c>CheckDerivatives</c> compares the derivative with the function.
    /// </summary>
    public string? Function { get; set; }

    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }

    /// <summary>Whether a bias is added to each output. Default: yes.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>The slope of <see cref="Activation.LeakyReLU"/> for negative inputs, at least 0. Default 0.01.</summary>
    public double NegativeSlope { get; set; } = 0.01;

    /// <summary>The α of <see cref="Activation.ELU"/>, above 0. Default 1.</summary>
    public double Alpha { get; set; } = 1.0;

    /// <summary>How the weights start. Default: what suits the activation.</summary>
    public Initializer WeightInitializer { get; set; }

    /// <summary>How the biases start. Default: zero.</summary>
    public Initializer BiasInitializer { get; set; }

    /// <summary>For experts: whether loops over the terms of a sum are written out. Default: where the cost model finds that it pays.</summary>
    public Unrolling Unroll { get; set; }

    /// <summary>For experts: the most rows of a tile, 1 to 16, as far as registers allow; 0, the default, leaves it to the cost model.</summary>
    public int TileRows { get; set; }
}
