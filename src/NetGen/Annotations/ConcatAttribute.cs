namespace NetGen;

/// <summary>The results of several nodes one after the other: features after features, or channels after channels of images of one size.</summary>
/// <param name="from">Their names, two or more.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConcatAttribute(params string[] from) : LayerAttribute
{
    /// <summary>The nodes that the layer takes, by name.</summary>
    public string[] From { get; } = from;
}
