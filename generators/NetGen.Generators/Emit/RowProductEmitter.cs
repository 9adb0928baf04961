using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// The forward product of one sample: the weights stream by once. One sample has few sums, and each waits for its last
/// addition: many columns at a time, or several segments of the depth, keep enough of them under way.
/// </summary>
internal sealed class RowProductEmitter(ProductKernel kernel, ProductSchedule schedule, VectorTarget target, ActivationFormulas formulas)
{
    private readonly int _depth = kernel.Left.Columns;
    private readonly bool _panelled = kernel.Left.Storage == Storage.Panels;
    private readonly int _segments = (kernel.Left.Columns + schedule.SegmentLength - 1) / schedule.SegmentLength;

    /// <summary>Where the narrow last panel starts; behind the end where there is none.</summary>
    private readonly int _narrow = kernel.Right.PaddedColumns / Buffer.PanelWidth * Buffer.PanelWidth;

    private string V => target.Class;

    /// <summary>Columns up to this one run in a loop over groups of vectors; the others are written out.</summary>
    private int Looped
    {
        get
        {
            var step = schedule.RowVectors * target.Lanes;
            return step % Buffer.PanelWidth == 0 && kernel.Right.PaddedColumns > 2 * step ? _narrow / step * step : 0;
        }
    }

    /// <summary>
    /// Whether the activation is applied to sums in registers. In a loop over columns a dear one would have its constants held in
    /// registers that the sums need; so much of it would also be much code.
    /// </summary>
    private bool IsFusedInRegisters => kernel.Operand is null
        && (kernel.Activation.IsCheap() || (Looped == 0 && kernel.Right.PaddedColumns <= MostDearVectors * target.Lanes));

    private const int MostDearVectors = 4;

    public void Write(CodeWriter writer, string parameters)
    {
        KernelFileEmitter.Head(writer, $"The same for one sample: one row of {kernel.Left.Name} and {kernel.Result.Name}, in buffers of so many rows.");
        using (writer.Block($"private static void {kernel.Name}Row({parameters})"))
        {
            var looped = Looped;
            if (looped > 0)
            {
                using (writer.Block($"for (var column = 0; column < {Number(looped)}; column += {Number(schedule.RowVectors * target.Lanes)})"))
                {
                    Group(writer, 0, schedule.RowVectors, "column");
                }
            }

            var start = looped;
            foreach (var run in Tiles.Cut((kernel.Right.PaddedColumns - looped) / target.Lanes, schedule.RowVectors, alike: true))
            {
                for (var i = 0; i < run.Count; i++, start += run.Size * target.Lanes)
                {
                    using (writer.Block())
                    {
                        Group(writer, start, run.Size, null);
                    }
                }
            }

            if (!IsFusedInRegisters)
            {
                Epilogue(writer);
            }
        }
    }

    /// <summary>The sums of neighbouring columns.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="first">The first column; with a loop, from the loop's column.</param>
    /// <param name="vectors">The vectors of columns.</param>
    /// <param name="column">The loop's variable, a multiple of a panel; null without one.</param>
    private void Group(CodeWriter writer, int first, int vectors, string? column)
    {
        var columns = Enumerable.Range(0, vectors).Select(v => first + v * target.Lanes).ToList();
        if (columns[0] < _narrow)
        {
            var start = column is null ? Number(Columns.Within(first, _depth)) : $"{column} * {Number(_depth)}";
            writer.Line($"ref var wk = ref {TileEmitter.Ref(kernel.Right.Name, start)};");
        }

        if (columns[vectors - 1] >= _narrow)
        {
            writer.Line($"ref var wn = ref {TileEmitter.Ref(kernel.Right.Name, _narrow * _depth)}; // the last panel is narrow");
        }

        for (var segment = 0; segment < _segments; segment++)
        {
            var offset = segment == 0 ? "0" : _panelled ? $"{Number(segment * schedule.SegmentLength)} * rows" : Number(segment * schedule.SegmentLength);
            writer.Line($"ref var xk{segment} = ref {TileEmitter.Ref(kernel.Left.Name, offset)};");
        }

        for (var segment = 0; segment < _segments; segment++)
        {
            for (var v = 0; v < vectors; v++)
            {
                writer.Line($"var s{segment}_{v} = {(_segments == 1 ? Bias(columns[v], column) : $"{V}<float>.Zero")};");
            }
        }

        Depth(writer, columns);

        for (var v = 0; v < vectors; v++)
        {
            var total = $"s0_{v}";
            if (_segments > 1)
            {
                total = $"t{v}";
                var sum = Enumerable.Range(0, _segments).Aggregate(Bias(columns[v], column), (s, segment) => $"{s} + s{segment}_{v}");
                writer.Line($"var {total} = {sum};");
            }

            Store(writer, columns[v], column, total);
        }
    }

