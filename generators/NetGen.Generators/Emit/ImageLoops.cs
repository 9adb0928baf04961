using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>What the kernels on images have in common: their methods' heads, and loops over all pixels.</summary>
internal static class ImageLoops
{
    /// <summary>The method of a kernel: it takes its buffers, the rows to do and, where it touches panels, how many rows these have.</summary>
    public static CodeWriter.Closer Method(CodeWriter writer, Kernel kernel, string rows, string? remarks = null, string more = "")
    {
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, rows) + ".", remarks);
        var buffers = ImageKernels.Buffers(kernel)!.Select(b => $"ref float {b.Name}");
        return writer.Block($"internal static void {kernel.Name}({string.Join(", ", buffers)}, int rows{(ImageKernels.TakesStride(kernel) ? ", int stride" : "")}{more})");
    }

    /// <summary>Declares the groups of 16 samples.</summary>
    public static void Groups(CodeWriter writer) => writer.Line($"var groups = (rows + {Number(Frame.Samples - 1)}) / {Number(Frame.Samples)};");

    /// <summary>An image of a loop: the reference's name, the buffer's, how it stands, and the first of its channels that takes part.</summary>
    public sealed record Walk(string Name, Buffer Buffer, int FirstChannel = 0)
    {
        public Frame Frame => Buffer.Frame!;
    }

    /// <summary>A loop over the vectors of 16 samples; none around a vector that holds them all.</summary>
    public static CodeWriter.Closer? Lanes(CodeWriter writer, VectorTarget target, string variable = "lane") =>
        writer.BlockIf(target.Parts > 1, $"for (var {variable} = 0; {variable} < {Number(Frame.Samples)}; {variable} += {Number(target.Lanes)})");

    /// <summary>Where in the 16 samples the vector of that loop stands, to be added to an offset.</summary>
    public static string Lane(VectorTarget target) => target.Parts == 1 ? "" : " + lane";

    /// <summary>A loop of so many rounds; none around what runs once.</summary>
    public static CodeWriter.Closer? Rounds(CodeWriter writer, string variable, int count) =>
        writer.BlockIf(count != 1, $"for (var {variable} = 0; {variable} < {Number(count)}; {variable}++)");

    /// <summary>Loops over so many of something in tiles: a block for each size of a tile, whose body gets the size and where the tile begins.</summary>
    public static void InTiles(CodeWriter writer, string variable, int count, int size, Action<int, string> body)
    {
        var done = 0;
        foreach (var run in Tiles.Cut(count, size))
        {
            using (run.Count == 1 ? writer.Block() : writer.Block($"for (var {variable} = {Number(done)}; {variable} < {Number(done + run.Size * run.Count)}; {variable} += {Number(run.Size)})"))
            {
                body(run.Size, run.Count == 1 ? Number(done) : variable);
            }

            done += run.Size * run.Count;
        }
    }

    /// <summary>A loop over all vectors of so many channels, in each of which the references stand at the same pixel; <c>groups</c> is declared.</summary>
    public static void Vectors(CodeWriter writer, VectorTarget target, IReadOnlyList<Walk> walks, int channels, Action body)
    {
        var shape = walks[0].Frame.Shape;
        using (writer.Block("for (var group = 0; group < groups; group++)"))
        {
            if (walks.All(walk => !walk.Frame.HasBorder))
            {
                foreach (var walk in walks)
                {
                    writer.Line($"ref var {walk.Name}All = ref {TileEmitter.Ref(walk.Buffer.Name, Sum("group * " + Number(walk.Frame.Group), walk.FirstChannel * walk.Frame.Plane))};");
                }

                using (writer.Block($"for (var i = 0; i < {Number(channels * walks[0].Frame.Plane)}; i += {Number(target.Lanes)})"))
                {
                    foreach (var walk in walks)
                    {
                        writer.Line($"ref var {walk.Name} = ref Clr::Unsafe.Add(ref {walk.Name}All, i);");
                    }

                    body();
                }

                return;
            }

            using (writer.Block($"for (var channel = 0; channel < {Number(channels)}; channel++)"))
            using (writer.Block($"for (var row = 0; row < {Number(shape.Height)}; row++)"))
            {
                foreach (var walk in walks)
                {
                    writer.Line($"ref var {walk.Name}Row = ref {TileEmitter.Ref(walk.Buffer.Name, Sum($"group * {Number(walk.Frame.Group)} + channel * {Number(walk.Frame.Plane)} + row * {Number(walk.Frame.Row)}", walk.FirstChannel * walk.Frame.Plane + walk.Frame.At(0, 0)))};");
                }

                using (writer.Block($"for (var i = 0; i < {Number(shape.Width * Frame.Samples)}; i += {Number(target.Lanes)})"))
                {
                    foreach (var walk in walks)
                    {
                        writer.Line($"ref var {walk.Name} = ref Clr::Unsafe.Add(ref {walk.Name}Row, i);");
                    }

                    body();
                }
            }
        }
    }

    /// <summary>An expression plus a number.</summary>
    public static string Sum(string expression, int number) => number == 0 ? expression : $"{expression} {(number < 0 ? "-" : "+")} {Number(Math.Abs(number))}";

    /// <summary>An expression times a number.</summary>
    public static string Product(string variable, int factor) => factor == 1 ? variable : $"{variable} * {Number(factor)}";
}
