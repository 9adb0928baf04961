namespace NetGen;

/// <summary>
/// Dropout (Srivastava et al., 2014): a training step sets each number to 0 with the probability <paramref name="rate"/> and divides the others
/// by 1 − rate, so that the expected value stays; a prediction leaves all as they are. It may follow the input, too.
/// </summary>
/// <remarks>
/// Which numbers are dropped is a function of the network's seed, the count of steps, the layer, the sample's place in the batch and the
/// feature: the same on every platform, at every vector width, and for any number of threads. The generated property <c>DropoutRate</c> changes
/// the rate of all dropout layers.
/// </remarks>
/// <param name="rate">The probability with which a number is dropped: at least 0, below 1.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class DropoutAttribute(double rate) : LayerAttribute
{
    /// <summary>The probability with which a number is dropped.</summary>
    public double Rate { get; } = rate;

    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }
}
