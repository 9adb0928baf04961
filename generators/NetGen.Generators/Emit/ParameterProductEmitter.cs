using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// The product whose rows are a layer's inputs and whose sum runs over the samples: dW = Xᵀ·dY. Each tile is added to the
/// numbers that are there: with plain gradient descent the weights when training, for delta carries the factor −rate/samples and so
/// W += Xᵀ·delta is the whole step; an empty gradient when gradients are asked for. With other optimisers a step's tile is the gradient,
/// left for a moment in the first-level cache, and the optimiser's step on its weights follows at once.
/// </summary>
internal sealed class ParameterProductEmitter(ProductKernel kernel, ProductSchedule schedule, VectorTarget target, int batchSize, StepSplit? split)
{
    private readonly int _inputs = kernel.Left.Columns;
    private readonly bool _panelled = kernel.Left.Storage == Storage.Panels;

    private readonly int _segment = Schedule.SampleSegment(batchSize);
    private readonly string _left = Schedule.SampleSegment(batchSize) == batchSize ? kernel.Left.Name : "someX";
    private readonly string _right = Schedule.SampleSegment(batchSize) == batchSize ? kernel.Right.Name : "someDelta";

    private string V => target.Class;

    private bool StartsFromParameter => kernel.Update is null && batchSize <= Schedule.MostSamplesFromParameter;

    /// <summary>From one sample to the next in the left factor.</summary>
    private int SampleStep => _panelled ? Buffer.PanelWidth : _inputs;

    private string Parameters => string.Join(
        ", ",
        new[] { kernel.Left, kernel.Right, kernel.Result, kernel.Bias }.Where(b => b is not null).Select(b => $"ref float {b!.Name}")
            .Concat(kernel.Update is not null ? ["ref float rates"] : [])
            .Concat(split is not null ? ["int firstInput", "int lastInput"] : []));

    /// <summary>The vectors of a bias that are summed together.</summary>
    private int BiasVectors => System.Math.Min(8, kernel.Bias!.PaddedColumns / target.Lanes);

    public void Write(CodeWriter writer)
    {
        KernelFileEmitter.Head(
            writer,
            FormulaText.Of(kernel, Number(batchSize)) + ".",
            schedule.RightInRegisters
                ? $"The {Number(batchSize)} rows of {kernel.Right.Name} stay in registers; {Number(schedule.Rows[0])} of weights pass by at a time."
                : $"Tiles of {Number(schedule.Rows[0])}x{Number(schedule.Vectors)} vectors.");
        using (writer.Block($"internal static void {kernel.Name}({Parameters})"))
        {
            if (kernel.Update is not null)
            {
                var sums = schedule.Rows[0] * schedule.Vectors;
                OptimizerEmitter.DeclareTile(writer, target.Lanes * (kernel.Bias is null ? sums : System.Math.Max(sums, BiasVectors)));
            }

            if (kernel.Bias is not null && split is null)
            {
                Bias(writer);
            }
            else if (kernel.Bias is not null)
            {
                using (writer.Block("if (firstInput == 0 && lastInput > 0)"))
                {
                    Bias(writer);
                }
            }

            if (_segment == batchSize)
            {
                Weights(writer);
                return;
            }

            writer.Blank();
            writer.Line($"// {Number(_segment)} samples at a time: what they need of {kernel.Right.Name} stays in the cache while the weights of a panel pass by.");
            using (writer.Block($"for (var first = 0; first < {Number(batchSize)}; first += {Number(_segment)})"))
            {
                if (batchSize % _segment != 0)
                {
                    writer.Line($"var samples = Sys::Math.Min({Number(_segment)}, {Number(batchSize)} - first);");
                }

                writer.Line($"ref var {_left} = ref Clr::Unsafe.Add(ref {kernel.Left.Name}, first * {Number(SampleStep)});");
                writer.Line($"ref var {_right} = ref Clr::Unsafe.Add(ref {kernel.Right.Name}, first * 32);");
                Weights(writer);
            }
        }
    }

    /// <summary>The samples of a segment.</summary>
    private string Samples => batchSize % _segment == 0 ? Number(_segment) : "samples";

    /// <summary>All weights, for the samples of a segment.</summary>
    private void Weights(CodeWriter writer)
    {
        foreach (var columns in Columns.Cut(kernel.Result, schedule.Vectors * target.Lanes))
        {
            using (columns.Loop(writer))
            {
                writer.Line($"ref var d = ref {TileEmitter.Ref(_right, columns.InPanels(batchSize))};");
                writer.Line($"ref var {(split is null ? "w" : "wColumn")} = ref {TileEmitter.Ref(kernel.Result.Name, columns.InPanels(_inputs))};");
                if (schedule.RightInRegisters)
                {
                    LoadRight(writer, columns);
                }

                Inputs(writer, columns);
            }
        }
    }

