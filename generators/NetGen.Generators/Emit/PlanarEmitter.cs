using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// The kernels of a prediction for one sample alone, whose images stand in planes [channels][rows][columns] with lanes along the columns: a sample a
/// lane would leave 15 of 16 empty. Every sum has the order that it has among many samples.
/// </summary>
internal sealed class PlanarEmitter(VectorTarget target, MathFunctions math, ActivationFormulas formulas)
{
    private string V => target.Class;

    /// <summary>The name of a kernel's method for one sample.</summary>
    public static string Name(Kernel kernel) => $"{kernel.Name}Alone";

    /// <summary>A call: the kernel's buffers, nothing else.</summary>
    public static string Call(Kernel kernel) => $"{Name(kernel)}({string.Join(", ", Buffers(kernel).Select(name => $"ref {name}"))});";

    private static IEnumerable<string> Buffers(Kernel kernel) => kernel is PointwiseKernel
        ? StageEmitter.Buffers(kernel)
        : (ImageKernels.Buffers(kernel) ?? [.. AssignLayout.Buffers(kernel)]).Select(b => b.Name);

    public void Write(CodeWriter writer, Kernel kernel)
    {
        KernelFileEmitter.Head(writer, $"{FormulaText.Of(kernel, "1")}, of one sample: lanes along the columns.");
        using (writer.Block($"internal static void {Name(kernel)}({string.Join(", ", Buffers(kernel).Select(name => $"ref float {name}"))})"))
        {
            switch (kernel)
            {
                case ToImagesKernel k: Move(writer, k.Result, k.First == 0 ? k.Source.Name : TileEmitter.Ref(k.Source.Name, k.First), toImages: true); break;
                case FromImagesKernel k: Move(writer, k.Source, k.Result.Name, toImages: false); break;
                case ConvolutionKernel k: Convolution(writer, k); break;
                case PoolKernel k: Pool(writer, k); break;
                case BiasKernel k: Bias(writer, k); break;
                case ActivationKernel k: Vectors(writer, [("z", k.Source, 0), ("y", k.Result, 0)], Channels(k.Source), () => formulas.Value(k.Function, "z0")); break;
                case PointwiseKernel k: Pointwise(writer, k); break;
                case JoinKernel k: Join(writer, k); break;
                default: throw new InvalidOperationException(kernel.GetType().Name);
            }
        }

        if (kernel is ConvolutionKernel convolution)
        {
            Parts(writer, convolution);
        }
    }

    private static int Channels(Buffer buffer) => buffer.Frame!.Shape.Channels;

    // Planes are frames with one sample in place of 16.
    private static int RowOf(Frame frame) => frame.Row / Frame.Samples;

    private static int PlaneOf(Frame frame) => frame.Plane / Frame.Samples;

    private static int At(Frame frame, int row, int column) => frame.At(row, column) / Frame.Samples;

    /// <summary>Features into rows of pixels, or back.</summary>
    private static void Move(CodeWriter writer, Buffer images, string features, bool toImages)
    {
        var frame = images.Frame!;
        var (rows, length) = frame.HasBorder ? (frame.Shape.Channels * frame.Shape.Height, frame.Shape.Width) : (1, frame.Shape.Size);
        static string Span(string at, int length) => $"Sys::Runtime.InteropServices.MemoryMarshal.CreateSpan(ref {at}, {Number(length)})";
        using (rows == 1 ? writer.Block() : writer.Block($"for (var row = 0; row < {Number(rows)}; row++)"))
        {
            var plane = frame.Shape.Channels == 1
                ? $"row * {Number(RowOf(frame))}"
                : $"row / {Number(frame.Shape.Height)} * {Number(PlaneOf(frame))} + row % {Number(frame.Shape.Height)} * {Number(RowOf(frame))}";
            var pixels = rows == 1 ? TileEmitter.Ref(images.Name, At(frame, 0, 0)) : TileEmitter.Ref(images.Name, ImageLoops.Sum(plane, At(frame, 0, 0)));
            var row = rows == 1 ? features : TileEmitter.Ref(features, $"row * {Number(length)}");
            writer.Line(toImages ? $"{Span(row, length)}.CopyTo({Span(pixels, length)});" : $"{Span(pixels, length)}.CopyTo({Span(row, length)});");
        }
    }

