using System.Buffers.Binary;
using NetGen.CompilerServices;
using NetGen.Tests.Support;

namespace NetGen.Tests.Imaging;

public class PngTests
{
    /// <summary>Every colour type with every number of bits, at sizes at which passes of interlaced pictures are empty, partial and whole.</summary>
    public static TheoryData<int, int, int, int, bool> Kinds()
    {
        var data = new TheoryData<int, int, int, int, bool>();
        foreach (var (colorType, depths) in ((int, int[])[])[(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])])
        {
            foreach (var depth in depths)
            {
                foreach (var (width, height) in ((int, int)[])[(1, 1), (3, 2), (5, 9), (8, 8), (17, 13)])
                {
                    data.Add(colorType, depth, width, height, false);
                    data.Add(colorType, depth, width, height, true);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Load_EveryKind_GivesTheSamples(int colorType, int depth, int width, int height, bool interlaced)
    {
        var channels = colorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var random = new Xoshiro256(colorType * 100 + depth);
        var samples = Random(ref random, width * height * channels, 1 << depth);
        var palette = colorType == 3 ? Array.ConvertAll(Random(ref random, 3 << depth, 256), b => (byte)b) : [];
        var png = new TestPng(width, height, depth, colorType)
        {
            Samples = samples,
            Interlaced = interlaced,
            Palette = palette,
            FirstFilter = (width + depth) % 5,
        };
        var image = Image.Load(new MemoryStream(png.ToBytes()));
        var expected = colorType == 3
            ? samples.SelectMany(index => palette.AsSpan(3 * index, 3).ToArray().Select(b => b / 255f))
            : samples.Select(sample => sample / (float)((1 << depth) - 1));
        Assert.Equal((width, height, colorType == 3 ? 3 : channels), (image.Width, image.Height, image.Channels));
        Assert.Equal(expected, image.Pixels.ToArray());
    }

    /// <summary>Files that another program (ImageMagick with libpng) wrote, and what it says their pixels are.</summary>
    [Theory]
    [InlineData(
        "iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFCAIAAAFx/1EZAAAAf0lEQVQI1wF0AIv/ALFCRADLFS8BCwD/AgAAALZBSOIIGQApAOAAAP8BIQOYOA09/iMj/s2pAZ1PTzLK8vwQ8gE+ANE0EfPI+RIAJBX5BwLzAADsAUkAQDAAAR8OK+0HRS0U39328ink3wEXAM0rDBzsCRb/+gAG+/3f9uYmAPK4/yschOZVtgAAAABJRU5ErkJggg==",
        "7x5 pixels of 3",
        255,
        "b142449d4f4fb64148cf1941cb152fcb2933e20819490040790041980e6c8515b1b229908f1f82b803612103983e00d15910d57211c45733f83a0ad65500a11700cd420ce92e15ff2d0fff330afc1200e23800d40b00ff2415f92900e00702f30d00ff0000ec0000ff")]
    [InlineData(
        "iVBORw0KGgoAAAANSUhEUgAAAAYAAAADCAMAAACH347JAAAAD1BMVEUbDA8/VUpFIQ+IQCuTSlgkEB8UAAAAAXRSTlMAQObYZgAAABVJREFUCNdjYGRiZGZmYQACJgYYAAABFAAR0aJupwAAAABJRU5ErkJggg==",
        "6x3 pixels of 4",
        255,
        "3f554aff45210fff3f554aff88402bff88402bff934a58ff1b0c0f001b0c0f001b0c0f0045210fff1b0c0f001b0c0f001b0c0f001b0c0f001b0c0f001b0c0f001b0c0f001b0c0f00")]
    [InlineData(
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADEAQAAABObboOAAAAOklEQVQI12O0rPj/P+MpAwP7bAaGg2kMDAyH/////0vo//8/D///vzLn/3+Gj8b//z99+v//2WUQGgDa9yH9w2BV4wAAAABJRU5ErkJggg==",
        "4x3 pixels of 2",
        65535,
        "3978ffffa15dffffa8f8ffff695effffc3fffffffa12fffffce1ffffd49cfffff133ffffe5e5ffffcda6ffffe5e5ffff")]
    public void Load_FileOfAnotherProgram_GivesItsPixels(string file, string size, int largest, string pixels)
    {
        var image = Image.Load(new MemoryStream(Convert.FromBase64String(file)));
        var bytes = Convert.FromHexString(pixels);
        var expected = largest == 255
            ? bytes.Select(b => b / 255f)
            : bytes.Chunk(2).Select(pair => BinaryPrimitives.ReadUInt16BigEndian(pair) / 65535f);
        Assert.Equal(size, image.ToString());
        Assert.Equal(expected, image.Pixels.ToArray());
    }

    [Fact]
    public void Load_TransparentColor_BecomesOpacity()
    {
        var grey = new TestPng(3, 1, 4, 0) { Samples = [3, 7, 15], Transparency = [0, 7] };
        Assert.Equal([3 / 15f, 1, 7 / 15f, 0, 1, 1], Load(grey).Pixels.ToArray());
        var color = new TestPng(2, 1, 16, 2) { Samples = [1, 2, 300, 1, 2, 301], Transparency = [0, 1, 0, 2, 1, 44] };
        Assert.Equal([1 / 65535f, 2 / 65535f, 300 / 65535f, 0, 1 / 65535f, 2 / 65535f, 301 / 65535f, 1], Load(color).Pixels.ToArray());
        var palette = new TestPng(3, 1, 2, 3) { Samples = [2, 0, 1], Palette = [255, 0, 0, 0, 255, 0, 0, 0, 255], Transparency = [0, 51] };
        Assert.Equal([0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0.2f], Load(palette).Pixels.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void SavePng_ThenLoad_GivesTheSameBytes(int channels)
    {
        var random = new Xoshiro256(channels);
        var image = new Image(23, 17, channels);
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            // Smooth above, so that every filter is the best of some row; noise below.
            image.Pixels[i] = (i < image.Pixels.Length / 2 ? i * 7 % 256 : random.NextInt(256)) / 255f;
        }

        using var folder = new TemporaryFolder();
        image.SavePng(folder.File("a.png"));
        var loaded = Image.Load(folder.File("a.png"));
        Assert.Equal(image.ToString(), loaded.ToString());
        Assert.Equal(image.Pixels.ToArray(), loaded.Pixels.ToArray());
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void SavePng_Gradient_IsFarSmallerThanItsPixels()
    {
        var image = new Image(256, 256);
        for (var y = 0; y < 256; y++)
        {
            for (var x = 0; x < 256; x++)
            {
                image[x, y] = (3 * x + 5 * y) % 256 / 255f;
            }
        }

        var stream = new MemoryStream();
        image.SavePng(stream);
        Assert.InRange(stream.Length, 50, 2000);
    }

    [Fact]
    public void SavePng_NumbersBeyondTheBounds_AreClampedAndRounded()
    {
        var stream = new MemoryStream();
        new Image(6, 1, 1, [-1, 2, float.PositiveInfinity, float.NegativeInfinity, 0.5f, 0.4f / 255]).SavePng(stream);
        stream.Position = 0;
        Assert.Equal([0, 1, 1, 0, 128 / 255f, 0], Image.Load(stream).Pixels.ToArray());
    }

    [Fact]
    public void SavePng_NotANumber_NamesThePixelAndKeepsTheFile()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.png");
        File.WriteAllText(path, "old");
        var image = new Image(3, 2, 3);
        image[1, 1, 2] = float.NaN;
        Assert.Contains("column 1, row 1", Assert.Throws<InvalidOperationException>(() => image.SavePng(path)).Message);
        Assert.Equal("old", File.ReadAllText(path));
    }

    private static Image Load(TestPng png) => Image.Load(new MemoryStream(png.ToBytes()));

    private static int[] Random(ref Xoshiro256 random, int count, int bound)
    {
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = random.NextInt(bound);
        }

        return numbers;
    }
}
