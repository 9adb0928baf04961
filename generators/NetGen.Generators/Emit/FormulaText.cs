using System;
using System.Globalization;
using NetGen.Compiler.Ir;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>What each kernel computes, as the lecture writes it, with shapes.</summary>
internal static class FormulaText
{
    /// <summary>A kernel's formula.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="rows">The rows of values: a number, or <c>rows</c>.</param>
    public static string Of(Kernel kernel, string rows) => kernel switch
    {
        ProductKernel { Product: Product.Forward } k => Forward(k, rows),
        ProductKernel { Product: Product.InputGradient } k =>
            $"{Values(k.Result, rows)} = {Values(k.Left, rows)} · {Weights(k.Right)}{Slope(k.Activation, k.Operand)}",
        ProductKernel { Update: { } optimizer } k =>
            $"{Weights(k.Result)} ← {optimizer}'s step with g = {Values(k.Left, rows)}ᵀ · {Values(k.Right, rows)}{(k.Bias is null ? "" : $", {k.Bias.Name} with g = Σ {k.Right.Name}")}",
        ProductKernel k =>
            $"{Weights(k.Result)} += {Values(k.Left, rows)}ᵀ · {Values(k.Right, rows)}{(k.Bias is null ? "" : $", {k.Bias.Name} += Σ {k.Right.Name}")}",
        TransposeKernel k => $"{Weights(k.Result)} = {k.Source.Name}ᵀ",
        ArrangeKernel k => $"{k.Result.Name} = {k.Source.Name}, in panels of 32 columns",
        ActivationKernel k => $"{Values(k.Result, rows)} = {ActivationFormulas.Name(k.Function)}({k.Source.Name})",
        ActivationGradientKernel { Function.Kind: Activation.Softmax } k =>
            $"{k.Gradient.Name} ← {k.Operand.Name} ⊙ ({k.Gradient.Name} − Σ {k.Gradient.Name}·{k.Operand.Name}), row by row",
        ActivationGradientKernel k => $"{k.Gradient.Name} ← {k.Gradient.Name}{Slope(k.Function, k.Operand)}",
        PointwiseKernel k => $"{Values(k.Result, rows)} = {StageEmitter.Formula(k.Stages, Normalized(k.Normalization, k.Source.Name))}",
        PointwiseGradientKernel k => $"{k.Gradient.Name} ← ∂loss/∂{(k.Source ?? k.Result)?.Name ?? "z"} from ∂loss/∂y, y = {StageEmitter.Formula(k.Stages, Normalized(k.Normalization, k.Source?.Name ?? "z"))}{Parameters(k)}",
        TrackKernel k => $"{k.RunningMean.Name} ← {Share(1 - k.Momentum)}·{k.RunningMean.Name} + {Share(k.Momentum)}·{k.Mean.Name}, {k.RunningVariance.Name} likewise",
        LossKernel k => $"{Values(k.Gradient, rows)} = factor · {LossGradient(k)}{Slope(k.Activation, k.Operand)}",
        _ => throw new InvalidOperationException(kernel.GetType().Name),
    };

    private static string Normalized(Normalization? normalization, string source) => normalization is null
        ? source
        : $"{normalization.Weight.Name}·({source} − μ)/√(σ² + ε) + {normalization.Bias.Name}";

    private static string Parameters(PointwiseGradientKernel kernel) => kernel switch
    {
        { Normalization: null } => "",
        { Normalization: var n, Update: { } optimizer } => $"; {n.Weight.Name} ← {optimizer}'s step with g = Σ g·x̂, {n.Bias.Name} with g = Σ g",
        { Normalization: var n } => $"; {n.Weight.Name} += Σ g·x̂, {n.Bias.Name} += Σ g",
    };

    private static string Share(double share) => share.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>What the loss is the mean of.</summary>
    public static string LossValue(LossKernel kernel) => kernel.Loss switch
    {
        Loss.HalfSquaredError => "½ Σ (y − t)²",
        Loss.MeanSquaredError => "(y − t)²",
        Loss.MeanAbsoluteError => "|y − t|",
        Loss.Huber => "½·d² for |d| ≤ δ, else δ·(|d| − δ/2), d = y − t",
        Loss.SigmoidCrossEntropy or Loss.BinaryCrossEntropy => "max(z, 0) − z·t + ln(1 + e^−|z|)",
        Loss.Poisson => "y − t·ln(y + 1e-8)",
        Loss.Custom => $"{kernel.Own}(y, t)",
        _ => "ln Σ e^z − z·t",
    };

    private static string LossGradient(LossKernel kernel)
    {
        var y = kernel.Output.Name;
        return kernel.Loss switch
        {
            Loss.HalfSquaredError => $"({y} − t)",
            Loss.MeanSquaredError => $"2·({y} − t)",
            Loss.MeanAbsoluteError => $"sign({y} − t)",
            Loss.Huber => $"({y} − t, held between −δ and δ)",
            Loss.SigmoidCrossEntropy or Loss.BinaryCrossEntropy => $"(sigmoid({y}) − t)",
            Loss.Poisson => $"(1 − t / ({y} + 1e-8))",
            Loss.Custom => $"{kernel.Own}{OwnFunction.Derivative}({y}, t)",
            _ => $"(softmax({y}) − t)",
        };
    }

    private static string Forward(ProductKernel kernel, string rows)
    {
        var sum = $"{Values(kernel.Left, rows)} · {Weights(kernel.Right)}{(kernel.Bias is null ? "" : $" + {kernel.Bias.Name}")}";
        var result = Values(kernel.Result, rows);
        return kernel.Activation.Kind == Activation.Identity ? $"{result} = {sum}" : $"{result} = {ActivationFormulas.Name(kernel.Activation)}({sum})";
    }

    private static string Slope(ActivationFunction function, Buffer? operand) =>
        operand is null ? "" : $" ⊙ {ActivationFormulas.SlopeText(function, operand.Name)}";

    private static string Values(Buffer buffer, string rows) => $"{buffer.Name}[{rows}, {Number(buffer.Columns)}]";

    private static string Weights(Buffer buffer) => $"{buffer.Name}[{Number(buffer.Rows)}, {Number(buffer.Columns)}]";
}
