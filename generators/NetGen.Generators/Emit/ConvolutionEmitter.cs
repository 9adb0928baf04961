using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// A convolution forward, and the gradient of what it took; of a transposed one the same two with their roles exchanged: products of shifted images by the same tile as dense layers have, whose rows are
/// planes of the result, each with its weight as the broadcast factor, and whose vectors are pixels that follow one another in a row, a sample a lane. No
/// copy of windows is made: a tap is an offset. Loops from outside in: samples, rows, planes, pixels, planes of the source, taps.
/// </summary>
internal sealed class ConvolutionEmitter(VectorTarget target, ActivationFormulas formulas)
{
    /// <summary>The most multiply-adds whose taps are written out without a loop over the kernel's rows.</summary>
    private const int MostUnrolled = 256;

    /// <summary>What the sums become before they are finished.</summary>
    private Folded? _folded;

    private string V => target.Class;

    /// <param name="writer">Where to.</param>
    /// <param name="kernel">The convolution.</param>
    /// <param name="chosen">Its tile; null for the cheapest.</param>
    public void Write(CodeWriter writer, ConvolutionKernel kernel, TapTile? chosen = null)
    {
        _folded = kernel.Folded;
        var isDear = !kernel.Activation.IsCheap() || kernel.Argument is not null;
        var products = ConvolutionTaps.Products(kernel);
        var tiles = TilesOf(products, chosen);
        Write(writer, kernel, products, tiles, part => Samples(
            writer, part, kernel.Groups, kernel.Source, kernel.Weights, kernel.Result, null,
            (group, planes) => kernel.Bias is null
                ? null
                : TileEmitter.Ref(kernel.Bias.Name, group is null ? planes : $"{ImageLoops.Product(group, products[0].Planes)} + {planes}"),
            (sum, _) => isDear ? sum : formulas.Value(kernel.Activation, sum),
            isDear ? product => Finish(writer, kernel, product, products.Count) : null));
        if (isDear)
        {
            writer.Blank();
            FinishMethod(writer, kernel, products);
        }
    }

    /// <param name="writer">Where to.</param>
    /// <param name="kernel">The gradient.</param>
    /// <param name="chosen">The tile of all its products; null for the cheapest of each.</param>
    public void Write(CodeWriter writer, ConvolutionInputGradientKernel kernel, TapTile? chosen = null)
    {
        var products = ConvolutionTaps.Products(kernel);
        var tiles = TilesOf(products, chosen);
        Write(writer, kernel, products, tiles, part => Samples(
            writer, part, kernel.Groups, kernel.Gradient, kernel.Weights, kernel.Result, kernel.Operand, (_, _) => null,
            (sum, operand) => formulas.TimesSlope(kernel.Activation, sum, operand), null));
    }

    /// <summary>The method of a kernel, 16 samples at a time; where its products are too much code for one method, with one for each.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="products">What it computes.</param>
    /// <param name="tiles">The products' tiles.</param>
    /// <param name="samples">Writes some of the products for 16 samples.</param>
    private static void Write(
        CodeWriter writer, Kernel kernel, IReadOnlyList<TapProduct> products, IReadOnlyList<TapTile> tiles, System.Action<IReadOnlyList<(TapProduct Product, TapTile Tile)>> samples)
    {
        List<(TapProduct, TapTile)> all = [.. products.Zip(tiles, (product, tile) => (product, tile))];
        var isTogether = products.Count == 1 || ConvolutionSchedule.FitOneMethod(all);
        var buffers = ImageKernels.Buffers(kernel)!;
        using (ImageLoops.Method(writer, kernel, "rows", Remark(tiles[0])))
        {
            ImageLoops.Groups(writer);
            using (writer.Block("for (var group = 0; group < groups; group++)"))
            {
                if (isTogether)
                {
                    samples(all);
                }

                for (var i = 0; i < all.Count && !isTogether; i++)
                {
                    writer.Line($"{kernel.Name}At{Number(i)}({string.Join(", ", buffers.Select(buffer => $"ref {buffer.Name}"))}, group);");
                }
            }
        }

        for (var i = 0; i < all.Count && !isTogether; i++)
        {
            writer.Blank();
            KernelFileEmitter.Head(writer, $"The same for {Pixels(products[i])} of 16 samples.", Remark(tiles[i]));
            using (writer.Block($"private static void {kernel.Name}At{Number(i)}({string.Join(", ", buffers.Select(buffer => $"ref float {buffer.Name}"))}, int group)"))
            {
                samples([all[i]]);
            }
        }
    }

