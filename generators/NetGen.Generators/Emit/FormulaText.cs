using System;
using System.Globalization;
using System.Linq;
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
            $"{Weights(k.Result)} ← {optimizer}'s step with g = {Values(k.Left, rows)}ᵀ · {Values(k.Right, rows)}{Plus(k.WeightPenalty, k.Result)}{(k.Bias is null ? "" : $", {k.Bias.Name} with g = Σ {k.Right.Name}{Plus(k.BiasPenalty, k.Bias)}")}",
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
        PenaltyKernel k => $"{k.Parameter.Name} += factor · ({PenaltySlope(k.Penalty, k.Parameter.Name)})",
        ActivityKernel { Activation.Kind: Activation.Softmax } k =>
            $"{Values(k.Gradient, rows)} += factor/samples · {k.Value.Name} ⊙ (g − Σ g·{k.Value.Name}), g = {PenaltySlope(k.Penalty, k.Value.Name)}",
        ActivityKernel k => $"{Values(k.Gradient, rows)} += factor/samples · ({PenaltySlope(k.Penalty, k.Value.Name)}){Slope(k.Activation, k.Operand)}",
        ConstraintKernel { MaxNorm: null } k => $"{Weights(k.Weights)} ← max({k.Weights.Name}, 0)",
        ConstraintKernel { MaxNorm: { } most } k =>
            $"{(k.NonNegative ? $"{k.Weights.Name} ← max({k.Weights.Name}, 0), then " : "")}each column of {Weights(k.Weights)} ← column · min(1, {Single(most).TrimEnd('f')} / its 2-norm)",
        TrackKernel k => $"{k.RunningMean.Name} ← {Share(1 - k.Momentum)}·{k.RunningMean.Name} + {Share(k.Momentum)}·{k.Mean.Name}, {k.RunningVariance.Name} likewise",
        LossKernel k => $"{Values(k.Gradient, rows)} = factor · {LossGradient(k)}{Slope(k.Activation, k.Operand)}",
        ToImagesKernel k => $"{Values(k.Result, rows)} = {(k.First == 0 && k.Source.Columns == k.Result.Columns ? "" : "its part of ")}{k.Source.Name}, 16 samples side by side",
        FromImagesKernel k => $"{Values(k.Result, rows)} = {k.Source.Name}, in panels of 32 columns",
        ConvolutionKernel k => $"{Values(k.Result, rows)} = {Applied(k.Activation, Scaled(k.Folded, $"{Filters(k.Weights, k.Window, k.Groups)}{(k.IsTransposed ? "ᵀ" : "")} ∗ {Values(k.Source, rows)}{(k.Bias is null ? "" : $" + {k.Bias.Name}")}"))}",
        FoldKernel { Normalization: var n } k =>
            $"{k.Folded.Scale.Name} = {n.Weight.Name}/√({n.Variance!.Name} + ε), {k.Folded.Shift.Name} = {n.Bias.Name} {(k.Bias is null ? $"− {n.Mean!.Name}" : $"+ ({k.Bias.Name} − {n.Mean!.Name})")}·{k.Folded.Scale.Name}",
        ConvolutionInputGradientKernel k =>
            $"{Values(k.Result, rows)} = {Filters(k.Weights, k.Window, k.Groups)}{(k.IsTransposed ? "" : "ᵀ")} ∗ {Values(k.Gradient, rows)}{Slope(k.Activation, k.Operand)}",
        ConvolutionParameterGradientKernel k =>
            $"{Filters(k.Weights, k.Window, k.Groups)} {(k.Update is { } optimizer ? $"← {optimizer}'s step with g =" : "+=")} {Values(k.Gradient, rows)} ∗ {Values(k.Source, rows)}{(k.Bias is null ? "" : k.Update is null ? $", {k.Bias.Name} += Σ {k.ResultGradient.Name}" : $", {k.Bias.Name} with g = Σ {k.ResultGradient.Name}")}",
        BiasKernel k => $"{Values(k.Result, rows)} = {Applied(k.Activation, $"{k.Source.Name} + {k.Bias.Name}")}",
        BiasGradientKernel k => $"{k.Bias.Name} {(k.Update is { } optimizer ? $"← {optimizer}'s step with g =" : "+=")} Σ {k.Gradient.Name}",
        PoolKernel k => $"{Values(k.Result, rows)} = the {Pooled(k.Pooling)} of windows of {Number(k.Window.Kernel.Height)} x {Number(k.Window.Kernel.Width)} of {Values(k.Source, rows)}",
        PoolGradientKernel k => $"{Values(k.Result, rows)} = {k.Gradient.Name} {(k.Pooling == Pooling.Max ? "where the largest number was" : $"/ {Number(k.Window.Kernel.Area)}, for each number of a window")}{Slope(k.Activation, k.Operand)}",
        JoinKernel { Joining: Joining.Concat } k => $"{Values(k.Result, rows)} = {string.Join(", ", k.Sources.Select(s => s.Name))} one after the other",
        JoinKernel k => $"{Values(k.Result, rows)} = {string.Join(k.Joining == Joining.Add ? " + " : " ⊙ ", k.Sources.Select(s => s.Name))}",
        SliceKernel k => $"{Values(k.Result, rows)} = its part of {k.Source.Name}",
        JoinGradientKernel k => $"{Values(k.Result, rows)} = {string.Join(" ⊙ ", k.Others.Select(s => s.Name).Prepend(k.Gradient.Name))}",
        _ => throw new InvalidOperationException(kernel.GetType().Name),
    };

    private static string Pooled(Pooling pooling) => pooling == Pooling.Max ? "largest number" : "mean";

    public static string Applied(ActivationFunction function, string argument) => function.Kind == Activation.Identity ? argument : $"{ActivationFormulas.Name(function)}({argument})";

    public static string Scaled(Folded? folded, string sum) => folded is null ? sum : $"({sum}) ⊙ {folded.Scale.Name} + {folded.Shift.Name}";

    private static string Filters(Buffer weights, Window window, int groups) =>
        $"{weights.Name}[{Number(window.Result.Channels)}, {Number(window.Source.Channels / groups)}, {Number(window.Kernel.Height)}, {Number(window.Kernel.Width)}]";

    private static string Normalized(Normalization? normalization, string source) => normalization is null
        ? source
        : $"{normalization.Weight.Name}·({source} − μ)/√(σ² + ε) + {normalization.Bias.Name}";

    private static string Parameters(PointwiseGradientKernel kernel) => kernel switch
    {
        { Normalization: null } or { IsFrozen: true } => "",
        { Normalization: var n, Update: { } optimizer } => $"; {n.Weight.Name} ← {optimizer}'s step with g = Σ g·x̂, {n.Bias.Name} with g = Σ g",
        { Normalization: var n } => $"; {n.Weight.Name} += Σ g·x̂, {n.Bias.Name} += Σ g",
    };

    /// <summary>A penalty on the numbers of a name.</summary>
    public static string Penalty(Penalty penalty, string name) =>
        Sum((penalty.L1, $"Σ |{name}|"), (penalty.L2, $"Σ {name}²"));

    /// <summary>Its slope.</summary>
    public static string PenaltySlope(Penalty penalty, string name) =>
        Sum((penalty.L1, $"sign {name}"), (2 * penalty.L2, name));

    private static string Sum(params (double Factor, string Term)[] terms) =>
        string.Join(" + ", terms.Where(term => term.Factor != 0).Select(term => $"{Single(term.Factor).TrimEnd('f')}·{term.Term}"));

    private static string Plus(Penalty? penalty, Buffer? buffer) => penalty is null ? "" : $" + {PenaltySlope(penalty, buffer!.Name)}";

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
        Loss.Hinge => "max(0, 1 − t·y)",
        Loss.SquaredHinge => "max(0, 1 − t·y)²",
        Loss.GaussianNLL => "½·(s + (t − μ)²·e^−s), y = μ, s",
        Loss.NegativeBinomial => "(r + t)·ln(1 + μ/r) − t·ln μ − (ln Γ(r + t) − ln Γ(r) − t·ln r), y = ln μ, ln r",
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
            Loss.Hinge => $"(−t where t·{y} < 1, else 0)",
            Loss.SquaredHinge => $"(−2·t·max(0, 1 − t·{y}))",
            Loss.GaussianNLL => "((μ − t)·e^−s, ½·(1 − (t − μ)²·e^−s))",
            Loss.NegativeBinomial => "(r·(μ − t)/(r + μ), r·(ln(1 + μ/r) − ψ(r + t) + ψ(r)) + r·(t − μ)/(r + μ))",
            Loss.Custom => $"{kernel.Own}{OwnFunction.Derivative}({y}, t)",
            _ => $"(softmax({y}) − t)",
        };
    }

    private static string Forward(ProductKernel kernel, string rows)
    {
        var sum = Scaled(kernel.Folded, $"{Values(kernel.Left, rows)} · {Weights(kernel.Right)}{(kernel.Bias is null ? "" : $" + {kernel.Bias.Name}")}");
        var result = Values(kernel.Result, rows);
        return kernel.Activation.Kind == Activation.Identity ? $"{result} = {sum}" : $"{result} = {ActivationFormulas.Name(kernel.Activation)}({sum})";
    }

    private static string Slope(ActivationFunction function, Buffer? operand) =>
        operand is null ? "" : $" ⊙ {ActivationFormulas.SlopeText(function, operand.Name)}";

    private static string Values(Buffer buffer, string rows) => buffer.Frame is { Shape: var shape }
        ? $"{buffer.Name}[{rows}, {Number(shape.Channels)}, {Number(shape.Height)}, {Number(shape.Width)}]"
        : $"{buffer.Name}[{rows}, {Number(buffer.Columns)}]";

    private static string Weights(Buffer buffer) => $"{buffer.Name}[{Number(buffer.Rows)}, {Number(buffer.Columns)}]";
}
