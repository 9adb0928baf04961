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
            var node = new Node(nodes.Count, like.Name, operation, inputs.ToEquatableArray(), like.Shape);
            nodes.Add(node);
            return node;
        }

        var loss = Add(graph[graph.Output], new LossOperation(train.Loss, train.HuberDelta) { Own = train.OwnLoss }, graph.Output);

        // Of each node, the gradients that come from those that take it.
        var gradients = graph.Nodes.ToDictionary(node => node.Id, _ => new List<int>());
        gradients[graph.Output].Add(loss.Id);
        var inputGradient = loss.Id;
        foreach (var node in graph.Nodes.Reverse())
        {
            var gradient = inputGradient = Gradient(node);
            void ToInput(int k, Operation operation) => gradients[node.Inputs[k]].Add(Add(graph[node.Inputs[k]], operation, gradient, node.Id).Id);
            switch (node.Operation)
            {
                case ActivationOperation activation:
                    gradients[node.Inputs[0]].Add(Add(node, new ActivationGradientOperation(activation.Function), gradient, node.Id).Id);
                    break;
                case DropoutOperation:
                    gradients[node.Inputs[0]].Add(Add(node, new DropoutGradientOperation(), gradient, node.Id).Id);
                    break;
                case GaussianNoiseOperation:
                    gradients[node.Inputs[0]].Add(gradient); // y = x + noise: ∂loss/∂x = ∂loss/∂y
                    break;
                case BiasOperation:
                    gradients[node.Inputs[0]].Add(gradient); // y = x + b: ∂loss/∂x = ∂loss/∂y
                    Add(node, new ParameterGradientOperation(), gradient, node.Id);
                    break;
                case BatchNormOperation or LayerNormOperation:
                    gradients[node.Inputs[0]].Add(Add(node, new NormalizationGradientOperation(), gradient, node.Id).Id);
                    Add(node, new ParameterGradientOperation(), gradient, node.Id);
                    break;
                case DenseOperation or ConvolutionOperation:
                    if (node.Operation is DenseOperation { Rules.Activity: { } penalty })
                    {
                        Add(node, new ActivityGradientOperation(penalty), gradient, node.Id); // in place
                    }

                    // The inputs' gradient comes first: it takes the weights from before the update.
                    ToInput(0, new InputGradientOperation());
                    Add(node, new ParameterGradientOperation(), gradient, node.Id);
                    break;
                case PoolOperation:
                    ToInput(0, new PoolGradientOperation());
                    break;
                case ReshapeOperation:
                    ToInput(0, new ReshapeGradientOperation());
                    break;
                case JoinOperation:
                    for (var k = 0; k < node.Inputs.Count; k++)
                    {
                        ToInput(k, new JoinGradientOperation(k));
                    }

                    break;
            }
        }

        // The gradient of a node that several take is the sum of what comes from each.
        int Gradient(Node node) => gradients[node.Id] is { Count: 1 } only ? only[0] : Add(node, new SumOperation(node.Id), [.. gradients[node.Id]]).Id;

        return new Graph(nodes.ToEquatableArray(), graph.Output, inputGradient);
    }
}
