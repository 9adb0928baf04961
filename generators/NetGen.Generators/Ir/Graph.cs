using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>
/// The network as a list of nodes in an order in which each comes after those it takes: first what the user declared, after
/// differentiation also the loss and the backward nodes. Node ids are indices into <paramref name="Nodes"/>.
/// </summary>
/// <param name="Nodes">The nodes in order.</param>
/// <param name="Output">The node that predictions come from.</param>
internal sealed record Graph(EquatableArray<Node> Nodes, int Output)
{
    public Node this[int id] => Nodes[id];
}

/// <summary>One operation.</summary>
/// <param name="Id">Its index in the graph.</param>
/// <param name="Name">Its layer's name.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Inputs">The nodes it takes, in the operation's order.</param>
/// <param name="Size">The numbers of one sample's result.</param>
internal sealed record Node(int Id, string Name, Operation Operation, EquatableArray<int> Inputs, int Size);

/// <summary>What a node does.</summary>
internal abstract record Operation;

/// <summary>One sample's input, given from outside.</summary>
internal sealed record InputOperation : Operation;

/// <summary>y = x·Wᵀ + b.</summary>
internal sealed record DenseOperation(bool Bias, Initializer WeightInitializer, Initializer BiasInitializer) : Operation;

/// <summary>y = f(x): element by element, or over the row for softmax.</summary>
internal sealed record ActivationOperation(ActivationFunction Function) : Operation;

// What differentiation adds. Inputs[0] is always the gradient that comes from above.

/// <summary>The loss of the output node (Inputs[0]), and so the first gradient: ∂loss/∂output.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="HuberDelta">Huber's δ.</param>
internal sealed record LossOperation(Loss Loss, double HuberDelta) : Operation;

/// <summary>∂loss/∂x of y = f(x): the gradient ∂loss/∂y (Inputs[0]) times the slope of the activation node Inputs[1].</summary>
internal sealed record ActivationGradientOperation(ActivationFunction Function) : Operation;

/// <summary>∂loss/∂x = ∂loss/∂y · W (Inputs[0]) of the dense node Inputs[1].</summary>
internal sealed record InputGradientOperation : Operation;

/// <summary>∂loss/∂W = xᵀ·∂loss/∂y (Inputs[0]) and ∂loss/∂b = Σ ∂loss/∂y of the dense node Inputs[1].</summary>
internal sealed record ParameterGradientOperation : Operation;
