namespace NetGen;

/// <summary>
/// What a network predicts where that is more than its last layer gives: the results of these nodes, one after another in this order.
/// Without it a prediction is what the nodes with a <see cref="LossAttribute"/> give, in the order of these; without any, the last layer's result.
/// </summary>
/// <param name="nodes">The names of inputs or layers, each once. Other layers may take them too.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OutputAttribute(params string[] nodes) : Attribute
{
    /// <summary>The names of the nodes.</summary>
    public IReadOnlyList<string> Nodes { get; } = nodes;
}
