using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>Wᵀ from W, both in panels: square blocks in registers, the edges number by number.</summary>
internal sealed class TransposeEmitter(TransposeKernel kernel, VectorTarget target, MathFunctions math)
{
    private readonly int _rows = kernel.Source.Rows;
    private readonly int _columns = kernel.Source.Columns;

    public string Parameters => $"ref float {kernel.Source.Name}, ref float {kernel.Result.Name}";

    public void Write(CodeWriter writer)
    {
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "") + ".");
        using (writer.Block($"internal static void {kernel.Name}({Parameters})"))
        {
            var (wholeRows, wholeColumns) = (_rows / target.Lanes * target.Lanes, _columns / target.Lanes * target.Lanes);
            if (wholeRows > 0 && wholeColumns > 0)
            {
                using (writer.Block($"for (var column = 0; column < {Number(wholeColumns)}; column += {Number(target.Lanes)})"))
                {
                    writer.Line($"var width = {Width(kernel.Source, "column")};");
                    using (writer.Block($"for (var row = 0; row < {Number(wholeRows)}; row += {Number(target.Lanes)})"))
                    {
                        writer.Line($"var turnedWidth = {Width(kernel.Result, "row")};");
                        writer.Line($"ref var source = ref Clr::Unsafe.Add(ref {kernel.Source.Name}, (column & ~31) * {Number(_rows)} + row * width + (column & 31));");
                        writer.Line($"ref var result = ref Clr::Unsafe.Add(ref {kernel.Result.Name}, (row & ~31) * {Number(_columns)} + column * turnedWidth + (row & 31));");
                        writer.Line($"{math.TransposeBlock}(ref source, width, ref result, turnedWidth);");
                    }
                }
            }

            if (wholeRows < _rows)
            {
                Edge(writer, wholeRows, _rows, 0, _columns);
            }

            if (wholeColumns < _columns && wholeRows > 0)
            {
                Edge(writer, 0, wholeRows, wholeColumns, _columns);
            }
        }
    }

    private void Edge(CodeWriter writer, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        using (writer.Block($"for (var column = {Number(columnStart)}; column < {Number(columnEnd)}; column++)"))
        {
            writer.Line($"var width = {Width(kernel.Source, "column")};");
            writer.Line($"ref var source = ref Clr::Unsafe.Add(ref {kernel.Source.Name}, (column & ~31) * {Number(_rows)} + (column & 31));");
            using (writer.Block($"for (var row = {Number(rowStart)}; row < {Number(rowEnd)}; row++)"))
            {
                writer.Line(
                    $"Clr::Unsafe.Add(ref {kernel.Result.Name}, (row & ~31) * {Number(_columns)} + column * {Width(kernel.Result, "row", nested: true)} + (row & 31)) = Clr::Unsafe.Add(ref source, row * width);");
            }
        }
    }

    /// <summary>The width of the panel that a column stands in.</summary>
    private static string Width(Buffer weights, string column, bool nested = false)
    {
        if (weights.LastPanelWidth == Buffer.PanelWidth)
        {
            return "32";
        }

        var last = weights.PaddedColumns - weights.LastPanelWidth;
        var choice = $"{column} < {Number(last)} ? 32 : 16";
        return last == 0 ? "16" : nested ? $"({choice})" : choice;
    }

    /// <summary>
    /// A block of lanes x lanes numbers: in each round, registers that stand 1, 2, 4, … apart swap every other group of so many
    /// lanes, until rows have become columns.
    /// </summary>
    public static void WriteBlock(CodeWriter writer, VectorTarget target)
    {
        var lanes = target.Lanes;
        writer.Line($"/// <summary>Transposes a block of {lanes} x {lanes} numbers whose rows are so many floats apart.</summary>");
        writer.Line("[Clr::MethodImpl(Clr::MethodImplOptions.AggressiveOptimization)]");
        using (writer.Block("private static void TransposeBlock(ref float source, int step, ref float result, int resultStep)"))
        {
            for (var row = 0; row < lanes; row++)
            {
                writer.Line($"var v{row} = {target.Class}.LoadUnsafe(ref Clr::Unsafe.Add(ref source, {Number(row)} * step));");
            }

            for (var distance = 1; distance < lanes; distance *= 2)
            {
                var shuffle = string.Join(", ", Enumerable.Range(0, lanes).Select(lane => Number(lane ^ distance)));
                var mask = string.Join(", ", Enumerable.Range(0, lanes).Select(lane => (lane & distance) == 0 ? "-1" : "0"));
                writer.Line($"// groups of {Number(distance)}");
                writer.Line($"var turn{distance} = {target.Class}.Create({shuffle});");
                writer.Line($"var keep{distance} = {target.Class}.AsSingle({target.Class}.Create({mask}));");
                for (var row = 0; row < lanes; row++)
                {
                    if ((row & distance) != 0)
                    {
                        continue;
                    }

                    var (a, b) = ($"v{row}", $"v{row + distance}");
                    using (writer.Block())
                    {
                        writer.Line($"var a = {target.Class}.ShuffleNative({a}, turn{distance});");
                        writer.Line($"{a} = {target.Class}.ConditionalSelect(keep{distance}, {a}, {target.Class}.ShuffleNative({b}, turn{distance}));");
                        writer.Line($"{b} = {target.Class}.ConditionalSelect(keep{distance}, a, {b});");
                    }
                }
            }

            for (var row = 0; row < lanes; row++)
            {
                writer.Line($"{target.Class}.StoreUnsafe(v{row}, ref Clr::Unsafe.Add(ref result, {Number(row)} * resultStep));");
            }
        }
    }
}
