using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// The gradient of a convolution's parameters, dw[f, c, u, v] = Σ over samples and pixels dy[f, i, j]·x[c, i·stride + u, j·stride + v]. A tile
/// of weights passes over the pixels with its sums in registers, each lane summing its own samples; the 16 lanes of a weight are added at the end, in one tree. Where
/// the sums of all weights are few, they wait in memory while a block of rows that the first-level cache holds serves all tiles.
/// </summary>
internal sealed class FilterGradientEmitter(
    ConvolutionParameterGradientKernel kernel, VectorTarget target, MathFunctions math, StepSplit? split, FilterTile? chosen = null)
{
    private readonly Window _window = kernel.Window;
    private readonly Frame _source = kernel.Source.Frame!;
    private readonly Frame _gradient = kernel.Gradient.Frame!;
    private readonly FilterTile _tile = chosen ?? ConvolutionSchedule.Of(kernel, target);
    private readonly int _filters = kernel.Window.Result.Channels / kernel.Groups;
    private readonly int _channels = kernel.Window.Source.Channels / kernel.Groups;

    private string V => target.Class;

    /// <summary>What a call takes besides buffers and rows; where it may be a part's, the filters to do, which are then all.</summary>
    public static string Arguments(Kernel kernel, bool isSplit) => kernel switch
    {
        ConvolutionParameterGradientKernel k => (k.Update is null ? "" : ", ref rates") + (isSplit ? $", 0, {Number(k.Window.Result.Channels)}" : ""),
        BiasGradientKernel k => (k.Update is null ? "" : ", ref rates") + (isSplit ? $", 0, {Number(k.Bias.Columns)}" : ""),
        _ => "",
    };

    /// <summary>
    /// The filters that stay together when a step is split: whole tiles, and whole vectors of weights for an optimiser's step; all of them where
    /// tiles differ in size or channels are in groups.
    /// </summary>
    public static int Unit(ConvolutionParameterGradientKernel kernel, VectorTarget target)
    {
        var filters = kernel.Window.Result.Channels;
        var runs = Tiles.Cut(filters, ConvolutionSchedule.Of(kernel, target).Filters);
        var weights = kernel.Weights.Columns / filters;
        for (var unit = runs[0].Size; runs.Count == 1 && kernel.Groups == 1 && unit < filters; unit += runs[0].Size)
        {
            if (kernel.Update is null || unit * weights % VectorTarget.VirtualLanes == 0)
            {
                return unit;
            }
        }

        return filters;
    }

    /// <summary>The weights of one filter.</summary>
    private int Filter => _channels * _window.Kernel.Area;

    private string Weights => (kernel.OwnWeights ?? kernel.Weights).Name;

    private string? Bias => (kernel.OwnBias ?? kernel.Bias)?.Name;

    public void Write(CodeWriter writer)
    {
        var remark = $"Tiles of {Number(_tile.Filters)} filters x {Number(_tile.Weights)} weights{(kernel.Sums is null ? "" : $", {Number(_tile.ResultRows)} rows at a time")}.";
        using (ImageLoops.Method(writer, kernel, "rows", remark, (kernel.Update is null ? "" : ", ref float rates") + (split is null ? "" : ", int firstFilter, int lastFilter")))
        {
            ImageLoops.Groups(writer);
            if (Bias is not null)
            {
                using (writer.BlockIf(split is not null, "if (firstFilter == 0 && lastFilter > 0)"))
                {
                    ChannelSums.Write(writer, target, math, kernel.ResultGradient, Bias);
                    if (kernel.OwnBias is not null)
                    {
                        Step(writer, kernel.Update!.Value, kernel.OwnBias.Name, kernel.Bias!.Name, Number(kernel.Bias.PaddedColumns));
                    }
                }
            }

            writer.Blank();
            if (kernel.Sums is null)
            {
                InRegisters(writer);
            }
            else
            {
                InMemory(writer);
                writer.Blank();
                AddLanes(writer);
            }

            if (kernel.Update is { } optimizer)
            {
                writer.Blank();
                if (split is null)
                {
                    Step(writer, optimizer, Weights, kernel.Weights.Name, Number(kernel.Weights.PaddedColumns));
                    return;
                }

                // The last part has the padding too.
                writer.Line($"ref var ownGradient = ref {TileEmitter.Ref(Weights, $"firstFilter * {Number(Filter)}")};");
                writer.Line($"ref var own = ref {TileEmitter.Ref(kernel.Weights.Name, $"firstFilter * {Number(Filter)}")};");
                writer.Line($"var count = (lastFilter == {Number(_filters * kernel.Groups)} ? {Number(kernel.Weights.PaddedColumns)} : lastFilter * {Number(Filter)}) - firstFilter * {Number(Filter)};");
                Step(writer, optimizer, "ownGradient", "own", "count");
            }
        }
    }

    /// <summary>The optimiser's step with a gradient, which is zero afterwards.</summary>
    public static void Step(CodeWriter writer, Optimizer optimizer, string gradient, string parameters, string count)
    {
        writer.Line(OptimizerEmitter.Call(optimizer, gradient, count, parameters));
        writer.Line(StepEmitter.Clear(gradient, count));
    }

    /// <summary>All tiles for a block of rows, whose sums wait in memory for the next block.</summary>
    private void InMemory(CodeWriter writer)
    {
        var isWhole = _tile.ResultRows >= _window.Result.Height;
        using (writer.Block("for (var group = 0; group < groups; group++)"))
        using (ImageLoops.Lanes(writer, target))
        using (writer.BlockIf(!isWhole, $"for (var firstRow = 0; firstRow < {Number(_window.Result.Height)}; firstRow += {Number(_tile.ResultRows)})"))
        {
            var (first, end) = isWhole ? ("0", Number(_window.Result.Height)) : ("firstRow", "endRow");
            if (!isWhole)
            {
                writer.Line($"var endRow = Sys::Math.Min(firstRow + {Number(_tile.ResultRows)}, {Number(_window.Result.Height)});");
            }

            EachTile(writer, (filters, block, weight) =>
            {
                writer.Line($"ref var sum = ref {TileEmitter.Ref(kernel.Sums!.Name, $"({weight}) * {Number(Frame.Samples)}{Lane}")};");
                foreach (var (f, w, name) in Sums(filters, block))
                {
                    writer.Line($"var {name} = {TileEmitter.Load(target, "sum", (f * Filter + Offset(w, block).Weight) * Frame.Samples)};");
                }

                Pixels(writer, filters, block, first, end);
                foreach (var (f, w, name) in Sums(filters, block))
                {
                    writer.Line(TileEmitter.Store(target, name, "sum", (f * Filter + Offset(w, block).Weight) * Frame.Samples));
                }
            });
        }
    }

    /// <summary>Each tile over all samples; its lanes are added at once.</summary>
    private void InRegisters(CodeWriter writer)
    {
        var most = _tile.Filters * _tile.Weights * Frame.Samples;
        writer.Line($"ref var lanes = ref global::NetGen.CompilerServices.NetworkMemory.Align(stackalloc float[{Number(most + 15)}]);");
        EachTile(writer, (filters, block, weight) =>
        {
            using (ImageLoops.Lanes(writer, target))
            {
                foreach (var (_, _, name) in Sums(filters, block))
                {
                    writer.Line($"var {name} = {V}<float>.Zero;");
                }

                using (writer.Block("for (var group = 0; group < groups; group++)"))
                {
                    Pixels(writer, filters, block, "0", Number(_window.Result.Height));
                }

                if (target.Parts > 1)
                {
                    writer.Line("ref var part = ref Clr::Unsafe.Add(ref lanes, lane);");
                }

                foreach (var (f, w, name) in Sums(filters, block))
                {
                    writer.Line(TileEmitter.Store(target, name, target.Parts > 1 ? "part" : "lanes", (f * block.Size + w) * Frame.Samples));
                }
            }

            writer.Line($"ref var into = ref {TileEmitter.Ref(Weights, weight)};");
            foreach (var (f, w, _) in Sums(filters, block))
            {
                writer.Line($"{TileEmitter.Ref("into", f * Filter + Offset(w, block).Weight)} += {Total("lanes", (f * block.Size + w) * Frame.Samples)};");
            }
        });
    }

    /// <summary>The sum of a weight's lanes, in the order of every width.</summary>
    private string Total(string name, int offset) =>
        $"{math.Sum}({string.Join(", ", Enumerable.Range(0, target.Parts).Select(part => TileEmitter.Load(target, name, offset + part * target.Lanes)))})";

    /// <summary>Adds the lanes of every weight, and leaves zeros for the next step.</summary>
    private void AddLanes(CodeWriter writer)
    {
        using (writer.Block(split is null
            ? $"for (var i = 0; i < {Number(kernel.Weights.Columns)}; i++)"
            : $"for (var i = firstFilter * {Number(Filter)}; i < lastFilter * {Number(Filter)}; i++)"))
        {
            writer.Line($"ref var sum = ref Clr::Unsafe.Add(ref {kernel.Sums!.Name}, i * {Number(Frame.Samples)});");
            writer.Line($"Clr::Unsafe.Add(ref {Weights}, i) += {Total("sum", 0)};");
            for (var part = 0; part < target.Parts; part++)
            {
                writer.Line(TileEmitter.Store(target, $"{V}<float>.Zero", "sum", part * target.Lanes));
            }
        }
    }

    private string Lane => ImageLoops.Lane(target);

    /// <summary>Weights that follow one another in a filter.</summary>
    private readonly record struct Block(int Channels, int Rows, int Columns)
    {
        public int Size => Channels * Rows * Columns;
    }

    /// <summary>Where the w-th weight of a block stands among its filter's, and the number of the source that it is multiplied with.</summary>
    private (int Weight, int Source) Offset(int w, Block block)
    {
        var (c, u, v) = (w / (block.Rows * block.Columns), w / block.Columns % block.Rows, w % block.Columns);
        return (
            c * _window.Kernel.Area + u * _window.Kernel.Width + v,
            c * _source.Plane + u * _window.Dilation.Height * _source.Row + v * _window.Dilation.Width * Frame.Samples);
    }

    private static System.Collections.Generic.IEnumerable<(int Filter, int Weight, string Name)> Sums(int filters, Block block) =>
        from f in Enumerable.Range(0, filters) from w in Enumerable.Range(0, block.Size) select (f, w, $"s{f}_{w}");

    /// <summary>Loops over all tiles; the references d and x then stand at the tile's first filter and first tap.</summary>
    private void EachTile(CodeWriter writer, System.Action<int, Block, string> body)
    {
        using (ImageLoops.Rounds(writer, "part", kernel.Groups))
        {
            Filters(writer, (filters, filter) =>
                ImageLoops.InTiles(writer, "channel", _channels, _tile.Channels, (channels, channel) =>
                    ImageLoops.InTiles(writer, "u", _window.Kernel.Height, _tile.Rows, (rows, u) =>
                        ImageLoops.InTiles(writer, "v", _window.Kernel.Width, _tile.Columns, (columns, v) =>
                        {
                            var part = kernel.Groups == 1 ? "" : $"part * {Number(_filters)} + ";
                            var plane = kernel.Groups == 1 ? channel : $"(part * {Number(_channels)} + {channel})";
                            writer.Line($"ref var dTile = ref {TileEmitter.Ref(kernel.Gradient.Name, ImageLoops.Sum($"({part}{filter}) * {Number(_gradient.Plane)}{(kernel.Sums is null ? "" : $" + group * {Number(_gradient.Group)}{Lane}")}", _gradient.At(0, 0)))};");
                            writer.Line($"ref var xTile = ref {TileEmitter.Ref(kernel.Source.Name, ImageLoops.Sum($"{plane} * {Number(_source.Plane)} + {u} * {Number(_window.Dilation.Height * _source.Row)} + {v} * {Number(_window.Dilation.Width * Frame.Samples)}{(kernel.Sums is null ? "" : $" + group * {Number(_source.Group)}{Lane}")}", _source.At(-_window.Top, -_window.Left)))};");
                            body(filters, new(channels, rows, columns), $"({part}{filter}) * {Number(Filter)} + {channel} * {Number(_window.Kernel.Area)} + {u} * {Number(_window.Kernel.Width)} + {v}");
                        }))));
        }
    }

    /// <summary>The tiles of filters: all, or those of a part.</summary>
    private void Filters(CodeWriter writer, System.Action<int, string> body)
    {
        var runs = Tiles.Cut(_filters, _tile.Filters);
        if (split is null)
        {
            ImageLoops.InTiles(writer, "filter", _filters, _tile.Filters, body);
            return;
        }

        if (runs.Count > 1 || kernel.Groups > 1)
        {
            using (writer.Block("if (firstFilter == 0 && lastFilter > 0)"))
            {
                ImageLoops.InTiles(writer, "filter", _filters, _tile.Filters, body);
            }

            return;
        }

        using (writer.Block($"for (var filter = firstFilter; filter < lastFilter; filter += {Number(runs[0].Size)})"))
        {
            body(runs[0].Size, "filter");
        }
    }

    /// <summary>The tile's sums over some rows of the result.</summary>
    private void Pixels(CodeWriter writer, int filters, Block block, string first, string end)
    {
        using (writer.Block($"for (var row = {first}; row < {end}; row++)"))
        {
            var outer = kernel.Sums is null ? $"group * {Number(_gradient.Group)}{Lane} + " : "";
            var outerSource = kernel.Sums is null ? $"group * {Number(_source.Group)}{Lane} + " : "";
            writer.Line($"ref var d = ref Clr::Unsafe.Add(ref dTile, {outer}row * {Number(_gradient.Row)});");
            writer.Line($"ref var x = ref Clr::Unsafe.Add(ref xTile, {outerSource}row * {Number(_window.Stride.Height * _source.Row)});");
            using (writer.Block($"for (var column = 0; column < {Number(_window.Result.Width)}; column++)"))
            {
                for (var f = 0; f < filters; f++)
                {
                    writer.Line($"var d{f} = {TileEmitter.Load(target, "d", f * _gradient.Plane)};");
                }

                for (var w = 0; w < block.Size; w++)
                {
                    writer.Line($"var x{w} = {TileEmitter.Load(target, "x", Offset(w, block).Source)};");
                    for (var f = 0; f < filters; f++)
                    {
                        writer.Line($"s{f}_{w} = {V}.MultiplyAddEstimate(d{f}, x{w}, s{f}_{w});");
                    }
                }

                TileEmitter.Move(writer, "d", Frame.Samples);
                TileEmitter.Move(writer, "x", _window.Stride.Width * Frame.Samples);
            }
        }
    }
}
