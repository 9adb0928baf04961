using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>Predicts the cycles of whole calls: products by <see cref="CostModel"/>, the other kernels by what one vector of theirs takes.</summary>
internal static class ProgramCost
{
    /// <summary>What a call of <c>TrainBatch</c> takes beside its kernels: checks, places, the lock.</summary>
    private const double StepCall = 60;

    /// <summary>The same for <c>Predict</c>.</summary>
    private const double PredictCall = 50;

    /// <summary>A training step on a whole batch.</summary>
    public static double Step(KernelProgram program, VectorTarget target)
    {
        var batch = program.Declaration.Train!.BatchSize;
        return StepCall + UpdateAfterAll(program, target) + program.Constraints.Sum(kernel => Of(kernel, target, batch, batch))
            + (program.IsNarrow ? NarrowStep.Cycles(program, target) : StepKernels(program).Sum(kernel => Of(kernel, target, batch, batch)));
    }

    /// <summary>The optimiser's step with all parameters at once, where there is such a one.</summary>
    public static double UpdateAfterAll(KernelProgram program, VectorTarget target)
    {
        if (program.Update != UpdatePlace.AfterAll)
        {
            return 0;
        }

        var floats = program.Tensors.Sum(tensor => tensor.Buffer.Length(0));
        var norm = program.Declaration.Train!.Settings.ClipNorm is null ? 0 : (double)floats / target.Lanes;
        return CostModel.Update(program.Declaration.Train.Settings.Optimizer, floats, target) + norm;
    }

    /// <summary>A prediction of so many samples.</summary>
    /// <param name="program">The network.</param>
    /// <param name="layout">How many samples go through it together, and how many one by one.</param>
    /// <param name="target">The width.</param>
    /// <param name="samples">The samples.</param>
    public static double Predict(KernelProgram program, Layout layout, VectorTarget target, int samples)
    {
        var (kernels, group) = (program.Prediction.Where(kernel => kernel is not FoldKernel), layout.PredictionRows);
        double Group(int rows) => kernels.Sum(kernel => Of(kernel, target, rows, program.Declaration.Train?.BatchSize))
            + Copy(rows, program.Output.Columns, target);
        var left = samples % group;
        return PredictCall + program.Prediction.OfType<FoldKernel>().Sum(fold => CostModel.Fold(fold, target)) + samples / group * Group(group)
            + (left == 0 ? 0 : left <= layout.FewSamples ? left * PlanarRules.Alone(program, target) : Group(left));
    }

    /// <summary>The kernels of a step, with one objective.</summary>
    public static IEnumerable<Kernel> StepKernels(KernelProgram program) =>
        program.Forward.Concat(program.Objectives[program.Objectives.Count - 1].Losses).Concat(program.Descent).Concat(program.Track);

    /// <summary>One kernel on so many samples.</summary>
    public static double Of(Kernel kernel, VectorTarget target, int samples, int? batchSize) => kernel switch
    {
        ProductKernel product when Schedule.IsOneOutput(product, batchSize) => CostModel.OneOutput(product, target, samples),
        ProductKernel product => CostModel.Of(product, Schedule.Run(product, target, batchSize), target, samples),
        TransposeKernel transpose => Transpose(transpose, target),
        LossKernel loss => Loss(loss, target, samples),
        ActivationKernel activation => Vectors(activation.Source, target, samples) * (2 + CostModel.Activation(activation.Function)),
        ActivationGradientKernel gradient => Vectors(gradient.Gradient, target, samples) * (2 + CostModel.Slope(gradient.Function)),
        PointwiseKernel pointwise => CostModel.Pointwise(pointwise.Normalization, pointwise.Stages, Vectors(pointwise.Source, target, samples), isGradient: false),
        FoldKernel fold => CostModel.Fold(fold, target),
        PointwiseGradientKernel pointwise => CostModel.Pointwise(pointwise.Normalization, pointwise.Stages, Vectors(pointwise.Gradient, target, samples), isGradient: true),
        TrackKernel track => 12 + 6 * Math.Ceiling((double)track.Mean.Columns / target.Lanes),
        PenaltyKernel penalty => 12 + 2 * Vectors(penalty.Parameter, target, 0),
        ActivityKernel activity => 12 + Vectors(activity.Value, target, samples) * (4 + CostModel.Slope(activity.Activation)),
        ConstraintKernel constraint => 12 + 3 * Vectors(constraint.Weights, target, 0),
        ArrangeKernel arrange => Copy(samples, arrange.Source.Columns, target),
        _ => ImageCost.Of(kernel, target, samples),
    };

    /// <summary>Square blocks of one vector by as many, each taking log₂ of the lanes in rounds of shuffles.</summary>
    private static double Transpose(TransposeKernel kernel, VectorTarget target)
    {
        var blocks = Math.Ceiling((double)kernel.Source.Rows / target.Lanes) * Math.Ceiling((double)kernel.Source.Columns / target.Lanes);
        var rounds = Math.Log(target.Lanes, 2);
        return 12 + blocks * target.Lanes * (rounds * 0.75 + 2);
    }

    /// <summary>Exponentials and logarithms for each vector, and a sum over the samples at the end.</summary>
    private static double Loss(LossKernel kernel, VectorTarget target, int samples)
    {
        var isProbability = kernel.Loss is NetGen.Loss.SoftmaxCrossEntropy or NetGen.Loss.CrossEntropy
            or NetGen.Loss.SigmoidCrossEntropy or NetGen.Loss.BinaryCrossEntropy;
        if (kernel.IsOfPairs)
        {
            // Pairs are gathered and their gradients spread one by one; between, vectors of an exponential, or of logarithms of Γ.
            var pairs = (double)samples * kernel.TargetColumns;
            return 60 + 8 * pairs + pairs / target.Lanes * (kernel.Loss == NetGen.Loss.GaussianNLL ? 20 : 180);
        }

        return 60 + (double)samples * kernel.Output.PaddedColumns / target.Lanes * (isProbability ? 24 : 6);
    }

    private static double Copy(int samples, int columns, VectorTarget target) => samples * Math.Ceiling((double)columns / target.Lanes) * 2.0;

    private static double Vectors(Ir.Buffer buffer, VectorTarget target, int samples) => (double)buffer.Length(samples) / target.Lanes;
}