    /// <summary>The steps over the depth: all segments side by side, of which the last may be shorter than the others.</summary>
    private void Depth(CodeWriter writer, List<int> columns)
    {
        var length = schedule.SegmentLength;
        var last = _depth - (_segments - 1) * length;
        if (_panelled && _depth > Buffer.PanelWidth)
        {
            using (writer.Block($"for (var start = 0; start < {Number(length)}; start += 32)"))
            {
                writer.Line("var k = 0;");
                var all = "32";
                if (last % Buffer.PanelWidth != 0 || last < length)
                {
                    all = "all";
                    writer.Line($"var all = Sys::Math.Clamp({Number(last)} - start, 0, 32);");
                }

                Steps(writer, columns, all, _segments);
                if (last < length)
                {
                    Steps(writer, columns, "32", _segments - 1);
                }

                for (var segment = 0; segment < _segments; segment++)
                {
                    writer.Line($"xk{segment} = ref Clr::Unsafe.Add(ref xk{segment}, rows * 32);");
                }
            }

            return;
        }

        if (_segments == 1 && _depth * columns.Count <= 32)
        {
            for (var k = 0; k < _depth; k++)
            {
                Step(writer, columns, 0, $"x{k}", TileEmitter.Ref("xk0", k), k);
            }

            return;
        }

        writer.Line("var k = 0;");
        Steps(writer, columns, Number(last), _segments);
        if (last < length)
        {
            Steps(writer, columns, Number(length), _segments - 1);
        }
    }

    private void Steps(CodeWriter writer, List<int> columns, string end, int segments)
    {
        using (writer.Block($"for (; k < {end}; k++)"))
        {
            for (var segment = 0; segment < segments; segment++)
            {
                Step(writer, columns, segment, $"x{segment}", $"Clr::Unsafe.Add(ref xk{segment}, k)", segment * schedule.SegmentLength);
            }

            if (columns[0] < _narrow)
            {
                writer.Line("wk = ref Clr::Unsafe.Add(ref wk, 32);");
            }

            if (columns[columns.Count - 1] >= _narrow)
            {
                writer.Line("wn = ref Clr::Unsafe.Add(ref wn, 16);");
            }
        }
    }

    /// <summary>One term of each sum.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="columns">The vectors' first columns.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="name">A name for the sample's factor.</param>
    /// <param name="factor">The sample's factor.</param>
    /// <param name="row">The weights' row, from where the references stand.</param>
    private void Step(CodeWriter writer, List<int> columns, int segment, string name, string factor, int row)
    {
        writer.Line($"var {name} = {V}.Create({factor});");
        for (var v = 0; v < columns.Count; v++)
        {
            var weights = columns[v] >= _narrow
                ? TileEmitter.Load(target, "wn", row * 16 + columns[v] - _narrow)
                : TileEmitter.Load(target, "wk", row * Buffer.PanelWidth + Columns.Within(columns[v], _depth) - Columns.Within(columns[0], _depth));
            writer.Line($"s{segment}_{v} = {V}.MultiplyAddEstimate({name}, {weights}, s{segment}_{v});");
        }
    }

    private string Bias(int c, string? column)
    {
        if (kernel.Bias is null)
        {
            return $"{V}<float>.Zero";
        }

        return Figure(kernel.Bias, c, column);
    }

    /// <summary>A vector of what there is one number of for each column.</summary>
    private string Figure(Buffer figures, int c, string? column) =>
        $"{V}.LoadUnsafe(ref {TileEmitter.Ref(figures.Name, column is null ? Number(c) : c == 0 ? column : $"{column} + {Number(c)}")})";

    private void Store(CodeWriter writer, int c, string? column, string value)
    {
        var (panel, rest) = (c / Buffer.PanelWidth * Buffer.PanelWidth, c % Buffer.PanelWidth);
        var at = (column, panel) switch
        {
            (null, 0) => Number(rest),
            (null, _) => $"{Number(panel)} * rows{Plus(rest)}",
            (_, 0) => $"{column} * rows{Plus(rest)}",
            _ => $"({column} + {Number(panel)}) * rows{Plus(rest)}",
        };
        if (kernel.Folded is { } folded)
        {
            value = FoldEmitter.Applied(target, value, Figure(folded.Scale, c, column), Figure(folded.Shift, c, column));
        }

        value = IsFusedInRegisters ? formulas.Value(kernel.Activation, value) : value;
        writer.Line($"{V}.StoreUnsafe({value}, ref {TileEmitter.Ref(kernel.Result.Name, at)});");
    }

    private static string Plus(int offset) => offset == 0 ? "" : $" + {Number(offset)}";

    /// <summary>A dear activation, over the finished row.</summary>
    private void Epilogue(CodeWriter writer)
    {
        using (writer.Block($"for (var column = 0; column < {Number(kernel.Right.PaddedColumns)}; column += 16)"))
        {
            writer.Line("var offset = (column & ~31) * rows + (column & 31);");
            writer.Line($"ref var at = ref {TileEmitter.Ref(kernel.Result.Name, "offset")};");
            for (var part = 0; part < target.Parts; part++)
            {
                writer.Line($"var zi{part} = {TileEmitter.Load(target, "at", part * target.Lanes)};");
                if (kernel.Operand is not null)
                {
                    writer.Line($"{V}.StoreUnsafe(zi{part}, ref {TileEmitter.Ref(kernel.Operand.Name, $"offset{Plus(part * target.Lanes)}")});");
                }

                writer.Line(TileEmitter.Store(target, formulas.Value(kernel.Activation, $"zi{part}"), "at", part * target.Lanes));
            }
        }
    }
}
