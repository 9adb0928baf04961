namespace NetGen.Compiler.Ir;

/// <summary>Sizes along the two directions of an image.</summary>
internal readonly record struct Extent(int Height, int Width)
{
    /// <summary>The area.</summary>
    public int Area => Height * Width;
}

/// <summary>The sizes of an image. A sequence is one row high.</summary>
internal sealed record ImageShape(int Channels, int Height, int Width)
{
    /// <summary>The numbers of one sample.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>The shape as an image's: of features alone, each is a channel of one number.</summary>
    public static ImageShape Of(Support.EquatableArray<int> shape) => shape.Count switch
    {
        1 => new(shape[0], 1, 1),
        2 => new(shape[0], 1, shape[1]),
        _ => new(shape[0], shape[1], shape[2]),
    };
}

/// <summary>
/// A window that goes over an image: its result (i, j) takes the numbers (i·stride + u·dilation − top, j·stride + v·dilation − left) for all
/// (u, v) of the kernel.
/// </summary>
/// <param name="Source">What it goes over.</param>
/// <param name="Result">What comes out.</param>
/// <param name="Kernel">The window's size, in taps.</param>
/// <param name="Stride">From one result's window to the next one's.</param>
/// <param name="Dilation">From one tap to the next.</param>
/// <param name="Top">The rows by which the first window begins above the image.</param>
/// <param name="Left">The columns by which it begins to its left.</param>
internal sealed record Window(ImageShape Source, ImageShape Result, Extent Kernel, Extent Stride, Extent Dilation, int Top, int Left)
{
    /// <summary>The rows by which the last window ends below the image, at least 0.</summary>
    public int Bottom => System.Math.Max(0, (Result.Height - 1) * Stride.Height + (Kernel.Height - 1) * Dilation.Height - Top - (Source.Height - 1));

    /// <summary>The columns by which it ends to its right, at least 0.</summary>
    public int Right => System.Math.Max(0, (Result.Width - 1) * Stride.Width + (Kernel.Width - 1) * Dilation.Width - Left - (Source.Width - 1));

    /// <summary>Whether no number belongs to two windows and no window reaches over the edge.</summary>
    public bool Tiles => Kernel == Stride && Top == 0 && Left == 0 && Bottom == 0 && Right == 0 && Dilation == new Extent(1, 1);
}

/// <summary>
/// How an image stands in memory: for 16 samples [channels][top + height + bottom][left + width + right][16], a sample a lane, then the next 16.
/// The frame is zero and stays so: windows reach into it.
/// </summary>
internal sealed record Frame(ImageShape Shape, int Top = 0, int Bottom = 0, int Left = 0, int Right = 0)
{
    /// <summary>The samples that stand side by side.</summary>
    public const int Samples = 16;

    /// <summary>Whether there are zeros around the image; without them it is one long row.</summary>
    public bool HasBorder => Top > 0 || Bottom > 0 || Left > 0 || Right > 0;

    /// <summary>From one row to the next, in floats.</summary>
    public int Row => (Left + Shape.Width + Right) * Samples;

    /// <summary>From one channel to the next, in floats.</summary>
    public int Plane => (Top + Shape.Height + Bottom) * Row;

    /// <summary>From one group of samples to the next, in floats.</summary>
    public int Group => Shape.Channels * Plane;

    /// <summary>Where pixel (row, column) of the first channel stands in its group.</summary>
    public int At(int row, int column) => (Top + row) * Row + (Left + column) * Samples;

    /// <summary>The groups of so many samples.</summary>
    public static int Groups(int samples) => (samples + Samples - 1) / Samples;
}

/// <summary>What a pooling does with its window.</summary>
internal enum Pooling
{
    /// <summary>The largest number.</summary>
    Max,

    /// <summary>The mean.</summary>
    Average,
}

/// <summary>How several nodes become one.</summary>
internal enum Joining
{
    /// <summary>The sum, number by number.</summary>
    Add,

    /// <summary>The product, number by number.</summary>
    Multiply,

    /// <summary>One after the other: features, or channels.</summary>
    Concat,
}
