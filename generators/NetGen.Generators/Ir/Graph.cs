using System.Linq;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>
/// The network as a list of nodes in an order in which each comes after those it takes: first what the user declared, after
/// differentiation also the loss and the backward nodes. Node ids are indices into <paramref name="Nodes"/>.
/// </summary>
/// <param name="Nodes">The nodes in order.</param>
/// <param name="Output">The node that predictions come from: the last of those that run forward.</param>
/// <param name="Losses">Of each loss the node that it is of; empty for a network that predicts only.</param>
/// <param name="InputGradient">After differentiation: the node that gives the gradient of the inputs.</param>
internal sealed record Graph(EquatableArray<Node> Nodes, int Output, EquatableArray<int> Losses, int? InputGradient = null)
{
    public Node this[int id] => Nodes[id];

    /// <summary>The node that has a node's parameters.</summary>
    public Node Owner(Node node) => node.Owner is { } id ? Nodes[id] : node;

    /// <summary>Whether several nodes use a node's parameters.</summary>
    public bool IsShared(Node node) => node.Owner is not null || Nodes.Any(other => other.Owner == node.Id);
}

/// <summary>One operation.</summary>
/// <param name="Id">Its index in the graph.</param>
/// <param name="Name">Its layer's name.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Inputs">The nodes it takes, in the operation's order.</param>
/// <param name="Shape">The sizes of one sample's result: features; channels, length; or channels, height, width.</param>
internal sealed record Node(int Id, string Name, Operation Operation, EquatableArray<int> Inputs, EquatableArray<int> Shape)
{
    /// <summary>The node whose parameters it uses; null for its own.</summary>
    public int? Owner { get; init; }

    /// <summary>The numbers of one sample's result.</summary>
    public int Size { get; } = Shape.Aggregate(1, (size, dimension) => size * dimension);

    /// <summary>Whether the result is a row of features.</summary>
    public bool IsFlat => Shape.Count == 1;
}

/// <summary>What a node does.</summary>
internal abstract record Operation;

/// <summary>One sample's input, given from outside; of several inputs the row of all.</summary>
internal sealed record InputOperation : Operation;

/// <summary>One of several inputs: so many numbers of the row from <paramref name="First"/> on.</summary>
internal sealed record SliceOperation(int First) : Operation;

/// <summary>y = x·Wᵀ + b.</summary>
internal sealed record DenseOperation(bool Bias, Initializer WeightInitializer, Initializer BiasInitializer) : Operation
{
    /// <summary>Penalties and constraints.</summary>
    public LayerRules Rules { get; init; } = LayerRules.None;

    /// <summary>The layer whose bias it has, where that is none of its own.</summary>
    public string? BiasOf { get; init; }
}

/// <summary>y = x + b, b for each feature, or for each channel.</summary>
internal sealed record BiasOperation(Initializer Initializer) : Operation;

/// <summary>y = f(x): element by element, or over the row for softmax.</summary>
internal sealed record ActivationOperation(ActivationFunction Function) : Operation;

/// <summary>
/// y[f, i, j] = b[f] + Σ w[f, c, u, v]·x[c, i·stride + u·dilation − top, j·stride + v·dilation − left], c over the channels of f's group.
/// </summary>
/// <remarks>Transposed, it is the way back of such a convolution: x stands for its result and y for what it goes over, so that the window, the groups
/// and the weights [channels of x, channels of y / groups, …] are that one's.</remarks>
internal sealed record ConvolutionOperation(Window Window, int Groups, bool Bias, Initializer WeightInitializer, Initializer BiasInitializer) : Operation
{
    /// <summary>Whether it is the way back of the convolution that the window describes, and a bias.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>The layer whose bias it has, where that is none of its own.</summary>
    public string? BiasOf { get; init; }
}

/// <summary>The largest number or the mean of each window, channel by channel.</summary>
internal sealed record PoolOperation(Pooling Pooling, Window Window) : Operation;

/// <summary>The same numbers in another shape.</summary>
internal sealed record ReshapeOperation : Operation;

/// <summary>Several results as one.</summary>
internal sealed record JoinOperation(Joining Joining) : Operation;