    /// <summary>A loop over all vectors of so many channels' rows: the last buffer takes what the body gives for the others, which are in variables with a 0 behind their names.</summary>
    private void Vectors(CodeWriter writer, IReadOnlyList<(string Name, Buffer Buffer, int FirstChannel)> places, int channels, Func<string> body, Action? ofChannel = null)
    {
        var shape = places[0].Buffer.Frame!.Shape;
        using (writer.Block($"for (var channel = 0; channel < {Number(channels)}; channel++)"))
        {
            ofChannel?.Invoke();
            using (writer.Block($"for (var row = 0; row < {Number(shape.Height)}; row++)"))
            {
                foreach (var (name, buffer, first) in places)
                {
                    var frame = buffer.Frame!;
                    writer.Line($"ref var {name} = ref {TileEmitter.Ref(buffer.Name, ImageLoops.Sum($"channel * {Number(PlaneOf(frame))} + row * {Number(RowOf(frame))}", first * PlaneOf(frame) + At(frame, 0, 0)))};");
                }

                for (var column = 0; column < shape.Width; column += target.Lanes)
                {
                    using (writer.Block())
                    {
                        for (var i = 0; i < places.Count - 1; i++)
                        {
                            writer.Line($"var {places[i].Name}0 = {TileEmitter.Load(target, places[i].Name, column)};");
                        }

                        Store(writer, body(), places[places.Count - 1].Name, column, shape.Width - column);
                    }
                }
            }
        }
    }

    /// <summary>Stores a vector of which so many lanes belong to the row: what stands behind the row stays as it is.</summary>
    private void Store(CodeWriter writer, string value, string name, int offset, int valid)
    {
        if (valid < target.Lanes)
        {
            var lanes = string.Join(", ", Enumerable.Range(0, target.Lanes).Select(lane => lane < valid ? "-1" : "0"));
            value = $"{V}.ConditionalSelect({V}.AsSingle({V}.Create({lanes})), {value}, {TileEmitter.Load(target, name, offset)})";
        }

        writer.Line(TileEmitter.Store(target, value, name, offset));
    }

    private void Pointwise(CodeWriter writer, PointwiseKernel kernel)
    {
        var stages = new StageEmitter(kernel.Stages, target, math, formulas);
        Vectors(writer, [("z", kernel.Source, 0), ("result", kernel.Result, 0)], Channels(kernel.Source), () =>
        {
            writer.Line($"var v0 = {(kernel.Normalization is null ? "z0" : $"{V}.MultiplyAddEstimate(z0, scale, shift)")};");
            return stages.Forward(writer, "v0", "", "");
        }, () =>
        {
            if (kernel.Normalization is { } normalization)
            {
                string Figure(Buffer? buffer) => $"{V}.Create(Clr::Unsafe.Add(ref {buffer!.Name}, channel))";
                writer.Line($"var inverse = {V}<float>.One / {V}.Sqrt({Figure(normalization.Variance)} + {V}.Create({Single(normalization.Epsilon)}));");
                writer.Line($"var scale = inverse * {Figure(normalization.Weight)};");
                writer.Line($"var shift = {V}.MultiplyAddEstimate(-{Figure(normalization.Mean)}, scale, {Figure(normalization.Bias)});");
            }
        });
    }

    private void Bias(CodeWriter writer, BiasKernel kernel) => Vectors(
        writer, [("x", kernel.Source, 0), ("y", kernel.Result, 0)], Channels(kernel.Result), () =>
        {
            writer.Line("var z = x0 + shift;");
            return formulas.Value(kernel.Activation, "z");
        },
        () => writer.Line($"var shift = {V}.Create(Clr::Unsafe.Add(ref {kernel.Bias.Name}, channel));"));

