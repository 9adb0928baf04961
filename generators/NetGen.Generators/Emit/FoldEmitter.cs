using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>A normalisation folded into the product before it: its scale and shift, and how they are applied to a sum.</summary>
internal static class FoldEmitter
{
    public static void Write(CodeWriter writer, FoldKernel kernel, VectorTarget target)
    {
        var (v, normalization) = (target.Class, kernel.Normalization);
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "") + ".", "In each call anew, for a step changes what they are made of.");
        using (writer.Block($"internal static void {kernel.Name}({Arguments(kernel, "ref float ")})"))
        using (writer.Block($"for (var i = 0; i < {Number(normalization.Weight.PaddedColumns)}; i += {Number(target.Lanes)})"))
        {
            string At(Buffer buffer) => $"ref Clr::Unsafe.Add(ref {buffer.Name}, i)";
            string Load(Buffer buffer) => $"{v}.LoadUnsafe({At(buffer)})";
            writer.Line($"var scale = {v}<float>.One / {v}.Sqrt({Load(normalization.Variance!)} + {v}.Create({Single(normalization.Epsilon)})) * {Load(normalization.Weight)};");
            writer.Line($"var start = {(kernel.Bias is { } bias ? $"{Load(bias)} - {Load(normalization.Mean!)}" : $"-{Load(normalization.Mean!)}")};");
            writer.Line($"{v}.StoreUnsafe(scale, {At(kernel.Folded.Scale)});");
            writer.Line($"{v}.StoreUnsafe({v}.MultiplyAddEstimate(start, scale, {Load(normalization.Bias)}), {At(kernel.Folded.Shift)});");
        }
    }

    public static string Call(FoldKernel kernel) => $"{kernel.Name}({Arguments(kernel, "ref ")});";

    /// <summary>A sum of a product, or what it becomes by the vectors <c>scales</c> and <c>shifts</c> of a number.</summary>
    public static string Applied(Folded? folded, VectorTarget target, string sum, int number) =>
        folded is null ? sum : Applied(target, sum, $"scales{Number(number)}", $"shifts{Number(number)}");

    public static string Applied(VectorTarget target, string sum, string scale, string shift) => $"{target.Class}.MultiplyAddEstimate({sum}, {scale}, {shift})";

    /// <summary>Declares references to the scale and the shift of a convolution's filter.</summary>
    public static void OfFilter(CodeWriter writer, Folded? folded, string filter)
    {
        if (folded is not null)
        {
            writer.Line($"ref var scale = ref {TileEmitter.Ref(folded.Scale.Name, filter)};");
            writer.Line($"ref var shift = ref {TileEmitter.Ref(folded.Shift.Name, filter)};");
        }
    }

    /// <summary>Declares the vectors of a filter so many behind those references.</summary>
    public static void Broadcast(CodeWriter writer, Folded? folded, VectorTarget target, int filter)
    {
        if (folded is not null)
        {
            writer.Line($"var scales{Number(filter)} = {target.Class}.Create({TileEmitter.Ref("scale", filter)});");
            writer.Line($"var shifts{Number(filter)} = {target.Class}.Create({TileEmitter.Ref("shift", filter)});");
        }
    }

    private static string Arguments(FoldKernel kernel, string prefix) => string.Join(", ", System.Linq.Enumerable.Select(AssignLayout.Buffers(kernel), b => prefix + b.Name));
}
