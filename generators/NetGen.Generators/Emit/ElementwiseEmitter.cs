using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>What works on a buffer number by number: activations that could not be fused, and moving rows into and out of panels.</summary>
internal static class ElementwiseEmitter
{
    public static void Write(CodeWriter writer, ActivationKernel kernel, VectorTarget target, ActivationFormulas formulas)
    {
        var (source, result) = (kernel.Source.Name, kernel.Result.Name);
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "rows") + ".");
        using (writer.Block($"internal static void {kernel.Name}(ref float {source}, ref float {result}, int rows)"))
        using (writer.Block($"for (var i = 0; i < rows * {Number(Buffer.RoundUp(kernel.Source.Columns, Buffer.PanelWidth))}; i += {Number(target.Lanes)})"))
        {
            writer.Line($"var z = {target.Class}.LoadUnsafe(ref Clr::Unsafe.Add(ref {source}, i));");
            writer.Line($"{target.Class}.StoreUnsafe({formulas.Value(kernel.Function, "z")}, ref Clr::Unsafe.Add(ref {result}, i));");
        }
    }

    public static void WriteGradient(CodeWriter writer, ActivationGradientKernel kernel, VectorTarget target, ActivationFormulas formulas, int batchSize)
    {
        var (operand, delta) = (kernel.Operand.Name, kernel.Gradient.Name);
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, Number(batchSize)) + ".");
        using (writer.Block($"internal static void {kernel.Name}(ref float {operand}, ref float {delta})"))
        using (writer.Block($"for (var i = 0; i < {Number(kernel.Gradient.Length(batchSize))}; i += {Number(target.Lanes)})"))
        {
            writer.Line($"ref var at = ref Clr::Unsafe.Add(ref {delta}, i);");
            writer.Line($"var g = {target.Class}.LoadUnsafe(ref at);");
            writer.Line($"var a = {target.Class}.LoadUnsafe(ref Clr::Unsafe.Add(ref {operand}, i));");
            writer.Line($"{target.Class}.StoreUnsafe({formulas.TimesSlope(kernel.Function, "g", "a")}, ref at);");
        }
    }

    /// <summary>Rows into panels.</summary>
    public static void WriteArrange(CodeWriter writer, ArrangeKernel kernel)
    {
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "rows") + ".");
        using (writer.Block($"internal static void {kernel.Name}(ref float {kernel.Source.Name}, ref float {kernel.Result.Name}, int rows)"))
        using (writer.Block("for (var row = 0; row < rows; row++)"))
        using (writer.Block($"for (var i = 0; i < {Number(kernel.Source.Columns)}; i++)"))
        {
            writer.Line($"Clr::Unsafe.Add(ref {kernel.Result.Name}, (i & ~31) * rows + row * 32 + (i & 31)) = Clr::Unsafe.Add(ref {kernel.Source.Name}, row * {Number(kernel.Source.Columns)} + i);");
        }
    }

    /// <summary>Panels into rows: whole vectors, then the rest number by number, for nothing behind a row's end may be written.</summary>
    public static void WriteCopyOut(CodeWriter writer, string name, int columns, VectorTarget target)
    {
        var whole = columns / target.Lanes * target.Lanes;
        KernelFileEmitter.Head(writer, $"y[samples, {Number(columns)}] = values in panels of so many rows.");
        using (writer.Block($"internal static void {name}(ref float values, ref float y, int samples, int rows)"))
        using (writer.Block("for (var row = 0; row < samples; row++)"))
        {
            writer.Line("ref var source = ref Clr::Unsafe.Add(ref values, row * 32);");
            writer.Line($"ref var result = ref Clr::Unsafe.Add(ref y, row * {Number(columns)});");
            if (whole > 0)
            {
                using (writer.Block($"for (var i = 0; i < {Number(whole)}; i += {Number(target.Lanes)})"))
                {
                    writer.Line($"{target.Class}.StoreUnsafe({target.Class}.LoadUnsafe(ref Clr::Unsafe.Add(ref source, (i & ~31) * rows + (i & 31))), ref Clr::Unsafe.Add(ref result, i));");
                }
            }

            if (whole < columns)
            {
                var at = whole / Buffer.PanelWidth * Buffer.PanelWidth;
                var offset = at == 0 ? "i" : $"{Number(at)} * rows + i - {Number(at)}";
                using (writer.Block($"for (var i = {Number(whole)}; i < {Number(columns)}; i++)"))
                {
                    writer.Line($"Clr::Unsafe.Add(ref result, i) = Clr::Unsafe.Add(ref source, {offset});");
                }
            }
        }
    }
}
