using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>Rows or panels of features into images and back: blocks of samples by features are transposed in registers.</summary>
internal sealed class ImageMoveEmitter(VectorTarget target, MathFunctions math)
{
    public void Write(CodeWriter writer, ToImagesKernel kernel) =>
        Move(writer, kernel, kernel.Result, kernel.Source with { Name = TileEmitter.Ref(kernel.Source.Name, kernel.First) }, toImages: true);

    public void Write(CodeWriter writer, FromImagesKernel kernel) => Move(writer, kernel, kernel.Source, kernel.Result, toImages: false);

    private void Move(CodeWriter writer, Kernel kernel, Buffer images, Buffer rows, bool toImages)
    {
        var frame = images.Frame!;
        var shape = frame.Shape;
        var length = frame.HasBorder ? shape.Width : shape.Size;
        using (ImageLoops.Method(writer, kernel, "rows"))
        {
            ImageLoops.Groups(writer);
            using (writer.Block("for (var group = 0; group < groups; group++)"))
            {
                writer.Line($"var count = Sys::Math.Min({Number(Frame.Samples)}, rows - group * {Number(Frame.Samples)});");
                if (!frame.HasBorder)
                {
                    writer.Line($"ref var pixels = ref Clr::Unsafe.Add(ref {images.Name}, group * {Number(frame.Group)});");
                    Row(writer, rows, "0", length, toImages);
                    return;
                }

                using (writer.Block($"for (var channel = 0; channel < {Number(shape.Channels)}; channel++)"))
                using (writer.Block($"for (var row = 0; row < {Number(shape.Height)}; row++)"))
                {
                    writer.Line($"ref var pixels = ref {TileEmitter.Ref(images.Name, ImageLoops.Sum($"group * {Number(frame.Group)} + channel * {Number(frame.Plane)} + row * {Number(frame.Row)}", frame.At(0, 0)))};");
                    writer.Line($"var first = (channel * {Number(shape.Height)} + row) * {Number(shape.Width)};");
                    Row(writer, rows, "first", length, toImages);
                }
            }
        }
    }

    /// <summary>Pixels that follow one another, from a feature on.</summary>
    private void Row(CodeWriter writer, Buffer rows, string first, int length, bool toImages)
    {
        // A block may not reach over a panel's end: only where blocks begin at multiples of the lanes.
        var lanes = target.Lanes;
        var isRows = rows.Storage == Storage.RowMajor;
        var whole = isRows || first == "0" ? length / lanes * lanes : 0;
        writer.Line("var done = 0;");
        if (whole > 0)
        {
            using (writer.Block($"if (count == {Number(Frame.Samples)})"))
            {
                Blocks(writer, rows, first, $"for (; done < {Number(whole)}; done += {Number(lanes)})", toImages);
                if (isRows && whole < length)
                {
                    writer.Line($"done = {Number(length - lanes)}; // once more, with the last");
                    Blocks(writer, rows, first, null, toImages);
                    writer.Line($"done = {Number(length)};");
                }
            }

            writer.Blank();
        }

        using (writer.Block($"for (var i = done; i < {Number(length)}; i++)"))
        {
            var at = Feature(rows, first == "0" ? "i" : "(first + i)", $"(group * {Number(Frame.Samples)} + sample)");
            using (writer.Block("for (var sample = 0; sample < count; sample++)"))
            {
                var pixel = $"Clr::Unsafe.Add(ref pixels, i * {Number(Frame.Samples)} + sample)";
                var number = $"Clr::Unsafe.Add(ref {rows.Name}, {at})";
                writer.Line(toImages ? $"{pixel} = {number};" : $"{number} = {pixel};");
            }

            if (toImages)
            {
                writer.Blank();
                using (writer.Block($"for (var sample = count; sample < {Number(Frame.Samples)}; sample++)"))
                {
                    writer.Line($"Clr::Unsafe.Add(ref pixels, i * {Number(Frame.Samples)} + sample) = 0;");
                }
            }
        }
    }

    private void Blocks(CodeWriter writer, Buffer rows, string first, string? loop, bool toImages)
    {
        using (loop is null ? writer.Block() : writer.Block(loop))
        using (ImageLoops.Lanes(writer, target, "sample"))
        {
            var sample = target.Parts == 1 ? $"group * {Number(Frame.Samples)}" : $"(group * {Number(Frame.Samples)} + sample)";
            var features = $"ref Clr::Unsafe.Add(ref {rows.Name}, {Feature(rows, first == "0" ? "done" : "(first + done)", sample)}), {Number(rows.Storage == Storage.RowMajor ? rows.Columns : Buffer.PanelWidth)}";
            var pixels = $"ref Clr::Unsafe.Add(ref pixels, done * {Number(Frame.Samples)}{(target.Parts == 1 ? "" : " + sample")}), {Number(Frame.Samples)}";
            writer.Line($"{math.TransposeBlock}({(toImages ? features : pixels)}, {(toImages ? pixels : features)});");
        }
    }

    /// <summary>Where a sample's feature stands.</summary>
    private static string Feature(Buffer rows, string feature, string sample) => rows.Storage == Storage.RowMajor
        ? $"{sample} * {Number(rows.Columns)} + {feature}"
        : $"({feature} & ~31) * stride + {sample} * 32 + ({feature} & 31)";
}