    /// <summary>The bias's input is 1 for every sample. Many columns at a time: one column's sum would wait for itself.</summary>
    private void Bias(CodeWriter writer)
    {
        var bias = kernel.Bias!;
        var vectors = BiasVectors;
        for (var start = 0; start < bias.PaddedColumns / target.Lanes; start += vectors)
        {
            var count = System.Math.Min(vectors, bias.PaddedColumns / target.Lanes - start);
            using (writer.Block())
            {
                var first = start * target.Lanes;
                writer.Line($"ref var d = ref {TileEmitter.Ref(kernel.Right.Name, Columns.Within(first, batchSize))};");
                for (var v = 0; v < count; v++)
                {
                    writer.Line($"var s{v} = {Start(bias.Name, first + v * target.Lanes)};");
                }

                using (writer.Block($"for (var m = 0; m < {Number(batchSize)}; m++)"))
                {
                    for (var v = 0; v < count; v++)
                    {
                        var offset = Columns.Within(first + v * target.Lanes, batchSize) - Columns.Within(first, batchSize);
                        writer.Line($"s{v} += {TileEmitter.Load(target, "d", offset)};");
                    }

                    writer.Line("d = ref Clr::Unsafe.Add(ref d, 32);");
                }

                for (var v = 0; v < count; v++)
                {
                    writer.Line(kernel.Update is null
                        ? Finish($"s{v}", bias.Name, first + v * target.Lanes)
                        : TileEmitter.Store(target, $"s{v}", "gradient", v * target.Lanes));
                }

                if (kernel.Update is { } optimizer)
                {
                    writer.Line(OptimizerEmitter.Call(optimizer, "gradient", Number(count * target.Lanes), TileEmitter.Ref(bias.Name, first)));
                }
            }
        }
    }

    private void LoadRight(CodeWriter writer, Columns columns)
    {
        for (var m = 0; m < batchSize; m++)
        {
            for (var v = 0; v < columns.Step / target.Lanes; v++)
            {
                writer.Line($"var d{m}_{v} = {TileEmitter.Load(target, "d", m * Buffer.PanelWidth + v * target.Lanes)};");
            }
        }
    }

    /// <summary>All rows of weights; in panels, the inputs of one panel after the other.</summary>
    private void Inputs(CodeWriter writer, Columns columns)
    {
        if (split is not null)
        {
            Share(writer, columns);
            return;
        }

        writer.Line($"ref var xi = ref {_left};");
        if (!_panelled || _inputs <= Buffer.PanelWidth)
        {
            Span(writer, columns, _inputs);
            return;
        }

        using (writer.Block($"for (var panel = 0; panel < {Number(_inputs / Buffer.PanelWidth)}; panel++)"))
        {
            Span(writer, columns, Buffer.PanelWidth);
            TileEmitter.Move(writer, "xi", (batchSize - 1) * Buffer.PanelWidth);
        }

        if (_inputs % Buffer.PanelWidth != 0)
        {
            Span(writer, columns, _inputs % Buffer.PanelWidth);
        }
    }

    /// <summary>
    /// One thread's share of the inputs: whole tiles, or whole panels where tiles of several sizes make up a panel.
    /// </summary>
    private void Share(CodeWriter writer, Columns columns)
    {
        var size = schedule.Rows[0];
        if (_panelled && Buffer.PanelWidth % size != 0)
        {
            using (writer.Block("for (var i = firstInput; i < lastInput; i += 32)"))
            {
                Place(writer, columns);
                if (_inputs % Buffer.PanelWidth == 0)
                {
                    Span(writer, columns, Buffer.PanelWidth);
                    return;
                }

                using (writer.Block($"if (i < {Number(_inputs / Buffer.PanelWidth * Buffer.PanelWidth)})"))
                {
                    Span(writer, columns, Buffer.PanelWidth);
                }

                using (writer.Block("else"))
                {
                    Span(writer, columns, _inputs % Buffer.PanelWidth);
                }
            }

            return;
        }

        writer.Line("var i = firstInput;");
        using (writer.Block($"for (; i + {Number(size)} <= lastInput; i += {Number(size)})"))
        {
            Place(writer, columns);
            Tile(writer, columns, size);
        }

        if (_inputs % size != 0)
        {
            writer.Blank();
            using (writer.Block("if (i < lastInput)"))
            {
                Place(writer, columns);
                Tile(writer, columns, _inputs % size);
            }
        }
    }

    /// <summary>The references of input i.</summary>
    private void Place(CodeWriter writer, Columns columns)
    {
        var left = _panelled ? $"(i & ~31) * {Number(batchSize)} + (i & 31)" : "i";
        writer.Line($"ref var xi = ref {TileEmitter.Ref(_left, left)};");
        writer.Line($"ref var w = ref {TileEmitter.Ref("wColumn", $"i * {Number(columns.PanelWidth)}")};");
    }

    /// <summary>The inputs that stay together when a step is split: what the shares of threads are multiples of.</summary>
    public static int Unit(ProductKernel kernel, ProductSchedule schedule) =>
        kernel.Left.Storage == Storage.Panels && Buffer.PanelWidth % schedule.Rows[0] != 0 ? Buffer.PanelWidth : schedule.Rows[0];