    private void Join(CodeWriter writer, JoinKernel kernel)
    {
        if (kernel.Joining != Joining.Concat)
        {
            var names = kernel.Sources.Select((_, k) => $"at{Number(k)}_").ToList();
            List<(string, Buffer, int)> places = [.. kernel.Sources.Select((source, k) => (names[k], source, 0)), ("y", kernel.Result, 0)];
            Vectors(writer, places, Channels(kernel.Result), () => string.Join(kernel.Joining == Joining.Add ? " + " : " * ", names.Select(name => name + "0")));
            return;
        }

        var first = 0;
        foreach (var source in kernel.Sources)
        {
            Vectors(writer, [("x", source, 0), ("y", kernel.Result, first)], Channels(source), () => "x0");
            first += Channels(source);
        }
    }

    private static void Pool(CodeWriter writer, PoolKernel kernel)
    {
        var (window, source, result) = (kernel.Window, kernel.Source.Frame!, kernel.Result.Frame!);
        var isMaximum = kernel.Pooling == Pooling.Max;
        using (writer.Block($"for (var channel = 0; channel < {Number(window.Source.Channels)}; channel++)"))
        using (writer.Block($"for (var row = 0; row < {Number(window.Result.Height)}; row++)"))
        {
            writer.Line($"ref var xRow = ref {TileEmitter.Ref(kernel.Source.Name, ImageLoops.Sum($"channel * {Number(PlaneOf(source))} + row * {Number(window.Stride.Height * RowOf(source))}", At(source, -window.Top, -window.Left)))};");
            writer.Line($"ref var yRow = ref {TileEmitter.Ref(kernel.Result.Name, ImageLoops.Sum($"channel * {Number(PlaneOf(result))} + row * {Number(RowOf(result))}", At(result, 0, 0)))};");
            using (writer.Block($"for (var column = 0; column < {Number(window.Result.Width)}; column++)"))
            {
                writer.Line($"ref var x = ref Clr::Unsafe.Add(ref xRow, column * {Number(window.Stride.Width)});");
                writer.Line($"var pooled = {(isMaximum ? "float.NegativeInfinity" : "0f")};");
                PoolEmitter.TapPlaces(writer, window, (u, v) =>
                {
                    var tap = int.TryParse(u, out var row) && int.TryParse(v, out var column)
                        ? TileEmitter.Ref("x", row * RowOf(source) + column)
                        : $"Clr::Unsafe.Add(ref x, {u} * {Number(RowOf(source))} + {v})";
                    writer.Line(isMaximum ? $"pooled = Sys::MathF.Max(pooled, {tap});" : $"pooled += {tap};");
                }, isClipped: isMaximum);
                writer.Line($"Clr::Unsafe.Add(ref yRow, column) = pooled{(isMaximum ? "" : $" * {Single(1.0 / window.Kernel.Area)}")};");
            }
        }
    }

    private void Convolution(CodeWriter writer, ConvolutionKernel kernel)
    {
        var products = ConvolutionTaps.Products(kernel);
        if (products.Count == 1)
        {
            Convolution(writer, kernel, products[0]);
        }

        for (var i = 0; i < products.Count && products.Count > 1; i++)
        {
            writer.Line($"{Name(kernel)}{Number(i)}({string.Join(", ", Buffers(kernel).Select(name => $"ref {name}"))});");
        }

        if (!kernel.Activation.IsCheap())
        {
            writer.Blank();
            writer.Line($"{Name(kernel)}Finish(ref {kernel.Result.Name});");
        }
    }

    /// <summary>The products of a transposed convolution, each a method of its own: together they are too long for one.</summary>
    private void Parts(CodeWriter writer, ConvolutionKernel kernel)
    {
        var products = ConvolutionTaps.Products(kernel);
        for (var i = 0; i < products.Count && products.Count > 1; i++)
        {
            writer.Blank();
            KernelFileEmitter.Head(writer, $"The same for {ConvolutionEmitter.Pixels(products[i])}.");
            using (writer.Block($"private static void {Name(kernel)}{Number(i)}({string.Join(", ", Buffers(kernel).Select(name => $"ref float {name}"))})"))
            {
                if (products[i].ResultStep.Width > 1)
                {
                    writer.Line($"ref var lanes = ref global::NetGen.CompilerServices.NetworkMemory.Align(stackalloc float[{Number(target.Lanes + 15)}]);");
                }

                Convolution(writer, kernel, products[i]);
            }
        }
    }

