namespace NetGen;

/// <summary>
/// A transposed convolution over sequences [channels, length], which lengthens where a convolution of the same stride shortens: each number
/// x[c, i] adds w[c, f, u]·x[c, i] to the result at i·stride + u·dilation − padding, where that exists; then come the bias b[f] and the
/// activation. It is the way back of a convolution's gradient, with PyTorch's meaning (<c>ConvTranspose1d</c>). The result is
/// [filters, length] with a length of (size − 1)·stride − 2·padding + dilation·(kernel − 1) + output padding + 1. Parameters:
/// <c>NAME.weight</c> [channels, filters/groups, kernel] and <c>NAME.bias</c> [filters].
/// </summary>
/// <remarks>
/// Initialisers count channels/groups·kernel/stride inputs, the products of one result on average, and filters·kernel outputs.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConvTranspose1DAttribute : LayerAttribute
{
    /// <summary>A transposed convolution with a kernel of so many steps.</summary>
    /// <param name="filters">The channels of the result, at least 1.</param>
    /// <param name="kernel">The kernel's length, at least 1.</param>
    /// <param name="activation">The function applied to each result.</param>
    public ConvTranspose1DAttribute(int filters, int kernel, Activation activation = Activation.Identity) =>
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

    /// <summary>The step in the result from one number of the sequence to the next, at least 1. Default 1.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>
    /// What is cut off the result at both ends: the padding of the convolution whose way back this is. <see cref="NetGen.Padding.Same"/> cuts
    /// off as much as makes the result stride times as long, which the kernel must reach: dilation·(kernel − 1) + 1 is at least the stride. Where an
    /// odd number is cut off, the one more is at the end. Default none.
    /// </summary>
    public int Padding { get; set; }

    /// <summary>
    /// Numbers that the result has more at the end: a convolution with a stride gives sequences of several lengths the same length, and this says
    /// which of them comes back. From 0 to below the larger of stride and dilation; not with <see cref="NetGen.Padding.Same"/>. Default 0.
    /// </summary>
    public int OutputPadding { get; set; }

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
