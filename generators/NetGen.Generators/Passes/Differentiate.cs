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

        // Of each node, the gradients that come from those that take it.
        var gradients = graph.Nodes.ToDictionary(node => node.Id, _ => new List<int>());
        var (targets, inputs) = (0, new SortedDictionary<int, int>());
        for (var k = 0; k < train.Losses.Count; k++)
        {
            var (declared, output) = (train.Losses[k], graph[graph.Losses[k]]);
            var loss = Add(output, new LossOperation(declared, targets), output.Id);
            gradients[LossRules.TakesArgument(declared.Loss, output) ? output.Inputs[0] : output.Id].Add(loss.Id);
            targets += LossRules.TargetSize(declared.Loss, output.Size);
        }

        // Parameters that several nodes use change when none of these needs them any more.
        var shared = new List<Node>();
        void ToParameters(Node node, int gradient)
        {
            if (graph.IsShared(node))
            {
                shared.Insert(0, new Node(0, node.Name, new ParameterGradientOperation(), new([gradient, node.Id]), node.Shape));
                return;
            }

            Add(node, new ParameterGradientOperation(), gradient, node.Id);
        }

        int? inputGradient = null;
        foreach (var node in graph.Nodes.Reverse())
        {
            if (node.Operation is InputOperation && inputs.Count > 0)
            {
                inputGradient = Add(node, new InputRowGradientOperation(), [.. inputs.Values]).Id;
                break;
            }

            if (gradients[node.Id].Count == 0)
            {
                continue; // no loss depends on it
            }

            var gradient = Gradient(node);
            void ToInput(int k, Operation operation) => gradients[node.Inputs[k]].Add(Add(graph[node.Inputs[k]], operation, gradient, node.Id).Id);
            switch (node.Operation)
            {
                case InputOperation:
                    inputGradient = gradient;
                    break;
                case SliceOperation slice:
                    inputs[slice.First] = gradient;
                    break;
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
                    ToParameters(node, gradient);
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

        foreach (var gradient in shared)
        {
            Add(gradient, gradient.Operation, [.. gradient.Inputs]);
        }

        // The gradient of a node that several take is the sum of what comes from each.
        int Gradient(Node node) => gradients[node.Id] is { Count: 1 } only ? only[0] : Add(node, new SumOperation(node.Id), [.. gradients[node.Id]]).Id;

        return graph with { Nodes = nodes.ToEquatableArray(), InputGradient = inputGradient };
    }
}
