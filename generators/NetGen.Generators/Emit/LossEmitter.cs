using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// The mean loss of a batch and its gradient, row by row. The gradient carries the factor that the caller gives: 1/n for the
/// gradient itself, −rate/n for a step of gradient descent (n: what the mean divides by).
/// </summary>
internal sealed class LossEmitter(LossKernel kernel, VectorTarget target, MathFunctions math, ActivationFormulas formulas, int batchSize)
{
    private readonly int _size = kernel.Output.Columns;
    private readonly RowVectors _vectors = new(target, kernel.Output.Columns, Number(batchSize));

    private string V => target.Class;

    /// <summary>Whether the mean runs over samples; else over all elements.</summary>
    public static bool IsMeanOverSamples(Loss loss) => loss is Loss.HalfSquaredError or Loss.SoftmaxCrossEntropy or Loss.CrossEntropy;

    /// <summary>What the mean divides by, for so many samples.</summary>
    public static string Divisor(Loss loss, int size, string samples) =>
        IsMeanOverSamples(loss) || LossRules.TargetSize(loss, size) == 1 ? samples : $"({samples} * {Number(LossRules.TargetSize(loss, size))})";

    public string Parameters =>
        $"ref float {kernel.Output.Name}{(ReadsOperand ? $", ref float {kernel.Operand!.Name}" : "")}, "
        + (kernel.Labels ? "ref int labels" : "ref float targets")
        + $", ref float edge, ref float {kernel.Gradient.Name}, int samples, float factor";

    /// <summary>Whether the slope comes from another buffer than the loss.</summary>
    private bool ReadsOperand => kernel.Operand is not null && kernel.Operand.Name != kernel.Output.Name;

    public void Write(CodeWriter writer)
    {
        KernelFileEmitter.Head(writer, $"The mean of {FormulaText.LossValue(kernel)}; {FormulaText.Of(kernel, Number(batchSize))}.", "Rows beyond the samples get a gradient of zero: they change nothing.");
        using (writer.Block($"internal static float {kernel.Name}({Parameters})"))
        {
            if (kernel.IsOfPairs)
            {
                ClearRest(writer, first: "0");
                new PairLossEmitter(kernel, target, math, batchSize).WriteBody(writer);
                return;
            }

            if (kernel.IsOverClasses && _size <= LossRules.MostClasses && !ReadsOperand)
            {
                new SampleLossEmitter(kernel, target, math, formulas, batchSize).WriteBody(writer);
                return;
            }

            if (kernel.IsOverClasses && kernel.Labels)
            {
                writer.Line("var total = 0f;");
            }
            else
            {
                _vectors.DeclareParts(writer, "total", $"{V}<float>.Zero");
            }

            _vectors.DeclareMask(writer);
            writer.Line($"var scale = {V}.Create({(kernel.Loss == Loss.MeanSquaredError ? "2 * factor" : "factor")});");
            using (writer.Block("for (var row = 0; row < samples; row++)"))
            {
                writer.Line($"ref var y = ref Clr::Unsafe.Add(ref {kernel.Output.Name}, row * 32);");
                if (ReadsOperand)
                {
                    writer.Line($"ref var operand = ref Clr::Unsafe.Add(ref {kernel.Operand!.Name}, row * 32);");
                }

                writer.Line($"ref var delta = ref Clr::Unsafe.Add(ref {kernel.Gradient.Name}, row * 32);");
                if (!kernel.Labels)
                {
                    Targets(writer);
                }

                if (kernel.IsOverClasses)
                {
                    CrossEntropy(writer);
                }
                else
                {
                    if (kernel.Labels)
                    {
                        writer.Line("var label = Clr::Unsafe.Add(ref labels, row);");
                    }

                    _vectors.ForEach(writer, vector => Elementwise(writer, vector));
                }
            }

            ClearRest(writer, first: "samples");
            var sum = kernel.IsOverClasses && kernel.Labels ? "total" : $"{math.Sum}({_vectors.Parts("total")})";
            var half = kernel.Loss == Loss.HalfSquaredError ? "0.5f * " : "";
            writer.Line($"return {half}{sum} / {Divisor(kernel.Loss, _size, "samples")};");
        }
    }

    /// <summary>The row's targets; at the end of the caller's memory a copy, for whole vectors are read.</summary>
    private void Targets(CodeWriter writer)
    {
        writer.Line($"ref var t = ref Clr::Unsafe.Add(ref targets, row * {Number(kernel.RowLength)});");
        if (_size % target.Lanes == 0)
        {
            return;
        }

        using (writer.Block($"if ({Left} < {Number(kernel.Output.PaddedColumns)})"))
        {
            writer.Line("// Whole vectors are read: near the end of the caller's targets, from a copy.");
            using (writer.Block($"for (var i = 0; i < {Number(_size)}; i++)"))
            {
                writer.Line("Clr::Unsafe.Add(ref edge, i) = Clr::Unsafe.Add(ref t, i);");
            }

            writer.Line("t = ref edge;");
        }
    }

