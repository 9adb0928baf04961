namespace NetGen;

/// <summary>
/// A network that predicts. The compiler implements it in every class marked with <see cref="NetworkAttribute"/>.
/// A sample is a row of <see cref="InputSize"/> numbers, a prediction a row of <see cref="OutputSize"/> numbers; rows follow one another. Where there are
/// several inputs or outputs a row holds one after another, in the order of their declaration.
/// </summary>
public interface INetwork
{
    /// <summary>The numbers of one sample.</summary>
    int InputSize { get; }

    /// <summary>The numbers of one prediction.</summary>
    int OutputSize { get; }

    /// <summary>The count of all trainable numbers.</summary>
    int ParameterCount { get; }

    /// <summary>A table of the layers: output shape, parameters, floating-point operations of one prediction; after an empty line the bytes that the network takes.</summary>
    string Summary { get; }

    /// <summary>
    /// The inputs and layers in the order of their declaration: names, what each takes, shapes, constants. What a
    /// <see cref="NetworkInspector"/> evaluates.
    /// </summary>
    IReadOnlyList<NetworkNode> Nodes { get; }

    /// <summary>The names of the nodes that a prediction consists of, in order: the last layer's, where none are declared.</summary>
    IReadOnlyList<string> Outputs => Nodes.Count == 0 ? [] : [Nodes[^1].Name];

    /// <summary>The parameters in the order of the layers, by PyTorch's names and in PyTorch's layouts.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>
    /// Numbers that belong to what a network has learnt although no gradient trains them, such as the running mean of a normalisation:
    /// in the order of the layers, by PyTorch's names and in PyTorch's layouts. Empty where no layer has any.
    /// </summary>
    IReadOnlyList<Parameter> Buffers { get; }

    /// <summary>
    /// Runs the network forward on any number of samples, from any number of threads at once, without allocation.
    /// </summary>
    /// <param name="inputs">n samples: n·<see cref="InputSize"/> numbers.</param>
    /// <param name="outputs">Takes n predictions: n·<see cref="OutputSize"/> numbers; what the last layer gives, or the nodes of <see cref="Outputs"/> one after another.</param>
    /// <exception cref="ArgumentException">A length is no multiple of a row, the two do not fit each other, or they overlap.</exception>
    void Predict(ReadOnlySpan<float> inputs, Span<float> outputs);
}
