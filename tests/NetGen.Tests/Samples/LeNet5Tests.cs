using LeNet5Sample;
using NetGen.CompilerServices;

namespace NetGen.Tests.Samples;

public class LeNet5Tests
{
    private const float Line = 0.5f;

    [Fact]
    public void Nearest_OfRows_GivesTheNearestFirst()
    {
        float[] rows = [0, 0, 3, 4, 1, 0, 0, -2];
        var nearest = Neighbours.Nearest(rows, [0, 0], 3);
        Assert.Equal([(0, 0.0), (2, 1.0), (3, 2.0)], nearest);
    }

    [Fact]
    public void Nearest_OfEquallyNearRows_GivesTheEarlierOnes()
    {
        Assert.Equal([(1, 1.0), (2, 1.0)], Neighbours.Nearest([5, 1, -1, 1, 7], [0], 2));
        Assert.Equal([(0, 0.0), (1, 2.0)], Neighbours.Nearest([1, 3], [1], 5));
    }

    [Fact]
    public void Nearest_OfPartsOfRows_NamesTheArgument()
    {
        Assert.Equal("rows", Assert.Throws<ArgumentException>(() => Neighbours.Nearest([1, 2, 3], [1, 2], 1)).ParamName);
        Assert.Equal("rows", Assert.Throws<ArgumentException>(() => Neighbours.Nearest([1, 2, 3], [], 1)).ParamName);
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => Neighbours.Nearest([1, 2], [1], 0)).ParamName);
    }

    [Fact]
    public void Likeliest_OfLogits_GivesTheirSoftmaxInOrder()
    {
        var two = Likeliest.Of([0, MathF.Log(3), MathF.Log(4)], 2);
        Assert.Equal([2, 1], two.Select(p => p.Class));
        Assert.Equal(0.5, two[0].Probability, 1e-6);
        Assert.Equal(0.375, two[1].Probability, 1e-6);
    }

    [Fact]
    public void Likeliest_OfLargeLogits_StaysFinite() =>
        Assert.Equal([(0, 0.5), (2, 0.5), (1, 0.0)], Likeliest.Of([3e38f, -3e38f, 3e38f], 7));

    [Fact]
    public void Filters_OfSeveralChannels_StandInARowEach()
    {
        // Filter f, channel c: the number 10·f + c, at both of two places of a kernel of one row.
        var image = Pictures.Filters(Weight([2, 3, 1, 2], [0, 0, 1, 1, 2, 2, 10, 10, 11, 11, 12, 12]));
        Assert.Equal((10, 5), (image.Width, image.Height));
        Assert.Equal(Line, image[0, 0]);
        for (var filter = 0; filter < 2; filter++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var alone = ColorMap.Diverging([10 * filter + channel], 1, limit: 12);
                Assert.Equal(alone[0, 0, 2], image[1 + 3 * channel, 1 + 2 * filter, 2]);
                Assert.Equal(alone[0, 0, 2], image[2 + 3 * channel, 1 + 2 * filter, 2]);
            }
        }
    }

    [Fact]
    public void Filters_OfOneChannel_StandInOneRow()
    {
        var image = Pictures.Filters(Weight([3, 1, 2, 2], new float[12]));
        Assert.Equal((10, 4), (image.Width, image.Height));
    }

    [Fact]
    public void Filters_OfADenseLayer_NamesTheShape()
    {
        var error = Assert.Throws<ArgumentException>(() => Pictures.Filters(Weight([3, 2], new float[6])));
        Assert.Contains("[filters, channels, height, width], but is layer.weight[3, 2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Maps_OfAnImage_StandSideBySideInOneScale()
    {
        var image = Pictures.Maps([1, 2, 3, -4, 0, 0], channels: 2, width: 1);
        Assert.Equal((5, 5), (image.Width, image.Height));
        Assert.Equal(ColorMap.Diverging([3], 1, limit: 4)[0, 0, 2], image[1, 3, 2]);
        Assert.Equal(ColorMap.Diverging([-4], 1)[0, 0], image[3, 1]);
    }

    [Fact]
    public void Maps_OfZerosAlone_AreNearlyWhite() =>
        Assert.Equal(ColorMap.Diverging([0], 1)[0, 0], Pictures.Maps(new float[4], channels: 1, width: 2)[1, 1]);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Maps_OfPartsOfRows_NamesTheArgument(int length) =>
        Assert.Equal("image", Assert.Throws<ArgumentException>(() => Pictures.Maps(new float[length], channels: 2, width: 2)).ParamName);

    private static Parameter Weight(int[] shape, float[] numbers) => new("layer.weight", shape, numbers, 0, ParameterLayout.Vector(numbers.Length));
}
