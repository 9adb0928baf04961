namespace NetGen.IntegrationTests.Reference;

/// <summary>Convolutions and poolings over images x[n, channels, height, width] in double precision and plain loops, and their gradients.</summary>
internal static class ReferenceImages
{
    /// <summary>y[n, f, i, j] = b[f] + Σ w[f, c, u, v] · x[n, c, …], c over the channels of f's group.</summary>
    public static double[] Convolve(ReferenceWindow window, int channels, int filters, int groups, double[] weight, double[]? bias, double[] x)
    {
        var y = new double[x.Length / (channels * Plane(window.Source)) * filters * Plane(window.Result)];
        ForEachProduct(window, channels, filters, groups, x.Length, (w, source, result) => y[result] += weight[w] * x[source]);
        for (var i = 0; i < y.Length && bias is not null; i++)
        {
            y[i] += bias[i / Plane(window.Result) % filters];
        }

        return y;
    }

    /// <summary>dx = Σ w · dy, dw += Σ x · dy, db += Σ dy.</summary>
    public static double[] ConvolveBackward(
        ReferenceWindow window, int channels, int filters, int groups, double[] weight, double[] x, double[] dy, double[] weightGradient, double[]? biasGradient)
    {
        var dx = new double[x.Length];
        ForEachProduct(window, channels, filters, groups, x.Length, (w, source, result) =>
        {
            dx[source] += weight[w] * dy[result];
            weightGradient[w] += x[source] * dy[result];
        });
        for (var i = 0; i < dy.Length && biasGradient is not null; i++)
        {
            biasGradient[i / Plane(window.Result) % filters] += dy[i];
        }

        return dx;
    }

    /// <summary>The mean of each window, in which zeros of the padding count.</summary>
    public static double[] AveragePool(ReferenceWindow window, double[] x)
    {
        var y = new double[x.Length / Plane(window.Source) * Plane(window.Result)];
        ForEachWindow(window, y.Length, (result, places) => y[result] = places.Sum(place => x[place]) / Plane(window.Kernel));
        return y;
    }

    public static double[] AveragePoolBackward(ReferenceWindow window, double[] x, double[] dy)
    {
        var dx = new double[x.Length];
        ForEachWindow(window, dy.Length, (result, places) =>
        {
            foreach (var place in places)
            {
                dx[place] += dy[result] / Plane(window.Kernel);
            }
        });
        return dx;
    }

    /// <summary>The largest number of each window; the padding never wins.</summary>
    public static double[] MaxPool(ReferenceWindow window, double[] x)
    {
        var y = new double[x.Length / Plane(window.Source) * Plane(window.Result)];
        ForEachWindow(window, y.Length, (result, places) => y[result] = places.Max(place => x[place]));
        return y;
    }

    /// <summary>The gradient goes to the first of the largest numbers, row by row.</summary>
    public static double[] MaxPoolBackward(ReferenceWindow window, double[] x, double[] dy)
    {
        var dx = new double[x.Length];
        ForEachWindow(window, dy.Length, (result, places) =>
        {
            var largest = places[0];
            foreach (var place in places)
            {
                largest = x[place] > x[largest] ? place : largest;
            }

            dx[largest] += dy[result];
        });
        return dx;
    }

    private static int Plane((int Height, int Width) size) => size.Height * size.Width;

    /// <summary>Every product of a convolution: the places of its weight, of its number and of the result to which it belongs.</summary>
    private static void ForEachProduct(ReferenceWindow window, int channels, int filters, int groups, int length, Action<int, int, int> product)
    {
        var (seen, made) = (channels / groups, filters / groups);
        var (source, result, kernel) = (Plane(window.Source), Plane(window.Result), Plane(window.Kernel));
        for (var n = 0; n < length / (channels * source); n++)
        {
            for (var f = 0; f < filters; f++)
            {
                for (var at = 0; at < result; at++)
                {
                    foreach (var (tap, place) in window.Taps(at / window.Result.Width, at % window.Result.Width))
                    {
                        for (var c = 0; c < seen; c++)
                        {
                            product((f * seen + c) * kernel + tap, (n * channels + f / made * seen + c) * source + place, (n * filters + f) * result + at);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Every window of every channel: the place of its result and those of its numbers.</summary>
    private static void ForEachWindow(ReferenceWindow window, int length, Action<int, int[]> each)
    {
        for (var result = 0; result < length; result++)
        {
            var (plane, at) = (result / Plane(window.Result), result % Plane(window.Result));
            each(result, [.. window.Taps(at / window.Result.Width, at % window.Result.Width).Select(tap => plane * Plane(window.Source) + tap.Place)]);
        }
    }
}
