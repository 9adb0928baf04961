using NetGen.CompilerServices;

namespace NetGen.Tests.CompilerServices;

public class OptimizerMathTests
{
    [Theory]
    [InlineData(0.9, 0, 1.0)]
    [InlineData(0.9, 1, 0.9)]
    [InlineData(0.5, 10, 1.0 / 1024)]
    [InlineData(0.0, 3, 0.0)]
    [InlineData(0.999, long.MaxValue, 0.0)]
    public void Power_OfKnownNumbers_IsExact(double number, long exponent, double expected) =>
        Assert.Equal(expected, OptimizerMath.Power(number, exponent));

    [Theory]
    [InlineData(0.9, 7)]
    [InlineData(0.999, 12345)]
    [InlineData(0.999999, 3_000_000)]
    public void Power_OfManySteps_IsThatOfTheLibrary(double number, long exponent)
    {
        var expected = Math.Pow(number, exponent);
        Assert.Equal(expected, OptimizerMath.Power(number, exponent), expected * 1e-10);
    }

    [Fact]
    public void NesterovMomentum_OfSteps_IsPyTorchs()
    {
        var momentum = new NesterovMomentum(0.9);
        var product = 1.0;
        for (var step = 1; step <= 50; step++)
        {
            var expected = 0.9 * (1 - 0.5 * Math.Pow(0.96, step * 0.004));
            product *= expected;
            Assert.Equal(expected, momentum.At(step), 1e-14);
            Assert.Equal(product, momentum.ProductTo(step), 1e-14);
        }
    }

    /// <summary>A count of steps may be set to any number, forward and back.</summary>
    [Fact]
    public void NesterovMomentum_OfStepsInAnyOrder_IsAFunctionOfTheStep()
    {
        var momentum = new NesterovMomentum(0.9);
        foreach (var step in (long[])[5, 3, 40, 1, 0, 40, 1L << 40, 7])
        {
            Assert.Equal(new NesterovMomentum(0.9).ProductTo(step), momentum.ProductTo(step));
        }

        Assert.Equal(0, momentum.ProductTo(1L << 40));
    }

    [Fact]
    public unsafe void Align_OfStackMemory_GivesACacheLinesStart()
    {
        Span<float> memory = stackalloc float[16 + 15 + 15];
        for (var start = 0; start < 16; start++)
        {
            ref var aligned = ref NetworkMemory.Align(memory.Slice(start, 16 + 15));
            fixed (float* first = memory, found = &aligned)
            {
                Assert.Equal(0, (nint)found % 64);
                Assert.InRange(found - first, start, start + 15);
            }
        }
    }
}
