using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>Sums, products and concatenations of values, and the gradients of their parts.</summary>
internal sealed class JoinEmitter(VectorTarget target)
{
    private string V => target.Class;

    public void Write(CodeWriter writer, JoinKernel kernel)
    {
        using (ImageLoops.Method(writer, kernel, "rows"))
        {
            if (kernel.Joining != Joining.Concat)
            {
                var sign = kernel.Joining == Joining.Add ? " + " : " * ";
                Together(writer, kernel.Sources, kernel.Result, names => string.Join(sign, names));
                return;
            }

            var offset = 0;
            foreach (var source in kernel.Sources)
            {
                using (writer.Block())
                {
                    Slice(writer, source, 0, kernel.Result, offset, source);
                }

                offset += source.Frame?.Shape.Channels ?? source.Columns;
            }
        }
    }

    public void Write(CodeWriter writer, JoinGradientKernel kernel)
    {
        using (ImageLoops.Method(writer, kernel, "rows"))
        {
            Together(writer, [kernel.Gradient, .. kernel.Others], kernel.Result, names => string.Join(" * ", names));
        }
    }

    public void Write(CodeWriter writer, SliceKernel kernel)
    {
        using (ImageLoops.Method(writer, kernel, "rows"))
        {
            Slice(writer, kernel.Source, kernel.First, kernel.Result, 0, kernel.Result);
        }
    }

    /// <summary>Values of one shape, number by number.</summary>
    private void Together(CodeWriter writer, IReadOnlyList<Buffer> sources, Buffer result, System.Func<IEnumerable<string>, string> formula)
    {
        var text = formula(sources.Select((_, k) => $"{V}.LoadUnsafe(ref at{k})"));
        if (result.Frame is not null)
        {
            ImageLoops.Groups(writer);
            List<ImageLoops.Walk> walks = [.. sources.Select((source, k) => new ImageLoops.Walk($"at{k}", source)), new("y", result)];
            ImageLoops.Vectors(writer, target, walks, result.Frame.Shape.Channels, () => writer.Line($"{V}.StoreUnsafe({text}, ref y);"));
            return;
        }

        using (writer.Block($"for (var column = 0; column < {Number(result.Columns)}; column += {Number(Buffer.PanelWidth)})"))
        using (writer.Block($"for (var i = column * stride; i < column * stride + rows * {Number(Buffer.PanelWidth)}; i += {Number(target.Lanes)})"))
        {
            for (var k = 0; k < sources.Count; k++)
            {
                writer.Line($"ref var at{k} = ref Clr::Unsafe.Add(ref {sources[k].Name}, i);");
            }

            writer.Line($"{V}.StoreUnsafe({text}, ref Clr::Unsafe.Add(ref {result.Name}, i));");
        }
    }

    /// <summary>Some features or channels of one value into those of another.</summary>
    private void Slice(CodeWriter writer, Buffer source, int from, Buffer result, int to, Buffer part)
    {
        if (part.Frame is { } frame)
        {
            ImageLoops.Groups(writer);
            ImageLoops.Vectors(
                writer, target, [new("x", source, from), new("y", result, to)], frame.Shape.Channels, () => writer.Line($"{V}.StoreUnsafe({V}.LoadUnsafe(ref x), ref y);"));
            return;
        }

        using (writer.Block("for (var row = 0; row < rows; row++)"))
        using (writer.Block($"for (var i = 0; i < {Number(part.Columns)}; i++)"))
        {
            static string At(Buffer buffer, string index) => buffer.Storage == Storage.RowMajor
                ? $"row * {Number(buffer.Columns)} + {index}"
                : $"({index} & ~31) * stride + row * 32 + ({index} & 31)";
            writer.Line($"Clr::Unsafe.Add(ref {result.Name}, {At(result, Index(to))}) = Clr::Unsafe.Add(ref {source.Name}, {At(source, Index(from))});");
        }

        static string Index(int offset) => offset == 0 ? "i" : $"(i + {Number(offset)})";
    }
}
