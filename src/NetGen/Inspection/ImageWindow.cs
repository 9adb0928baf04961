namespace NetGen;

/// <summary>The sizes of an image. A sequence is one row high; features are channels of one place.</summary>
internal readonly record struct ImageSize(int Channels, int Height, int Width)
{
    /// <summary>The places of a channel.</summary>
    public int Plane => Height * Width;

    public int Size => Channels * Plane;

    public static ImageSize Of(ReadOnlySpan<int> shape) => shape switch
    {
        [var features] => new(features, 1, 1),
        [var channels, var length] => new(channels, 1, length),
        [var channels, var height, var width] => new(channels, height, width),
        _ => throw new NotSupportedException($"An inspector does not know values of {shape.Length} dimensions."),
    };
}

/// <summary>Results in one row of a channel, one after the other, and what one tap of the window finds for them.</summary>
/// <param name="Tap">The tap's number, row by row of the window.</param>
/// <param name="Result">The place of the first result in its channel.</param>
/// <param name="Source">The place in the source's channel that the tap finds for it; for the next results every so many further.</param>
/// <param name="Count">How many results.</param>
internal readonly record struct WindowPiece(int Tap, int Result, int Source, int Count);

/// <summary>A window that goes over an image: for every tap the places that it finds. What lies in the padding is in no piece.</summary>
internal sealed class ImageWindow
{
    public ImageWindow(ImageSize source, ImageSize result, NodeWindow window)
    {
        (Source, Result, Step, Taps) = (source, result, window.Stride.Width, window.Kernel.Height * window.Kernel.Width);
        var (top, left) = (
            Before(window.Padding.Height, window.Kernel.Height, window.Stride.Height, window.Dilation.Height, source.Height, result.Height),
            Before(window.Padding.Width, window.Kernel.Width, window.Stride.Width, window.Dilation.Width, source.Width, result.Width));
        var pieces = new List<WindowPiece>();
        for (var tap = 0; tap < Taps; tap++)
        {
            var down = tap / window.Kernel.Width * window.Dilation.Height - top;
            var right = tap % window.Kernel.Width * window.Dilation.Width - left;
            var (firstRow, endRow) = Inside(down, window.Stride.Height, source.Height, result.Height);
            var (first, end) = Inside(right, window.Stride.Width, source.Width, result.Width);
            for (var row = firstRow; row < endRow && first < end; row++)
            {
                pieces.Add(new(
                    tap,
                    row * result.Width + first,
                    (row * window.Stride.Height + down) * source.Width + first * window.Stride.Width + right,
                    end - first));
            }
        }

        Pieces = [.. pieces];
    }

    public ImageSize Source { get; }

    public ImageSize Result { get; }

    /// <summary>From the place that a tap finds for one result to that for the next in the row.</summary>
    public int Step { get; }

    public int Taps { get; }

    /// <summary>For one channel; in the order of the taps.</summary>
    public WindowPiece[] Pieces { get; }

    /// <summary>A window as large as its image.</summary>
    public static ImageWindow Whole(ImageSize source) =>
        new(source, new(source.Channels, 1, 1), new((source.Height, source.Width), (1, 1), (0, 0), (1, 1)));

    /// <summary>The zeros before the image: of <see cref="Padding.Same"/> the smaller half of those that the last result needs.</summary>
    private static int Before(int padding, int kernel, int stride, int dilation, int size, int results) => padding == Padding.Same
        ? Math.Max(0, (results - 1) * stride + (kernel - 1) * dilation + 1 - size) / 2
        : padding;

    /// <summary>The results for which a tap, so far from the window's stand, is inside the image.</summary>
    private static (int First, int End) Inside(int offset, int stride, int size, int results)
    {
        var first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
        var end = size - offset <= 0 ? 0 : (size - 1 - offset) / stride + 1;
        return (first, Math.Min(end, results));
    }
}
