using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// Cross-entropy of few classes against labels, with a sample a lane: blocks of logits are turned, so that the maximum, the sum
/// and the logarithm of many samples are each one operation on vectors. Row by row each would be a chain of shuffles that waits
/// for itself.
/// </summary>
internal sealed class LabelLossEmitter(LossKernel kernel, VectorTarget target, MathFunctions math, ActivationFormulas formulas, int batchSize)
{
    /// <summary>The most classes: those of one block at every width.</summary>
    public const int MostClasses = VectorTarget.VirtualLanes;

    private readonly int _classes = kernel.Output.Columns;
    private readonly int _rows = Buffer.RoundUp(batchSize, VectorTarget.VirtualLanes);

    private string V => target.Class;

    /// <summary>The floats that the kernel works with: the labels of whole groups of 16 samples, and a turned block.</summary>
    public static int Scratch(int batchSize) => Buffer.RoundUp(batchSize, VectorTarget.VirtualLanes) + VectorTarget.VirtualLanes * VectorTarget.VirtualLanes;

    /// <summary>The body, after the method's head.</summary>
    public void WriteBody(CodeWriter writer)
    {
        writer.Line("// the labels of whole vectors of samples; −1 where there is no sample");
        writer.Line("ref var staged = ref Clr::Unsafe.As<float, int>(ref edge);");
        using (writer.Block($"for (var i = 0; i < {Number(_rows)}; i++)"))
        {
            writer.Line("Clr::Unsafe.Add(ref staged, i) = i < samples ? Clr::Unsafe.Add(ref labels, i) : -1;");
        }

        writer.Blank();
        writer.Line($"ref var turned = ref {TileEmitter.Ref("edge", _rows)};");
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
        var first = part == 0 ? "row" : $"row + {Number(part * target.Lanes)}";
        Turn(writer, kernel.Output.Name, first, back: false);
        writer.Line($"var label = {V}.LoadUnsafe(ref Clr::Unsafe.Add(ref staged, {first}));");
        writer.Line($"var valid = {V}.AsSingle({V}.GreaterThanOrEqual(label, {V}<int>.Zero));");
        for (var c = 0; c < _classes; c++)
        {
            writer.Line($"var logit{c} = {TileEmitter.Load(target, "turned", c * target.Lanes)};");
        }

        writer.Blank();
        writer.Line("// ln Σ e^z − z at the label, with the largest z taken out first");
        writer.Line("var largest = logit0;");
        for (var c = 1; c < _classes; c++)
        {
            writer.Line($"largest = {V}.MaxNative(largest, logit{c});");
        }

        writer.Line($"var sum = {V}<float>.Zero;");
        writer.Line($"var at = {V}<float>.Zero;");
        for (var c = 0; c < _classes; c++)
        {
            writer.Line($"var e{c} = {math.Exp}(logit{c} - largest);");
            writer.Line($"sum += e{c};");
            writer.Line($"at = {V}.ConditionalSelect({IsLabel(c)}, logit{c}, at);");
        }

        writer.Line($"total{part} += ({math.Log}(sum) + largest - at) & valid;");
        writer.Blank();
        writer.Line("// softmax(z) − t, t being 1 at the label");
        writer.Line("var share = (scale / sum) & valid;");
        for (var c = 0; c < _classes; c++)
        {
            writer.Line($"var g{c} = e{c} * share - ({IsLabel(c)} & scale);");
            var gradient = kernel.Operand is null ? $"g{c}" : formulas.TimesSlope(kernel.Activation, $"g{c}", $"logit{c}");
            writer.Line(TileEmitter.Store(target, gradient, "turned", c * target.Lanes));
        }

        for (var c = _classes; c < Buffer.RoundUp(_classes, target.Lanes); c++)
        {
            writer.Line(TileEmitter.Store(target, $"{V}<float>.Zero", "turned", c * target.Lanes));
        }

        Turn(writer, kernel.Gradient.Name, first, back: true);
    }

    private string IsLabel(int c) => $"{V}.AsSingle({V}.Equals(label, {V}.Create({Number(c)})))";

    /// <summary>Blocks of samples and classes from or to the turned form.</summary>
    private void Turn(CodeWriter writer, string buffer, string first, bool back)
    {
        for (var c = 0; c < _classes; c += target.Lanes)
        {
            var at = $"ref Clr::Unsafe.Add(ref {buffer}, ({first}) * 32{(c == 0 ? "" : $" + {Number(c)}")}), 32";
            var turned = $"ref {TileEmitter.Ref("turned", c * target.Lanes)}, {Number(target.Lanes)}";
            writer.Line($"{math.TransposeBlock}({(back ? $"{turned}, {at}" : $"{at}, {turned}")});");
        }
    }
}
