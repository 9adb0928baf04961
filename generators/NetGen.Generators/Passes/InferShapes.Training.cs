using System;
using System.Linq;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Passes;

/// <summary>What can be wrong with how a network learns.</summary>
internal sealed partial class InferShapes
{
    private void CheckTraining()
    {
        if (_declaration.Train is not { } train)
        {
            return;
        }

        LayerRuleChecks.Check(_declaration, _errors);
        var anchor = _declaration.TrainAnchor;
        CheckOptimizer(train.Settings, anchor);
        CheckOption(train.BatchSize is >= 1 and <= 1 << 20, anchor, "BatchSize", "a number from 1 to 1048576", train.BatchSize);
        var values = _nodes.Sum(node => (double)Padded(node.Size)) * Math.Max(1, train.BatchSize);
        if (values > LargestBatch && _errors.All(error => error.Id is not (ErrorIds.TooLarge or ErrorIds.OptionOutOfRange)))
        {
            Error(ErrorIds.TooLarge, new(anchor, "BatchSize"), "A batch's values in all layers", Text(values), Text(LargestBatch));
        }

        var blocks = OptimizerRules.Blocks(train);
        if (blocks * _parameters > LargestBlock && _errors.All(error => error.Id is not (ErrorIds.TooLarge or ErrorIds.OptionOutOfRange)))
        {
            Error(ErrorIds.TooLarge, new(anchor, "optimizer"), "The parameters and what the optimiser keeps of them", Text(blocks * _parameters), Text(LargestBlock));
        }

        CheckLosses(train);
    }

    private void CheckOptimizer(OptimizerSettings settings, int anchor)
    {
        void Positive(string option, double? number) => CheckOption(number is null || IsPositive(number.Value), anchor, option, "a finite number above 0", number ?? 1);
        void Rate(string option, double? number) => CheckOption(
            number is null || (number >= 0 && IsFinite((float)number)), anchor, option, "a finite number of at least 0", number ?? 0);
        void Share(string option, double number) => CheckOption(number >= 0 && (float)number < 1, anchor, option, "from 0 to below 1", number);
        Positive("LearningRate", settings.LearningRate);
        Positive("Epsilon", settings.Epsilon);
        Positive("ClipNorm", settings.ClipNorm);
        Positive("ClipValue", settings.ClipValue);
        Rate("Momentum", settings.Momentum);
        Rate("WeightDecay", settings.WeightDecay);
        Share("Beta1", settings.Beta1);
        Share("Beta2", settings.Beta2);
        Share("Rho", settings.Rho);
        Share("Alpha", settings.Alpha);
    }
}
