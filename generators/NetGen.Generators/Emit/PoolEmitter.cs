using System.Collections.Generic;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>Poolings and their way back, a sample a lane.</summary>
internal sealed class PoolEmitter(VectorTarget target, ActivationFormulas formulas)
{
    /// <summary>The most taps of a window that are written out.</summary>
    private const int MostUnrolled = 16;

    private string V => target.Class;

    public void Write(CodeWriter writer, PoolKernel kernel)
    {
        var (window, source) = (kernel.Window, kernel.Source.Frame!);
        using (ImageLoops.Method(writer, kernel, "rows"))
        {
            ImageLoops.Groups(writer);
            EachWindow(writer, window, [("x", kernel.Source, true), ("y", kernel.Result, false)], () =>
            {
                var isMaximum = kernel.Pooling == Pooling.Max;
                writer.Line($"var pooled = {(isMaximum ? $"{V}.Create(float.NegativeInfinity)" : $"{V}<float>.Zero")};");
                Taps(writer, window, source, isClipped: isMaximum, offset =>
                {
                    var tap = $"{V}.LoadUnsafe(ref {TileEmitter.Ref("x", offset)})";
                    writer.Line(isMaximum ? $"pooled = {V}.Max(pooled, {tap});" : $"pooled += {tap};");
                });
                writer.Line($"{V}.StoreUnsafe(pooled{(isMaximum ? "" : $" * {V}.Create({Single(1.0 / window.Kernel.Area)})")}, ref y);");
            });
        }
    }

    public void Write(CodeWriter writer, PoolGradientKernel kernel)
    {
        var (window, result) = (kernel.Window, kernel.Result.Frame!);
        var isMaximum = kernel.Pooling == Pooling.Max;
        var covers = window.Tiles && window.Result.Height * window.Stride.Height == window.Source.Height && window.Result.Width * window.Stride.Width == window.Source.Width;
        using (ImageLoops.Method(writer, kernel, "rows", isMaximum ? "Of several largest numbers the first gets it all." : null))
        {
            ImageLoops.Groups(writer);
            if (!covers)
            {
                writer.Line(StepEmitter.Clear(kernel.Result.Name, $"groups * {Number(result.Group)}"));
            }

            List<(string, Buffer, bool)> places = [("g", kernel.Gradient, false), ("result", kernel.Result, true)];
            if (isMaximum)
            {
                places.Add(("x", kernel.Source!, true));
                places.Add(("y", kernel.Pooled!, false));
            }

            if (kernel.Operand is not null)
            {
                places.Add(("a", kernel.Operand, true));
            }

            EachWindow(writer, window, places, () =>
            {
                writer.Line($"var share = {V}.LoadUnsafe(ref g){(isMaximum ? "" : $" * {V}.Create({Single(1.0 / window.Kernel.Area)})")};");
                if (isMaximum)
                {
                    writer.Line($"var largest = {V}.LoadUnsafe(ref y);");
                    writer.Line($"var open = {V}.Equals(largest, largest); // lanes whose largest number is still to be found");
                }

                // Offsets are told in the result's frame; other images of the same shape have frames of their own.
                TapPlaces(writer, window, (row, column) =>
                {
                    string At(string name, Frame frame) => $"ref {TileEmitter.Ref(name, Offset(row, column, frame))}";
                    var value = "share";
                    if (isMaximum)
                    {
                        writer.Line($"var here = open & {V}.Equals({V}.LoadUnsafe({At("x", kernel.Source!.Frame!)}), largest);");
                        writer.Line($"open = {V}.AndNot(open, here);");
                        value = "(share & here)";
                    }

                    if (kernel.Operand is not null)
                    {
                        writer.Line($"var ai = {V}.LoadUnsafe({At("a", kernel.Operand.Frame!)});");
                        writer.Line($"var gi = {value};");
                        value = formulas.TimesSlope(kernel.Activation, "gi", "ai");
                    }

                    var at = At("result", result);
                    writer.Line(window.Tiles ? $"{V}.StoreUnsafe({value}, {at});" : $"{V}.StoreUnsafe({V}.LoadUnsafe({at}) + {value}, {at});");
                }, isClipped: true);
            });
        }
    }

    /// <summary>A loop over all windows: references stand at the window's first tap, or at its result.</summary>
    private void EachWindow(CodeWriter writer, Window window, IReadOnlyList<(string Name, Buffer Buffer, bool IsSource)> places, System.Action body)
    {
        using (writer.Block("for (var group = 0; group < groups; group++)"))
        using (writer.Block($"for (var channel = 0; channel < {Number(window.Source.Channels)}; channel++)"))
        using (writer.Block($"for (var row = 0; row < {Number(window.Result.Height)}; row++)"))
        {
            foreach (var (name, buffer, isSource) in places)
            {
                var frame = buffer.Frame!;
                var start = isSource ? frame.At(-window.Top, -window.Left) : frame.At(0, 0);
                writer.Line($"ref var {name}Row = ref {TileEmitter.Ref(buffer.Name, ImageLoops.Sum($"group * {Number(frame.Group)} + channel * {Number(frame.Plane)} + row * {Number((isSource ? window.Stride.Height : 1) * frame.Row)}", start))};");
            }

            using (writer.Block($"for (var column = 0; column < {Number(window.Result.Width)}; column++)"))
            using (ImageLoops.Lanes(writer, target))
            {
                foreach (var (name, _, isSource) in places)
                {
                    var step = (isSource ? window.Stride.Width : 1) * Frame.Samples;
                    writer.Line($"ref var {name} = ref Clr::Unsafe.Add(ref {name}Row, column * {Number(step)}{ImageLoops.Lane(target)});");
                }

                body();
            }
        }
    }

    private void Taps(CodeWriter writer, Window window, Frame frame, bool isClipped, System.Action<string> body) =>
        TapPlaces(writer, window, (row, column) => body(Offset(row, column, frame)), isClipped);

    private static string Offset(string row, string column, Frame frame) =>
        int.TryParse(row, out var u) && int.TryParse(column, out var v) ? Number(u * frame.Row + v * Frame.Samples) : $"{row} * {Number(frame.Row)} + {column} * {Number(Frame.Samples)}";

    /// <summary>The taps of a window in the order of reading; those outside the image are left out where they would count.</summary>
    public static void TapPlaces(CodeWriter writer, Window window, System.Action<string, string> body, bool isClipped)
    {
        var clips = isClipped && (window.Top > 0 || window.Left > 0 || window.Bottom > 0 || window.Right > 0);
        if (!clips && window.Kernel.Area <= MostUnrolled)
        {
            for (var u = 0; u < window.Kernel.Height; u++)
            {
                for (var v = 0; v < window.Kernel.Width; v++)
                {
                    using (writer.Block())
                    {
                        body(Number(u), Number(v));
                    }
                }
            }

            return;
        }

        using (writer.Block($"for (var u = 0; u < {Number(window.Kernel.Height)}; u++)"))
        using (writer.Block($"for (var v = 0; v < {Number(window.Kernel.Width)}; v++)"))
        {
            if (clips)
            {
                using (writer.Block($"if ((uint)(row * {Number(window.Stride.Height)} + u - {Number(window.Top)}) >= {Number(window.Source.Height)} || (uint)(column * {Number(window.Stride.Width)} + v - {Number(window.Left)}) >= {Number(window.Source.Width)})"))
                {
                    writer.Line("continue; // outside the image");
                }

                writer.Blank();
            }

            body("u", "v");
        }
    }
}
