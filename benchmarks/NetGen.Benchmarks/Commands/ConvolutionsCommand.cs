extern alias compiler;

using System.Globalization;
using compiler::NetGen.Compiler.Ir;
using compiler::NetGen.Compiler.Targets;
using NetGen.Benchmarks.Support;

namespace NetGen.Benchmarks.Commands;

/// <summary>
/// Times the three products of convolutions of common shapes, forward, the gradient of the inputs and that of the parameters, against the
/// core's peak of multiply-adds. Taps outside the image are not counted. Times are the shortest of many slices.
/// </summary>
internal static class ConvolutionsCommand
{
    private const int Batch = 16;

    /// <summary>A convolution: its name, and the numbers of the attribute.</summary>
    private sealed record Shape(string Name, int Channels, int Filters, int Side, int Kernel, int Groups = 1, int Stride = 1, bool IsTransposed = false);

    private static readonly Shape[] Shapes =
    [
        new("3x3-16-16-32", 16, 16, 32, 3),
        new("3x3-64-64-14", 64, 64, 14, 3),
        new("3x3-64-64-16", 64, 64, 16, 3),
        new("3x3-64-64-28", 64, 64, 28, 3),
        new("3x3-128-128-28", 128, 128, 28, 3),
        new("3x3-256-384-13", 256, 384, 13, 3),
        new("3x3-512-512-7", 512, 512, 7, 3),
        new("1x1-64-256-14", 64, 256, 14, 1),
        new("1x1-256-64-14", 256, 64, 14, 1),
        new("3x3-64-128-28-stride-2", 64, 128, 28, 3, Stride: 2),
        new("3x3-64-14-depthwise", 64, 64, 14, 3, Groups: 64),
        new("5x5-64-64-14", 64, 64, 14, 5),
        new("4x4-16-16-14-transposed", 16, 16, 14, 4, Stride: 2, IsTransposed: true),
        new("4x4-128-64-14-transposed", 128, 64, 14, 4, Stride: 2, IsTransposed: true),
        new("3x3-64-64-14-transposed", 64, 64, 14, 3, IsTransposed: true),
    ];

    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--only", "--seconds");
        var slices = (int)Math.Max(5, options.Seconds("--seconds", 0.05) * 1000);
        var target = new VectorTarget(Machine.Bits);
        var (peak, clock) = (Machine.PeakGflops(), Machine.CyclesPerNanosecond());
        if (options.Text("--only") is { } name && Shapes.All(shape => shape.Name != name))
        {
            throw new UsageException($"--only: there is no shape '{name}'; there are {string.Join(", ", Shapes.Select(shape => shape.Name))}.");
        }

        foreach (var shape in Shapes.Where(shape => options.Text("--only") is not { } only || only == shape.Name))
        {
            var compiler = new GeneratorRun(shape.Name, Source(shape));
            var program = compiler.Program();
            foreach (var kernel in program.Forward.Concat(program.Descent))
            {
                if (WindowOf(kernel) is not { } window || (shape.IsTransposed ? !IsTransposed(kernel) : window.Source.Channels != shape.Channels))
                {
                    continue;
                }

                var chosen = ImageKernelRunner.Chosen(compiler, kernel, target, Batch);
                var nanoseconds = Machine.BestNanoseconds(chosen.Call, slices);
                var flops = 2.0 * Batch * shape.Filters * (shape.Channels / shape.Groups) * Taps(window);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{shape.Name,-24} {Kind(kernel),-20} {nanoseconds / 1000,10:F1} us {flops / nanoseconds,8:F1} GFLOP/s {flops / nanoseconds / peak,6:P0} of the peak, predicted/measured {chosen.Cycles / clock / nanoseconds:F2}, {chosen.Tile}"));
            }
        }

        return 0;
    }

    private static Window? WindowOf(Kernel kernel) => kernel switch
    {
        ConvolutionKernel k => k.Window,
        ConvolutionInputGradientKernel k => k.Window,
        ConvolutionParameterGradientKernel k => k.Window,
        _ => null,
    };

    private static bool IsTransposed(Kernel kernel) => kernel is ConvolutionKernel { IsTransposed: true } or ConvolutionInputGradientKernel { IsTransposed: true }
        or ConvolutionParameterGradientKernel { IsTransposed: true };

    private static string Kind(Kernel kernel) => kernel switch
    {
        ConvolutionKernel => "forward",
        ConvolutionInputGradientKernel => "input gradient",
        _ => "parameter gradient",
    };

    /// <summary>The pairs of a pixel of the result and a tap in the image.</summary>
    private static double Taps(Window window)
    {
        static int Along(int result, int source, int kernel, int stride, int before) =>
            Enumerable.Range(0, result).Sum(i => Enumerable.Range(0, kernel).Count(u => i * stride + u - before >= 0 && i * stride + u - before < source));
        return (double)Along(window.Result.Height, window.Source.Height, window.Kernel.Height, window.Stride.Height, window.Top)
            * Along(window.Result.Width, window.Source.Width, window.Kernel.Width, window.Stride.Width, window.Left);
    }

    /// <summary>A network with the convolution behind another one, so that it has a gradient of its inputs.</summary>
    private static string Source(Shape shape) => string.Create(CultureInfo.InvariantCulture, $"""
        using NetGen;

        [Network]
        [Input(3, {shape.Side}, {shape.Side})]
        [Conv2D({shape.Channels}, 1)]
        [{(shape.IsTransposed ? "ConvTranspose2D" : "Conv2D")}({shape.Filters}, {shape.Kernel}, Activation.ReLU, Stride = {shape.Stride}, Padding = {(shape.IsTransposed ? (shape.Kernel - 1) / 2 : shape.Kernel / 2)}, Groups = {shape.Groups})]
        [GlobalAvgPool]
        [Flatten]
        [Dense(10)]
        [Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.01, BatchSize = {Batch})]
        public partial class Net;
        """);
}
