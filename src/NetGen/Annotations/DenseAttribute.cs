namespace NetGen;

/// <summary>
/// A fully connected layer: y = f(x·Wᵀ + b), with W of shape [units, inputs], b of shape [units] and f the activation.
/// Parameters: <c>NAME.weight</c> [units, inputs] and <c>NAME.bias</c> [units].
/// </summary>
/// <remarks>
/// Penalties (<see cref="WeightL1"/> to <see cref="ActivityL2"/>) and constraints (<see cref="NonNegative"/>, <see cref="MaxNorm"/>) are parts of a
/// step, as weight decay is: the loss that <c>TrainBatch</c> reports contains no penalty, and <c>ComputeGradients</c> gives the gradient of the
/// loss alone. In a step the slopes of penalties belong to the gradient: <see cref="TrainAttribute.ClipNorm"/> and
/// <see cref="TrainAttribute.ClipValue"/> clip both together, and weight decay comes after.
/// </remarks>
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

    /// <summary>Steps minimise the loss plus this times Σ|w| over the weights; finite, at least 0. Default 0.</summary>
    public double WeightL1 { get; set; }

    /// <summary>Steps minimise the loss plus this times Σ w² over the weights, whose slope is 2·WeightL2·w (Keras' meaning); finite, at least 0. Default 0.</summary>
    public double WeightL2 { get; set; }

    /// <summary>As <see cref="WeightL1"/>, of the biases.</summary>
    public double BiasL1 { get; set; }

    /// <summary>As <see cref="WeightL2"/>, of the biases.</summary>
    public double BiasL2 { get; set; }

    /// <summary>
    /// Steps minimise the loss plus this times Σ|a| over the layer's outputs after the activation, in the mean over the samples of the batch (Keras'
    /// meaning); finite, at least 0. Default 0.
    /// </summary>
    public double ActivityL1 { get; set; }

    /// <summary>The same with Σ a².</summary>
    public double ActivityL2 { get; set; }

    /// <summary>
    /// After each step, every unit whose incoming weights have a 2-norm above this has them scaled down to it (the bias does not count); finite, above 0.
    /// Without it none is.
    /// </summary>
    public double MaxNorm { get; set; }

    /// <summary>Whether weights that are below 0 after a step become 0, before <see cref="MaxNorm"/>. Default: no.</summary>
    public bool NonNegative { get; set; }

    /// <summary>
    /// Whether steps leave the layer's parameters as they are. Default: no. Gradients of a frozen layer are not computed in steps,
    /// and below the lowest layer that learns nothing runs backwards; <c>ComputeGradients</c> gives every gradient all the same. Some layer must learn.
    /// </summary>
    public bool Frozen { get; set; }

    /// <summary>
    /// The name of an earlier layer of the same kind whose weights and biases this one uses: both are one set of parameters, which learns from both.
    /// What starts, freezes, penalises or limits them stands there. Default: it has its own.
    /// </summary>
    public string? SharedWith { get; set; }

    /// <summary>For experts: whether loops over the terms of a sum are written out. Default: where the cost model finds that it pays.</summary>
    public Unrolling Unroll { get; set; }

    /// <summary>For experts: the most rows of a tile, 1 to 16, as far as registers allow; 0, the default, leaves it to the cost model.</summary>
    public int TileRows { get; set; }
}