    private List<TapTile> TilesOf(IReadOnlyList<TapProduct> products, TapTile? chosen) => [.. products.Select(product => chosen ?? ConvolutionSchedule.Of(product, target))];

    /// <summary>The pixels that a product gives.</summary>
    public static string Pixels(TapProduct product) =>
        $"pixels ({Number(product.ResultRow)} + i·{Number(product.ResultStep.Height)}, {Number(product.ResultColumn)} + j·{Number(product.ResultStep.Width)})";

    private static string Remark(TapTile tile) => $"Tiles of {Number(tile.Planes)} planes x {Number(tile.Pixels)} pixels, a sample a lane.";

    /// <summary>Some products for 16 samples.</summary>
    private void Samples(
        CodeWriter writer,
        IReadOnlyList<(TapProduct Product, TapTile Tile)> products,
        int groups,
        Buffer source,
        Buffer weights,
        Buffer result,
        Buffer? operand,
        System.Func<string?, string, string?> bias,
        System.Func<string, string, string> finish,
        System.Action<TapProduct>? afterRow)
    {
        using (ImageLoops.Lanes(writer, target))
        {
            foreach (var (product, tile) in products)
            {
                if (products.Count > 1)
                {
                    writer.Line($"// {Pixels(product)}");
                }

                using (writer.BlockIf(products.Count > 1))
                {
                    string Start(Buffer buffer, int row, int column) => TileEmitter.Ref(buffer.Name, ImageLoops.Sum($"group * {Number(buffer.Frame!.Group)}{ImageLoops.Lane(target)}", buffer.Frame.At(row, column)));
                    writer.Line($"ref var sourceRow = ref {Start(source, product.SourceRow, product.SourceColumn)};");
                    writer.Line($"ref var resultRow = ref {Start(result, product.ResultRow, product.ResultColumn)};");
                    if (operand is not null)
                    {
                        writer.Line($"ref var operandRow = ref {Start(operand, product.ResultRow, product.ResultColumn)};");
                    }

                    Rows(writer, groups, product, tile, source.Frame!, weights, result.Frame!, operand?.Frame, bias, finish, afterRow);
                }
            }
        }
    }

    /// <summary>All rows of the result; groups of channels that do not see one another one after the other.</summary>
    private void Rows(
        CodeWriter writer, int groups, TapProduct product, TapTile tile, Frame source, Buffer weights, Frame result, Frame? operand,
        System.Func<string?, string, string?> bias, System.Func<string, string, string> finish, System.Action<TapProduct>? afterRow)
    {
        using (writer.Block($"for (var row = 0; row < {Number(product.Count.Height)}; row++)"))
        {
            ConvolutionClip.ClipRows(writer, product, source.Shape.Height);
            writer.Line("ref var resultPlane = ref resultRow;");
            if (operand is not null)
            {
                writer.Line("ref var operandPlane = ref operandRow;");
            }

            writer.Line($"ref var w = ref {TileEmitter.Ref(weights.Name, product.FirstWeight)};");
            if (groups == 1)
            {
                Planes(writer, product, tile, source, result, operand, "sourceRow", null, bias, finish);
            }
            else
            {
                writer.Line("ref var sourcePlane = ref sourceRow;");
                using (writer.Block($"for (var part = 0; part < {Number(groups)}; part++)"))
                {
                    Planes(writer, product, tile, source, result, operand, "sourcePlane", "part", bias, finish);
                    TileEmitter.Move(writer, "sourcePlane", product.Terms * source.Plane);

                    // Filters move on to the next group's by themselves; on the way back the planes are channels, whose weights start anew.
                    TileEmitter.Move(writer, "w", System.Math.Max(product.Planes * product.PlaneStep, product.Terms * product.TermStep) - product.Planes * product.PlaneStep);
                }
            }

            // A dear function runs while the first-level cache holds the row.
            afterRow?.Invoke(product);
            TileEmitter.Move(writer, "sourceRow", product.SourceStep.Height * source.Row);
            TileEmitter.Move(writer, "resultRow", product.ResultStep.Height * result.Row);
            if (operand is not null)
            {
                TileEmitter.Move(writer, "operandRow", product.ResultStep.Height * operand.Row);
            }
        }
    }

