namespace NetGen;

/// <summary>Where a window goes over an image; a sequence is one row high.</summary>
/// <param name="Kernel">The window's size.</param>
/// <param name="Stride">From one result to the next.</param>
/// <param name="Padding">The zeros on each side, or <see cref="NetGen.Padding.Same"/>.</param>
/// <param name="Dilation">From one tap to the next.</param>
public sealed record NodeWindow((int Height, int Width) Kernel, (int Height, int Width) Stride, (int Height, int Width) Padding, (int Height, int Width) Dilation);

/// <summary>A <see cref="Conv2DAttribute"/> or <see cref="Conv1DAttribute"/>: z = b + w ∗ x, y = f(z).</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result, the filters first.</param>
/// <param name="window">Where the kernel goes.</param>
/// <param name="groups">The groups of channels that do not see one another.</param>
public sealed class ConvolutionNode(string name, IReadOnlyList<string> from, int[] shape, NodeWindow window, int groups) : NetworkNode(name, from, shape)
{
    /// <summary>Where the kernel goes.</summary>
    public NodeWindow Window { get; } = window;

    /// <summary>The groups of channels that do not see one another.</summary>
    public int Groups { get; } = groups;

    /// <summary>Whether each filter has a bias.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>The function applied to each result.</summary>
    public NodeActivation Activation { get; init; } = NodeActivation.Identity;
}

/// <summary>
/// A <see cref="ConvTranspose2DAttribute"/> or <see cref="ConvTranspose1DAttribute"/>: z = b + wᵀ ∗ x, y = f(z), the way back of a convolution over
/// y's shape.
/// </summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result, the filters first.</param>
/// <param name="window">Where the kernel goes over the result, for each number of what the layer takes.</param>
/// <param name="groups">The groups of channels that do not see one another.</param>
public sealed class TransposedConvolutionNode(string name, IReadOnlyList<string> from, int[] shape, NodeWindow window, int groups) : NetworkNode(name, from, shape)
{
    /// <summary>Where the kernel goes over the result, for each number of what the layer takes.</summary>
    public NodeWindow Window { get; } = window;

    /// <summary>The groups of channels that do not see one another.</summary>
    public int Groups { get; } = groups;

    /// <summary>Whether each filter has a bias.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>The function applied to each result.</summary>
    public NodeActivation Activation { get; init; } = NodeActivation.Identity;
}

/// <summary>A pooling: the largest number or the mean of each window.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
/// <param name="isMaximum">Whether it takes the largest number; else the mean, zeros of the padding included.</param>
/// <param name="window">Where the windows are.</param>
public sealed class PoolNode(string name, IReadOnlyList<string> from, int[] shape, bool isMaximum, NodeWindow window) : NetworkNode(name, from, shape)
{
    /// <summary>Whether it takes the largest number; else the mean.</summary>
    public bool IsMaximum { get; } = isMaximum;

    /// <summary>Where the windows are.</summary>
    public NodeWindow Window { get; } = window;
}

/// <summary>A <see cref="GlobalAvgPoolAttribute"/> or <see cref="GlobalMaxPoolAttribute"/>.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
/// <param name="isMaximum">Whether it takes the largest number of each channel; else the mean.</param>
public sealed class GlobalPoolNode(string name, IReadOnlyList<string> from, int[] shape, bool isMaximum) : NetworkNode(name, from, shape)
{
    /// <summary>Whether it takes the largest number; else the mean.</summary>
    public bool IsMaximum { get; } = isMaximum;
}

/// <summary>A <see cref="FlattenAttribute"/> or <see cref="ReshapeAttribute"/>: the same numbers.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
public sealed class ReshapeNode(string name, IReadOnlyList<string> from, int[] shape) : NetworkNode(name, from, shape);

/// <summary>An <see cref="AddAttribute"/>: the sum of what it takes.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
public sealed class AddNode(string name, IReadOnlyList<string> from, int[] shape) : NetworkNode(name, from, shape);

/// <summary>A <see cref="MultiplyAttribute"/>: the product of what it takes, number by number.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
public sealed class MultiplyNode(string name, IReadOnlyList<string> from, int[] shape) : NetworkNode(name, from, shape);

/// <summary>A <see cref="ConcatAttribute"/>: what it takes, one after the other.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
public sealed class ConcatNode(string name, IReadOnlyList<string> from, int[] shape) : NetworkNode(name, from, shape);
