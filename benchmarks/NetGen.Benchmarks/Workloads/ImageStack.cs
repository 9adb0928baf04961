using System.Globalization;

namespace NetGen.Benchmarks.Workloads;

/// <summary>A layer on images.</summary>
internal abstract record ImageLayer;

/// <summary>Square filters with a bias, moved by one pixel.</summary>
/// <param name="Filters">The channels of its result.</param>
/// <param name="Kernel">The side of a filter.</param>
/// <param name="Padding">The zeros on each side of the image.</param>
/// <param name="Activation">The function of each output.</param>
internal sealed record Convolution(int Filters, int Kernel, int Padding, Activation Activation) : ImageLayer;

/// <summary>Means over squares that touch.</summary>
/// <param name="Size">The side of a square; it divides the image's sides.</param>
internal sealed record AveragePooling(int Size) : ImageLayer;

/// <summary>The shape of one sample between layers on images.</summary>
internal readonly record struct ImageSize(int Channels, int Height, int Width)
{
    public int Area => Height * Width;

    public int Length => Channels * Area;
}

/// <summary>The layers on images that stand before a network's dense layers.</summary>
/// <param name="Input">The shape of an input.</param>
/// <param name="Layers">The layers, in order.</param>
internal sealed record ImageStack(ImageSize Input, IReadOnlyList<ImageLayer> Layers)
{
    /// <summary>The shapes before each layer, and the last one's result.</summary>
    public IReadOnlyList<ImageSize> Sizes => Layers.Aggregate(new List<ImageSize> { Input }, (sizes, layer) => [.. sizes, After(sizes[^1], layer)]);

    /// <summary>The numbers that the first dense layer takes.</summary>
    public int Outputs => Sizes[^1].Length;

    /// <summary>The operations of each convolution's products for one sample, forward; padding counts like the image.</summary>
    public IEnumerable<double> Flops => Layers.Zip(Sizes, Sizes.Skip(1)).Where(l => l.First is Convolution).Select(
        l => 2.0 * l.Third.Length * l.Second.Channels * ((Convolution)l.First).Kernel * ((Convolution)l.First).Kernel);

    /// <summary>The attributes that declare them, without that of the input.</summary>
    public IEnumerable<string> Declarations => Layers.Select(layer => layer switch
    {
        Convolution c => string.Create(CultureInfo.InvariantCulture, $"[Conv2D({c.Filters}, {c.Kernel}, Activation.{c.Activation}{(c.Padding > 0 ? ", Padding = Padding.Same" : "")})]"),
        AveragePooling p => string.Create(CultureInfo.InvariantCulture, $"[AvgPool2D({p.Size})]"),
        _ => throw new InvalidOperationException(layer.ToString()),
    }).Append("[Flatten]");

    private static ImageSize After(ImageSize source, ImageLayer layer) => layer switch
    {
        Convolution c => new(c.Filters, source.Height + 2 * c.Padding - c.Kernel + 1, source.Width + 2 * c.Padding - c.Kernel + 1),
        AveragePooling p => new(source.Channels, source.Height / p.Size, source.Width / p.Size),
        _ => throw new InvalidOperationException(layer.ToString()),
    };
}
