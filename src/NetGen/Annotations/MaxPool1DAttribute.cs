namespace NetGen;

/// <summary>
/// The largest number of each window of a sequence [channels, length], channel by channel; the result has
/// ⌊(size + 2·padding − kernel)/stride⌋ + 1 of each size. Padding never wins.
/// </summary>
/// <param name="kernel">The window's length, at least 1.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MaxPool1DAttribute(int kernel) : LayerAttribute
{
    /// <summary>The window's length.</summary>
    public int Kernel { get; } = kernel;

    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }

    /// <summary>The step from one window to the next; 0, the default, for the window's size.</summary>
    public int Stride { get; set; }

    /// <summary>The zeros around the sequence, at most half the window. Default none.</summary>
    public int Padding { get; set; }
}
