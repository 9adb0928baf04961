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
            Blocks(writer);
            Padding(writer);
        }
    }

    /// <summary>Whole vectors behind the last row of the source: columns of the result that do not exist.</summary>
    private void Padding(CodeWriter writer)
    {
        var written = Buffer.RoundUp(_rows, target.Lanes);
        if (written == kernel.Result.PaddedColumns)
        {
            return;
        }

        writer.Blank();
        using (writer.Block($"for (var column = 0; column < {Number(_columns)}; column++)"))
        {
            for (var row = written; row < kernel.Result.PaddedColumns; row += target.Lanes)
            {
                var panel = row / Buffer.PanelWidth * Buffer.PanelWidth;
                var width = panel == kernel.Result.PaddedColumns - kernel.Result.LastPanelWidth ? kernel.Result.LastPanelWidth : Buffer.PanelWidth;
                var at = ImageLoops.Sum($"column * {Number(width)}", panel * _columns + row - panel);
                writer.Line($"{target.Class}.StoreUnsafe({target.Class}<float>.Zero, ref Clr::Unsafe.Add(ref {kernel.Result.Name}, {at}));");
            }
        }
    }

    private void Blocks(CodeWriter writer)
    {
        using (writer.Block($"for (var column = 0; column < {Number(_columns)}; column += {Number(target.Lanes)})"))
        {
            writer.Line($"var width = {Width(kernel.Source, "column")};");
            using (writer.Block($"for (var row = 0; row < {Number(_rows)}; row += {Number(target.Lanes)})"))
            {
                writer.Line($"var turnedWidth = {Width(kernel.Result, "row")};");
                writer.Line($"ref var source = ref Clr::Unsafe.Add(ref {kernel.Source.Name}, (column & ~31) * {Number(_rows)} + row * width + (column & 31));");
                writer.Line($"ref var result = ref Clr::Unsafe.Add(ref {kernel.Result.Name}, (row & ~31) * {Number(_columns)} + column * turnedWidth + (row & 31));");
                var wholeRows = _rows % target.Lanes == 0;
                var wholeColumns = _columns % target.Lanes == 0;
                if (wholeRows && wholeColumns)
                {
                    writer.Line($"{math.TransposeBlock}(ref source, width, ref result, turnedWidth);");
                    return;
                }

                // Rows that do not exist are zeros; columns that do not exist have no row in the result.
                var isWhole = string.Join(" && ", new[] { wholeRows ? null : $"row < {Number(_rows / target.Lanes * target.Lanes)}", wholeColumns ? null : $"column < {Number(_columns / target.Lanes * target.Lanes)}" }.Where(c => c is not null));
                if (_rows >= target.Lanes && _columns >= target.Lanes)
                {
                    using (writer.Block($"if ({isWhole})"))
                    {
                        writer.Line($"{math.TransposeBlock}(ref source, width, ref result, turnedWidth);");
                        writer.Line("continue;");
                    }

                    writer.Blank();
                }

                writer.Line($"{math.TransposeEdge}(ref source, width, ref result, turnedWidth, {Number(_rows)} - row, {Number(_columns)} - column);");
            }
        }
    }

    /// <summary>The width of the panel that a column stands in.</summary>
    private static string Width(Buffer weights, string column)
    {
        if (weights.LastPanelWidth == Buffer.PanelWidth)
        {
            return "32";
        }

        var last = weights.PaddedColumns - weights.LastPanelWidth;
        return last == 0 ? "16" : $"{column} < {Number(last)} ? 32 : 16";
    }

    /// <summary>
    /// A block of lanes x lanes numbers: in each round, registers that stand 1, 2, 4, … apart swap every other group of so many
    /// lanes, until rows have become columns.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="target">The vector width.</param>
    /// <param name="isEdge">Whether rows may be missing, which then count as zeros, and columns, which are then not written.</param>
    public static void WriteBlock(CodeWriter writer, VectorTarget target, bool isEdge)
    {
        var lanes = target.Lanes;
        var v = target.Class;
        writer.Line($"/// <summary>Transposes {(isEdge ? "what there is of " : "")}a block of {lanes} x {lanes} numbers whose rows are so many floats apart.</summary>");
        writer.Line("[Clr::MethodImpl(Clr::MethodImplOptions.AggressiveOptimization)]");
        var (name, more) = isEdge ? ("TransposeEdge", ", int rows, int columns") : ("TransposeBlock", "");
        using (writer.Block($"private static void {name}(ref float source, int step, ref float result, int resultStep{more})"))
        {
            for (var row = 0; row < lanes; row++)
            {
                var load = $"{v}.LoadUnsafe(ref Clr::Unsafe.Add(ref source, {Number(row)} * step))";
                writer.Line($"var v{row} = {(isEdge && row > 0 ? $"rows > {Number(row)} ? {load} : {v}<float>.Zero" : load)};");
            }

            for (var distance = 1; distance < lanes; distance *= 2)
            {
                Round(writer, target, distance);
            }

            writer.Blank();
            for (var row = 0; row < lanes; row++)
            {
                var store = $"{v}.StoreUnsafe(v{row}, ref Clr::Unsafe.Add(ref result, {Number(row)} * resultStep));";
                if (!isEdge || row == 0)
                {
                    writer.Line(store);
                    continue;
                }

                using (writer.Block($"if (columns > {Number(row)})"))
                {
                    writer.Line(store);
                }
            }
        }
    }

    private static void Round(CodeWriter writer, VectorTarget target, int distance)
    {
        var (v, lanes) = (target.Class, target.Lanes);
        var shuffle = string.Join(", ", Enumerable.Range(0, lanes).Select(lane => Number(lane ^ distance)));
        var mask = string.Join(", ", Enumerable.Range(0, lanes).Select(lane => (lane & distance) == 0 ? "-1" : "0"));
        writer.Blank();
        writer.Line($"// swap groups of {Number(distance)} between registers {Number(distance)} apart");
        writer.Line($"var turn{distance} = {v}.Create({shuffle});");
        writer.Line($"var keep{distance} = {v}.AsSingle({v}.Create({mask}));");
        foreach (var row in Enumerable.Range(0, lanes).Where(r => (r & distance) == 0))
        {
            var (a, b) = ($"v{row}", $"v{row + distance}");
            var swapped = $"a{row}_{distance}";
            writer.Line($"var {swapped} = {v}.ShuffleNative({a}, turn{distance});");
            writer.Line($"{a} = {v}.ConditionalSelect(keep{distance}, {a}, {v}.ShuffleNative({b}, turn{distance}));");
            writer.Line($"{b} = {v}.ConditionalSelect(keep{distance}, {swapped}, {b});");
        }
    }
}
