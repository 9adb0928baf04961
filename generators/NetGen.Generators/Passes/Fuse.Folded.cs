using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>Normalisations that predictions leave to the product before them.</summary>
internal static partial class Fuse
{
    private sealed partial class Fuser
    {
        /// <summary>
        /// Folds a normalisation into the product whose result it alone takes, and with it the first activation that follows; other activations stay
        /// a pass. Steps are as they were: a batch's figures are known only when all its results are there.
        /// </summary>
        /// <param name="node">The normalisation.</param>
        /// <param name="normalization">What it does when predicting; null for a chain without one.</param>
        /// <param name="functions">The activations that follow it.</param>
        /// <param name="result">Takes what the last of them gives.</param>
        /// <returns>Whether it could.</returns>
        private bool FoldsIntoProduct(Node node, Normalization? normalization, EquatableArray<Stage> functions, Buffer result)
        {
            var place = normalization is { Figures: Figures.Running } && FollowsProduct(node) ? _prediction.FindIndex(IsSource) : -1;
            if (place < 0)
            {
                return false;
            }

            Buffer Figure(string name) => new(Unique($"{name}{_numbers[node.Id]}"), Storage.Vector, 0, normalization!.Weight.Columns);
            var folded = new Folded(Figure("scale"), Figure("shift"));
            var function = functions.Count == 0 ? default : ((ActivationStage)functions[0]).Function;
            var rest = functions.Skip(1).ToEquatableArray();
            var taken = rest.Count == 0 ? result : _predicted[node.Inputs[0]];
            var name = $"{_prediction[place].Name}Folded";
            var (product, bias) = _prediction[place] switch
            {
                ProductKernel k => (k with { Name = name, Bias = null, Folded = folded, Activation = function, Result = taken }, k.Bias),
                var kernel => ((Kernel)((ConvolutionKernel)kernel with { Name = name, Bias = null, Folded = folded, Activation = function, Result = taken }), ((ConvolutionKernel)kernel).Bias),
            };
            _prediction[place] = product;
            _prediction.Insert(place, new FoldKernel($"Fold{_numbers[node.Id]}", normalization!, bias, folded));
            if (rest.Count > 0)
            {
                _prediction.Add(new PointwiseKernel($"ActivatePredicted_{result.Name}", taken, result, null, rest));
            }

            return true;

            bool IsSource(Kernel kernel) => kernel is ProductKernel or ConvolutionKernel && AssignLayout.Result(kernel).Name == _predicted[node.Inputs[0]].Name;
        }

        /// <summary>Whether a layer takes the bare result of a dense layer or a convolution, which nobody else takes: what only trains may stand between.</summary>
        private bool FollowsProduct(Node node)
        {
            var below = graph[node.Inputs[0]];
            while (Consumer(below) is not null && below.Operation is DropoutOperation or GaussianNoiseOperation or ActivationOperation { Function.Kind: NetGen.Activation.Identity })
            {
                below = graph[below.Inputs[0]];
            }

            return Consumer(below) is not null && below.Operation is DenseOperation or ConvolutionOperation;
        }
    }
}
