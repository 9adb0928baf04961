using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>The gradient of a bias of images: db[f] = Σ over samples and pixels dy[f].</summary>
internal static class ChannelSums
{
    /// <summary>Adds the sums of all channels to what is there; <c>groups</c> is declared.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="target">The width.</param>
    /// <param name="math">What adds a sum's lanes.</param>
    /// <param name="gradient">dy.</param>
    /// <param name="into">Takes db.</param>
    public static void Write(CodeWriter writer, VectorTarget target, MathFunctions math, Buffer gradient, string into)
    {
        var (frame, shape) = (gradient.Frame!, gradient.Frame!.Shape);
        ImageLoops.InTiles(writer, "filter", shape.Channels, System.Math.Max(2, 8 / target.Parts), (filters, filter) =>
        {
            foreach (var (f, part) in Parts(filters))
            {
                writer.Line($"var s{f}_{part} = {target.Class}<float>.Zero;");
            }

            using (writer.Block("for (var group = 0; group < groups; group++)"))
            using (writer.Block($"for (var row = 0; row < {Number(shape.Height)}; row++)"))
            {
                writer.Line($"ref var d = ref {TileEmitter.Ref(gradient.Name, ImageLoops.Sum($"group * {Number(frame.Group)} + {filter} * {Number(frame.Plane)} + row * {Number(frame.Row)}", frame.At(0, 0)))};");
                using (writer.Block($"for (var column = 0; column < {Number(shape.Width)}; column++)"))
                {
                    foreach (var (f, part) in Parts(filters))
                    {
                        writer.Line($"s{f}_{part} += {TileEmitter.Load(target, "d", f * frame.Plane + part * target.Lanes)};");
                    }

                    TileEmitter.Move(writer, "d", Frame.Samples);
                }
            }

            for (var f = 0; f < filters; f++)
            {
                var sums = string.Join(", ", Enumerable.Range(0, target.Parts).Select(part => $"s{f}_{part}"));
                writer.Line($"{TileEmitter.Ref(into, ImageLoops.Sum(filter, f))} += {math.Sum}({sums});");
            }
        });

        IEnumerable<(int Filter, int Part)> Parts(int filters) =>
            from f in Enumerable.Range(0, filters) from part in Enumerable.Range(0, target.Parts) select (f, part);
    }
}
