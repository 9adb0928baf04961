using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Passes;

/// <summary>What a step does otherwise than the gradients that are asked for: frozen layers, penalties, constraints.</summary>
internal static partial class Fuse
{
    private sealed partial class Fuser
    {
        /// <summary>
        /// Puts what carries a gradient to a node's inputs where it belongs: into a step only where something below learns, and without
        /// parameters below only to the inputs' gradient.
        /// </summary>
        private void CarryGradient(int node, Kernel kernel, int input = 0) => CarryGradient(graph[graph[node].Inputs[input]], kernel);

        private void CarryGradient(Node below, Kernel kernel)
        {
            (HasParameters(below) ? _backward : _inputGradient).Add(kernel);
            if (Learns(below))
            {
                _descent.Add(kernel);
            }
        }

        /// <summary>Whether a node, or one below it, has parameters.</summary>
        private bool HasParameters(Node node) => Below(_haveParameters, node, OwnsParameters);

        /// <summary>Whether a step changes parameters of a node, or of one below it.</summary>
        private bool Learns(Node node) => Below(_learn, node, each => OwnsParameters(each) && !IsFrozen(each));

        /// <summary>Whether something holds for a node or one below it; each node is asked once, however many ways lead to it.</summary>
        private bool Below(Dictionary<int, bool> known, Node node, Func<Node, bool> holds)
        {
            if (!known.TryGetValue(node.Id, out var answer))
            {
                answer = holds(node) || node.Inputs.Any(id => Below(known, graph[id], holds));
                known[node.Id] = answer;
            }

            return answer;
        }

        private static bool OwnsParameters(Node node) => node.Operation is DenseOperation or ConvolutionOperation or BiasOperation or BatchNormOperation or LayerNormOperation;

        private bool IsFrozen(Node node) => declaration.Layers.First(layer => layer.Name == graph.Owner(node).Name).Frozen;

        /// <summary>A penalty on the result of a dense layer, which its own activation gives if it has one.</summary>
        private void ActivityGradient(Node node, Penalty penalty)
        {
            var dense = graph[node.Inputs[1]];
            var last = OwnActivation(dense) ?? dense;
            var function = last.Operation is ActivationOperation activation ? activation.Function : default;
            _descent.Add(new ActivityKernel(
                $"AddActivity{_numbers[dense.Id]}", penalty, _values[last.Id], _gradients[node.Inputs[0]], function, last == dense ? null : SlopeOperand(last)));
        }

        /// <summary>The activation that is an argument of a dense layer.</summary>
        private Node? OwnActivation(Node dense) => Consumer(dense) is { Operation: ActivationOperation } next && next.Name == dense.Name ? next : null;

        /// <summary>Whether an activation node gives the result of a dense layer, and that is penalised.</summary>
        private bool IsPenalized(Node activation) =>
            Trains && graph[activation.Inputs[0]] is { Operation: DenseOperation { Rules.Activity: not null } } dense && dense.Name == activation.Name;

        /// <summary>Whether the result of a dense layer without an activation of its own is penalised: then it must not be fused away.</summary>
        private bool IsPenalizedAlone(Node dense) =>
            Trains && dense.Operation is DenseOperation { Rules.Activity: not null } && OwnActivation(dense) is null;

        /// <summary>What a step does with the parameters of a dense layer.</summary>
        private void Descend(Node dense, ProductKernel update)
        {
            var number = _numbers[dense.Id];
            var isFirst = !_descent.OfType<ProductKernel>().Any(kernel => kernel.Product == Product.WeightGradient && kernel.Result == update.Result); // of those that share
            foreach (var tensor in _tensors.Where(t => isFirst && t.Penalty is not null && (t.Buffer == update.Result || t.Buffer == update.Bias)))
            {
                _descent.Add(new PenaltyKernel($"Penalize_{tensor.Buffer.Name}", tensor.Buffer, tensor.Penalty!));
            }

            _descent.Add(update);
            if (isFirst && ((DenseOperation)graph.Owner(dense).Operation).Rules is { Constrain: true } rules)
            {
                _constraints.Insert(0, new ConstraintKernel($"Constrain{number}", update.Result, rules.NonNegative, rules.MaxNorm));
            }
        }
    }
}
