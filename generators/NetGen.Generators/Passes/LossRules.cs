using System.Collections.Generic;
using System.Globalization;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>Which loss may follow which last layer, and what a loss works with.</summary>
internal static class LossRules
{
    /// <summary>The most classes whose cross-entropy takes a sample a lane: those of one turned block at every width.</summary>
    public const int MostClasses = VectorTarget.VirtualLanes;

    /// <summary>The floats of a turned block: samples by classes.</summary>
    public const int Block = VectorTarget.VirtualLanes * VectorTarget.VirtualLanes;

    /// <summary>The floats that such a cross-entropy works with: labels of whole groups of 16 samples, then three blocks.</summary>
    public static int Scratch(int batchSize) => Buffer.RoundUp(batchSize, VectorTarget.VirtualLanes) + 3 * Block;

    /// <summary>Whether a loss is computed from the argument of the activation that gives an output: softmax or sigmoid before its cross-entropy.</summary>
    public static bool TakesArgument(Loss loss, Node output) => loss is Loss.CrossEntropy or Loss.BinaryCrossEntropy && output.Operation is ActivationOperation;

    /// <summary>Whether two outputs together say what is expected of one target; such as a mean and a variance.</summary>
    public static bool IsOfPairs(Loss loss) => loss is Loss.GaussianNLL or Loss.NegativeBinomial;

    /// <summary>Whether targets are ±1.</summary>
    public static bool IsHinge(Loss loss) => loss is Loss.Hinge or Loss.SquaredHinge;

    /// <summary>Whether labels are taken too; a hinge of a single output has two classes and no output for each.</summary>
    public static bool TakesLabels(Loss loss, int outputs) =>
        loss is Loss.SoftmaxCrossEntropy or Loss.CrossEntropy || (IsHinge(loss) && outputs > 1);

    /// <summary>The numbers of one row of targets.</summary>
    public static int TargetSize(Loss loss, int outputs) => IsOfPairs(loss) ? outputs / 2 : outputs;

    /// <summary>The floats that a loss of pairs works with: both outputs and the target of every pair, up to whole groups of 16.</summary>
    public static int PairScratch(int batchSize, int targets) => 3 * Buffer.RoundUp(batchSize * targets, VectorTarget.VirtualLanes);

    /// <param name="loss">The loss.</param>
    /// <param name="output">The node that it is of.</param>
    /// <param name="atLoss">Where the loss is named.</param>
    /// <param name="layer">The layer that gives the output, and its anchor; null where an input does.</param>
    /// <param name="errors">Takes what does not fit.</param>
    public static void Check(Loss loss, Node output, Anchor atLoss, (int Anchor, LayerDeclaration Declaration)? layer, List<CompilerError> errors)
    {
        var function = output.Operation is ActivationOperation activation ? activation.Function.Kind : Activation.Identity;
        var atFunction = layer is { } given ? new Anchor(given.Anchor, given.Declaration is ActivationDeclaration ? "kind" : "activation") : atLoss;
        switch (loss)
        {
            case Loss.SoftmaxCrossEntropy when function == Activation.Softmax:
                errors.Add(new(ErrorIds.SoftmaxTwice, atFunction, output.Name));
                break;
            case Loss.SigmoidCrossEntropy when function == Activation.Sigmoid:
                errors.Add(new(ErrorIds.SigmoidTwice, atFunction, output.Name));
                break;
            case Loss.CrossEntropy when function != Activation.Softmax:
                errors.Add(NeedsActivation(loss, Activation.Softmax, Loss.SoftmaxCrossEntropy));
                break;
            case Loss.BinaryCrossEntropy when function != Activation.Sigmoid:
                errors.Add(NeedsActivation(loss, Activation.Sigmoid, Loss.SigmoidCrossEntropy));
                break;
            case Loss.SoftmaxCrossEntropy when output.Size == 1 && output.Inputs.Count > 0:
                errors.Add(new(ErrorIds.SoftmaxOfOne, atLoss, "Loss.SoftmaxCrossEntropy"));
                break;
            case Loss.Hinge or Loss.SquaredHinge when !CanBeNegative(function):
                errors.Add(NeedsActivation(loss, Activation.Identity, loss));
                break;
            case Loss.GaussianNLL or Loss.NegativeBinomial when function != Activation.Identity:
                errors.Add(NeedsActivation(loss, Activation.Identity, loss));
                break;
            case Loss.GaussianNLL or Loss.NegativeBinomial when output.Size % 2 != 0 && output.Inputs.Count > 0:
                errors.Add(new(ErrorIds.OddOutputs, atLoss, $"Loss.{loss}", output.Name, output.Size.ToString(CultureInfo.InvariantCulture)));
                break;
            case Loss.Poisson when CanBeNegative(function):
                errors.Add(new(ErrorIds.PoissonOfNegative, atLoss, output.Name, $"Activation.{function}"));
                break;
        }

        CompilerError NeedsActivation(Loss got, Activation needed, Loss fitting) => new(
            ErrorIds.LossNeedsActivation,
            atLoss,
            $"Loss.{got}",
            $"Activation.{needed}",
            output.Name,
            $"Activation.{function}",
            $"Loss.{(function switch
            {
                Activation.Softmax => Loss.CrossEntropy,
                Activation.Sigmoid => Loss.BinaryCrossEntropy,
                Activation.Identity => fitting,
                _ => Loss.MeanSquaredError,
            })}");
    }

    private static bool CanBeNegative(Activation function) => function is not
        (Activation.Sigmoid or Activation.ReLU or Activation.ReLU6 or Activation.Softplus or Activation.HardSigmoid or Activation.Softmax or Activation.Custom);
}
