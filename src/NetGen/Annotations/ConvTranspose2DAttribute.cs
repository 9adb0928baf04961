namespace NetGen;

/// <summary>
/// A transposed convolution over images [channels, height, width], which enlarges where a convolution of the same stride shrinks: each number
/// x[c, i, j] adds w[c, f, u, v]·x[c, i, j] to the result at (i·stride + u·dilation − padding, j·stride + v·dilation − padding), where that
/// exists; then come the bias b[f] and the activation. It is the way back of a convolution's gradient, with PyTorch's meaning
/// (<c>ConvTranspose2d</c>). The result is [filters, height, width] with
/// (size − 1)·stride − 2·padding + dilation·(kernel − 1) + output padding + 1 for each size. Parameters: <c>NAME.weight</c>
/// [channels, filters/groups, kernel height, kernel width] and <c>NAME.bias</c> [filters].
/// </summary>
/// <remarks>
/// Initialisers count channels/groups·kernel area/stride area inputs, the products of one result on average, and filters·kernel area outputs.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConvTranspose2DAttribute : LayerAttribute
{
    /// <summary>A transposed convolution with a square kernel.</summary>
    /// <param name="filters">The channels of the result, at least 1.</param>
    /// <param name="kernel">The kernel's height and width, at least 1.</param>
    /// <param name="activation">The function applied to each result.</param>
    public ConvTranspose2DAttribute(int filters, int kernel, Activation activation = Activation.Identity)
        : this(filters, kernel, kernel, activation)
    {
    }

    /// <summary>A transposed convolution with a rectangular kernel.</summary>
    /// <param name="filters">The channels of the result, at least 1.</param>
    /// <param name="kernelHeight">The kernel's height, at least 1.</param>
    /// <param name="kernelWidth">The kernel's width, at least 1.</param>
    /// <param name="activation">The function applied to each result.</param>
    public ConvTranspose2DAttribute(int filters, int kernelHeight, int kernelWidth, Activation activation = Activation.Identity) =>
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

    /// <summary>The step in the result from one number of the image to the next, at least 1, in both directions. Default 1.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>The step downwards where it differs from <see cref="Stride"/>.</summary>
    public int StrideHeight { get; set; }

    /// <summary>The step to the right where it differs from <see cref="Stride"/>.</summary>
    public int StrideWidth { get; set; }

    /// <summary>
    /// What is cut off the result on all four sides: the padding of the convolution whose way back this is. <see cref="NetGen.Padding.Same"/>
    /// cuts off as much as makes the result stride times as large, which the kernel must reach: dilation·(kernel − 1) + 1 is at least the stride.
    /// Where an odd number is cut off, the one more is at the bottom or on the right. Default none.
    /// </summary>
    public int Padding { get; set; }

    /// <summary>The rows that are cut off above and below where they differ from <see cref="Padding"/>.</summary>
    public int PaddingHeight { get; set; }

    /// <summary>The columns that are cut off on the left and right where they differ from <see cref="Padding"/>.</summary>
    public int PaddingWidth { get; set; }

    /// <summary>
    /// Rows and columns that the result has more, at the bottom and on the right: a convolution with a stride gives images of several sizes the same
    /// size, and this says which of them comes back. From 0 to below the larger of stride and dilation; not with
    /// <see cref="NetGen.Padding.Same"/>. Default 0.
    /// </summary>
    public int OutputPadding { get; set; }

    /// <summary>The rows more where they differ from <see cref="OutputPadding"/>.</summary>
    public int OutputPaddingHeight { get; set; }

    /// <summary>The columns more where they differ from <see cref="OutputPadding"/>.</summary>
    public int OutputPaddingWidth { get; set; }

    /// <summary>The distance of the kernel's taps, at least 1. Default 1.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>
    /// The groups into which channels and filters are cut, each channel adding to its group's filters alone; divides both. Default 1.
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
