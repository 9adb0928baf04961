namespace NetGen;

/// <summary>
/// The mean of each window of an image [channels, height, width], channel by channel; the result has
/// ⌊(size + 2·padding − kernel)/stride⌋ + 1 of each size. Zeros of the padding count, as in PyTorch.
/// </summary>
/// <param name="kernel">The window's height and width, at least 1.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AvgPool2DAttribute(int kernel) : LayerAttribute
{
    /// <summary>A rectangular window.</summary>
    /// <param name="kernelHeight">The window's height, at least 1.</param>
    /// <param name="kernelWidth">The window's width, at least 1.</param>
    public AvgPool2DAttribute(int kernelHeight, int kernelWidth)
        : this(kernelHeight) => KernelWidth = kernelWidth;

    /// <summary>The window's height.</summary>
    public int KernelHeight { get; } = kernel;

    /// <summary>The window's width.</summary>
    public int KernelWidth { get; } = kernel;

    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }

    /// <summary>The step from one window to the next, in both directions; 0, the default, for the window's size.</summary>
    public int Stride { get; set; }

    /// <summary>The zeros around the image, at most half the window. Default none.</summary>
    public int Padding { get; set; }
}