    private void Convolution(CodeWriter writer, ConvolutionKernel kernel, TapProduct product)
    {
        var tile = ConvolutionSchedule.Planar(product, target);
        var (source, result) = (kernel.Source.Frame!, kernel.Result.Frame!);
        var group = Math.Max(product.Planes * product.PlaneStep, product.Terms * product.TermStep);
        using (ImageLoops.Rounds(writer, "part", kernel.Groups))
        {
            ImageLoops.InTiles(writer, "row", product.Count.Height, tile.Rows, (rows, row) =>
                ImageLoops.InTiles(writer, "plane", product.Planes, tile.Planes, (planes, plane) =>
                {
                    var all = kernel.Groups == 1 ? plane : $"(part * {Number(product.Planes)} + {plane})";
                    var sourcePlane = kernel.Groups == 1 ? "" : $"part * {Number(product.Terms * PlaneOf(source))} + ";
                    var weight = kernel.Groups == 1 || group == product.Planes * product.PlaneStep
                        ? $"{all} * {Number(product.PlaneStep)}"
                        : $"part * {Number(group)} + {plane} * {Number(product.PlaneStep)}";
                    writer.Line($"ref var w = ref {TileEmitter.Ref(kernel.Weights.Name, ImageLoops.Sum(weight, product.FirstWeight))};");
                    if (kernel.Bias is not null)
                    {
                        writer.Line($"ref var b = ref {TileEmitter.Ref(kernel.Bias.Name, all)};");
                    }

                    FoldEmitter.OfFilter(writer, kernel.Folded, all);
                    writer.Line($"ref var x = ref {TileEmitter.Ref(kernel.Source.Name, ImageLoops.Sum($"{sourcePlane}{row} * {Number(product.SourceStep.Height * RowOf(source))}", At(source, product.SourceRow, product.SourceColumn)))};");
                    writer.Line($"ref var y = ref {TileEmitter.Ref(kernel.Result.Name, ImageLoops.Sum($"{all} * {Number(PlaneOf(result))} + {row} * {Number(product.ResultStep.Height * RowOf(result))}", At(result, product.ResultRow, product.ResultColumn)))};");
                    var vectors = (product.Count.Width + target.Lanes - 1) / target.Lanes;
                    for (var first = 0; first < vectors; first += tile.Vectors)
                    {
                        using (writer.Block())
                        {
                            Tile(writer, kernel, product, planes, rows, first, Math.Min(tile.Vectors, vectors - first));
                        }
                    }
                }));
        }
    }

    /// <summary>A dear function on all results of a convolution, as a method of its own.</summary>
    public void Finish(CodeWriter writer, ConvolutionKernel kernel)
    {
        KernelFileEmitter.Head(writer, $"{kernel.Result.Name} = {ActivationFormulas.Name(kernel.Activation)}(z) of one sample.", attributes: "NoInlining");
        using (writer.Block($"private static void {Name(kernel)}Finish(ref float result)"))
        {
            var (frame, own) = (kernel.Result.Frame!, kernel.Result with { Name = "result" });
            if (frame.HasBorder)
            {
                Vectors(writer, [("z", own, 0), ("y", own, 0)], frame.Shape.Channels, () => formulas.Value(kernel.Activation, "z0"));
                return;
            }

            // Behind the last pixel there is room for a vector.
            using (writer.Block($"for (var i = 0; i < {Number(frame.Shape.Size)}; i += {Number(target.Lanes)})"))
            {
                writer.Line("ref var at = ref Clr::Unsafe.Add(ref result, i);");
                writer.Line($"var z = {V}.LoadUnsafe(ref at);");
                writer.Line($"{V}.StoreUnsafe({formulas.Value(kernel.Activation, "z")}, ref at);");
            }
        }
    }

