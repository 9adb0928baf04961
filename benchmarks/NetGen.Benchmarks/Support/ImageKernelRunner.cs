extern alias compiler;

using System.Globalization;
using System.Reflection;
using compiler::NetGen.Compiler.Emit;
using compiler::NetGen.Compiler.Ir;
using compiler::NetGen.Compiler.Passes;
using compiler::NetGen.Compiler.Targets;
using NetGen.CompilerServices;
using Buffer = compiler::NetGen.Compiler.Ir.Buffer;

namespace NetGen.Benchmarks.Support;

/// <summary>A way in which a kernel on images can run.</summary>
/// <param name="Tile">Its tile, as text; empty where there is nothing to choose.</param>
/// <param name="Cycles">The predicted cycles of a batch.</param>
/// <param name="IsChosen">Whether the compiler chooses it.</param>
/// <param name="Call">Runs it on a batch.</param>
internal sealed record ImageAlternative(string Tile, double Cycles, bool IsChosen, Action Call);

/// <summary>Compiles kernels on images by one or by all of their schedules, and calls each on buffers of its own.</summary>
internal static class ImageKernelRunner
{
    /// <summary>Whether a kernel is one of these.</summary>
    public static bool Knows(Kernel kernel) => kernel is ConvolutionKernel or ConvolutionInputGradientKernel or ConvolutionParameterGradientKernel or PoolKernel or PoolGradientKernel;

    /// <summary>The kernel as the compiler would emit it. A gradient of parameters runs without its optimiser's step.</summary>
    public static ImageAlternative Chosen(GeneratorRun compiler, Kernel kernel, VectorTarget target, int batch) =>
        Compile(compiler, kernel, target, batch, [new(TileOf(kernel, target), Predicted(kernel, target, batch), true, Write(Bare(kernel), target))])[0];

    /// <summary>All tiles of a convolution or a gradient of one.</summary>
    public static IReadOnlyList<ImageAlternative> All(GeneratorRun compiler, Kernel kernel, VectorTarget target, int batch)
    {
        var groups = Frame.Groups(batch);
        List<Variant> variants = [];
        switch (kernel)
        {
            case ConvolutionKernel k when ConvolutionTaps.Products(k) is [var product]:
                Taps(k, k.Groups, product, (named, tile) => (writer, _, formulas) => new ConvolutionEmitter(target, formulas).Write(writer, (ConvolutionKernel)named, tile));
                break;
            case ConvolutionInputGradientKernel k when ConvolutionTaps.Products(k) is [var product]:
                Taps(k, k.Groups, product, (named, tile) => (writer, _, formulas) => new ConvolutionEmitter(target, formulas).Write(writer, (ConvolutionInputGradientKernel)named, tile));
                break;
            case ConvolutionParameterGradientKernel k:
                var chosen = ConvolutionSchedule.Of(k, target);
                foreach (var tile in ConvolutionSchedule.Candidates(k, target))
                {
                    variants.Add(new(
                        Text(tile), groups * tile.Cycles, tile == chosen,
                        named => (writer, math, _) => new FilterGradientEmitter((ConvolutionParameterGradientKernel)Bare(named), target, math, null, tile).Write(writer)));
                }

                break;
        }

        return Compile(compiler, kernel, target, batch, variants);

        void Taps(Kernel any, int parts, TapProduct product, Func<Kernel, TapTile, Writer> write)
        {
            var best = ConvolutionSchedule.Of(product, target);
            foreach (var tile in ConvolutionSchedule.Candidates(product, target))
            {
                variants.Add(new(
                    Text(tile), Predicted(any, target, batch) + groups * parts * (tile.Cycles - best.Cycles), tile == best,
                    named => write(named, tile)));
            }
        }
    }

    private delegate void Writer(CodeWriter writer, MathFunctions math, ActivationFormulas formulas);

    /// <summary>What becomes an alternative when it is compiled: <paramref name="Write"/> takes the kernel under its own name.</summary>
    private sealed record Variant(string Tile, double Cycles, bool IsChosen, Func<Kernel, Writer> Write);

    private static double Predicted(Kernel kernel, VectorTarget target, int batch) => ProgramCost.Of(Bare(kernel), target, batch, batch);

    private static string Text(TapTile tile) => string.Create(CultureInfo.InvariantCulture, $"{tile.Planes}x{tile.Pixels}");

    private static string Text(IReadOnlyList<TapProduct> products, VectorTarget target) =>
        string.Join(' ', products.Select(product => Text(ConvolutionSchedule.Of(product, target))));

