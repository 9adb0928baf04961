using NetGen.Tests.Support;

namespace NetGen.Tests.Imaging;

public class ImageTests
{
    [Fact]
    public void Grid_ThreeImages_StandInRowsWithLines()
    {
        Image[] images = [new(2, 1, 1, [0.1f, 0.2f]), new(2, 1, 1, [0.3f, 0.4f]), new(2, 1, 1, [0.5f, 0.6f])];
        var grid = Image.Grid(images, columns: 2, gap: 1, background: 1);
        Assert.Equal("7x5 pixels of 1", grid.ToString());
        Assert.Equal(
            [
                1, 1, 1, 1, 1, 1, 1,
                1, 0.1f, 0.2f, 1, 0.3f, 0.4f, 1,
                1, 1, 1, 1, 1, 1, 1,
                1, 0.5f, 0.6f, 1, 1, 1, 1,
                1, 1, 1, 1, 1, 1, 1,
            ],
            grid.Pixels.ToArray());
        Assert.Equal("2x3 pixels of 1", Image.Grid(images, columns: 1, gap: 0).ToString());
        Assert.Equal("6x1 pixels of 1", Image.Grid(images, columns: 100, gap: 0).ToString());
    }

    [Fact]
    public void Enlarge_ThenGrey_KeepsPixels()
    {
        var image = new Image(2, 1, 3, [1, 0, 0, 0, 0, 1]);
        var large = image.Enlarge(2);
        Assert.Equal("4x2 pixels of 3", large.ToString());
        Assert.Equal([1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1], large.Pixels.ToArray());
        Assert.Equal([0.299f, 0.114f], image.ToGrey().Pixels.ToArray());
        Assert.Equal([0.25f], new Image(1, 1, 2, [0.25f, 1]).ToGrey().Pixels.ToArray());
    }

    [Fact]
    public void Indexer_Pixel_IsColumnRowChannel()
    {
        var image = new Image(3, 2, 3);
        image[2, 1, 1] = 0.5f;
        Assert.Equal(0.5f, image.Pixels[(1 * 3 + 2) * 3 + 1]);
        Assert.Throws<ArgumentOutOfRangeException>("x", () => image[3, 0]);
        Assert.Throws<ArgumentOutOfRangeException>("x", () => image[-1, 0]);
        Assert.Throws<ArgumentOutOfRangeException>("y", () => image[0, 2]);
        Assert.Throws<ArgumentOutOfRangeException>("channel", () => image[0, 0, 3]);
    }

    [Fact]
    public void Arguments_Wrong_AreNamed()
    {
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new Image(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new Image(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>("channels", () => new Image(1, 1, 5));
        Assert.Throws<ArgumentException>("width", () => new Image(int.MaxValue, 1, 4));
        Assert.Contains("The image would hold", Assert.Throws<ArgumentException>(() => new Image(100_000, 100_000)).Message);
        Assert.Throws<ArgumentException>("pixels", () => new Image(2, 2, 1, [1, 2, 3]));
        Assert.Throws<ArgumentException>("images", () => Image.Grid([], 1));
        Assert.Throws<ArgumentException>("images", () => Image.Grid([new Image(1, 1), new Image(1, 2)], 1));
        Assert.Throws<ArgumentOutOfRangeException>("columns", () => Image.Grid([new Image(1, 1)], 0));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => new Image(1, 1).Enlarge(0));
        Assert.Throws<FileNotFoundException>(() => Image.Load(Path.Combine(Path.GetTempPath(), "no-such-file.png")));
    }

    [Fact]
    public void Diverging_Signs_AreRedAndBlue()
    {
        var image = ColorMap.Diverging([-2, 0, 1, 2], 2);
        Assert.Equal("2x2 pixels of 3", image.ToString());
        var (negative, zero, half, positive) = (Pixel(image, 0), Pixel(image, 1), Pixel(image, 2), Pixel(image, 3));
        Assert.True(negative[2] > 2 * negative[0], "negative is blue");
        Assert.True(positive[0] > 2 * positive[2], "positive is red");
        Assert.True(zero.Max() - zero.Min() < 0.01f && zero[0] > 0.9f, "zero is nearly white");
        Assert.True(half[2] > positive[2] && half[2] < zero[2], "half is between");
        Assert.Equal(positive, Pixel(ColorMap.Diverging([2, 100, -100, 0], 2, limit: 1), 1));
        Assert.Equal(zero, Pixel(ColorMap.Diverging([0, 0], 2), 1));
    }

    [Fact]
    public void Grey_Range_BecomesBlackToWhite() =>
        Assert.Equal([0, 0, 0.5f, 1, 1], ColorMap.Grey([-3, -1, 0, 1, 9], 5, -1, 1).Pixels.ToArray());

    [Fact]
    public void Weights_Units_ArePicturesWithOneLimit()
    {
        var weight = new FakeNetwork(6, 3, Loss.HalfSquaredError).Parameters[0];
        weight.CopyFrom([4, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, -4]);
        var image = ColorMap.Weights(weight, width: 3, columns: 2);
        Assert.Equal("9x7 pixels of 3", image.ToString());
        var reference = ColorMap.Diverging([4, 2, -4, 0], 4);
        Assert.Equal(Pixel(reference, 0), Pixel(image, 1 * 9 + 1));
        Assert.Equal(Pixel(reference, 1), Pixel(image, 1 * 9 + 6));
        Assert.Equal(Pixel(reference, 2), Pixel(image, 5 * 9 + 3));
        Assert.Equal("5x4 pixels of 3", ColorMap.Weights(weight, width: 3, columns: 9, units: 1).ToString());
        weight.CopyFrom(new float[18]);
        Assert.Equal(Pixel(reference, 3), Pixel(ColorMap.Weights(weight, 3, 3), 14));
    }

    [Fact]
    public void ColorMap_WrongArguments_AreNamed()
    {
        Assert.Throws<ArgumentException>("values", () => ColorMap.Diverging([1, 2, 3], 2));
        Assert.Throws<ArgumentOutOfRangeException>("limit", () => ColorMap.Diverging([1], 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("highest", () => ColorMap.Grey([1], 1, 2, 1));
        Assert.Contains("row 1, column 0", Assert.Throws<ArgumentException>(() => ColorMap.Grey([1, float.NaN], 1)).Message);
        var network = new FakeNetwork(6, 3, Loss.HalfSquaredError);
        Assert.Contains("layer1.weight[3, 6]", Assert.Throws<ArgumentException>("weight", () => ColorMap.Weights(network.Parameters[0], 4, 1)).Message);
        Assert.Throws<ArgumentException>("weight", () => ColorMap.Weights(network.Parameters[1], 1, 1));
    }

    private static float[] Pixel(Image image, int index) => [.. image.Pixels.Slice(3 * index, 3)];
}
