namespace NetGen;

/// <summary>
/// A number is added to each feature, y = x + b with b of shape [features]; of images and sequences one to each channel, b [channels]. After a
/// <see cref="LinearAttribute"/>, or a dense layer or convolution without a bias of its own, it is where that product starts; elsewhere a pass, which
/// an activation after it shares. Parameter: <c>NAME.bias</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class BiasAttribute : LayerAttribute
{
    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }

    /// <summary>How the numbers start. Default: zero.</summary>
    public Initializer BiasInitializer { get; set; }

    /// <summary>Whether training leaves the numbers as they are. Default: no.</summary>
    public bool Frozen { get; set; }
}
