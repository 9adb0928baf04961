namespace NetGen;

/// <summary>The shape of one sample: <c>[Input(784)]</c> is 784 features.</summary>
/// <param name="shape">The sizes of one sample's dimensions, each at least 1.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InputAttribute(params int[] shape) : LayerAttribute
{
    /// <summary>The sizes of one sample's dimensions.</summary>
    public int[] Shape { get; } = shape;
}
