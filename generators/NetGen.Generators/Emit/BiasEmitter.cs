using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>A bias as a pass of its own, with the activation after it, and its gradient: features as lanes in panels, samples as lanes in images.</summary>
internal sealed class BiasEmitter(VectorTarget target, MathFunctions math, ActivationFormulas formulas)
{
    private string V => target.Class;

    public void Write(CodeWriter writer, BiasKernel kernel)
    {
        using (ImageLoops.Method(writer, kernel, "rows"))
        {
            if (kernel.Result.Frame is { Shape: var shape })
            {
                ImageLoops.Groups(writer);
                using (writer.Block($"for (var channel = 0; channel < {Number(shape.Channels)}; channel++)"))
                {
                    writer.Line($"var shift = {V}.Create(Clr::Unsafe.Add(ref {kernel.Bias.Name}, channel));");
                    Pixels(writer, kernel);
                }

                return;
            }

            foreach (var columns in Columns.Cut(kernel.Source, 2 * target.Lanes))
            {
                using (columns.Loop(writer))
                {
                    Features(writer, kernel, new(columns, target));
                }
            }
        }
    }

    /// <summary>All rows of a few features.</summary>
    private void Features(CodeWriter writer, BiasKernel kernel, ColumnVectors group)
    {
        var places = Places(kernel);
        foreach (var (name, buffer) in places)
        {
            writer.Line($"ref var {name} = ref {group.InPanels(buffer, "stride")};");
        }

        foreach (var v in group.All)
        {
            writer.Line($"var shift{v} = {group.LoadFigure(kernel.Bias, v)};");
        }

        using (writer.Block("for (var row = 0; row < rows; row++)"))
        {
            foreach (var v in group.All)
            {
                writer.Line($"var shifted{v} = {group.Load("x", v)} + shift{v};");
                if (kernel.Argument is not null)
                {
                    writer.Line(TileEmitter.Store(target, $"shifted{v}", "z", v * target.Lanes));
                }

                writer.Line(TileEmitter.Store(target, formulas.Value(kernel.Activation, $"shifted{v}"), "y", v * target.Lanes));
            }

            foreach (var (name, _) in places)
            {
                TileEmitter.Move(writer, name, Buffer.PanelWidth);
            }
        }
    }

    /// <summary>All pixels of a channel.</summary>
    private void Pixels(CodeWriter writer, BiasKernel kernel)
    {
        var shape = kernel.Result.Frame!.Shape;
        var places = Places(kernel);
        using (writer.Block("for (var group = 0; group < groups; group++)"))
        using (writer.Block($"for (var row = 0; row < {Number(shape.Height)}; row++)"))
        {
            foreach (var (name, buffer) in places)
            {
                var frame = buffer.Frame!;
                writer.Line($"ref var {name} = ref {TileEmitter.Ref(buffer.Name, ImageLoops.Sum($"group * {Number(frame.Group)} + channel * {Number(frame.Plane)} + row * {Number(frame.Row)}", frame.At(0, 0)))};");
            }

            using (writer.Block($"for (var i = 0; i < {Number(shape.Width * Frame.Samples)}; i += {Number(target.Lanes)})"))
            {
                writer.Line($"var zi = {V}.LoadUnsafe(ref Clr::Unsafe.Add(ref x, i)) + shift;");
                if (kernel.Argument is not null)
                {
                    writer.Line($"{V}.StoreUnsafe(zi, ref Clr::Unsafe.Add(ref z, i));");
                }

                writer.Line($"{V}.StoreUnsafe({formulas.Value(kernel.Activation, "zi")}, ref Clr::Unsafe.Add(ref y, i));");
            }
        }
    }

    private static System.Collections.Generic.List<(string Name, Buffer Buffer)> Places(BiasKernel kernel)
    {
        System.Collections.Generic.List<(string, Buffer)> places = [("x", kernel.Source), ("y", kernel.Result)];
        if (kernel.Argument is not null)
        {
            places.Add(("z", kernel.Argument));
        }

        return places;
    }

    /// <param name="writer">Where to.</param>
    /// <param name="kernel">The gradient.</param>
    /// <param name="isSplit">Whether threads share the step: the part that is given feature 0 does it all.</param>
    public void Write(CodeWriter writer, BiasGradientKernel kernel, bool isSplit)
    {
        var into = (kernel.OwnBias ?? kernel.Bias).Name;
        using (ImageLoops.Method(writer, kernel, "rows", null, (kernel.Update is null ? "" : ", ref float rates") + (isSplit ? ", int firstFeature, int lastFeature" : "")))
        {
            if (isSplit)
            {
                using (writer.Block("if (firstFeature > 0 || lastFeature == 0)"))
                {
                    writer.Line("return;");
                }

                writer.Blank();
            }

            if (kernel.Gradient.Frame is not null)
            {
                ImageLoops.Groups(writer);
                ChannelSums.Write(writer, target, math, kernel.Gradient, into);
            }
            else
            {
                foreach (var columns in Columns.Cut(kernel.Gradient, 2 * target.Lanes))
                {
                    using (columns.Loop(writer))
                    {
                        Sums(writer, kernel, new(columns, target), into);
                    }
                }
            }

            if (kernel.Update is { } optimizer)
            {
                writer.Blank();
                FilterGradientEmitter.Step(writer, optimizer, into, kernel.Bias.Name, Number(kernel.Bias.PaddedColumns));
            }
        }
    }

    /// <summary>The sums of a few features, of even and of odd rows apart: one sum would wait for itself.</summary>
    private void Sums(CodeWriter writer, BiasGradientKernel kernel, ColumnVectors group, string into)
    {
        writer.Line($"ref var d = ref {group.InPanels(kernel.Gradient, "stride")};");
        group.Sums(writer, "sum");
        writer.Line("var row = 0;");
        using (writer.Block("for (; row + 2 <= rows; row += 2)"))
        {
            foreach (var v in group.All)
            {
                writer.Line($"sumEven{v} += {group.Load("d", v)};");
                writer.Line($"sumOdd{v} += {group.Load("d", v, 1)};");
            }

            TileEmitter.Move(writer, "d", 2 * Buffer.PanelWidth);
        }

        writer.Blank();
        using (writer.Block("if (row < rows)"))
        {
            foreach (var v in group.All)
            {
                writer.Line($"sumEven{v} += {group.Load("d", v)};");
            }
        }

        writer.Blank();
        foreach (var v in group.All)
        {
            writer.Line($"{V}.StoreUnsafe({V}.LoadUnsafe(ref {group.Figure(into, v)}) + {ColumnVectors.Total("sum", v)}, ref {group.Figure(into, v)});");
        }
    }
}