    private static string Text(FilterTile tile) =>
        string.Create(CultureInfo.InvariantCulture, $"{tile.Filters}x({tile.Channels}x{tile.Rows}x{tile.Columns})");

    private static string TileOf(Kernel kernel, VectorTarget target) => kernel switch
    {
        ConvolutionKernel k => Text(ConvolutionTaps.Products(k), target),
        ConvolutionInputGradientKernel k => Text(ConvolutionTaps.Products(k), target),
        ConvolutionParameterGradientKernel k => Text(ConvolutionSchedule.Of(k, target)),
        _ => "",
    };

    private static Kernel Bare(Kernel kernel) => kernel is ConvolutionParameterGradientKernel k ? k with { Update = null, OwnWeights = null, OwnBias = null } : kernel;

    private static Func<Kernel, Writer> Write(Kernel kernel, VectorTarget target) => kernel switch
    {
        ConvolutionKernel => named => (writer, _, formulas) => new ConvolutionEmitter(target, formulas).Write(writer, (ConvolutionKernel)named),
        ConvolutionInputGradientKernel => named => (writer, _, formulas) => new ConvolutionEmitter(target, formulas).Write(writer, (ConvolutionInputGradientKernel)named),
        ConvolutionParameterGradientKernel => named => (writer, math, _) => new FilterGradientEmitter((ConvolutionParameterGradientKernel)named, target, math, null).Write(writer),
        PoolKernel => named => (writer, _, formulas) => new PoolEmitter(target, formulas).Write(writer, (PoolKernel)named),
        PoolGradientKernel => named => (writer, _, formulas) => new PoolEmitter(target, formulas).Write(writer, (PoolGradientKernel)named),
        _ => throw new InvalidOperationException(kernel.Name),
    };

    private static IReadOnlyList<ImageAlternative> Compile(GeneratorRun compiler, Kernel kernel, VectorTarget target, int batch, IReadOnlyList<Variant> variants)
    {
        var math = new MathFunctions(target);
        var formulas = new ActivationFormulas(target, math);
        var buffers = ImageKernels.Buffers(Bare(kernel))!;
        var writer = new CodeWriter();
        writer.Line("using Clr = global::System.Runtime.CompilerServices;");
        writer.Line("using Simd = global::System.Runtime.Intrinsics;");
        writer.Line("using Sys = global::System;");
        using (writer.Block("public static class Alternatives"))
        {
            var places = buffers.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"ref memory[{i}][origins[{i}]]"));
            var stride = ImageKernels.TakesStride(kernel) ? string.Create(CultureInfo.InvariantCulture, $", {batch}") : "";
            for (var i = 0; i < variants.Count; i++)
            {
                variants[i].Write(Bare(kernel) with { Name = Name(i) })(writer, math, formulas);
                writer.Line(string.Create(
                    CultureInfo.InvariantCulture, $"public static void Run{i}(float[][] memory, int[] origins) => {Name(i)}({string.Join(", ", places)}, {batch}{stride});"));
            }

            math.Write(writer);
        }

        var type = compiler.Load(writer.ToString()).GetType("Alternatives")!;
        var origins = new int[buffers.Count];
        float[][] memory = [.. buffers.Select((buffer, i) => Memory(buffer, batch, out origins[i]))];
        return
        [
            .. variants.Select((variant, i) =>
            {
                var run = type.GetMethod(string.Create(CultureInfo.InvariantCulture, $"Run{i}"), BindingFlags.Static | BindingFlags.Public)!.CreateDelegate<Action<float[][], int[]>>();
                return new ImageAlternative(variant.Tile, variant.Cycles, variant.IsChosen, () => run(memory, origins));
            }),
        ];
    }

    private static string Name(int i) => "Alternative" + i.ToString(CultureInfo.InvariantCulture);

    /// <summary>Gradients so small that no weight moves however often a kernel runs.</summary>
    private static float[] Memory(Buffer buffer, int batch, out int origin)
    {
        var memory = NetworkMemory.Allocate(buffer.Length(batch) + 64, out origin);
        var random = new Random(1);
        var scale = buffer.Name.StartsWith("delta", StringComparison.Ordinal) ? 1e-12f : 1f;
        foreach (ref var value in memory.AsSpan(origin, buffer.Length(batch)))
        {
            value = (random.NextSingle() - 0.5f) * scale;
        }

        return memory;
    }
}
