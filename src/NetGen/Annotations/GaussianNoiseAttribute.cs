namespace NetGen;

/// <summary>
/// A training step adds a number of the normal distribution with mean 0 and the given deviation to each number; a prediction leaves all as they
/// are. The noise is a function of the same things as the choice of <see cref="DropoutAttribute"/>.
/// </summary>
/// <param name="stddev">The standard deviation of the noise: finite, at least 0.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GaussianNoiseAttribute(double stddev) : LayerAttribute
{
    /// <summary>The standard deviation of the noise.</summary>
    public double Stddev { get; } = stddev;

    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }
}
