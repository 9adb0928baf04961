namespace NetGen;

/// <summary>
/// An input or a layer of a network, as it was declared: what <see cref="INetwork.Nodes"/> lists. The numbers that it learns are not here:
/// they are found by its name in <see cref="INetwork.Parameters"/> and <see cref="INetwork.Buffers"/> (<c>layer1.weight</c>).
/// </summary>
public abstract class NetworkNode
{
    private readonly int[] _shape;

    private protected NetworkNode(string name, IReadOnlyList<string> from, int[] shape)
    {
        (Name, From, _shape) = (name, from, shape);
        Size = shape.Aggregate(1, (product, size) => product * size);
    }

    /// <summary>The name, such as <c>layer1</c>.</summary>
    public string Name { get; }

    /// <summary>The names of the nodes that it takes, in order; none for an input.</summary>
    public IReadOnlyList<string> From { get; }

    /// <summary>The sizes of one sample's result; an input's are those that were declared.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The numbers of one sample's result: the product of <see cref="Shape"/>.</summary>
    public int Size { get; }

    /// <summary>The name of the layer whose parameters this one uses; null where it has its own, or none.</summary>
    public string? SharedWith { get; init; }

    /// <summary>The name, the kind and the shape, as in <c>layer1: Dense [30]</c>.</summary>
    public override string ToString() => $"{Name}: {GetType().Name.Replace("Node", "", StringComparison.Ordinal)} [{string.Join(", ", _shape)}]";
}

/// <summary>An <see cref="InputAttribute"/>.</summary>
/// <param name="name">The input's name.</param>
/// <param name="shape">Its declared sizes.</param>
public sealed class InputNode(string name, int[] shape) : NetworkNode(name, [], shape);

/// <summary>A <see cref="DenseAttribute"/>: z = x·Wᵀ + b, y = f(z); or a <see cref="LinearAttribute"/>, which has neither b nor f.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="units">The number of outputs.</param>
public sealed class DenseNode(string name, IReadOnlyList<string> from, int units) : NetworkNode(name, from, [units])
{
    /// <summary>The number of outputs.</summary>
    public int Units { get; } = units;

    /// <summary>Whether it has a bias.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>The function applied to each output.</summary>
    public NodeActivation Activation { get; init; } = NodeActivation.Identity;
}

/// <summary>A <see cref="BiasAttribute"/>: y = x + b, b for each feature or channel.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
public sealed class BiasNode(string name, IReadOnlyList<string> from, int[] shape) : NetworkNode(name, from, shape);

/// <summary>An <see cref="ActivationAttribute"/>: y = f(x).</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
/// <param name="activation">The function.</param>
public sealed class ActivationNode(string name, IReadOnlyList<string> from, int[] shape, NodeActivation activation) : NetworkNode(name, from, shape)
{
    /// <summary>The function.</summary>
    public NodeActivation Activation { get; } = activation;
}

/// <summary>A <see cref="BatchNormAttribute"/>.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
public sealed class BatchNormNode(string name, IReadOnlyList<string> from, int[] shape) : NetworkNode(name, from, shape)
{
    /// <summary>The share of a batch in the running figures.</summary>
    public double Momentum { get; init; } = 0.1;

    /// <summary>The ε below the root.</summary>
    public double Epsilon { get; init; } = 1e-5;
}

/// <summary>A <see cref="LayerNormAttribute"/>.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
public sealed class LayerNormNode(string name, IReadOnlyList<string> from, int[] shape) : NetworkNode(name, from, shape)
{
    /// <summary>The ε below the root.</summary>
    public double Epsilon { get; init; } = 1e-5;
}

/// <summary>A <see cref="DropoutAttribute"/>: nothing when predicting.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
public sealed class DropoutNode(string name, IReadOnlyList<string> from, int[] shape) : NetworkNode(name, from, shape)
{
    /// <summary>The declared probability with which a number is dropped.</summary>
    public double Rate { get; init; }
}

/// <summary>A <see cref="GaussianNoiseAttribute"/>: nothing when predicting.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="from">The nodes that it takes.</param>
/// <param name="shape">The sizes of its result.</param>
public sealed class GaussianNoiseNode(string name, IReadOnlyList<string> from, int[] shape) : NetworkNode(name, from, shape)
{
    /// <summary>The noise's standard deviation.</summary>
    public double Deviation { get; init; }
}

/// <summary>An activation function with its constant.</summary>
/// <param name="Kind">The function.</param>
/// <param name="Constant">The negative slope of <see cref="Activation.LeakyReLU"/>, the α of <see cref="Activation.ELU"/>; 0 for the others.</param>
public sealed record NodeActivation(Activation Kind, double Constant = 0)
{
    /// <summary>f(z) = z.</summary>
    public static NodeActivation Identity { get; } = new(Activation.Identity);

    /// <summary>f, of <see cref="Activation.Custom"/> alone: the method of the network's class.</summary>
    public Func<float, float>? Value { get; init; }

    /// <summary>f', likewise.</summary>
    public Func<float, float>? Slope { get; init; }
}