    private void Tile(CodeWriter writer, ConvolutionKernel kernel, TapProduct product, int planes, int rows, int first, int vectors)
    {
        var (source, result) = (kernel.Source.Frame!, kernel.Result.Frame!);
        static string Sum(int plane, int row, int vector) => $"s{Number(plane)}_{Number(row)}_{Number(vector)}";
        IEnumerable<(int Row, int Vector)> Places() => from row in Enumerable.Range(0, rows) from vector in Enumerable.Range(0, vectors) select (row, vector);
        for (var plane = 0; plane < planes; plane++)
        {
            foreach (var (row, vector) in Places())
            {
                writer.Line($"var {Sum(plane, row, vector)} = {(kernel.Bias is null ? $"{V}<float>.Zero" : $"{V}.Create({TileEmitter.Ref("b", plane)})")};");
            }
        }

        if (product.Vertical.Count > 0 && product.Horizontal.Count > 0)
        {
            Terms(writer, product, source, planes, [.. Places()], first, Sum);
        }

        var isCheap = kernel.Activation.IsCheap();
        for (var plane = 0; plane < planes; plane++)
        {
            FoldEmitter.Broadcast(writer, kernel.Folded, target, plane);
            foreach (var (row, vector) in Places())
            {
                var column = (first + vector) * target.Lanes;
                var z = FoldEmitter.Applied(kernel.Folded, target, Sum(plane, row, vector), plane);
                var value = isCheap ? formulas.Value(kernel.Activation, z) : z;
                var at = plane * PlaneOf(result) + row * product.ResultStep.Height * RowOf(result) + column * product.ResultStep.Width;
                if (product.ResultStep.Width == 1)
                {
                    Store(writer, value, "y", at, product.Count.Width - column);
                }
                else
                {
                    Spread(writer, value, at, product.ResultStep.Width, Math.Min(target.Lanes, product.Count.Width - column));
                }
            }
        }
    }

    /// <summary>Stores the first numbers of a vector so many columns apart.</summary>
    private void Spread(CodeWriter writer, string value, int offset, int step, int count)
    {
        using (writer.Block())
        {
            writer.Line($"{V}.StoreUnsafe({value}, ref lanes);");
            writer.Line($"ref var at = ref {TileEmitter.Ref("y", offset)};");
            using (writer.Block($"for (var i = 0; i < {Number(count)}; i++)"))
            {
                writer.Line($"Clr::Unsafe.Add(ref at, i * {Number(step)}) = Clr::Unsafe.Add(ref lanes, i);");
            }
        }
    }

    /// <summary>The products of a tile, added to its sums.</summary>
    private void Terms(
        CodeWriter writer, TapProduct product, Frame source, int planes, IReadOnlyList<(int Row, int Vector)> places, int first, Func<int, int, int, string> sum)
    {
        writer.Line("ref var xp = ref x;");
        writer.Line("ref var wp = ref w;");
        using (ImageLoops.Rounds(writer, "term", product.Terms))
        {
            writer.Line("ref var xt = ref xp;");
            writer.Line("ref var wt = ref wp;");
            using (ImageLoops.Rounds(writer, "u", product.Vertical.Count))
            {
                for (var v = 0; v < product.Horizontal.Count; v++)
                {
                    using (writer.Block())
                    {
                        foreach (var (row, vector) in places)
                        {
                            var at = row * product.SourceStep.Height * RowOf(source) + (first + vector) * target.Lanes + v * product.Horizontal.SourceStep;
                            writer.Line($"var x{Number(row)}_{Number(vector)} = {TileEmitter.Load(target, "xt", at)};");
                        }

                        for (var plane = 0; plane < planes; plane++)
                        {
                            writer.Line($"var w{Number(plane)} = {V}.Create({TileEmitter.Ref("wt", plane * product.PlaneStep + v * product.Horizontal.WeightStep)});");
                            foreach (var (row, vector) in places)
                            {
                                writer.Line($"{sum(plane, row, vector)} = {V}.MultiplyAddEstimate(w{Number(plane)}, x{Number(row)}_{Number(vector)}, {sum(plane, row, vector)});");
                            }
                        }
                    }
                }

                TileEmitter.Move(writer, "xt", product.Vertical.SourceStep * RowOf(source));
                TileEmitter.Move(writer, "wt", product.Vertical.WeightStep);
            }

            if (product.Terms > 1)
            {
                TileEmitter.Move(writer, "xp", PlaneOf(source));
                TileEmitter.Move(writer, "wp", product.TermStep);
            }
        }
    }
}
