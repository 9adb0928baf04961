using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>The losses as expressions on vectors, whatever stands in their lanes: a row for each.</summary>
internal static class LossFormulas
{
    /// <summary>A loss that compares numbers one by one: its value and its gradient, after the lines that they need.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="kernel">The loss.</param>
    /// <param name="target">The vector width.</param>
    /// <param name="math">Its functions.</param>
    /// <param name="y">The prediction, or its logit.</param>
    /// <param name="t">The target.</param>
    /// <param name="masked">Zero in lanes that do not count.</param>
    /// <param name="suffix">What the names of its variables end with.</param>
    public static (string Value, string Gradient) Elementwise(
        CodeWriter writer, LossKernel kernel, VectorTarget target, MathFunctions math, string y, string t, System.Func<string, string> masked, string suffix = "")
    {
        var v = target.Class;
        var d = $"d{suffix}";
        switch (kernel.Loss)
        {
            case Loss.HalfSquaredError or Loss.MeanSquaredError:
                writer.Line($"var {d} = {masked($"{y} - {t}")};");
                return ($"{d} * {d}", d);
            case Loss.MeanAbsoluteError:
                writer.Line($"var {d} = {masked($"{y} - {t}")};");
                writer.Line($"var sign{suffix} = ({v}.GreaterThan({d}, {v}<float>.Zero) & {v}<float>.One) - ({v}.LessThan({d}, {v}<float>.Zero) & {v}<float>.One);");
                return ($"{v}.Abs({d})", $"sign{suffix}");
            case Loss.Huber:
                var within = $"within{suffix}";
                writer.Line($"var {d} = {masked($"{y} - {t}")};");
                writer.Line($"var limit{suffix} = {v}.Create({Single(kernel.HuberDelta)});");
                writer.Line($"var {within} = {v}.MaxNative(-limit{suffix}, {v}.MinNative(limit{suffix}, {d}));");
                return ($"{within} * ({d} - {v}.Create(0.5f) * {within})", within);
            case Loss.SigmoidCrossEntropy or Loss.BinaryCrossEntropy:
                return ($"{math.Softplus}({y}) - {y} * {t}", $"{math.Sigmoid}({y}) - {t}");
            case Loss.Poisson:
                writer.Line($"var rate{suffix} = {y} + {v}.Create(1e-8f);");
                return ($"{y} - {t} * {math.Log}(rate{suffix})", $"{v}<float>.One - {t} / rate{suffix}");
            case Loss.Hinge or Loss.SquaredHinge:
                var margin = $"margin{suffix}";
                writer.Line($"var {margin} = {v}.MaxNative({v}<float>.Zero, {v}<float>.One - {t} * {y}); // 0 where y is beyond t");
                return kernel.Loss == Loss.SquaredHinge
                    ? ($"{margin} * {margin}", $"{v}.Create(-2f) * {t} * {margin}")
                    : (margin, $"-{t} & {v}.GreaterThan({margin}, {v}<float>.Zero)");
            case Loss.Custom:
                return (math.Own.Call(kernel.Own!, y, t), math.Own.Call(kernel.Own + OwnFunction.Derivative, y, t));
            default:
                throw new System.InvalidOperationException(kernel.Loss.ToString());
        }
    }

    /// <summary>A hinge's target: 1 where the class is the label, −1 elsewhere.</summary>
    public static string SignOfLabel(VectorTarget target, string label, string classes) =>
        $"{target.Class}.ConditionalSelect({target.Class}.AsSingle({target.Class}.Equals({label}, {classes})), {target.Class}<float>.One, -{target.Class}<float>.One)";

    /// <summary>
    /// Cross-entropy with a sample a lane, Σ t · ln Σ e^z − Σ t·z with the largest z taken out first, and its gradient
    /// softmax(z)·Σ t − t: declares <c>value</c> and the gradients <c>g0</c>, <c>g1</c>, …, zero in lanes without a sample.
    /// Labels and one-hot targets give the same bits.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="kernel">The loss. The variables <c>scale</c>, <c>valid</c> and, for labels, <c>label</c> are there.</param>
    /// <param name="target">The vector width.</param>
    /// <param name="math">Its functions.</param>
    /// <param name="logit">The name of a class's logits.</param>
    /// <param name="t">The name of a class's targets.</param>
    public static void CrossEntropy(
        CodeWriter writer, LossKernel kernel, VectorTarget target, MathFunctions math, System.Func<int, string> logit, System.Func<int, string> t)
    {
        var v = target.Class;
        var classes = kernel.Output.Columns;
        string IsLabel(int c) => $"{v}.AsSingle({v}.Equals(label, {v}.Create({Number(c)})))";
        if (!kernel.Labels)
        {
            writer.Line($"var weight = {t(0)};");
            for (var c = 1; c < classes; c++)
            {
                writer.Line($"weight += {t(c)};");
            }
        }

        writer.Blank();
        writer.Line("// Σ t · ln Σ e^z − Σ t·z, with the largest z taken out first");
        writer.Line($"var largest = {logit(0)};");
        for (var c = 1; c < classes; c++)
        {
            writer.Line($"largest = {v}.MaxNative(largest, {logit(c)});");
        }

        writer.Line($"var sum = {v}<float>.Zero;");
        writer.Line($"var at = {v}<float>.Zero;");
        for (var c = 0; c < classes; c++)
        {
            writer.Line($"var e{c} = {math.ExpOfNegative}({logit(c)} - largest);");
            writer.Line($"sum += e{c};");
            writer.Line(kernel.Labels ? $"at = {v}.ConditionalSelect({IsLabel(c)}, {logit(c)}, at);" : $"at += {t(c)} * {logit(c)};");
        }

        var log = $"{math.Log}(sum) + largest";
        writer.Line($"var value = ({(kernel.Labels ? log : $"weight * ({log})")} - at) & valid;");
        writer.Blank();
        writer.Line("// softmax(z) − t");
        writer.Line($"var share = ({(kernel.Labels ? "scale" : "scale * weight")} / sum) & valid;");
        for (var c = 0; c < classes; c++)
        {
            writer.Line($"var g{c} = e{c} * share - {(kernel.Labels ? $"({IsLabel(c)} & scale)" : $"{t(c)} * scale")};");
        }
    }
}
