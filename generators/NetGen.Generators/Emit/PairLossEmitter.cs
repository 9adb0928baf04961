using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// A loss of pairs: two outputs say what is expected of one target, column k of K and column K + k. A pair a lane: the pairs of all
/// samples are gathered one after another, for along a row the second column of a pair stands in another lane than the first. So a
/// single prediction a sample fills the lanes too, and the sum runs in 16 virtual lanes at every width.
/// </summary>
internal sealed class PairLossEmitter(LossKernel kernel, VectorTarget target, MathFunctions math, int batchSize)
{
    private readonly int _targets = kernel.TargetColumns;

    /// <summary>What the two outputs of a pair are called.</summary>
    private (string First, string Second) Names => kernel.Loss == Loss.GaussianNLL ? ("mean", "logVariance") : ("logMean", "logSize");

    private string V => target.Class;

    /// <summary>The body, after the rows of the gradient are cleared.</summary>
    public void WriteBody(CodeWriter writer)
    {
        var (first, second) = Names;
        var room = LossRules.PairScratch(batchSize, _targets) / 3;
        writer.Blank();
        writer.Line("// the pairs of all samples one after another, up to whole groups of 16");
        writer.Line($"var pairs = {(_targets == 1 ? "samples" : $"samples * {Number(_targets)}")};");
        writer.Line($"ref var {first}s = ref edge;");
        writer.Line($"ref var {second}s = ref {TileEmitter.Ref("edge", room)};");
        writer.Line($"ref var staged = ref {TileEmitter.Ref("edge", 2 * room)};");
        var isAlone = kernel.RowLength == _targets;
        ForPairs(writer, kernel.Output.Name, "y", (pair, column) =>
        {
            writer.Line($"Clr::Unsafe.Add(ref {first}s, {pair}) = {TileEmitter.Ref("y", Place(column, 0))};");
            writer.Line($"Clr::Unsafe.Add(ref {second}s, {pair}) = {TileEmitter.Ref("y", Place(column, _targets))};");
            writer.Line($"Clr::Unsafe.Add(ref staged, {pair}) = Clr::Unsafe.Add(ref targets, {(isAlone ? pair : column == "0" ? $"row * {Number(kernel.RowLength)}" : $"row * {Number(kernel.RowLength)} + {column}")});");
        });
        using (writer.Block("for (var i = pairs; i % 16 != 0; i++)"))
        {
            writer.Line($"Clr::Unsafe.Add(ref {first}s, i) = Clr::Unsafe.Add(ref {second}s, i) = Clr::Unsafe.Add(ref staged, i) = 0;");
        }

        writer.Blank();
        for (var part = 0; part < target.Parts; part++)
        {
            writer.Line($"var total{part} = {V}<float>.Zero;");
        }

        writer.Line($"var scale = {V}.Create(factor);");
        using (writer.Block("for (var i = 0; i < pairs; i += 16)"))
        {
            for (var part = 0; part < target.Parts; part++)
            {
                using (writer.Block())
                {
                    Pairs(writer, part);
                }
            }
        }

        writer.Blank();
        writer.Line($"// the gradients, which stand where {first}s and {second}s did, back to their columns");
        ForPairs(writer, kernel.Gradient.Name, "delta", (pair, column) =>
        {
            writer.Line($"{TileEmitter.Ref("delta", Place(column, 0))} = Clr::Unsafe.Add(ref {first}s, {pair});");
            writer.Line($"{TileEmitter.Ref("delta", Place(column, _targets))} = Clr::Unsafe.Add(ref {second}s, {pair});");
        });
        writer.Blank();
        var half = kernel.Loss == Loss.GaussianNLL ? "0.5f * " : "";
        var sum = $"{math.Sum}({string.Join(", ", Enumerable.Range(0, target.Parts).Select(p => $"total{p}"))})";
        writer.Line($"return {half}{sum} / {LossEmitter.Divisor(kernel.Loss, kernel.Output.Columns, "samples")};");
    }

    /// <summary>As many pairs as a vector has lanes.</summary>
    private void Pairs(CodeWriter writer, int part)
    {
        var (first, second) = Names;
        writer.Line($"var at = {(part == 0 ? "i" : $"i + {Number(part * target.Lanes)}")};");
        writer.Line($"var {first} = {V}.LoadUnsafe(ref Clr::Unsafe.Add(ref {first}s, at));");
        writer.Line($"var {second} = {V}.LoadUnsafe(ref Clr::Unsafe.Add(ref {second}s, at));");
        writer.Line($"var t = {V}.LoadUnsafe(ref Clr::Unsafe.Add(ref staged, at));");
        if (kernel.Loss == Loss.GaussianNLL)
        {
            writer.Line("// s + (t − μ)²·e^−s, of which the loss is half");
            writer.Line($"var precision = {math.Exp}(-{second}); // 1/σ²");
            writer.Line($"var d = {first} - t;");
            writer.Line("var square = d * d * precision;");
            writer.Line($"total{part} += {second} + square; // beyond the pairs: 0");
            Gradients(writer, "d * precision", $"{V}.Create(0.5f) * ({V}<float>.One - square)");
            return;
        }

        writer.Line($"var valid = {V}.AsSingle({V}.LessThan({V}.Create(at) + {V}<int>.Indices, {V}.Create(pairs)));");
        writer.Line("// (r + t)·ln(1 + μ/r) − t·ln μ − (ln Γ(r + t) − ln Γ(r) − t·ln r)");
        writer.Line($"var r = {math.Exp}({second});");
        writer.Line($"var log = {math.Softplus}({first} - {second}); // ln(1 + μ/r)");
        writer.Line($"var share = {math.Sigmoid}({first} - {second}); // μ / (r + μ)");
        writer.Line($"var rise = {math.LogGammaRise}(r, t, out var slope);");
        writer.Line($"total{part} += ((r + t) * log - t * {first} - rise) & valid;");
        writer.Line($"var gap = {V}.ConditionalSelect({V}.LessThan(share, {V}.Create(0.29f)), {math.LogRemainder}(-share), log - share); // ln(1 + μ/r) − μ / (r + μ)");
        Gradients(writer, $"r * share - t * {math.Sigmoid}({second} - {first})", "r * gap - t * share - slope");
    }

    private void Gradients(CodeWriter writer, string first, string second)
    {
        writer.Line($"{V}.StoreUnsafe(({first}) * scale, ref Clr::Unsafe.Add(ref {Names.First}s, at));");
        writer.Line($"{V}.StoreUnsafe(({second}) * scale, ref Clr::Unsafe.Add(ref {Names.Second}s, at));");
    }

    /// <summary>Goes through the samples' rows of a buffer and through each row's pairs.</summary>
    private void ForPairs(CodeWriter writer, string buffer, string row, System.Action<string, string> body)
    {
        using (writer.Block("for (var row = 0; row < samples; row++)"))
        {
            writer.Line($"ref var {row} = ref Clr::Unsafe.Add(ref {buffer}, row * 32);");
            if (_targets == 1)
            {
                body("row", "0");
                return;
            }

            using (writer.Block($"for (var k = 0; k < {Number(_targets)}; k++)"))
            {
                body($"row * {Number(_targets)} + k", "k");
            }
        }
    }

    /// <summary>Where a column stands in a row of panels.</summary>
    private string Place(string column, int more)
    {
        if (column == "0")
        {
            return Number(more);
        }

        var place = more == 0 ? column : $"({column} + {Number(more)})";
        return kernel.Output.Columns <= Buffer.PanelWidth ? place : $"({place} & ~31) * {Number(batchSize)} + ({place} & 31)";
    }
}
