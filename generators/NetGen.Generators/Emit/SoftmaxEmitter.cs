using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>Softmax and its gradient, row by row; and the exponentials that cross-entropy shares with it.</summary>
internal static class SoftmaxEmitter
{
    /// <summary>result = e^(z − max z), <c>sum</c> their sum and <c>largest</c> the largest z; lanes beyond the row stay zero.</summary>
    public static void Exponentials(CodeWriter writer, RowVectors vectors, VectorTarget target, MathFunctions math, string source, string result)
    {
        var v = target.Class;
        vectors.DeclareParts(writer, "most", $"{v}.Create(float.NegativeInfinity)");
        vectors.ForEach(writer, vector =>
        {
            var z = $"{v}.LoadUnsafe(ref {TileEmitter.Ref(source, vector.InPanels)})";
            z = vector.IsPartial ? $"{v}.ConditionalSelect(mask, {z}, {v}.Create(float.NegativeInfinity))" : z;
            writer.Line($"most{vector.Part} = {v}.MaxNative(most{vector.Part}, {z});");
        });
        writer.Line($"var largest = {math.Largest}({vectors.Parts("most")});");
        vectors.DeclareParts(writer, "sum", $"{v}<float>.Zero");
        vectors.ForEach(writer, vector =>
        {
            writer.Line($"var e = {vector.Masked($"{math.ExpOfNegative}({v}.LoadUnsafe(ref {TileEmitter.Ref(source, vector.InPanels)}) - {v}.Create(largest))")};");
            writer.Line($"sum{vector.Part} += e;");
            writer.Line($"{v}.StoreUnsafe(e, ref {TileEmitter.Ref(result, vector.InPanels)});");
        });
        writer.Line($"var sum = {math.Sum}({vectors.Parts("sum")});");
    }

    public static void Write(CodeWriter writer, ActivationKernel kernel, VectorTarget target, MathFunctions math)
    {
        var vectors = new RowVectors(target, kernel.Source.Columns, "rows");
        KernelFileEmitter.Head(writer, $"{FormulaText.Of(kernel, "rows")}: e^z / Σ e^z.");
        using (writer.Block($"internal static void {kernel.Name}(ref float {kernel.Source.Name}, ref float {kernel.Result.Name}, int rows)"))
        {
            vectors.DeclareMask(writer);
            using (writer.Block("for (var row = 0; row < rows; row++)"))
            {
                writer.Line($"ref var z = ref Clr::Unsafe.Add(ref {kernel.Source.Name}, row * 32);");
                writer.Line($"ref var a = ref Clr::Unsafe.Add(ref {kernel.Result.Name}, row * 32);");
                Exponentials(writer, vectors, target, math, "z", "a");
                writer.Line($"var share = {target.Class}.Create(1 / sum);");
                vectors.ForEach(writer, vector =>
                {
                    writer.Line($"ref var at = ref {TileEmitter.Ref("a", vector.InPanels)};");
                    writer.Line($"{target.Class}.StoreUnsafe({target.Class}.LoadUnsafe(ref at) * share, ref at);");
                });
            }
        }
    }

    public static void WriteGradient(CodeWriter writer, ActivationGradientKernel kernel, VectorTarget target, MathFunctions math, int batchSize)
    {
        var v = target.Class;
        var (a, delta) = (kernel.Operand.Name, kernel.Gradient.Name);
        var vectors = new RowVectors(target, kernel.Operand.Columns, Number(batchSize));
        KernelFileEmitter.Head(writer, $"{FormulaText.Of(kernel, Number(batchSize))}: softmax's gradient.");
        using (writer.Block($"internal static void {kernel.Name}(ref float {a}, ref float {delta})"))
        {
            vectors.DeclareMask(writer);
            using (writer.Block($"for (var row = 0; row < {Number(batchSize)}; row++)"))
            {
                writer.Line($"ref var a = ref Clr::Unsafe.Add(ref {a}, row * 32);");
                writer.Line($"ref var g = ref Clr::Unsafe.Add(ref {delta}, row * 32);");
                vectors.DeclareParts(writer, "sum", $"{v}<float>.Zero");
                vectors.ForEach(writer, vector => writer.Line(
                    $"sum{vector.Part} += {vector.Masked($"{v}.LoadUnsafe(ref {TileEmitter.Ref("a", vector.InPanels)}) * {v}.LoadUnsafe(ref {TileEmitter.Ref("g", vector.InPanels)})")};"));
                writer.Line($"var mean = {v}.Create({math.Sum}({vectors.Parts("sum")}));");
                vectors.ForEach(writer, vector =>
                {
                    writer.Line($"ref var at = ref {TileEmitter.Ref("g", vector.InPanels)};");
                    writer.Line($"{v}.StoreUnsafe({vector.Masked($"{v}.LoadUnsafe(ref {TileEmitter.Ref("a", vector.InPanels)}) * ({v}.LoadUnsafe(ref at) - mean)")}, ref at);");
                });
            }
        }
    }
}
