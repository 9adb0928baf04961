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
