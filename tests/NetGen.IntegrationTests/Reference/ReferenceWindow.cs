using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <summary>
/// A window that goes over images [channels, height, width]; a sequence is one row high. Tap (u, v) of result (i, j) is the number
/// (i·stride + u·dilation − top, j·stride + v·dilation − left), if there is one.
/// </summary>
internal sealed record ReferenceWindow(bool IsSequence, (int Height, int Width) Source, (int Height, int Width) Kernel)
{
    public (int Height, int Width) Stride { get; private init; } = (1, 1);

    public (int Height, int Width) Dilation { get; private init; } = (1, 1);

    public (int Top, int Left) Padding { get; private init; }

    public (int Height, int Width) Result { get; private init; } = (1, 1);

    /// <summary>The window of a convolution over a shape.</summary>
    public static ReferenceWindow Of(ConvSpec layer, int[] shape) => Of(
        layer.Dimensions == 1, shape, (layer.KernelHeight, layer.KernelWidth), layer.Stride, (layer.Dilation, layer.Dilation), layer.Padding);

    /// <summary>The window of a pooling over a shape.</summary>
    public static ReferenceWindow Of(PoolSpec layer, int[] shape) => Of(
        layer.Dimensions == 1, shape, (layer.KernelHeight, layer.KernelWidth), (layer.Stride, layer.Stride), (1, 1), (layer.Padding, layer.Padding));

    /// <summary>One window as large as the image.</summary>
    public static ReferenceWindow Whole(int[] shape) =>
        new(shape.Length == 2, (shape.Length == 2 ? 1 : shape[1], shape[^1]), (shape.Length == 2 ? 1 : shape[1], shape[^1]));

    /// <summary>The shape of so many channels of results.</summary>
    public int[] ResultShape(int channels) => IsSequence ? [channels, Result.Width] : [channels, Result.Height, Result.Width];

    /// <summary>What each tap of result (i, j) meets: its place in the kernel and in the plane of the source, row by row.</summary>
    public IEnumerable<(int Tap, int Place)> Taps(int i, int j)
    {
        for (var u = 0; u < Kernel.Height; u++)
        {
            for (var v = 0; v < Kernel.Width; v++)
            {
                var (row, column) = (i * Stride.Height + u * Dilation.Height - Padding.Top, j * Stride.Width + v * Dilation.Width - Padding.Left);
                if (row >= 0 && row < Source.Height && column >= 0 && column < Source.Width)
                {
                    yield return (u * Kernel.Width + v, row * Source.Width + column);
                }
            }
        }
    }

    private static ReferenceWindow Of(
        bool isSequence, int[] shape, (int Height, int Width) kernel, (int Height, int Width) stride, (int Height, int Width) dilation, (int Height, int Width) padding)
    {
        var (top, height) = isSequence ? (0, 1) : Along(shape[1], kernel.Height, stride.Height, dilation.Height, padding.Height);
        var (left, width) = Along(shape[^1], kernel.Width, stride.Width, dilation.Width, padding.Width);
        return new(isSequence, (isSequence ? 1 : shape[1], shape[^1]), (isSequence ? 1 : kernel.Height, kernel.Width))
        {
            Stride = (isSequence ? 1 : stride.Height, stride.Width),
            Dilation = (isSequence ? 1 : dilation.Height, dilation.Width),
            Padding = (top, left),
            Result = (height, width),
        };
    }

    /// <summary>The zeros before the first number and the number of results, along one direction.</summary>
    private static (int Before, int Results) Along(int size, int kernel, int stride, int dilation, int padding)
    {
        var reach = dilation * (kernel - 1) + 1;
        if (padding != NetGen.Padding.Same)
        {
            return (padding, (size + 2 * padding - reach) / stride + 1);
        }

        // ⌈size/stride⌉ results; of an odd number of zeros the one more stands behind.
        var results = (int)Math.Ceiling((double)size / stride);
        return (Math.Max(0, (results - 1) * stride + reach - size) / 2, results);
    }
}
