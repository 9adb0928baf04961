namespace NetGen;

/// <summary>
/// A picture: rows of pixels from the top, each pixel <see cref="Channels"/> numbers from 0 (dark) to 1 (bright). One channel is grey, two are
/// grey and opacity, three are red, green and blue, four are these and opacity. The numbers are those of the file, without any change of gamma.
/// </summary>
public sealed class Image
{
    private readonly float[] _pixels;

    /// <summary>A black picture (transparent, where it has opacity).</summary>
    /// <param name="width">The pixels of a row, at least 1.</param>
    /// <param name="height">The rows, at least 1.</param>
    /// <param name="channels">The numbers of a pixel, 1 … 4.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or the picture is larger than an array can be.</exception>
    public Image(int width, int height, int channels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 4);
        var rowLength = (long)width * channels;
        if (rowLength > Array.MaxLength)
        {
            throw new ArgumentException(Text.Of($"A row would hold {rowLength} numbers, but an array holds {Array.MaxLength} at most."), nameof(width));
        }

        (Width, Height, Channels) = (width, height, channels);
        _pixels = new float[Checked.Size(height, (int)rowLength, "The image")];
    }

    /// <summary>A picture of given numbers, which are copied.</summary>
    /// <param name="width">The pixels of a row, at least 1.</param>
    /// <param name="height">The rows, at least 1.</param>
    /// <param name="channels">The numbers of a pixel, 1 … 4.</param>
    /// <param name="pixels">height·width·channels numbers, the channels of a pixel beside one another.</param>
    /// <exception cref="ArgumentException">A size is out of its range, or there are more or fewer numbers.</exception>
    public Image(int width, int height, int channels, ReadOnlySpan<float> pixels)
        : this(width, height, channels)
    {
        if (pixels.Length != _pixels.Length)
        {
            throw new ArgumentException(
                Text.Of($"pixels must hold {_pixels.Length} numbers ({height} rows of {width} pixels of {channels}), but has {pixels.Length}."),
                nameof(pixels));
        }

        pixels.CopyTo(_pixels);
    }

    /// <summary>The pixels of a row.</summary>
    public int Width { get; }

    /// <summary>The rows.</summary>
    public int Height { get; }

    /// <summary>The numbers of a pixel: 1 grey, 2 grey and opacity, 3 red, green and blue, 4 these and opacity.</summary>
    public int Channels { get; }

    /// <summary>All numbers, [height, width, channels]. They can be changed; those beyond 0 … 1 are brought to the nearer bound when they are written to a file.</summary>
    public Span<float> Pixels => _pixels;

    /// <summary>One number.</summary>
    /// <param name="x">The column, 0 … <see cref="Width"/> − 1 from the left.</param>
    /// <param name="y">The row, 0 … <see cref="Height"/> − 1 from the top.</param>
    /// <param name="channel">0 … <see cref="Channels"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pixel or channel.</exception>
    public ref float this[int x, int y, int channel = 0]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Width, nameof(x));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)channel, (uint)Channels, nameof(channel));
            return ref _pixels[(y * Width + x) * Channels + channel];
        }
    }

    /// <summary>
    /// Reads a PNG file of any kind: grey, colours or a palette, with or without opacity, 1 to 16 bits a channel, interlaced or not. A palette
    /// becomes its colours, a transparent colour a channel of opacity. What a file says about gamma and colour spaces is passed over.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no PNG file, or damaged; the message says where and why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static Image Load(string path)
    {
        var bytes = File.ReadAllBytes(path);
        try
        {
            return PngReader.Read(bytes);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads a PNG file from a stream, to its end; as from a file.</summary>
    /// <param name="stream">Readable.</param>
    /// <exception cref="InvalidDataException">As for a file.</exception>
    public static Image Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return PngReader.Read(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
    }

    /// <summary>
    /// Writes a PNG file of 8 bits a channel. It is written beside its place and then renamed: it is whole or it is the old one.
    /// </summary>
    /// <param name="path">The file, by custom <c>NAME.png</c>; replaced if there is one.</param>
    /// <exception cref="InvalidOperationException">A pixel is NaN; nothing is written.</exception>
    /// <exception cref="IOException">It cannot be written; what was there remains.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written; what was there remains.</exception>
    public void SavePng(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var samples = ToBytes();
        AtomicFile.Write(path, stream => PngWriter.Write(stream, samples, Width, Height, Channels));
    }

    /// <summary>Writes a PNG file to a stream.</summary>
    /// <param name="stream">Writable.</param>
    /// <exception cref="InvalidOperationException">A pixel is NaN; nothing is written.</exception>
    public void SavePng(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        PngWriter.Write(stream, ToBytes(), Width, Height, Channels);
    }

    /// <summary>
    /// The same picture in one channel: red, green and blue count 0.299, 0.587 and 0.114 (ITU-R BT.601, luma). Opacity is dropped.
    /// </summary>
    public Image ToGrey()
    {
        var grey = new Image(Width, Height);
        for (var i = 0; i < grey._pixels.Length; i++)
        {
            var pixel = _pixels.AsSpan(i * Channels, Channels);
            grey._pixels[i] = Channels < 3 ? pixel[0] : 0.299f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2];
        }

        return grey;
    }

    /// <summary>Each pixel as a square of pixels, so that few pixels can be seen.</summary>
    /// <param name="factor">The side of a square, at least 1.</param>
    /// <exception cref="ArgumentException">The factor is below 1, or the picture would be larger than an array can be.</exception>
    public Image Enlarge(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factor, Array.MaxLength / Math.Max(Width, Height));
        var large = new Image(Width * factor, Height * factor, Channels);
        for (var y = 0; y < large.Height; y++)
        {
            for (var x = 0; x < large.Width; x++)
            {
                Pixel(x / factor, y / factor).CopyTo(large.Pixel(x, y));
            }
        }

        return large;
    }

    /// <summary>Many pictures of one size in one: in rows from the left, with lines between and around them.</summary>
    /// <param name="images">At least one; all of the same width, height and channels.</param>
    /// <param name="columns">The pictures of a row, at least 1.</param>
    /// <param name="gap">The width of the lines in pixels, at least 0.</param>
    /// <param name="background">The lines' brightness, which is also that of the places left over: 0 … 1.</param>
    /// <exception cref="ArgumentException">No pictures, sizes that differ, or a number out of its range.</exception>
    public static Image Grid(IReadOnlyList<Image> images, int columns, int gap = 1, float background = 1)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        if (images.Count == 0)
        {
            throw new ArgumentException("images must hold at least one image, but is empty.", nameof(images));
        }

        var (first, wide) = (images[0], Math.Min(columns, images.Count));
        for (var i = 0; i < images.Count; i++)
        {
            if ((images[i].Width, images[i].Height, images[i].Channels) != (first.Width, first.Height, first.Channels))
            {
                throw new ArgumentException($"images[{i}] must be as images[0] is, {first}, but is {images[i]}.", nameof(images));
            }
        }

        var high = (images.Count + wide - 1) / wide;
        var (width, height) = (wide * ((long)first.Width + gap) + gap, high * ((long)first.Height + gap) + gap);
        if (width * height * first.Channels > Array.MaxLength)
        {
            throw new ArgumentException(Text.Of($"The grid would have {width}x{height} pixels, more than an array can hold."), nameof(images));
        }

        var grid = new Image((int)width, (int)height, first.Channels);
        grid.Pixels.Fill(background);
        for (var i = 0; i < images.Count; i++)
        {
            grid.Paste(images[i], gap + i % wide * (first.Width + gap), gap + i / wide * (first.Height + gap));
        }

        return grid;
    }

    /// <summary>The size, as in <c>640x480 pixels of 3</c>.</summary>
    public override string ToString() => Text.Of($"{Width}x{Height} pixels of {Channels}");

    private Span<float> Pixel(int x, int y) => _pixels.AsSpan((y * Width + x) * Channels, Channels);

    private void Paste(Image image, int left, int top)
    {
        for (var y = 0; y < image.Height; y++)
        {
            image._pixels.AsSpan(y * image.Width * Channels, image.Width * Channels).CopyTo(_pixels.AsSpan(((top + y) * Width + left) * Channels));
        }
    }

    private byte[] ToBytes()
    {
        var bytes = new byte[_pixels.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (float.IsNaN(_pixels[i]))
            {
                var pixel = i / Channels;
                throw new InvalidOperationException(
                    Text.Of($"Pixels must be numbers, but column {pixel % Width}, row {pixel / Width} (both from 0) is NaN."));
            }

            bytes[i] = (byte)MathF.Round(Math.Clamp(_pixels[i], 0, 1) * byte.MaxValue, MidpointRounding.AwayFromZero);
        }

        return bytes;
    }
}