    /// <summary>Inputs that follow one another in the left factor.</summary>
    private void Span(CodeWriter writer, Columns columns, int inputs)
    {
        var runs = schedule.RightInRegisters
            ? new[] { new TileRun(schedule.Rows[0], inputs / schedule.Rows[0]), new TileRun(1, inputs % schedule.Rows[0]) }
            : Tiles.Cut(inputs, schedule.Rows[0]);
        foreach (var run in runs.Where(r => r.Count > 0))
        {
            using (run.Count == 1 ? writer.Block() : writer.Block($"for (var tile = 0; tile < {Number(run.Count)}; tile++)"))
            {
                Tile(writer, columns, run.Size);
                TileEmitter.Move(writer, "xi", run.Size);
                TileEmitter.Move(writer, "w", run.Size * columns.PanelWidth);
            }
        }
    }

    private void Tile(CodeWriter writer, Columns columns, int size)
    {
        var tile = new TileEmitter(target, size, columns.Step / target.Lanes)
        {
            LeftOffset = row => row,
            RightOffset = vector => Columns.Within(vector * target.Lanes, batchSize),
            RightName = "d",
        };
        writer.Line($"// s[{Number(size)}, {Number(columns.Step)}] = {(StartsFromParameter ? $"{kernel.Result.Name} + " : kernel.WeightPenalty is null ? "" : $"{LayerRulesEmitter.Slope(kernel.Result, kernel.Result.Name)} + ")}Σ over {(_segment == batchSize ? Number(batchSize) : Samples)} samples {kernel.Left.Name} · {kernel.Right.Name}");
        int Weight(int row, int vector) => row * columns.PanelWidth + Columns.Within(vector * target.Lanes, _inputs);
        tile.Start(writer, (row, vector) => Start("w", Weight(row, vector)));
        if (schedule.RightInRegisters)
        {
            for (var m = 0; m < batchSize; m++)
            {
                for (var row = 0; row < size; row++)
                {
                    writer.Line($"var x{m}_{row} = {V}.Create({TileEmitter.Ref("xi", m * SampleStep + row)});");
                    for (var v = 0; v < tile.Vectors; v++)
                    {
                        writer.Line($"{tile.Sum(row, v)} = {V}.MultiplyAddEstimate(x{m}_{row}, d{m}_{v}, {tile.Sum(row, v)});");
                    }
                }
            }
        }
        else if (schedule.Unrolled)
        {
            tile.Unrolled(writer, "xi", "d", batchSize, m => m * SampleStep, Buffer.PanelWidth);
        }
        else
        {
            writer.Line("ref var xm = ref xi;");
            writer.Line("ref var dm = ref d;");
            var fetches = ParameterPrefetch.Applies(kernel, schedule, batchSize);
            if (fetches)
            {
                ParameterPrefetch.Start(writer);
            }

            System.Action? beside = fetches ? () => ParameterPrefetch.Step(writer, kernel, columns, size, batchSize) : null;
            tile.Loop(writer, "xm", "dm", Samples, SampleStep, Buffer.PanelWidth, beside);
        }

        if (kernel.Update is { } optimizer)
        {
            Update(writer, columns, tile, optimizer);
            return;
        }

        foreach (var (row, vector, name) in tile.Sums())
        {
            writer.Line(Finish(name, "w", Weight(row, vector)));
        }
    }

    /// <summary>Leaves the sums as gradients, a panel after the other, and steps with each panel's.</summary>
    private void Update(CodeWriter writer, Columns columns, TileEmitter tile, Optimizer optimizer)
    {
        var width = System.Math.Min(columns.Step, Buffer.PanelWidth);
        foreach (var (row, vector, name) in tile.Sums())
        {
            var column = vector * target.Lanes;
            writer.Line(TileEmitter.Store(target, name, "gradient", column / width * tile.Rows * width + row * width + column % width));
        }

        for (var column = 0; column < columns.Step; column += width)
        {
            var gradient = TileEmitter.Ref("gradient", column * tile.Rows);
            var weights = TileEmitter.Ref("w", Columns.Within(column, _inputs));
            writer.Line(width == columns.PanelWidth
                ? OptimizerEmitter.Call(optimizer, gradient, Number(tile.Rows * width), weights)
                : OptimizerEmitter.Call(optimizer, gradient, Number(tile.Rows), Number(width), weights, Number(columns.PanelWidth)));
        }
    }

    /// <summary>What a sum starts from: the parameter, the slope of the penalty on it, or zero.</summary>
    private string Start(string name, int offset)
    {
        var parameter = TileEmitter.Load(target, name, offset);
        var (buffer, penalty) = name == kernel.Bias?.Name ? (kernel.Bias, kernel.BiasPenalty) : (kernel.Result, kernel.WeightPenalty);
        return StartsFromParameter ? parameter : penalty is null ? $"{V}<float>.Zero" : LayerRulesEmitter.Slope(buffer, parameter);
    }

    /// <summary>Stores a sum, or adds it to the parameter.</summary>
    private string Finish(string sum, string name, int offset) =>
        TileEmitter.Store(target, StartsFromParameter ? sum : $"{TileEmitter.Load(target, name, offset)} + {sum}", name, offset);
}