    /// <summary>The numbers from a row's targets to the end of all.</summary>
    private string Left => ImageLoops.Sum($"(samples - row) * {Number(kernel.RowLength)}", -kernel.First);

    private void Elementwise(CodeWriter writer, RowVector vector)
    {
        var y = kernel.TakesLogits ? "z" : "yi";
        writer.Line($"var {y} = {Load("y", vector.InPanels)};");
        writer.Line(kernel.Labels
            ? $"var ti = {LossFormulas.SignOfLabel(target, $"{V}.Create(label - ({vector.InRow}))", $"{V}<int>.Indices")}; // 1 at the label, else −1"
            : $"var ti = {vector.Masked(Load("t", vector.InRow))};");
        var (value, gradient) = LossFormulas.Elementwise(writer, kernel, target, math, y, "ti", vector.Masked);
        writer.Line($"total{vector.Part} += {(value == "d * d" ? value : vector.Masked(value))};");
        writer.Line($"var g = ({gradient}) * scale;");
        Gradient(writer, vector, y);
    }

    private void Gradient(CodeWriter writer, RowVector vector, string y)
    {
        var result = "g";
        if (kernel.Operand is not null)
        {
            var operand = ReadsOperand ? "slope" : y;
            if (ReadsOperand)
            {
                writer.Line($"var slope = {Load("operand", vector.InPanels)};");
            }

            result = formulas.TimesSlope(kernel.Activation, "g", operand);
        }

        writer.Line(Store(vector.Masked(result), "delta", vector.InPanels));
    }

    /// <summary>Cross-entropy of softmax(z), from the logits: −Σ t·ln(e^z / Σ e^z) = Σ t·(ln Σ e^z − z), with the largest z taken out first.</summary>
    private void CrossEntropy(CodeWriter writer)
    {
        SoftmaxEmitter.Exponentials(writer, _vectors, target, math, "y", "delta");
        writer.Line($"var log = {V}.ToScalar({math.Log}({V}.Create(sum))) + largest; // ln Σ e^z");
        if (kernel.Labels)
        {
            writer.Line("var label = Clr::Unsafe.Add(ref labels, row);");
            writer.Line($"total += log - Clr::Unsafe.Add(ref y, (label & ~31) * {Number(batchSize)} + (label & 31));");
            writer.Line($"var share = {V}.Create(1 / sum);");
        }
        else
        {
            _vectors.DeclareParts(writer, "weight", $"{V}<float>.Zero");
            _vectors.ForEach(writer, vector =>
            {
                writer.Line($"var ti = {vector.Masked(Load("t", vector.InRow))};");
                writer.Line($"weight{vector.Part} += ti;");
                writer.Line($"total{vector.Part} += {vector.Masked($"ti * ({V}.Create(log) - {Load("y", vector.InPanels)})")};");
            });
            writer.Line($"var share = {V}.Create({math.Sum}({_vectors.Parts("weight")}) / sum);");
        }

        _vectors.ForEach(writer, vector =>
        {
            if (kernel.Labels)
            {
                writer.Line($"var ti = {V}.AsSingle({V}.Equals({V}.Create(label - ({vector.InRow})), {V}<int>.Indices)) & {V}<float>.One; // 1 at the label");
            }
            else
            {
                writer.Line($"var ti = {Load("t", vector.InRow)};");
            }

            writer.Line($"var g = ({Load("delta", vector.InPanels)} * share - ti) * scale;");
            if (kernel.Operand is not null && !ReadsOperand)
            {
                writer.Line($"var z = {Load("y", vector.InPanels)};");
            }

            Gradient(writer, vector, "z");
        });
    }

    private void ClearRest(CodeWriter writer, string first)
    {
        using (writer.Block($"for (var row = {first}; row < {Number(batchSize)}; row++)"))
        {
            writer.Line($"ref var delta = ref Clr::Unsafe.Add(ref {kernel.Gradient.Name}, row * 32);");
            _vectors.ForEach(writer, vector => writer.Line(Store($"{V}<float>.Zero", "delta", vector.InPanels)));
        }
    }

    private string Load(string name, string offset) => $"{V}.LoadUnsafe(ref {TileEmitter.Ref(name, offset)})";

    private string Store(string value, string name, string offset) => $"{V}.StoreUnsafe({value}, ref {TileEmitter.Ref(name, offset)});";
}
