namespace NetGen;

/// <summary>An activation function as a layer of its own; <c>[Dense(30, Activation.Tanh)]</c> means the same as <c>[Dense(30)]</c> and then this.</summary>
/// <param name="kind">The function.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ActivationAttribute(Activation kind) : LayerAttribute
{
    /// <summary>A function of the network's own class as a layer: <c>[Activation(nameof(Swish))]</c>.</summary>
    /// <param name="function">The name of a static method of the class, as <see cref="DenseAttribute.Function"/> explains.</param>
    public ActivationAttribute(string function)
        : this(Activation.Custom) => Function = function;

    /// <summary>The function.</summary>
    public Activation Kind { get; } = kind;

    /// <summary>The name of the class's own function; null where it is one of <see cref="Activation"/>.</summary>
    public string? Function { get; }

    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }

    /// <summary>The slope of <see cref="Activation.LeakyReLU"/> for negative inputs, at least 0. Default 0.01.</summary>
    public double NegativeSlope { get; set; } = 0.01;

    /// <summary>The α of <see cref="Activation.ELU"/>, above 0. Default 1.</summary>
    public double Alpha { get; set; } = 1.0;
}
