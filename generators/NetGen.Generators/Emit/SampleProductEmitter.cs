using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// The products whose rows are samples: Y = f(X·W + b), and dX = dY·Wᵀ times the slope of the layer below. Loops from outside
/// in: columns (one panel of weights stays in the cache), rows, depth.
/// </summary>
internal sealed class SampleProductEmitter(
    ProductKernel kernel, ProductSchedule schedule, VectorTarget target, ActivationFormulas formulas, int? batchSize, StepSplit? split)
{
    private readonly int _depth = kernel.Left.Columns;
    private readonly bool _panelled = kernel.Left.Storage == Storage.Panels;

    /// <summary>The vectors of the tiles that end in a method of their own.</summary>
    private readonly SortedSet<int> _epilogues = [];

    private bool IsForward => kernel.Product == Product.Forward;

    /// <summary>The rows of the buffers: what the caller says, or the batch.</summary>
    private string Rows => IsForward ? "rows" : Number(batchSize!.Value);

    /// <summary>Whether the caller says how many rows there are to do; else it is a whole batch.</summary>
    private bool TakesCount => IsForward || split is not null;

    /// <summary>The rows to do: all, or where a step is split over threads those of one thread.</summary>
    private string Count => split is not null ? "count" : "rows";

    /// <summary>The tiles' sizes where the number of rows varies: any number is a sum of them, but for single rows of the forward product.</summary>
    private IEnumerable<int> Sizes => IsForward ? schedule.Rows : schedule.Rows.Concat([4, 2, 1]).Where(s => s <= schedule.Rows[0]).Distinct();

    private string V => target.Class;

    private bool IsSegmented => schedule.SegmentLength < _depth;

    /// <summary>What a tile sums, for people.</summary>
    private string TileFormula =>
        $"{(kernel.Bias is null ? "" : $"{kernel.Bias.Name} + ")}{kernel.Left.Name} · {kernel.Right.Name}, over {Number(_depth)} terms";

    private string Parameters => BufferParameters + (IsForward ? ", int rows" : "") + (split is not null ? ", int count" : "");

    private string BufferParameters => string.Join(
        ", ",
        kernel.SampleBuffers.Select(b => $"ref float {b.Name}"));

    public void Write(CodeWriter writer)
    {
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, Rows) + ".", $"Tiles of {string.Join(", ", schedule.Rows.Select(r => $"{Number(r)}x{Number(schedule.Vectors)}"))} vectors.");
        using (writer.Block($"internal static void {kernel.Name}({Parameters})"))
        {
            foreach (var columns in Columns.Cut(kernel.Right, schedule.Vectors * target.Lanes))
            {
                using (columns.Loop(writer))
                {
                    Tiles(writer, columns);
                }
            }

            if (IsForward)
            {
                RemainingRows(writer);
            }
        }

        foreach (var vectors in _epilogues)
        {
            EpilogueMethod(writer, vectors);
        }

        if (IsForward)
        {
            new RowProductEmitter(kernel, schedule, target, formulas).Write(writer, BufferParameters + ", int rows");
        }
    }

    /// <summary>All tiles of one tile's columns, largest first.</summary>
    private void Tiles(CodeWriter writer, Columns columns)
    {
        writer.Line($"ref var w = ref {TileEmitter.Ref(kernel.Right.Name, columns.InPanels(_depth))};");
        writer.Line($"ref var {LeftRow} = ref {kernel.Left.Name};");
        writer.Line($"ref var result = ref {TileEmitter.Ref(kernel.Result.Name, columns.InPanels(Rows))};");
        if (kernel.Operand is { } operand)
        {
            writer.Line($"ref var {OperandRow} = ref {TileEmitter.Ref(operand.Name, columns.InPanels(Rows))};");
        }

        if (TakesCount)
        {
            writer.Line("var row = 0;");
            foreach (var size in Sizes)
            {
                writer.Blank();
                writer.Line($"// s[{Number(size)}, {Number(columns.Step)}] = {TileFormula}");
                using (writer.Block($"for (; row + {Number(size)} <= {Count}; row += {Number(size)})"))
                {
                    Tile(writer, columns, size);
                }
            }

            return;
        }

        foreach (var run in Passes.Tiles.Cut(batchSize!.Value, schedule.Rows[0]))
        {
            writer.Blank();
            writer.Line($"// s[{Number(run.Size)}, {Number(columns.Step)}] = {TileFormula}");
            using (run.Count == 1 ? writer.Block() : writer.Block($"for (var tile = 0; tile < {Number(run.Count)}; tile++)"))
            {
                Tile(writer, columns, run.Size);
            }
        }
    }

    /// <summary>The left factor at the tile's first row, and at the term of the sum that comes next.</summary>
    private string LeftRow => IsForward ? "xRow" : "dRow";

    private string LeftAtK => IsForward ? "xk" : "dk";

    private string OperandRow => IsForward ? "argument" : "operand";

    private void Tile(CodeWriter writer, Columns columns, int size)
    {
        var vectors = columns.Step / target.Lanes;
        var tile = new TileEmitter(target, size, vectors)
        {
            LeftOffset = row => row * (_panelled ? Buffer.PanelWidth : _depth),
            RightOffset = vector => Columns.Within(vector * target.Lanes, _depth),
            LeftName = IsForward ? "x" : "d",
        };
        writer.Line($"ref var {LeftAtK} = ref {LeftRow};");
        writer.Line("ref var wk = ref w;");
        if (IsSegmented)
        {
            Segments(writer, columns, tile);
        }
        else
        {
            Figures(writer, columns, vectors, "bias", kernel.Bias);
            tile.Start(writer, (_, vector) => kernel.Bias is null ? $"{V}<float>.Zero" : $"bias{vector}");
            Depth(writer, tile, columns.PanelWidth);
            Finish(writer, columns, tile);
        }

        writer.Blank();
        TileEmitter.Move(writer, LeftRow, size * (_panelled ? Buffer.PanelWidth : _depth));
        TileEmitter.Move(writer, "result", size * Buffer.PanelWidth);
        if (kernel.Operand is not null)
        {
            TileEmitter.Move(writer, OperandRow, size * Buffer.PanelWidth);
        }
    }

    /// <summary>Declares the vectors of what there is one number of for each column.</summary>
    private void Figures(CodeWriter writer, Columns columns, int vectors, string name, Buffer? figures)
    {
        for (var vector = 0; vector < vectors && figures is not null; vector++)
        {
            writer.Line($"var {name}{vector} = {V}.LoadUnsafe(ref {Figure(columns, vector, figures)});");
        }
    }

    private string Figure(Columns columns, int vector, Buffer figures) => TileEmitter.Ref(
        figures.Name, columns.IsSingle ? Number(columns.Start + vector * target.Lanes) : vector == 0 ? "column" : $"column + {Number(vector * target.Lanes)}");

    /// <summary>The sum over the whole depth, in one go.</summary>
    private void Depth(CodeWriter writer, TileEmitter tile, int panelWidth)
    {
        if (schedule.Unrolled)
        {
            tile.Unrolled(writer, LeftAtK, "wk", _depth, k => k, panelWidth);
            return;
        }

        if (!_panelled || _depth <= Buffer.PanelWidth)
        {
            tile.Loop(writer, LeftAtK, "wk", Number(_depth), 1, panelWidth);
            return;
        }

        using (writer.Block($"for (var panel = 0; panel < {Number(_depth / Buffer.PanelWidth)}; panel++)"))
        {
            tile.Loop(writer, LeftAtK, "wk", Number(Buffer.PanelWidth), 1, panelWidth);
            TileEmitter.Move(writer, LeftAtK, PanelSkip);
        }

        if (_depth % Buffer.PanelWidth != 0)
        {
            tile.Loop(writer, LeftAtK, "wk", Number(_depth % Buffer.PanelWidth), 1, panelWidth);
        }
    }

    /// <summary>From the end of a row in one panel of the left factor to the same row in the next.</summary>
    private string PanelSkip => IsForward ? "(rows - 1) * 32" : Number((batchSize!.Value - 1) * Buffer.PanelWidth);

    /// <summary>The sum in segments: each from zero, then added to the total, which waits in the result.</summary>
    private void Segments(CodeWriter writer, Columns columns, TileEmitter tile)
    {
        var length = Number(schedule.SegmentLength);
        Figures(writer, columns, tile.Vectors, "bias", kernel.Bias);
        using (writer.Block($"for (var i = 0; i < {Number(tile.Rows * Buffer.PanelWidth)}; i += 32)"))
        {
            writer.Line("ref var at = ref Clr::Unsafe.Add(ref result, i);");
            for (var vector = 0; vector < tile.Vectors; vector++)
            {
                writer.Line(Store(kernel.Bias is null ? $"{V}<float>.Zero" : $"bias{vector}", "at", 0, vector));
            }
        }

        writer.Blank();
        writer.Line($"// Segments of {length} terms, each summed from zero: the order in which a sample alone is summed too.");
        using (writer.Block($"for (var first = 0; first < {Number(_depth)}; first += {length})"))
        {
            writer.Line($"var end = Sys::Math.Min(first + {length}, {Number(_depth)});");
            tile.StartFromZero(writer);
            if (_panelled)
            {
                using (writer.Block("for (var start = first; start < end; start += 32)"))
                {
                    writer.Line("var depth = Sys::Math.Min(32, end - start);");
                    tile.Loop(writer, LeftAtK, "wk", "depth", 1, columns.PanelWidth);
                    TileEmitter.Move(writer, LeftAtK, PanelSkip);
                }
            }
            else
            {
                tile.Loop(writer, LeftAtK, "wk", "end - first", 1, columns.PanelWidth);
            }

            writer.Blank();
            foreach (var (row, vector, name) in tile.Sums())
            {
                writer.Line(Store($"{Load("result", row, vector)} + {name}", "result", row, vector));
            }
        }

        if (!kernel.Activation.IsIdentity() || kernel.Folded is not null)
        {
            RowEpilogue(writer, columns, tile);
        }
    }

    /// <summary>What happens to the finished sums: cheap functions in registers, dear ones row by row while the tile is in the cache.</summary>
    private void Finish(CodeWriter writer, Columns columns, TileEmitter tile)
    {
        writer.Blank();
        var cheap = IsForward ? kernel.Activation.IsCheap() && kernel.Operand is null : kernel.Activation.HasCheapSlope();
        if (cheap)
        {
            Figures(writer, columns, tile.Vectors, "scales", kernel.Folded?.Scale);
            Figures(writer, columns, tile.Vectors, "shifts", kernel.Folded?.Shift);
        }

        foreach (var (row, vector, name) in tile.Sums())
        {
            if (!cheap || (kernel.Activation.IsIdentity() && kernel.Folded is null))
            {
                writer.Line(Store(name, "result", row, vector));
            }
            else if (IsForward)
            {
                writer.Line(Store(formulas.Value(kernel.Activation, FoldEmitter.Applied(kernel.Folded, target, name, vector)), "result", row, vector));
            }
            else
            {
                using (writer.Block())
                {
                    writer.Line($"var a = {Load(OperandRow, row, vector)};");
                    writer.Line(Store(formulas.TimesSlope(kernel.Activation, name, "a"), "result", row, vector));
                }
            }
        }

        if (!cheap)
        {
            RowEpilogue(writer, columns, tile);
        }
    }

    private void RowEpilogue(CodeWriter writer, Columns columns, TileEmitter tile)
    {
        _epilogues.Add(tile.Vectors);
        var operand = (kernel.Operand is null ? "" : $", ref {OperandRow}")
            + (kernel.Folded is null ? "" : $", ref {Figure(columns, 0, kernel.Folded.Scale)}, ref {Figure(columns, 0, kernel.Folded.Shift)}");
        writer.Blank();
        writer.Line($"{EpilogueName(tile.Vectors)}(ref result{operand}, {Number(tile.Rows)});");
    }

    private string EpilogueName(int vectors) => $"{kernel.Name}Finish{Number(vectors)}";

    /// <summary>
    /// A dear function on a finished tile, as a method of its own: within the product's, the compiler of the runtime keeps the function's
    /// constants in registers throughout, and the tile's sums in memory.
    /// </summary>
    private void EpilogueMethod(CodeWriter writer, int vectors)
    {
        KernelFileEmitter.Head(
            writer,
            IsForward
                ? $"{kernel.Result.Name} = {FormulaText.Applied(kernel.Activation, FormulaText.Scaled(kernel.Folded, "z"))}, row by row while the tile is in the cache."
                : $"{kernel.Result.Name} times {ActivationFormulas.SlopeText(kernel.Activation, kernel.Operand!.Name)}, row by row while the tile is in the cache.",
            attributes: "NoInlining");
        var operand = (kernel.Operand is null ? "" : $", ref float {OperandRow}") + (kernel.Folded is null ? "" : ", ref float scale, ref float shift");
        using (writer.Block($"private static void {EpilogueName(vectors)}(ref float result{operand}, int rows)"))
        using (writer.Block("for (var i = 0; i < rows * 32; i += 32)"))
        {
            writer.Line($"ref var at = ref {TileEmitter.Ref("result", "i")};");
            if (kernel.Operand is not null)
            {
                writer.Line($"ref var {OperandRow}At = ref {TileEmitter.Ref(OperandRow, "i")};");
            }

            for (var vector = 0; vector < vectors; vector++)
            {
                var offset = vector * target.Lanes;
                if (IsForward)
                {
                    var sum = TileEmitter.Load(target, "at", offset);
                    var z = kernel.Folded is null ? sum : FoldEmitter.Applied(target, sum, TileEmitter.Load(target, "scale", offset), TileEmitter.Load(target, "shift", offset));
                    writer.Line($"var zi{vector} = {z};");
                    if (kernel.Operand is not null)
                    {
                        writer.Line(TileEmitter.Store(target, $"zi{vector}", $"{OperandRow}At", offset));
                    }

                    writer.Line(TileEmitter.Store(target, formulas.Value(kernel.Activation, $"zi{vector}"), "at", offset));
                }
                else
                {
                    writer.Line($"var gi{vector} = {TileEmitter.Load(target, "at", offset)};");
                    writer.Line($"var zi{vector} = {TileEmitter.Load(target, $"{OperandRow}At", offset)};");
                    writer.Line(TileEmitter.Store(target, formulas.TimesSlope(kernel.Activation, $"gi{vector}", $"zi{vector}"), "at", offset));
                }
            }
        }
    }

    /// <summary>Rows that fill no tile run one by one.</summary>
    private void RemainingRows(CodeWriter writer)
    {
        var rest = schedule.Rows.Aggregate(Count, (rows, size) => rows.Contains(' ') ? $"({rows}) % {Number(size)}" : $"{rows} % {Number(size)}");
        writer.Line($"var rest = {rest};");
        using (writer.Block($"for (var alone = {Count} - rest; alone < {Count}; alone++)"))
        {
            var left = TileEmitter.Ref(kernel.Left.Name, $"alone * {Number(_panelled ? Buffer.PanelWidth : _depth)}");
            var arguments = new[] { left, kernel.Right.Name, kernel.Bias?.Name, kernel.Folded?.Scale.Name, kernel.Folded?.Shift.Name, TileEmitter.Ref(kernel.Result.Name, "alone * 32"),
                kernel.Operand is null ? null : TileEmitter.Ref(kernel.Operand.Name, "alone * 32") };
            writer.Line($"{kernel.Name}Row({string.Join(", ", arguments.Where(a => a is not null).Select(a => "ref " + a))}, rows);");
        }
    }

    private string Load(string name, int row, int vector) => TileEmitter.Load(target, name, row * Buffer.PanelWidth + vector * target.Lanes);

    private string Store(string value, string name, int row, int vector) =>
        TileEmitter.Store(target, value, name, row * Buffer.PanelWidth + vector * target.Lanes);
}
