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

    private string V => target.Class;

    private bool IsFusedInRegisters => kernel.Activation.IsCheap() && kernel.Operand is null;

    public void Write(CodeWriter writer, string parameters)
    {
        KernelFileEmitter.Head(writer, $"The same for one sample: one row of {kernel.Left.Name} and {kernel.Result.Name}, in buffers of so many rows.");
        using (writer.Block($"private static void {kernel.Name}Row({parameters})"))
        {
            foreach (var columns in Columns.Cut(kernel.Right, schedule.RowVectors * target.Lanes))
            {
                using (columns.Loop(writer))
                {
                    Row(writer, columns);
                }
            }

            if (!IsFusedInRegisters)
            {
                Epilogue(writer);
            }
        }
    }

    private void Row(CodeWriter writer, Columns columns)
    {
        var vectors = columns.Step / target.Lanes;
        writer.Line($"ref var wk = ref {TileEmitter.Ref(kernel.Right.Name, columns.InPanels(_depth))};");
        if (_segments == 1)
        {
            Whole(writer, columns, vectors);
        }
        else
        {
            Segments(writer, columns, vectors);
        }
    }

    private void Whole(CodeWriter writer, Columns columns, int vectors)
    {
        var tile = new TileEmitter(target, 1, vectors)
        {
            LeftOffset = _ => 0,
            RightOffset = vector => Columns.Within(vector * target.Lanes, _depth),
        };
        writer.Line($"ref var xk = ref {kernel.Left.Name};");
        tile.Start(writer, (_, vector) => Bias(columns, vector));
        if (!_panelled || _depth <= Buffer.PanelWidth)
        {
            if (_depth * vectors <= 32)
            {
                tile.Unrolled(writer, "xk", "wk", _depth, k => k, columns.PanelWidth);
            }
            else
            {
                tile.Loop(writer, "xk", "wk", Number(_depth), 1, columns.PanelWidth);
            }
        }
        else
        {
            using (writer.Block($"for (var panel = 0; panel < {Number(_depth / Buffer.PanelWidth)}; panel++)"))
            {
                tile.Loop(writer, "xk", "wk", Number(Buffer.PanelWidth), 1, columns.PanelWidth);
                writer.Line("xk = ref Clr::Unsafe.Add(ref xk, (rows - 1) * 32);");
            }

            if (_depth % Buffer.PanelWidth != 0)
            {
                tile.Loop(writer, "xk", "wk", Number(_depth % Buffer.PanelWidth), 1, columns.PanelWidth);
            }
        }

        for (var vector = 0; vector < vectors; vector++)
        {
            Store(writer, columns, vector, tile.Sum(0, vector));
        }
    }

    /// <summary>All segments side by side; the last may be shorter than the others.</summary>
    private void Segments(CodeWriter writer, Columns columns, int vectors)
    {
        var length = schedule.SegmentLength;
        var last = _depth - (_segments - 1) * length;
        for (var segment = 0; segment < _segments; segment++)
        {
            var offset = _panelled ? $"{Number(segment * length)} * rows" : Number(segment * length);
            writer.Line($"ref var xk{segment} = ref {TileEmitter.Ref(kernel.Left.Name, segment == 0 ? "0" : offset)};");
        }

        for (var segment = 0; segment < _segments; segment++)
        {
            for (var vector = 0; vector < vectors; vector++)
            {
                writer.Line($"var s{segment}_{vector} = {V}<float>.Zero;");
            }
        }

        if (_panelled)
        {
            using (writer.Block($"for (var start = 0; start < {Number(length)}; start += 32)"))
            {
                writer.Line("var k = 0;");
                if (last < length)
                {
                    writer.Line($"var all = Sys::Math.Clamp({Number(last)} - start, 0, 32);");
                    Steps(writer, columns, vectors, "all", _segments);
                    Steps(writer, columns, vectors, "32", _segments - 1);
                }
                else
                {
                    Steps(writer, columns, vectors, "32", _segments);
                }

                for (var segment = 0; segment < _segments; segment++)
                {
                    writer.Line($"xk{segment} = ref Clr::Unsafe.Add(ref xk{segment}, rows * 32);");
                }
            }
        }
        else
        {
            writer.Line("var k = 0;");
            Steps(writer, columns, vectors, Number(last), _segments);
            if (last < length)
            {
                Steps(writer, columns, vectors, Number(length), _segments - 1);
            }
        }

        for (var vector = 0; vector < vectors; vector++)
        {
            var total = Enumerable.Range(0, _segments).Aggregate(Bias(columns, vector), (sum, segment) => $"{sum} + s{segment}_{vector}");
            writer.Line($"var s{vector} = {total};");
            Store(writer, columns, vector, $"s{vector}");
        }
    }

    private void Steps(CodeWriter writer, Columns columns, int vectors, string end, int segments)
    {
        using (writer.Block($"for (; k < {end}; k++)"))
        {
            for (var segment = 0; segment < segments; segment++)
            {
                writer.Line($"var x{segment} = {V}.Create(Clr::Unsafe.Add(ref xk{segment}, k));");
                for (var vector = 0; vector < vectors; vector++)
                {
                    var at = segment * schedule.SegmentLength * columns.PanelWidth + Columns.Within(vector * target.Lanes, _depth);
                    writer.Line($"s{segment}_{vector} = {V}.MultiplyAddEstimate(x{segment}, {TileEmitter.Load(target, "wk", at)}, s{segment}_{vector});");
                }
            }

            writer.Line($"wk = ref Clr::Unsafe.Add(ref wk, {Number(columns.PanelWidth)});");
        }
    }

    private string Bias(Columns columns, int vector)
    {
        if (kernel.Bias is null)
        {
            return $"{V}<float>.Zero";
        }

        var at = columns.IsSingle ? Number(columns.Start + vector * target.Lanes) : vector == 0 ? "column" : $"column + {Number(vector * target.Lanes)}";
        return $"{V}.LoadUnsafe(ref {TileEmitter.Ref(kernel.Bias.Name, at)})";
    }

    private void Store(CodeWriter writer, Columns columns, int vector, string value)
    {
        var c = vector * target.Lanes;
        var (panel, rest) = (c / Buffer.PanelWidth * Buffer.PanelWidth, c % Buffer.PanelWidth);
        var offset = columns.InPanels("rows") + (panel == 0 ? "" : $" + {Number(panel)} * rows") + (rest == 0 ? "" : $" + {Number(rest)}");
        offset = offset.StartsWith("0 + ") ? offset.Substring(4) : offset;
        value = IsFusedInRegisters ? formulas.Value(kernel.Activation, value) : value;
        writer.Line($"{V}.StoreUnsafe({value}, ref {TileEmitter.Ref(kernel.Result.Name, offset)});");
    }

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
                    writer.Line($"{V}.StoreUnsafe(zi{part}, ref {TileEmitter.Ref(kernel.Operand.Name, $"offset + {Number(part * target.Lanes)}")});");
                }

                writer.Line(TileEmitter.Store(target, formulas.Value(kernel.Activation, $"zi{part}"), "at", part * target.Lanes));
            }
        }
    }
}
