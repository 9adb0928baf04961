using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>Biases that are no product's start (<see cref="MergeBiases"/>).</summary>
internal static partial class Fuse
{
    private sealed partial class Fuser
    {
        private void Bias(Node node, BiasOperation operation)
        {
            var number = _numbers[node.Id];
            var bias = new Buffer($"b{number}", Storage.Vector, 0, node.Shape[0]);
            _tensors.Add(BiasTensor(node.Name, bias, operation.Initializer, bias.Columns, bias.Columns) with { IsFrozen = IsFrozen(node) });

            var fused = FusedActivation(node);
            var last = fused is null ? node : Consumer(node)!;
            var result = Value($"{(fused is null ? "z" : "a")}{number}", last);
            Buffer? argument = null;
            if (fused is { } activation && Trains && activation.SlopeTakesArgument())
            {
                argument = node.IsFlat ? Panels($"z{number}", node.Size) : Images($"z{number}", new(ImageShape.Of(node.Shape)));
                _arguments[last.Id] = argument;
            }

            foreach (var each in new[] { node, last })
            {
                (_values[each.Id], _predicted[each.Id]) = (result, result);
            }

            var predicted = _predicted[node.Inputs[0]];
            Both(new BiasKernel($"AddBias{number}", _values[node.Inputs[0]], bias, result, fused ?? default, argument), kernel => kernel with { Source = predicted });
        }

        private void BiasGradient(Node node)
        {
            var bias = graph[node.Inputs[1]];
            var update = new BiasGradientKernel($"Update{_numbers[bias.Id]}", _gradients[node.Inputs[0]], Parameter($"b{_numbers[bias.Id]}"));
            _backward.Add(update);
            if (!IsFrozen(bias))
            {
                _descent.Add(update);
            }
        }

        private static Tensor BiasTensor(string layer, Buffer bias, Initializer start, int fanIn, int fanOut) => new(
            $"{layer}.bias", bias, new[] { bias.Columns }.ToEquatableArray(), start == Initializer.Auto ? Initializer.Zeros : start, fanIn, fanOut);
    }
}
