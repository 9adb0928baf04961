using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// Looks inside a network: the values of every node, gradients with respect to them, and predictions with neurons switched off. It works
/// for any network, from its description (<see cref="INetwork.Nodes"/>) and its parameters as they are at each call. It is for looking,
/// not for speed: what it computes equals <see cref="INetwork.Predict"/> up to rounding, and takes some times as long.
/// </summary>
/// <remarks>
/// A value is named like its node. A dense layer or a convolution, transposed or not, with an activation has two: <c>layer1</c> is its result, <c>layer1.z</c> is
/// x·Wᵀ + b or w ∗ x + b, before the activation (without an activation both are the same). Images stand channel after channel, in each row after
/// row. Everything is as in predictions: dropout and noise do nothing, batch
/// normalisation takes its running figures. Any number of callers at once may look, as long as none trains the network. Large numbers of
/// samples are shared by the processor's cores, as many as <see cref="NetworkThreads.Limit"/> allows.
/// </remarks>
public sealed class NetworkInspector
{
    /// <summary>What the name of a dense layer's or a convolution's value before its activation ends in.</summary>
    public const string BeforeActivation = ".z";

    /// <summary>The name of the prediction of a network with several outputs: these one after another.</summary>
    public const string AllOutputs = "(outputs)";

    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
    private readonly List<NodeValue> _values = [];

    /// <summary>An inspector of a network.</summary>
    /// <param name="network">The network; it is not changed.</param>
    /// <exception cref="ArgumentException">The network does not describe itself: it has no nodes, or none of its inputs' and outputs' sizes.</exception>
    public NetworkInspector(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network;
        foreach (var node in network.Nodes)
        {
            Add(node);
        }

        AddOutputs();
        var inputs = _values.Where(value => value.Node is InputNode).Sum(value => value.Size);
        var outputs = _values.Count == 0 ? 0 : _values[^1].Size;
        if (inputs != network.InputSize || outputs != network.OutputSize)
        {
            throw new ArgumentException(
                Text.Of($"network must describe {network.InputSize} inputs and {network.OutputSize} outputs in Nodes, but describes {inputs} and {outputs}."), nameof(network));
        }
    }

    /// <summary>The network.</summary>
    public INetwork Network { get; }

    /// <summary>The names of all values, in the order in which they are computed; the last is the prediction.</summary>
    public IReadOnlyList<string> Names => [.. _values.Select(value => value.Name)];

    internal IReadOnlyList<NodeValue> NodeValues => _values;

    /// <summary>The numbers of one sample's value.</summary>
    /// <param name="node">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such node.</exception>
    public int SizeOf(string node) => _values[IndexOf(node, nameof(node))].Size;

    /// <summary>
    /// Takes samples, and the parameters as they are now: to look at several values of the same samples, or to switch neurons of them off, one
    /// after the other. What does not depend on these is then computed once.
    /// </summary>
    /// <param name="inputs">n rows of <see cref="INetwork.InputSize"/> numbers, n at least 1. Copied.</param>
    /// <param name="masks">Neurons that are switched off or held in all that the result computes, gradients included.</param>
    /// <exception cref="ArgumentException">The length is no multiple of a row, or 0; or a mask names no node or no neuron of it.</exception>
    public Inspection Inspect(ReadOnlySpan<float> inputs, params NeuronMask[] masks)
    {
        if (inputs.Length == 0 || inputs.Length % Network.InputSize != 0)
        {
            throw new ArgumentException(
                Text.Of($"inputs must hold one or more whole rows of {Network.InputSize} numbers, but has {inputs.Length}."), nameof(inputs));
        }

        return new(this, inputs.ToArray(), masks);
    }

    /// <summary>Predicts, with neurons switched off or held.</summary>
    /// <param name="inputs">n rows of <see cref="INetwork.InputSize"/> numbers.</param>
    /// <param name="outputs">Takes n rows of <see cref="INetwork.OutputSize"/> numbers.</param>
    /// <param name="masks">The neurons.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a mask names no node or no neuron of it.</exception>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs, params NeuronMask[] masks)
    {
        if (Check.Prediction(inputs, outputs, Network.InputSize, Network.OutputSize) > 0)
        {
            Inspect(inputs).Predict(masks).CopyTo(outputs);
        }
    }

