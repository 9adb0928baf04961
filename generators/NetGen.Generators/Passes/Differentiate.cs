using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>
/// Adds the backward nodes: the loss, then for every node, last to first, what carries its gradient to the nodes it takes and
/// to its parameters. The rules are those of backpropagation (Rumelhart, Hinton and Williams, 1986).
/// </summary>
internal static class Differentiate
{
    public static Graph Run(Graph graph, TrainDeclaration train)
    {
        var nodes = graph.Nodes.ToList();
        Node Add(Node like, Operation operation, params int[] inputs)
        {
            var node = new Node(nodes.Count, like.Name, operation, inputs.ToEquatableArray(), like.Size);
            nodes.Add(node);
            return node;
        }

        var loss = Add(graph[graph.Output], new LossOperation(train.Loss, train.HuberDelta) { Own = train.OwnLoss }, graph.Output);

        // Every node has one consumer, so its gradient is one node; where several meet, a sum of them will stand here.
        var gradients = new Dictionary<int, int> { [graph.Output] = loss.Id };
        foreach (var node in graph.Nodes.Reverse())
        {
            var gradient = gradients[node.Id];
            switch (node.Operation)
            {
                case ActivationOperation activation:
                    gradients[node.Inputs[0]] = Add(node, new ActivationGradientOperation(activation.Function), gradient, node.Id).Id;
                    break;
                case DropoutOperation:
                    gradients[node.Inputs[0]] = Add(node, new DropoutGradientOperation(), gradient, node.Id).Id;
                    break;
                case GaussianNoiseOperation:
                    gradients[node.Inputs[0]] = gradient; // y = x + noise: ∂loss/∂x = ∂loss/∂y
                    break;
                case BatchNormOperation or LayerNormOperation:
                    gradients[node.Inputs[0]] = Add(node, new NormalizationGradientOperation(), gradient, node.Id).Id;
                    Add(node, new ParameterGradientOperation(), gradient, node.Id);
                    break;
                case DenseOperation:
                    // The inputs' gradient comes first: it takes the weights from before the update.
                    gradients[node.Inputs[0]] = Add(graph[node.Inputs[0]], new InputGradientOperation(), gradient, node.Id).Id;
                    Add(node, new ParameterGradientOperation(), gradient, node.Id);
                    break;
            }
        }

        return new Graph(nodes.ToEquatableArray(), graph.Output, gradients[0]);
    }
}