/// <summary>y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² of each feature over the batch; when predicting, the running ones.</summary>
internal sealed record BatchNormOperation(double Momentum, double Epsilon) : Operation;

/// <summary>The same with μ and σ² of each sample over its features.</summary>
internal sealed record LayerNormOperation(double Epsilon) : Operation;

/// <summary>y = x/(1 − rate) where a random number says so, else 0; when predicting y = x.</summary>
/// <param name="Rate">The probability of 0.</param>
/// <param name="Layer">The layer's number, by which its random numbers differ from other layers'.</param>
internal sealed record DropoutOperation(double Rate, int Layer) : Operation;

/// <summary>y = x + noise; when predicting y = x.</summary>
/// <param name="Deviation">The noise's standard deviation.</param>
/// <param name="Layer">The layer's number, by which its random numbers differ from other layers'.</param>
internal sealed record GaussianNoiseOperation(double Deviation, int Layer) : Operation;

// What differentiation adds. Where several gradients of one node meet, a SumOperation adds them. Inputs[0] is always the gradient that comes from above.

/// <summary>
/// The loss of an output node (Inputs[0]), and so the first gradient: ∂loss/∂output. Where the loss is computed from the logits, it is that of the
/// last activation's argument.
/// </summary>
/// <param name="Declaration">The loss.</param>
/// <param name="First">Where its targets begin in a row of targets.</param>
internal sealed record LossOperation(LossDeclaration Declaration, int First) : Operation;

/// <summary>∂loss/∂x of y = f(x): the gradient ∂loss/∂y (Inputs[0]) times the slope of the activation node Inputs[1].</summary>
internal sealed record ActivationGradientOperation(ActivationFunction Function) : Operation;

/// <summary>∂loss/∂x of the dropout node Inputs[1]: the gradient ∂loss/∂y (Inputs[0]) with the same numbers dropped.</summary>
internal sealed record DropoutGradientOperation : Operation;

/// <summary>
/// ∂loss/∂x of the normalisation Inputs[1], from ∂loss/∂y (Inputs[0]), with x̂ = (x − μ)/√(σ² + ε) and means over what μ is the mean of:
/// ∂loss/∂x = (g − mean g − x̂·mean(g·x̂))/√(σ² + ε), g = γ·∂loss/∂y.
/// </summary>
internal sealed record NormalizationGradientOperation : Operation;

/// <summary>
/// Adds to ∂loss/∂y (Inputs[0]) of the dense node Inputs[1] what a penalty on the layer's result adds to it, its activation taken into account. In
/// steps alone.
/// </summary>
internal sealed record ActivityGradientOperation(Penalty Penalty) : Operation;

/// <summary>∂loss/∂x = ∂loss/∂y · W (Inputs[0]) of the dense node Inputs[1].</summary>
internal sealed record InputGradientOperation : Operation;

/// <summary>
/// The gradients of the parameters of node Inputs[1]. Dense: ∂loss/∂W = xᵀ·∂loss/∂y (Inputs[0]) and ∂loss/∂b = Σ ∂loss/∂y; normalisation:
/// ∂loss/∂γ = Σ ∂loss/∂y·x̂ and ∂loss/∂β = Σ ∂loss/∂y, over the samples; bias: ∂loss/∂b = Σ ∂loss/∂y.
/// </summary>
internal sealed record ParameterGradientOperation : Operation;

/// <summary>∂loss/∂x of the pooling Inputs[1]: a maximum's goes where it came from, a mean's to all in equal parts.</summary>
internal sealed record PoolGradientOperation : Operation;

/// <summary>∂loss/∂x of a reshape: ∂loss/∂y (Inputs[0]) in the shape of x.</summary>
internal sealed record ReshapeGradientOperation : Operation;

/// <summary>∂loss/∂xₖ of the join Inputs[1], xₖ being the k-th node that it takes.</summary>
internal sealed record JoinGradientOperation(int Which) : Operation;

/// <summary>∂loss/∂x of the row of all inputs: theirs one after another.</summary>
internal sealed record InputRowGradientOperation : Operation;

/// <summary>∂loss/∂x of the node <paramref name="Of"/>, whose result several nodes take: the sum of what comes from each.</summary>
internal sealed record SumOperation(int Of) : Operation;