    /// <summary>The values of a node.</summary>
    /// <param name="node">One of <see cref="Names"/>.</param>
    /// <param name="inputs">n rows of <see cref="INetwork.InputSize"/> numbers.</param>
    /// <param name="masks">Neurons to be switched off or held.</param>
    /// <returns>n rows of <see cref="SizeOf"/> numbers.</returns>
    /// <exception cref="ArgumentException">There is no such node, a length does not fit, or a mask names no node or no neuron of it.</exception>
    public float[] Values(string node, ReadOnlySpan<float> inputs, params NeuronMask[] masks) => Inspect(inputs).Values(node, masks);

    /// <summary>The gradient of one output with respect to a node's value: what <see cref="Inspection.OutputGradients"/> says.</summary>
    /// <param name="node">One of <see cref="Names"/>.</param>
    /// <param name="inputs">n rows of <see cref="INetwork.InputSize"/> numbers.</param>
    /// <param name="output">Which output, from 0.</param>
    /// <exception cref="ArgumentException">There is no such node or output, or a length does not fit.</exception>
    public float[] OutputGradients(string node, ReadOnlySpan<float> inputs, int output) => Inspect(inputs).OutputGradients(node, output);

    /// <summary>The gradient of the mean loss with respect to a node's value: what <see cref="Inspection.LossGradients(string, ReadOnlySpan{float})"/> says.</summary>
    /// <param name="node">One of <see cref="Names"/>.</param>
    /// <param name="inputs">n rows of <see cref="INetwork.InputSize"/> numbers.</param>
    /// <param name="targets">n rows of <see cref="ITrainableNetwork.TargetSize"/> targets.</param>
    /// <exception cref="ArgumentException">There is no such node, or a length does not fit.</exception>
    /// <exception cref="InvalidOperationException">The network has no loss: it has no <see cref="TrainAttribute"/>.</exception>
    public float[] LossGradients(string node, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets) => Inspect(inputs).LossGradients(node, targets);

    /// <inheritdoc cref="LossGradients(string, ReadOnlySpan{float}, ReadOnlySpan{float})"/>
    /// <param name="node">One of <see cref="Names"/>.</param>
    /// <param name="inputs">n rows of <see cref="INetwork.InputSize"/> numbers.</param>
    /// <param name="labels">The class of each, 0 … <see cref="INetwork.OutputSize"/> − 1.</param>
    public float[] LossGradients(string node, ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels) => Inspect(inputs).LossGradients(node, labels);

    /// <summary>The place of a value.</summary>
    internal int IndexOf(string node, string argument)
    {
        ArgumentNullException.ThrowIfNull(node, argument);
        return _indices.TryGetValue(node, out var index)
            ? index
            : throw new ArgumentException($"{argument} must be one of {string.Join(", ", _values.Select(value => value.Name))}, but is '{node}'.", argument);
    }

    /// <summary>What computes each value, with the network's parameters as they are now; null for inputs.</summary>
    internal NodeRule?[] CreateRules() => [.. _values.Select(CreateRule)];

    private void Add(NetworkNode node)
    {
        int[] from = [.. node.From.Select(name => _indices[name])];
        var activation = node switch
        {
            DenseNode dense => dense.Activation,
            ConvolutionNode convolution => convolution.Activation,
            TransposedConvolutionNode convolution => convolution.Activation,
            _ => null,
        };
        if (activation is { Kind: not Activation.Identity })
        {
            _values.Add(new(node.Name + BeforeActivation, node, null, from, node.Size));
            Name(_values[^1].Name);
            _values.Add(new(node.Name, node, activation, [_values.Count - 1], node.Size));
        }
        else
        {
            _values.Add(new(node.Name, node, (node as ActivationNode)?.Activation, from, node.Size));
            if (activation is not null)
            {
                Name(node.Name + BeforeActivation);
            }
        }

        Name(node.Name);
    }

