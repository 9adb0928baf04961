using NetGen.CompilerServices;

namespace NetGen.Tests.CompilerServices;

public class Xoshiro256Tests
{
    [Fact]
    public void Next_PublishedState_GivesPublishedSequence()
    {
        var random = new Xoshiro256(1, 2, 3, 4);
        ulong[] expected =
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600,
            16172922978634559625, 8476171486693032832, 10595114339597558777, 2904607092377533576,
        ];
        Assert.Equal(expected, expected.Select(_ => random.Next()));
    }

    [Theory]
    [InlineData(0, 11091344671253066420, 13793997310169335082)]
    [InlineData(1, 12966619160104079557, 9600361134598540522)]
    [InlineData(42, 1546998764402558742, 6990951692964543102)]
    [InlineData(-1, 10328197420357168392, 14156678507024973869)]
    public void Next_Seed_IsPinned(long seed, ulong first, ulong second)
    {
        var random = new Xoshiro256(seed);
        Assert.Equal((first, second), (random.Next(), random.Next()));
    }

    [Fact]
    public void Constructor_SignedAndUnsignedSeed_StartAlike() => Assert.Equal(new Xoshiro256(-5).Next(), new Xoshiro256(unchecked((ulong)-5)).Next());

    [Fact]
    public void NextNormal_Seed_IsPinned()
    {
        var random = new Xoshiro256(1);
        double[] expected = [1.884396104787977, 0.18978089448693036, 1.302090250702661, -1.9094343319583578, 0.43832091511541, -0.7923272422638171];
        foreach (var number in expected)
        {
            Assert.Equal(number, random.NextNormal(), 1e-14);
        }
    }

    [Fact]
    public void NextNormal_ManyDraws_HasMoments()
    {
        const int Draws = 200_000;
        var random = new Xoshiro256(7);
        var (sum, squares, fourths) = (0.0, 0.0, 0.0);
        for (var i = 0; i < Draws; i++)
        {
            var x = random.NextNormal();
            sum += x;
            squares += x * x;
            fourths += x * x * x * x;
        }

        Assert.Equal(0, sum / Draws, 0.01);
        Assert.Equal(1, squares / Draws, 0.02);
        Assert.Equal(3, fourths / Draws, 0.1);
    }

    [Fact]
    public void NextSingleAndDouble_ManyDraws_StayInHalfOpenUnit()
    {
        var random = new Xoshiro256(11);
        for (var i = 0; i < 100_000; i++)
        {
            Assert.InRange(random.NextSingle(), 0f, MathF.BitDecrement(1));
            Assert.InRange(random.NextDouble(), 0.0, Math.BitDecrement(1));
        }
    }

    [Fact]
    public void NextInt_ManyDraws_AreUniform()
    {
        const int Bound = 7;
        const int Draws = 70_000;
        var random = new Xoshiro256(5);
        var counts = new int[Bound];
        for (var i = 0; i < Draws; i++)
        {
            counts[random.NextInt(Bound)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void NextInt_LargestBound_StaysBelow()
    {
        var random = new Xoshiro256(5);
        for (var i = 0; i < 1000; i++)
        {
            Assert.InRange(random.NextInt(int.MaxValue), 0, int.MaxValue - 1);
        }

        Assert.Equal(0, random.NextInt(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void NextInt_BoundBelowOne_Throws(int bound)
    {
        var random = new Xoshiro256(5);
        Assert.Throws<ArgumentOutOfRangeException>(nameof(bound), () => random.NextInt(bound));
    }

    [Fact]
    public void Ln_OverManyMagnitudes_AgreesWithLibrary()
    {
        var random = new Xoshiro256(9);
        for (var i = 0; i < 100_000; i++)
        {
            var x = Math.ScaleB(random.NextDouble() + 1e-9, random.NextInt(200) - 150);
            var expected = Math.Log(x);
            Assert.Equal(expected, Xoshiro256.Ln(x), Math.Max(1e-15, Math.Abs(expected) * 5e-16));
        }

        Assert.Equal(0, Xoshiro256.Ln(1));
    }

    [Fact]
    public void Shuffle_Numbers_IsPermutation()
    {
        var random = new Xoshiro256(2);
        var numbers = Enumerable.Range(0, 1000).ToArray();
        random.Shuffle(numbers);
        Assert.NotEqual(Enumerable.Range(0, 1000), numbers);
        Assert.Equal(Enumerable.Range(0, 1000), numbers.Order());
    }
}
