namespace NetGen;

/// <summary>The shape of one sample: <c>[Input(784)]</c> is 784 features.</summary>
/// <param name="shape">The sizes of one sample's dimensions, each at least 1.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InputAttribute(params int[] shape) : LayerAttribute
{
    /// <summary>The sizes of one sample's dimensions.</summary>
    public int[] Shape { get; } = shape;

    /// <summary>
    /// What a byte is multiplied with where inputs come as bytes: a byte b stands for <c>Scale·b + Offset</c>; finite, not 0. With this or
    /// <see cref="Offset"/> given, the network takes bytes besides numbers: <c>[Input(784, Scale = 1 / 255.0)]</c>. Numbers are taken as they are.
    /// </summary>
    public double Scale { get; set; } = 1;

    /// <summary>What is added to a byte's product with <see cref="Scale"/>; finite.</summary>
    public double Offset { get; set; }
}
