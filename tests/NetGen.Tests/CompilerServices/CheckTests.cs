using NetGen.CompilerServices;
using NetGen.Tests.Support;

namespace NetGen.Tests.CompilerServices;

public class CheckTests
{
    [Fact]
    public void Prediction_LengthsThatFit_GivesSamples()
    {
        Assert.Equal(2, Check.Prediction(new float[6], new float[4], 3, 2));
        Assert.Equal(0, Check.Prediction([], [], 3, 2));
    }

    [Fact]
    public void Prediction_WrongLengths_NameTheArgument()
    {
        Assert.Throws<ArgumentException>("inputs", () => Check.Prediction(new float[5], new float[4], 3, 2));
        var error = Assert.Throws<ArgumentException>("outputs", () => Check.Prediction(new float[6], new float[3], 3, 2));
        Assert.Contains("4 numbers (2 samples of 2), but has 3", error.Message, StringComparison.Ordinal);
        var shared = new float[10];
        Assert.Throws<ArgumentException>("outputs", () => Check.Prediction(shared.AsSpan(0, 6), shared.AsSpan(5, 4), 3, 2));
    }

    [Fact]
    public void Batch_Targets_AreChecked()
    {
        Assert.Equal(2, Check.Batch(6, 4, 3, 2, 2));
        Assert.Throws<ArgumentException>("inputs", () => Check.Batch(0, 0, 3, 2, 2));
        Assert.Throws<ArgumentException>("inputs", () => Check.Batch(9, 6, 3, 2, 2));
        Assert.Throws<ArgumentException>("inputs", () => Check.Batch(7, 4, 3, 2, 2));
        Assert.Throws<ArgumentException>("targets", () => Check.Batch(6, 5, 3, 2, 2));
    }

    [Fact]
    public void Batch_Labels_AreChecked()
    {
        Assert.Equal(2, Check.Batch(6, [0, 4], 3, 5, 2));
        Assert.Throws<ArgumentException>("inputs", () => Check.Batch(9, [0, 0, 0], 3, 5, 2));
        Assert.Throws<ArgumentException>("labels", () => Check.Batch(6, [0], 3, 5, 2));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => Check.Batch(6, [0, -1], 3, 5, 2));
        var error = Assert.Throws<ArgumentOutOfRangeException>("labels", () => Check.Batch(6, [0, 5], 3, 5, 2));
        Assert.Contains("labels[1] must be from 0 to 4, but is 5", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-0.5f)]
    public void LearningRate_NotFiniteOrNegative_Throws(float value)
    {
        var error = TestEnvironment.In(
            TestEnvironment.HostileCulture(),
            () => Assert.Throws<ArgumentOutOfRangeException>(nameof(value), () => Check.Rate(value, "LearningRate")));
        Assert.Contains(value switch { -0.5f => "-0.5", float.NaN => "NaN", _ => "Infinity" }, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rate_ZeroAndAbove_Passes() => Assert.Equal((0f, 0.5f), (Check.Rate(0, "Momentum"), Check.Rate(0.5f, "Momentum")));

    [Fact]
    public void ThrowConcurrentTraining_Always_Throws() => Assert.Throws<InvalidOperationException>(Check.ThrowConcurrentTraining);
}
