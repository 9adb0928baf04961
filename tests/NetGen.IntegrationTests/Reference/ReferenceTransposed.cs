using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <summary>
/// A transposed convolution from its definition, plain loops in double precision: each number of x[n, channels, height, width] adds its product with
/// each weight w[channels, filters/groups, …] to one number of y[n, filters, …], the one at (i·stride + u·dilation − top, j·stride + v·dilation − left).
/// </summary>
internal sealed record ReferenceTransposed(int Channels, int Filters, int Groups, bool IsSequence, (int Height, int Width) Source, (int Height, int Width) Kernel)
{
    private (int Height, int Width) Stride { get; init; }

    private (int Height, int Width) Dilation { get; init; }

    private (int Top, int Left) Before { get; init; }

    private (int Height, int Width) Result { get; init; }

    public static ReferenceTransposed Of(ConvTransposeSpec layer, int[] shape)
    {
        var options = layer.Options;
        var isSequence = options.Dimensions == 1;
        var (top, height) = isSequence ? (0, 1) : Along(shape[1], options.KernelHeight, options.Stride.Height, options.Dilation, options.Padding.Height, layer.OutputPadding.Height);
        var (left, width) = Along(shape[^1], options.KernelWidth, options.Stride.Width, options.Dilation, options.Padding.Width, layer.OutputPadding.Width);
        return new(shape[0], options.Filters, options.Groups, isSequence, (isSequence ? 1 : shape[1], shape[^1]), (isSequence ? 1 : options.KernelHeight, options.KernelWidth))
        {
            Stride = (isSequence ? 1 : options.Stride.Height, options.Stride.Width),
            Dilation = (options.Dilation, options.Dilation),
            Before = (top, left),
            Result = (height, width),
        };
    }

    public int[] ResultShape => IsSequence ? [Filters, Result.Width] : [Filters, Result.Height, Result.Width];

    public int[] WeightShape => IsSequence ? [Channels, Filters / Groups, Kernel.Width] : [Channels, Filters / Groups, Kernel.Height, Kernel.Width];

    /// <summary>y = b + the sum of all products.</summary>
    public double[] Forward(double[] weight, double[]? bias, double[] x)
    {
        var plane = Result.Height * Result.Width;
        var y = new double[x.Length / (Channels * Source.Height * Source.Width) * Filters * plane];
        for (var i = 0; i < y.Length && bias is not null; i++)
        {
            y[i] = bias[i / plane % Filters];
        }

        ForEachProduct(x.Length, (w, source, result) => y[result] += weight[w] * x[source]);
        return y;
    }

    /// <summary>dx = Σ w · dy, dw += Σ x · dy, db += Σ dy.</summary>
    public double[] Backward(double[] weight, double[] x, double[] dy, double[] weightGradient, double[]? biasGradient)
    {
        var dx = new double[x.Length];
        ForEachProduct(x.Length, (w, source, result) =>
        {
            dx[source] += weight[w] * dy[result];
            weightGradient[w] += x[source] * dy[result];
        });
        for (var i = 0; i < dy.Length && biasGradient is not null; i++)
        {
            biasGradient[i / (Result.Height * Result.Width) % Filters] += dy[i];
        }

        return dx;
    }

    /// <summary>Every product: the places of its weight, of its number and of the result to which it is added.</summary>
    private void ForEachProduct(int length, Action<int, int, int> product)
    {
        var (seen, made, area) = (Channels / Groups, Filters / Groups, Kernel.Height * Kernel.Width);
        for (var place = 0; place < length; place++)
        {
            var (j, i, c, n) = (place % Source.Width, place / Source.Width % Source.Height, place / (Source.Width * Source.Height) % Channels, place / (Source.Width * Source.Height * Channels));
            for (var tap = 0; tap < area; tap++)
            {
                var row = i * Stride.Height + tap / Kernel.Width * Dilation.Height - Before.Top;
                var column = j * Stride.Width + tap % Kernel.Width * Dilation.Width - Before.Left;
                for (var f = 0; f < made && row >= 0 && row < Result.Height && column >= 0 && column < Result.Width; f++)
                {
                    product((c * made + f) * area + tap, place, ((n * Filters + c / seen * made + f) * Result.Height + row) * Result.Width + column);
                }
            }
        }
    }

    /// <summary>What is cut off before the result, and the result's size, along one direction.</summary>
    private static (int Before, int Size) Along(int size, int kernel, int stride, int dilation, int padding, int outputPadding)
    {
        var whole = (size - 1) * stride + dilation * (kernel - 1) + 1;
        return padding == NetGen.Padding.Same
            ? ((whole - size * stride) / 2, size * stride)
            : (padding, whole - 2 * padding + outputPadding);
    }
}
