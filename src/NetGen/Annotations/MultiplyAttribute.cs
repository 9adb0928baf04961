namespace NetGen;

/// <summary>The product of several nodes' results, number by number; their shapes are the same.</summary>
/// <param name="from">Their names, two or more.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MultiplyAttribute(params string[] from) : LayerAttribute
{
    /// <summary>The nodes that the layer takes, by name.</summary>
    public string[] From { get; } = from;
}
