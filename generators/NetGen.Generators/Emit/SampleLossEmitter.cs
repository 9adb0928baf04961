using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// Cross-entropy of few classes, with a sample a lane: blocks of logits are turned, so that the maximum, the sum and the
/// logarithm of many samples are each one operation on vectors. Row by row each would be a chain of shuffles that waits for
/// itself.
/// </summary>
internal sealed class SampleLossEmitter(LossKernel kernel, VectorTarget target, MathFunctions math, ActivationFormulas formulas, int batchSize)
{
    private readonly int _classes = kernel.Output.Columns;
    private readonly int _rows = Buffer.RoundUp(batchSize, VectorTarget.VirtualLanes);

    private string V => target.Class;

    /// <summary>The body, after the method's head.</summary>
    public void WriteBody(CodeWriter writer)
    {
        writer.Line($"ref var turned = ref {TileEmitter.Ref("edge", _rows)};");
        if (kernel.Labels)
        {
            writer.Line("// the labels of whole vectors of samples; −1 where there is no sample");
            writer.Line("ref var staged = ref Clr::Unsafe.As<float, int>(ref edge);");
            using (writer.Block($"for (var i = 0; i < {Number(_rows)}; i++)"))
            {
                writer.Line("Clr::Unsafe.Add(ref staged, i) = i < samples ? Clr::Unsafe.Add(ref labels, i) : -1;");
            }

            writer.Blank();
        }
        else
        {
            writer.Line($"ref var padded = ref {TileEmitter.Ref("turned", LossRules.Block)}; // rows of targets, padded to 16");
            writer.Line($"ref var turnedTargets = ref {TileEmitter.Ref("turned", 2 * LossRules.Block)};");
        }

        for (var part = 0; part < target.Parts; part++)
        {
            writer.Line($"var total{part} = {V}<float>.Zero;");
        }

        writer.Line($"var scale = {V}.Create(factor);");
        using (writer.Block($"for (var row = 0; row < {Number(_rows)}; row += 16)"))
        {
            for (var part = 0; part < target.Parts; part++)
            {
                using (writer.Block())
                {
                    Samples(writer, part);
                }
            }
        }

        writer.Blank();
        writer.Line($"return {math.Sum}({string.Join(", ", Enumerable.Range(0, target.Parts).Select(p => $"total{p}"))}) / samples;");
    }

    /// <summary>As many samples as a vector has lanes.</summary>
    private void Samples(CodeWriter writer, int part)
    {
        writer.Line($"var first = {(part == 0 ? "row" : $"row + {Number(part * target.Lanes)}")};");
        writer.Line($"ref var rows = ref {TileEmitter.Ref(kernel.Output.Name, "first * 32")};");
        writer.Line($"ref var deltas = ref {TileEmitter.Ref(kernel.Gradient.Name, "first * 32")};");
        Turn(writer, "rows", Buffer.PanelWidth, "turned", back: false);
        Targets(writer);
        for (var c = 0; c < _classes; c++)
        {
            writer.Line($"var logit{c} = {TileEmitter.Load(target, "turned", c * target.Lanes)};");
        }

        LossFormulas.CrossEntropy(writer, kernel, target, math, c => $"logit{c}", c => $"t{c}");
        writer.Line($"total{part} += value;");
        for (var c = 0; c < _classes; c++)
        {
            var gradient = kernel.Operand is null ? $"g{c}" : formulas.TimesSlope(kernel.Activation, $"g{c}", $"logit{c}");
            writer.Line(TileEmitter.Store(target, gradient, "turned", c * target.Lanes));
        }

        for (var c = _classes; c < Buffer.RoundUp(_classes, target.Lanes); c++)
        {
            writer.Line(TileEmitter.Store(target, $"{V}<float>.Zero", "turned", c * target.Lanes));
        }

        Turn(writer, "deltas", Buffer.PanelWidth, "turned", back: true);
    }

    /// <summary>The targets: the label and which lanes hold a sample, or t of each class and its sum.</summary>
    private void Targets(CodeWriter writer)
    {
        if (kernel.Labels)
        {
            writer.Line($"var label = {V}.LoadUnsafe(ref Clr::Unsafe.Add(ref staged, first));");
            writer.Line($"var valid = {V}.AsSingle({V}.GreaterThanOrEqual(label, {V}<int>.Zero));");
            return;
        }

        using (writer.Block($"for (var i = 0; i < {Number(target.Lanes)}; i++)"))
        using (writer.Block($"for (var c = 0; c < {Number(_classes)}; c++)"))
        {
            writer.Line($"Clr::Unsafe.Add(ref padded, i * 16 + c) = first + i < samples ? Clr::Unsafe.Add(ref targets, (first + i) * {Number(kernel.RowLength)} + c) : 0f;");
        }

        Turn(writer, "padded", VectorTarget.VirtualLanes, "turnedTargets", back: false);
        writer.Line($"var valid = {V}.AsSingle({V}.LessThan({V}.Create(first) + {V}<int>.Indices, {V}.Create(samples)));");
        for (var c = 0; c < _classes; c++)
        {
            writer.Line($"var t{c} = {TileEmitter.Load(target, "turnedTargets", c * target.Lanes)};");
        }
    }

    /// <summary>Blocks of samples and classes, a sample a row, from or to the turned form.</summary>
    private void Turn(CodeWriter writer, string rows, int step, string turned, bool back)
    {
        for (var c = 0; c < _classes; c += target.Lanes)
        {
            var at = TileEmitter.Ref(rows, c);
            var block = $"ref {TileEmitter.Ref(turned, c * target.Lanes)}, {Number(target.Lanes)}";
            writer.Line($"{math.TransposeBlock}({(back ? $"{block}, ref {at}, {Number(step)}" : $"ref {at}, {Number(step)}, {block}")});");
        }
    }
}
