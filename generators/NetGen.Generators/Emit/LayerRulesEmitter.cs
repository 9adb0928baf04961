using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>What steps do for a layer beside following the loss: penalties on parameters and results, constraints of weights.</summary>
internal sealed class LayerRulesEmitter(VectorTarget target, MathFunctions math, ActivationFormulas formulas)
{
    private string V => target.Class;

    /// <summary>The slope of the penalty on what a buffer holds, at a vector of it.</summary>
    public static string Slope(Buffer buffer, string value) => $"Penalty_{buffer.Name}({value})";

    /// <summary>Each penalty's slope as a function.</summary>
    public void WriteSlopes(CodeWriter writer, KernelProgram program)
    {
        var parameters = program.Tensors.Where(tensor => tensor is { Penalty: not null, IsFrozen: false }).Select(tensor => (tensor.Buffer, tensor.Penalty!));
        foreach (var (buffer, penalty) in parameters.Concat(program.Descent.OfType<ActivityKernel>().Select(kernel => (kernel.Value, kernel.Penalty))))
        {
            writer.Blank();
            writer.Line($"/// <summary>The slope of the penalty {FormulaText.Penalty(penalty, buffer.Name)}: {FormulaText.PenaltySlope(penalty, buffer.Name)}.</summary>");
            writer.Line("[Clr::MethodImpl(Clr::MethodImplOptions.AggressiveInlining)]");
            using (writer.Block($"private static {target.Type} Penalty_{buffer.Name}({target.Type} v)"))
            {
                var square = $"{V}.Create({Single(2 * penalty.L2)})";
                if (penalty.L1 == 0)
                {
                    writer.Line($"return {square} * v;");
                    continue;
                }

                writer.Line($"var sign = ({V}.GreaterThan(v, {target.Type}.Zero) & {target.Type}.One) - ({V}.LessThan(v, {target.Type}.Zero) & {target.Type}.One);");
                var absolute = $"{V}.Create({Single(penalty.L1)})";
                writer.Line(penalty.L2 == 0 ? $"return {absolute} * sign;" : $"return {V}.MultiplyAddEstimate({square}, v, {absolute} * sign);");
            }
        }
    }