    /// <summary>All planes of one row.</summary>
    private void Planes(
        CodeWriter writer, TapProduct product, TapTile tile, Frame source, Frame result, Frame? operand, string sourceName, string? group,
        System.Func<string?, string, string?> bias, System.Func<string, string, string> finish)
    {
        ImageLoops.InTiles(writer, "plane", product.Planes, tile.Planes, (planes, plane) =>
        {
            var biasAt = bias(group, plane);
            if (biasAt is not null)
            {
                writer.Line($"ref var b = ref {biasAt};");
            }

            FoldEmitter.OfFilter(writer, _folded, group is null ? plane : $"{ImageLoops.Product(group, product.Planes)} + {plane}");
            writer.Line($"ref var x = ref {sourceName};");
            writer.Line("ref var y = ref resultPlane;");
            if (operand is not null)
            {
                writer.Line("ref var a = ref operandPlane;");
            }

            foreach (var (run, first) in ConvolutionClip.Runs(product, tile.Pixels, source.Shape.Width))
            {
                using (run.Count == 1 ? writer.Block() : writer.Block($"for (var tile = 0; tile < {Number(run.Count)}; tile++)"))
                {
                    Tile(writer, product, planes, run.Size, first, source, result, operand, biasAt is not null, finish);
                    TileEmitter.Move(writer, "x", run.Size * product.SourceStep.Width * Frame.Samples);
                    TileEmitter.Move(writer, "y", run.Size * product.ResultStep.Width * Frame.Samples);
                    if (operand is not null)
                    {
                        TileEmitter.Move(writer, "a", run.Size * product.ResultStep.Width * Frame.Samples);
                    }
                }
            }

            TileEmitter.Move(writer, "w", planes * product.PlaneStep);
            TileEmitter.Move(writer, "resultPlane", planes * result.Plane);
            if (operand is not null)
            {
                TileEmitter.Move(writer, "operandPlane", planes * operand.Plane);
            }
        });
    }

    /// <summary>The sums of a tile, over all planes of the source and all taps.</summary>
    private void Tile(
        CodeWriter writer, TapProduct product, int planes, int pixels, int first, Frame source, Frame result, Frame? operand, bool hasBias,
        System.Func<string, string, string> finish)
    {
        static string Sum(int plane, int pixel) => $"s{Number(plane)}_{Number(pixel)}";
        for (var plane = 0; plane < planes; plane++)
        {
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                writer.Line($"var {Sum(plane, pixel)} = {(hasBias ? $"{V}.Create({TileEmitter.Ref("b", plane)})" : $"{V}<float>.Zero")};");
            }
        }

        if (product.Vertical.Count > 0 && product.Horizontal.Count > 0)
        {
            Terms(writer, product, source, planes * pixels, (u, v) =>
            {
                var (from, to) = ConvolutionClip.Reached(product, v, first, pixels, source.Shape.Width);
                if (from == to)
                {
                    return;
                }

                var (weight, at) = (u * product.Vertical.WeightStep + v * product.Horizontal.WeightStep, u * product.Vertical.SourceStep * source.Row + v * product.Horizontal.SourceStep * Frame.Samples);
                using (writer.Block())
                {
                    for (var pixel = from; pixel < to; pixel++)
                    {
                        writer.Line($"var x{Number(pixel)} = {TileEmitter.Load(target, "xt", at + pixel * product.SourceStep.Width * Frame.Samples)};");
                    }

                    for (var plane = 0; plane < planes; plane++)
                    {
                        writer.Line($"var w{Number(plane)} = {V}.Create({TileEmitter.Ref("wt", weight + plane * product.PlaneStep)});");
                        for (var pixel = from; pixel < to; pixel++)
                        {
                            writer.Line($"{Sum(plane, pixel)} = {V}.MultiplyAddEstimate(w{Number(plane)}, x{Number(pixel)}, {Sum(plane, pixel)});");
                        }
                    }
                }
            });
        }

