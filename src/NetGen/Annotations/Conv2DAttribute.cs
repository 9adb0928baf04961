namespace NetGen;

/// <summary>
/// A convolution over images [channels, height, width]:
/// y[f, i, j] = g(b[f] + Σ w[f, c, u, v]·x[c, i·stride + u·dilation − padding, j·stride + v·dilation − padding]), x
/// being 0 outside, g the activation; a cross-correlation, as in PyTorch and Keras. The result is [filters, height, width] with
/// ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1 for each size. Parameters: <c>NAME.weight</c>
/// [filters, channels/groups, kernel height, kernel width] and <c>NAME.bias</c> [filters].
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class Conv2DAttribute : LayerAttribute
{
    /// <summary>A convolution with a square kernel.</summary>
    /// <param name="filters">The channels of the result, at least 1.</param>
    /// <param name="kernel">The kernel's height and width, at least 1.</param>
    /// <param name="activation">The function applied to each result.</param>
    public Conv2DAttribute(int filters, int kernel, Activation activation = Activation.Identity)
        : this(filters, kernel, kernel, activation)
    {
    }

    /// <summary>A convolution with a rectangular kernel.</summary>
    /// <param name="filters">The channels of the result, at least 1.</param>
    /// <param name="kernelHeight">The kernel's height, at least 1.</param>
    /// <param name="kernelWidth">The kernel's width, at least 1.</param>
    /// <param name="activation">The function applied to each result.</param>
    public Conv2DAttribute(int filters, int kernelHeight, int kernelWidth, Activation activation = Activation.Identity) =>
        (Filters, KernelHeight, KernelWidth, Activation) = (filters, kernelHeight, kernelWidth, activation);

    /// <summary>The channels of the result.</summary>
    public int Filters { get; }

    /// <summary>The kernel's height.</summary>
    public int KernelHeight { get; }

    /// <summary>The kernel's width.</summary>
    public int KernelWidth { get; }

    /// <summary>The function applied to each result.</summary>
    public Activation Activation { get; }

    /// <summary>The name of a static method of the class, <c>nameof(Swish)</c>, that stands in for <see cref="Activation"/>; its derivative is beside it.</summary>
    public string? Function { get; set; }

    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }

    /// <summary>The step from one result to the next, at least 1, in both directions. Default 1.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>The step downwards where it differs from <see cref="Stride"/>.</summary>
    public int StrideHeight { get; set; }

    /// <summary>The step to the right where it differs from <see cref="Stride"/>.</summary>
    public int StrideWidth { get; set; }

    /// <summary>The zeros around the image on all four sides, or <see cref="NetGen.Padding.Same"/>. Default none.</summary>
    public int Padding { get; set; }

    /// <summary>The rows of zeros above and below where they differ from <see cref="Padding"/>.</summary>
    public int PaddingHeight { get; set; }

    /// <summary>The columns of zeros on the left and right where they differ from <see cref="Padding"/>.</summary>
    public int PaddingWidth { get; set; }

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