    /// <summary>into += factor · the slope of the penalty on a parameter.</summary>
    public void Write(CodeWriter writer, PenaltyKernel kernel)
    {
        var name = kernel.Parameter.Name;
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "") + ".", $"{name}Before is the parameter, {name} what takes the sum: the parameter itself with −rate as factor, or its gradient.");
        using (writer.Block($"internal static void {kernel.Name}(ref float {name}Before, ref float {name}, int count, float factor)"))
        using (writer.Block($"for (var i = 0; i < count; i += {Number(target.Lanes)})"))
        {
            writer.Line($"ref var into = ref {TileEmitter.Ref(name, "i")};");
            writer.Line($"var v = {V}.LoadUnsafe(ref {TileEmitter.Ref($"{name}Before", "i")});");
            writer.Line($"{V}.StoreUnsafe({V}.MultiplyAddEstimate({V}.Create(factor), {Slope(kernel.Parameter, "v")}, {V}.LoadUnsafe(ref into)), ref into);");
        }
    }

    /// <summary>gradient += factor/samples · the slope of the penalty on a layer's result, through its activation; for the rows that are samples.</summary>
    public void Write(CodeWriter writer, ActivityKernel kernel, int batchSize)
    {
        var vectors = new RowVectors(target, kernel.Value.Columns, Number(batchSize));
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "samples") + ".", "Rows beyond the samples keep their gradient of zero.");
        using (writer.Block($"internal static void {kernel.Name}({string.Join(", ", Buffers(kernel).Select(b => $"ref float {b}"))}, int samples, float factor)"))
        {
            vectors.DeclareMask(writer);
            writer.Line($"var share = {V}.Create(factor / samples);");
            using (writer.Block("for (var row = 0; row < samples; row++)"))
            {
                writer.Line($"ref var a = ref Clr::Unsafe.Add(ref {kernel.Value.Name}, row * 32);");
                writer.Line($"ref var delta = ref Clr::Unsafe.Add(ref {kernel.Gradient.Name}, row * 32);");
                if (kernel.Activation.Kind == Activation.Softmax)
                {
                    ThroughSoftmax(writer, kernel, vectors);
                    return;
                }

                if (kernel.Operand is { } operand && operand != kernel.Value)
                {
                    writer.Line($"ref var operand = ref Clr::Unsafe.Add(ref {operand.Name}, row * 32);");
                }

                vectors.ForEach(writer, vector =>
                {
                    writer.Line($"var v = {Load("a", vector)};");
                    writer.Line($"var g = {Slope(kernel.Value, "v")} * share;");
                    if (kernel.Operand is not null)
                    {
                        var from = "v";
                        if (kernel.Operand != kernel.Value)
                        {
                            from = "z";
                            writer.Line($"var z = {Load("operand", vector)};");
                        }

                        writer.Line($"g = {formulas.TimesSlope(kernel.Activation, "g", from)};");
                    }

                    Add(writer, vector, "g");
                });
            }
        }
    }

    /// <summary>delta += a ⊙ (g − Σ g·a), g the penalty's slope.</summary>
    private void ThroughSoftmax(CodeWriter writer, ActivityKernel kernel, RowVectors vectors)
    {
        vectors.DeclareParts(writer, "sum", $"{V}<float>.Zero");
        vectors.ForEach(writer, vector =>
        {
            writer.Line($"var v = {vector.Masked(Load("a", vector))};");
            writer.Line($"sum{vector.Part} = {V}.MultiplyAddEstimate({Slope(kernel.Value, "v")}, v, sum{vector.Part});");
        });
        writer.Line($"var mean = {V}.Create({math.Sum}({vectors.Parts("sum")}));");
        vectors.ForEach(writer, vector =>
        {
            writer.Line($"var v = {Load("a", vector)};");
            writer.Line($"var g = v * ({Slope(kernel.Value, "v")} - mean) * share;");
            Add(writer, vector, "g");
        });
    }

    private void Add(CodeWriter writer, RowVector vector, string gradient)
    {
        writer.Line($"ref var at = ref {TileEmitter.Ref("delta", vector.InPanels)};");
        writer.Line($"{V}.StoreUnsafe({V}.LoadUnsafe(ref at) + ({vector.Masked(gradient)}), ref at);");
    }

    private string Load(string name, RowVector vector) => $"{V}.LoadUnsafe(ref {TileEmitter.Ref(name, vector.InPanels)})";

    /// <summary>The lanes are units; rows of weights pass by, four at a time, for one sum would wait for itself.</summary>
    public void Write(CodeWriter writer, ConstraintKernel kernel)
    {
        const int Sums = 4;
        var (name, rows) = (kernel.Weights.Name, kernel.Weights.Rows);
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "") + ".");
        using (writer.Block($"internal static void {kernel.Name}(ref float {name})"))
        {
            if (kernel.MaxNorm is null)
            {
                using (writer.Block($"for (var i = 0; i < {Number(kernel.Weights.Length(0))}; i += {Number(target.Lanes)})"))
                {
                    writer.Line($"ref var w = ref {TileEmitter.Ref(name, "i")};");
                    writer.Line($"{V}.StoreUnsafe({V}.Max({V}.LoadUnsafe(ref w), {target.Type}.Zero), ref w);");
                }

                return;
            }

            writer.Line($"var most = {V}.Create({Single(kernel.MaxNorm.Value)});");
            foreach (var columns in Columns.Cut(kernel.Weights, target.Lanes))
            {
                using (columns.Loop(writer))
                {
                    writer.Line($"ref var first = ref {TileEmitter.Ref(name, columns.InPanels(rows))};");
                    writer.Line("ref var w = ref first;");
                    for (var sum = 0; sum < Sums; sum++)
                    {
                        writer.Line($"var s{sum} = {target.Type}.Zero;");
                    }

                    if (rows >= Sums)
                    {
                        using (writer.Block($"for (var row = 0; row < {Number(rows / Sums)}; row++)"))
                        {
                            Squares(writer, kernel, columns, Sums);
                            TileEmitter.Move(writer, "w", Sums * columns.PanelWidth);
                        }
                    }

                    if (rows % Sums > 0)
                    {
                        using (writer.Block())
                        {
                            Squares(writer, kernel, columns, rows % Sums);
                        }
                    }

                    writer.Blank();
                    writer.Line($"var norm = {V}.Sqrt((s0 + s1) + (s2 + s3));");
                    using (writer.Block($"if ({V}.GreaterThanAny(norm, most))"))
                    {
                        writer.Line($"var factor = {V}.ConditionalSelect({V}.GreaterThan(norm, most), most / norm, {target.Type}.One);");
                        writer.Line("w = ref first;");
                        using (writer.Block($"for (var row = 0; row < {Number(rows)}; row++)"))
                        {
                            writer.Line($"{V}.StoreUnsafe({V}.LoadUnsafe(ref w) * factor, ref w);");
                            TileEmitter.Move(writer, "w", columns.PanelWidth);
                        }
                    }
                }
            }
        }
    }

    private void Squares(CodeWriter writer, ConstraintKernel kernel, Columns columns, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var at = row * columns.PanelWidth;
            writer.Line(kernel.NonNegative
                ? $"var w{row} = {V}.Max({TileEmitter.Load(target, "w", at)}, {target.Type}.Zero);"
                : $"var w{row} = {TileEmitter.Load(target, "w", at)};");
            if (kernel.NonNegative)
            {
                writer.Line(TileEmitter.Store(target, $"w{row}", "w", at));
            }

            writer.Line($"s{row} = {V}.MultiplyAddEstimate(w{row}, w{row}, s{row});");
        }
    }

    /// <summary>The buffers of the kernel that adds to a gradient, each once.</summary>
    public static IEnumerable<string> Buffers(ActivityKernel kernel) =>
        new[] { kernel.Value, kernel.Operand, kernel.Gradient }.Where(buffer => buffer is not null).Select(buffer => buffer!.Name).Distinct();
}
