using System.Linq;
using NetGen.Compiler.Ir;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// Clears padding behind activations of the class's own that are no finite number somewhere: ln 0 in a column that is none, √ of a bias in a row
/// that is no sample. Sums take padding times 0, and 0 · ∞ is no number.
/// </summary>
internal static class PaddingEmitter
{
    /// <summary>What a kernel writes by way of an activation of the class's own; null for none.</summary>
    public static Buffer? Result(Kernel kernel) => kernel switch
    {
        ProductKernel { Product: Product.Forward, Activation.Own: not null } product => product.Result,
        ConvolutionKernel { Activation.Own: not null } convolution => convolution.Result,
        BiasKernel { Activation.Own: not null } bias => bias.Result,
        ActivationKernel { Function.Own: not null } activation => activation.Result,
        PointwiseKernel pointwise when pointwise.Stages.Any(stage => stage is ActivationStage { Function.Own: not null }) => pointwise.Result,
        _ => null,
    };

    public static string Call(Buffer values) => values.Storage == Storage.Images
        ? $"ClearLanes(ref {values.Name}, {Number(values.Frame!.Group)}, samples);"
        : $"ClearPadding(ref {values.Name}, {Number(values.Columns)}, samples);";

    /// <summary>The methods that are called.</summary>
    public static void Write(CodeWriter writer, KernelProgram program, int batchSize)
    {
        var images = program.Forward.Select(Result).OfType<Buffer>().ToLookup(values => values.Storage == Storage.Images);
        if (images[false].Any())
        {
            writer.Blank();
            ClearPadding(writer, batchSize);
        }

        if (images[true].Any())
        {
            writer.Blank();
            ClearLanes(writer, batchSize);
        }
    }

    private static void ClearPadding(CodeWriter writer, int batchSize)
    {
        KernelFileEmitter.Head(writer, "Zero in the columns beyond a layer's and in the rows beyond the samples, whatever an own function gave there.");
        using (writer.Block("private static void ClearPadding(ref float values, int columns, int samples)"))
        using (writer.Block("for (var panel = 0; panel < columns; panel += 32)"))
        using (writer.Block($"for (var row = 0; row < {Number(batchSize)}; row++)"))
        {
            writer.Line("var kept = row < samples ? Sys::Math.Min(32, columns - panel) : 0;");
            writer.Line(StepEmitter.Clear($"Clr::Unsafe.Add(ref values, panel * {Number(batchSize)} + row * 32 + kept)", "32 - kept"));
        }
    }

    private static void ClearLanes(CodeWriter writer, int batchSize)
    {
        KernelFileEmitter.Head(writer, "Zero in the lanes of images beyond the samples, whatever an own function gave there.");
        using (writer.Block("private static void ClearLanes(ref float images, int length, int samples)"))
        using (writer.Block($"for (var group = samples / {Number(Frame.Samples)}; group < {Number(Frame.Groups(batchSize))}; group++)"))
        {
            writer.Line($"var kept = Sys::Math.Max(0, samples - group * {Number(Frame.Samples)});");
            using (writer.Block($"for (var i = 0; i < length; i += {Number(Frame.Samples)})"))
            {
                writer.Line(StepEmitter.Clear("Clr::Unsafe.Add(ref images, group * length + i + kept)", $"{Number(Frame.Samples)} - kept"));
            }
        }
    }
}
