using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>
/// Makes a bias that follows a product without one that product's own: it is then where the sums start, and no pass. Only where nothing else takes
/// the product or shares its weights, its result is not penalised, both are frozen or neither, and the bias is the next layer, so that the parameters keep their order.
/// </summary>
internal static class MergeBiases
{
    public static Graph Run(Graph graph, NetworkDeclaration declaration)
    {
        var nodes = new List<Node>();
        var ids = new Dictionary<int, int>();
        foreach (var node in graph.Nodes)
        {
            if (node.Operation is BiasOperation bias && node.Inputs[0] == node.Id - 1 && Merged(graph, declaration, graph[node.Id - 1], node, bias) is { } merged)
            {
                nodes[nodes.Count - 1] = nodes[nodes.Count - 1] with { Operation = merged };
            }
            else
            {
                nodes.Add(node with { Id = nodes.Count, Inputs = node.Inputs.Select(id => ids[id]).ToEquatableArray(), Owner = node.Owner is { } owner ? ids[owner] : null });
            }

            ids[node.Id] = nodes.Count - 1;
        }

        return graph with { Nodes = nodes.ToEquatableArray(), Output = ids[graph.Output], Losses = graph.Losses.Select(id => ids[id]).ToEquatableArray() };
    }

    /// <summary>The product with the bias; null where it cannot have it.</summary>
    private static Operation? Merged(Graph graph, NetworkDeclaration declaration, Node product, Node node, BiasOperation bias)
    {
        bool IsFrozen(Node layer) => declaration.Layers.First(each => each.Name == layer.Name).Frozen;
        if (graph.IsShared(product) || graph.Nodes.Count(each => each.Inputs.Contains(product.Id)) > 1 || graph.Losses.Contains(product.Id) || graph.Output == product.Id)
        {
            return null;
        }

        return product.Operation switch
        {
            DenseOperation { Bias: false, Rules.Activity: null } dense when IsFrozen(product) == IsFrozen(node) =>
                dense with { Bias = true, BiasInitializer = bias.Initializer, BiasOf = node.Name },
            ConvolutionOperation { Bias: false } convolution when IsFrozen(product) == IsFrozen(node) =>
                convolution with { Bias = true, BiasInitializer = bias.Initializer, BiasOf = node.Name },
            _ => null,
        };
    }
}
