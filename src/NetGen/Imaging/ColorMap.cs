namespace NetGen;

/// <summary>Numbers as pictures: what is in weights, and what a function of two variables looks like.</summary>
public static class ColorMap
{
    private static readonly (float R, float G, float B) Blue = (0.129f, 0.400f, 0.674f);
    private static readonly (float R, float G, float B) Middle = (0.969f, 0.969f, 0.969f);
    private static readonly (float R, float G, float B) Red = (0.698f, 0.094f, 0.169f);

    /// <summary>Positive numbers in red, negative ones in blue, zero nearly white; both deepen up to a limit.</summary>
    /// <param name="values">height·width numbers, row by row.</param>
    /// <param name="width">The numbers of a row, at least 1.</param>
    /// <param name="limit">The size of a number that is red or blue entirely, as are larger ones; null takes the largest of <paramref name="values"/>.</param>
    /// <exception cref="ArgumentException">No whole rows, a number that is not finite, or a limit that is not above 0.</exception>
    public static Image Diverging(ReadOnlySpan<float> values, int width, float? limit = null)
    {
        var height = Rows(values, width);
        if (limit is { } given && !(given > 0 && float.IsFinite(given)))
        {
            throw new ArgumentOutOfRangeException(nameof(limit), Text.Of($"limit must be finite and above 0, but is {given}."));
        }

        var scale = limit ?? Largest(values);
        var image = new Image(width, height, 3);
        for (var i = 0; i < values.Length; i++)
        {
            // Of zeros alone the largest is 0, and all of them are in the middle.
            var share = scale > 0 ? Math.Clamp(values[i] / scale, -1, 1) : 0;
            Write(image.Pixels.Slice(3 * i, 3), share < 0 ? Blue : Red, MathF.Abs(share));
        }

        return image;
    }

    /// <summary>Numbers from black (lowest) to white (highest); those beyond take the nearer of the two.</summary>
    /// <param name="values">height·width numbers, row by row.</param>
    /// <param name="width">The numbers of a row, at least 1.</param>
    /// <param name="lowest">What is black.</param>
    /// <param name="highest">What is white: above <paramref name="lowest"/>.</param>
    /// <exception cref="ArgumentException">No whole rows, a number that is not finite, or bounds in the wrong order.</exception>
    public static Image Grey(ReadOnlySpan<float> values, int width, float lowest = 0, float highest = 1)
    {
        var height = Rows(values, width);
        if (!(float.IsFinite(lowest) && float.IsFinite(highest) && lowest < highest))
        {
            throw new ArgumentOutOfRangeException(
                nameof(highest), Text.Of($"lowest and highest must be finite and in this order, but are {lowest} and {highest}."));
        }

        var image = new Image(width, height);
        for (var i = 0; i < values.Length; i++)
        {
            image.Pixels[i] = Math.Clamp((values[i] - lowest) / (highest - lowest), 0, 1);
        }

        return image;
    }

    /// <summary>
    /// The rows of a weight matrix as pictures in one grid, in the colours of <see cref="Diverging"/> with one limit for all: what each unit of a
    /// first layer looks for in the picture that it is given. Of a convolution each filter is a picture, its channels' kernels one below the other.
    /// </summary>
    /// <param name="weight">
    /// A parameter of the shape [units, height·width], such as the weight of a dense layer; or a convolution's, [filters, channels, height, width] or
    /// [filters, channels, length].
    /// </param>
    /// <param name="width">The pixels of a picture's row; a divisor of the layer's inputs. Of a convolution the kernel's width.</param>
    /// <param name="columns">The pictures side by side, at least 1.</param>
    /// <param name="units">How many units to show at most, the first ones.</param>
    /// <exception cref="ArgumentException">The parameter has another shape, holds numbers that are not finite, or a number is out of its range.</exception>
    public static Image Weights(Parameter weight, int width, int columns, int units = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        var isKernel = weight.Shape.Length is 3 or 4 && weight.Shape[^1] == width;
        var isMatrix = weight.Shape.Length == 2 && weight.Shape[1] % width == 0;
        if (!isKernel && !isMatrix)
        {
            throw new ArgumentException(
                Text.Of($"weight must have the shape [units, height·{width}], or of a convolution [filters, channels, …, {width}], but is {weight}."), nameof(weight));
        }

        var (rows, inputs) = (weight.Shape[0], weight.Length / weight.Shape[0]);
        var shown = Math.Min(rows, units);
        var values = weight.ToArray().AsSpan(0, shown * inputs);
        Rows(values, inputs);

        // Any limit does where all weights are zero.
        var limit = Largest(values) is > 0 and var largest ? largest : 1;
        var images = new List<Image>();
        for (var unit = 0; unit < shown; unit++)
        {
            images.Add(Diverging(values.Slice(unit * inputs, inputs), width, limit));
        }

        return Image.Grid(images, columns, gap: 1, background: 0.5f);
    }

    private static int Rows(ReadOnlySpan<float> values, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (values.Length == 0 || values.Length % width != 0)
        {
            throw new ArgumentException(
                Text.Of($"values must hold one or more whole rows of {width} numbers, but has {values.Length}."), nameof(values));
        }

        Checked.Numbers(values, width, nameof(values));
        return values.Length / width;
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
        {
            largest = Math.Max(largest, MathF.Abs(value));
        }

        return largest;
    }

    private static void Write(Span<float> pixel, (float R, float G, float B) end, float share)
    {
        pixel[0] = Middle.R + (end.R - Middle.R) * share;
        pixel[1] = Middle.G + (end.G - Middle.G) * share;
        pixel[2] = Middle.B + (end.B - Middle.B) * share;
    }
}