    /// <summary>Several outputs as one value, the last: the prediction.</summary>
    private void AddOutputs()
    {
        if (Network.Outputs is { Count: > 1 } outputs)
        {
            int[] from = [.. outputs.Select(name => _indices[name])];
            var size = from.Sum(index => _values[index].Size);
            _values.Add(new(AllOutputs, new ConcatNode(AllOutputs, outputs, [size]), null, from, size));
            Name(AllOutputs);
        }
    }

    private void Name(string name) => _indices[name] = _values.Count - 1;

    /// <summary>A row for each kind of node.</summary>
    private NodeRule? CreateRule(NodeValue value) => value switch
    {
        { Node: InputNode } => null,
        { Activation: { Kind: Activation.Softmax } } => new SoftmaxRule(value.Size),
        { Activation: { } activation } => new ElementwiseRule(activation, value.Size),
        { Node: DenseNode dense } => new ProductRule(
            Numbers(dense, "weight"), dense.Bias ? Numbers(dense, "bias") : null, _values[value.From[0]].Size, dense.Units),
        { Node: BatchNormNode norm } => new ScaleRule(
            [.. Numbers(norm, "weight").Zip(Numbers(norm, "running_var"), (weight, variance) => (float)(weight / Math.Sqrt(variance + norm.Epsilon)))],
            Numbers(norm, "running_mean"),
            Numbers(norm, "bias"),
            ImageSize.Of(norm.Shape).Plane),
        { Node: LayerNormNode norm } => new LayerNormRule(Numbers(norm, "weight"), Numbers(norm, "bias"), norm.Epsilon),
        { Node: ConvolutionNode convolution } => new ConvolutionRule(
            Window(value, convolution.Window), convolution.Groups, Numbers(convolution, "weight"), convolution.Bias ? Numbers(convolution, "bias") : null),
        { Node: TransposedConvolutionNode convolution } => new TransposedConvolutionRule(
            new(ImageSize.Of(convolution.Shape), Taken(value), convolution.Window), convolution.Groups, Numbers(convolution, "weight"), convolution.Bias ? Numbers(convolution, "bias") : null),
        { Node: BiasNode bias } => new BiasRule(Numbers(bias, "bias"), ImageSize.Of(bias.Shape).Plane),
        { Node: PoolNode pool } => new PoolRule(Window(value, pool.Window), pool.IsMaximum),
        { Node: GlobalPoolNode pool } => new PoolRule(ImageWindow.Whole(Taken(value)), pool.IsMaximum),
        { Node: AddNode } => new SumRule(value.Size),
        { Node: MultiplyNode } => new FactorsRule(value.Size),
        { Node: ConcatNode } => new ConcatRule([.. value.From.Select(from => _values[from].Size)]),
        { Node: ReshapeNode or DropoutNode or GaussianNoiseNode } => new SameRule(value.Size),
        _ => throw new NotSupportedException($"An inspector does not know nodes of the kind {value.Node.GetType().Name}."),
    };

    private ImageWindow Window(NodeValue value, NodeWindow window) => new(Taken(value), ImageSize.Of(value.Node.Shape), window);

    private ImageSize Taken(NodeValue value) => ImageSize.Of(_values[value.From[0]].Node.Shape);

    private float[] Numbers(NetworkNode node, string name)
    {
        var full = $"{node.SharedWith ?? node.Name}.{name}";
        var tensor = Network.Parameters.Concat(Network.Buffers).FirstOrDefault(parameter => parameter.Name == full)
            ?? throw new InvalidOperationException($"{node} must have a parameter {full}, but the network has none.");
        return tensor.ToArray();
    }
}

/// <summary>A value of a network.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Node">The node that it belongs to.</param>
/// <param name="Activation">The function that gives it; null where it is none.</param>
/// <param name="From">The values that it is computed of.</param>
/// <param name="Size">The numbers of one sample.</param>
internal sealed record NodeValue(string Name, NetworkNode Node, NodeActivation? Activation, int[] From, int Size);
