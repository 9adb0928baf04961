namespace NetGen;

/// <summary>The same numbers in another shape, the last dimension running fastest.</summary>
/// <param name="shape">The sizes: features; channels, length; or channels, height, width. Their product is the sample's.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ReshapeAttribute(params int[] shape) : LayerAttribute
{
    /// <summary>The sizes.</summary>
    public int[] Shape { get; } = shape;

    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }
}
