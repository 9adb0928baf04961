using NetGen;

namespace LeNet5Sample;

/// <summary>What a convolution holds and what it gives, as pictures.</summary>
internal static class Pictures
{
    /// <summary>
    /// The filters of a convolution in the colours of <see cref="ColorMap.Diverging"/>, with one limit for all: a row for each filter, in it a
    /// picture for each channel that the filter sees. Filters of one channel stand in one row.
    /// </summary>
    /// <param name="weight">[filters, channels, height, width].</param>
    /// <exception cref="ArgumentException">The parameter has another shape.</exception>
    public static Image Filters(Parameter weight)
    {
        if (weight.Shape is not [var filters, var channels, var height, var width])
        {
            throw new ArgumentException($"weight must have the shape [filters, channels, height, width], but is {weight}.", nameof(weight));
        }

        var numbers = weight.ToArray();
        return Grid(numbers, filters * channels, height, width, columns: channels == 1 ? filters : channels);
    }

    /// <summary>The channels of an image side by side, in the same colours, with one limit for all.</summary>
    /// <param name="image">[channels, height, width], the last running fastest.</param>
    /// <param name="channels">The channels.</param>
    /// <param name="width">The columns.</param>
    /// <exception cref="ArgumentException">The numbers do not make up whole rows of so many channels.</exception>
    public static Image Maps(ReadOnlySpan<float> image, int channels, int width)
    {
        if (image.Length == 0 || image.Length % (channels * width) != 0)
        {
            throw new ArgumentException($"image must hold {channels} channels of rows of {width} numbers, but has {image.Length} numbers.", nameof(image));
        }

        return Grid(image, channels, image.Length / channels / width, width, columns: Math.Min(channels, 8));
    }

    private static Image Grid(ReadOnlySpan<float> numbers, int count, int height, int width, int columns)
    {
        var limit = 0f;
        foreach (var number in numbers)
        {
            limit = Math.Max(limit, MathF.Abs(number));
        }

        var images = new List<Image>();
        for (var i = 0; i < count; i++)
        {
            // Any limit does where all numbers are zero.
            images.Add(ColorMap.Diverging(numbers.Slice(i * height * width, height * width), width, limit > 0 ? limit : 1));
        }

        return Image.Grid(images, columns, gap: 1, background: 0.5f);
    }
}
