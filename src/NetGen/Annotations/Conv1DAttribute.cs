namespace NetGen;

/// <summary>
/// A convolution over sequences [channels, length]:
/// y[f, i] = g(b[f] + Σ w[f, c, u]·x[c, i·stride + u·dilation − padding]), x
/// being 0 outside, g the activation; a cross-correlation, as in PyTorch and Keras. The result is [filters, length] with
/// ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1 for each size. Parameters: <c>NAME.weight</c>
/// [filters, channels/groups, kernel] and <c>NAME.bias</c> [filters].
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class Conv1DAttribute : LayerAttribute
{
    /// <summary>A convolution with a kernel of so many steps.</summary>
    /// <param name="filters">The channels of the result, at least 1.</param>
    /// <param name="kernel">The kernel's length, at least 1.</param>
    /// <param name="activation">The function applied to each result.</param>
    public Conv1DAttribute(int filters, int kernel, Activation activation = Activation.Identity) =>
        (Filters, Kernel, Activation) = (filters, kernel, activation);

    /// <summary>The channels of the result.</summary>
    public int Filters { get; }

    /// <summary>The kernel's length.</summary>
    public int Kernel { get; }

    /// <summary>The function applied to each result.</summary>
    public Activation Activation { get; }

    /// <summary>The name of a static method of the class, <c>nameof(Swish)</c>, that stands in for <see cref="Activation"/>; its derivative is beside it.</summary>
    public string? Function { get; set; }

    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }

    /// <summary>The step from one result to the next, at least 1. Default 1.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>The zeros around the sequence at both ends, or <see cref="NetGen.Padding.Same"/>. Default none.</summary>
    public int Padding { get; set; }

    /// <summary>The distance of the kernel's taps, at least 1. Default 1.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>
    /// The groups into which channels and filters are cut, each filter seeing its group's channels alone; divides both. As many as channels:
    /// a depthwise convolution. Default 1.
    /// </summary>
    public int Groups { get; set; } = 1;

    /// <summary>Whether a bias is added to each filter's results. Default: yes.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>The slope of <see cref="Activation.LeakyReLU"/> for negative inputs, at least 0. Default 0.01.</summary>
    public double NegativeSlope { get; set; } = 0.01;

    /// <summary>The α of <see cref="Activation.ELU"/>, above 0. Default 1.</summary>
    public double Alpha { get; set; } = 1.0;

    /// <summary>How the weights start. Default: what suits the activation.</summary>
    public Initializer WeightInitializer { get; set; }

    /// <summary>How the biases start. Default: zero.</summary>
    public Initializer BiasInitializer { get; set; }

    /// <summary>Whether training leaves the parameters as they are. Default: no.</summary>
    public bool Frozen { get; set; }

    /// <summary>
    /// The name of an earlier layer of the same kind whose weights and biases this one uses: both are one set of parameters, which learns from both.
    /// What starts, freezes, penalises or limits them stands there. Default: it has its own.
    /// </summary>
    public string? SharedWith { get; set; }
}