        for (var plane = 0; plane < planes; plane++)
        {
            FoldEmitter.Broadcast(writer, _folded, target, plane);
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                var at = pixel * product.ResultStep.Width * Frame.Samples;
                var value = finish(FoldEmitter.Applied(_folded, target, Sum(plane, pixel), plane), operand is null ? "" : TileEmitter.Load(target, "a", plane * operand.Plane + at));
                writer.Line(TileEmitter.Store(target, value, "y", plane * result.Plane + at));
            }
        }
    }

    /// <summary>Loops over the planes of the source and the taps; those of a row are written out.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="product">The product.</param>
    /// <param name="source">How the source stands.</param>
    /// <param name="sums">The sums of the tile.</param>
    /// <param name="tap">Writes a tap; <c>xt</c> and <c>wt</c> stand at the first of the rows that the loop does not go over.</param>
    private static void Terms(CodeWriter writer, TapProduct product, Frame source, int sums, System.Action<int, int> tap)
    {
        var (vertical, horizontal) = (product.Vertical, product.Horizontal);
        var isClipped = ConvolutionClip.IsClipped(product, source.Shape.Height);
        var isUnrolled = !isClipped && (vertical.Count * horizontal.Count * sums <= MostUnrolled || vertical.Count == 1);
        var (x, w) = isUnrolled ? ("xt", "wt") : ("xp", "wp");
        writer.Line($"ref var {x} = ref x;");
        writer.Line($"ref var {w} = ref w;");
        if (isClipped)
        {
            TileEmitter.Move(writer, x, $"firstTap * {Number(vertical.SourceStep * source.Row)}");
            TileEmitter.Move(writer, w, $"firstTap * {Number(vertical.WeightStep)}");
        }

        using (ImageLoops.Rounds(writer, "term", product.Terms))
        {
            if (isUnrolled)
            {
                for (var u = 0; u < vertical.Count; u++)
                {
                    Row(u);
                }
            }
            else
            {
                writer.Line($"ref var xt = ref {x};");
                writer.Line($"ref var wt = ref {w};");
                using (writer.Block(isClipped ? "for (var u = firstTap; u < endTap; u++)" : $"for (var u = 0; u < {Number(vertical.Count)}; u++)"))
                {
                    Row(0);
                    TileEmitter.Move(writer, "xt", vertical.SourceStep * source.Row);
                    TileEmitter.Move(writer, "wt", vertical.WeightStep);
                }

                writer.Blank();
            }

            if (product.Terms > 1)
            {
                TileEmitter.Move(writer, x, source.Plane);
                TileEmitter.Move(writer, w, product.TermStep);
            }
        }

        void Row(int u)
        {
            for (var v = 0; v < horizontal.Count; v++)
            {
                tap(u, v);
            }
        }
    }

    private void Finish(CodeWriter writer, ConvolutionKernel kernel, TapProduct product, int products)
    {
        var argument = "";
        if (kernel.Argument is { Frame: { } frame } z)
        {
            var start = frame.At(product.ResultRow, product.ResultColumn);
            argument = $"ref {TileEmitter.Ref(z.Name, ImageLoops.Sum($"group * {Number(frame.Group)} + row * {Number(product.ResultStep.Height * frame.Row)}{ImageLoops.Lane(target)}", start))}, ";
        }

        var end = products == 1 ? "" : $", {Number(product.Count.Width * product.ResultStep.Width * Frame.Samples)}";
        writer.Line($"{kernel.Name}Finish({argument}ref resultRow{end});");
    }

    /// <summary>
    /// A dear function on one row of all channels, as a method of its own, which keeps its constants out of the tiles' registers. Several products
    /// give each some of a row's pixels.
    /// </summary>
    private void FinishMethod(CodeWriter writer, ConvolutionKernel kernel, IReadOnlyList<TapProduct> products)
    {
        KernelFileEmitter.Head(writer, $"{kernel.Result.Name} = {ActivationFormulas.Name(kernel.Activation)}(z) for one row of {Number(target.Lanes)} samples.", attributes: "NoInlining");
        var argument = kernel.Argument is null ? "" : "ref float argument, ";
        var shape = kernel.Result.Frame!.Shape;
        var (more, end) = products.Count == 1 ? ("", Number(shape.Width * Frame.Samples)) : (", int end", "end");
        using (writer.Block($"private static void {kernel.Name}Finish({argument}ref float result{more})"))
        using (writer.Block($"for (var channel = 0; channel < {Number(shape.Channels)}; channel++)"))
        {
            using (writer.Block($"for (var i = 0; i < {end}; i += {Number(products[0].ResultStep.Width * Frame.Samples)})"))
            {
                writer.Line("ref var at = ref Clr::Unsafe.Add(ref result, i);");
                writer.Line($"var zi = {V}.LoadUnsafe(ref at);");
                if (kernel.Argument is not null)
                {
                    writer.Line($"{V}.StoreUnsafe(zi, ref Clr::Unsafe.Add(ref argument, i));");
                }

                writer.Line($"{V}.StoreUnsafe({formulas.Value(kernel.Activation, "zi")}, ref at);");
            }

            writer.Blank();
            TileEmitter.Move(writer, "result", kernel.Result.Frame.Plane);
            if (kernel.Argument is not null)
            {
                TileEmitter.Move(writer, "argument", kernel.Argument.Frame!.Plane);
            }
        }
    }
}
