using NetGen.CompilerServices;

namespace NetGen.Tests.CompilerServices;

public class LossFunctionsTests
{
    /// <summary>Two samples of two outputs; the expected values are worked out by hand from the formulas.</summary>
    [Theory]
    [InlineData(Loss.HalfSquaredError, (0.25 + 0.25 + 1 + 9) / 4)]
    [InlineData(Loss.MeanSquaredError, (0.25 + 0.25 + 1 + 9) / 4)]
    [InlineData(Loss.MeanAbsoluteError, (0.5 + 0.5 + 1 + 3) / 4)]
    [InlineData(Loss.Huber, (0.125 + 0.125 + 0.5 + 2.5) / 4)]
    public void Compute_Distances_FollowFormula(Loss loss, double expected) =>
        Assert.Equal(expected, LossFunctions.Compute(loss, [0.5f, 1.5f, -1, 3], [0, 1, 0, 0], 2, 1), 1e-6);

    [Fact]
    public void Compute_HalfSquaredErrorAndMean_DifferByRowAndElement()
    {
        Assert.Equal(1.5f, LossFunctions.Compute(Loss.HalfSquaredError, [1, 1, 1], [0, 0, 0], 3, 1));
        Assert.Equal(1f, LossFunctions.Compute(Loss.MeanSquaredError, [1, 1, 1], [0, 0, 0], 3, 1));
    }

    [Fact]
    public void Compute_HuberDelta_MovesTheBend() =>
        Assert.Equal(2 * (3 - 1.0), LossFunctions.Compute(Loss.Huber, [3], [0], 1, 2), 1e-6);

    [Fact]
    public void Compute_SoftmaxCrossEntropy_LabelsAndOneHotAgreeWithFormula()
    {
        float[] logits = [1, 2, 3, -1, 0, 5];
        var expected = (Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3)) - 1 + Math.Log(Math.Exp(-1) + 1 + Math.Exp(5)) - 5) / 2;
        Assert.Equal(expected, LossFunctions.Compute(Loss.SoftmaxCrossEntropy, logits, [0, 2], 3), 1e-6);
        Assert.Equal(expected, LossFunctions.Compute(Loss.SoftmaxCrossEntropy, logits, [1, 0, 0, 0, 0, 1f], 3, 1), 1e-6);
    }

    [Fact]
    public void Compute_CrossEntropy_LabelsAndOneHotAgreeWithFormula()
    {
        float[] probabilities = [0.25f, 0.75f, 0.5f, 0.5f];
        var expected = -(Math.Log(0.75) + Math.Log(0.5)) / 2;
        Assert.Equal(expected, LossFunctions.Compute(Loss.CrossEntropy, probabilities, [1, 0], 2), 1e-6);
        Assert.Equal(expected, LossFunctions.Compute(Loss.CrossEntropy, probabilities, [0, 1, 1, 0f], 2, 1), 1e-6);
    }

    [Fact]
    public void Compute_SigmoidAndBinaryCrossEntropy_Agree()
    {
        float[] logits = [-2, 0.5f, 3];
        float[] probabilities = Array.ConvertAll(logits, z => (float)(1 / (1 + Math.Exp(-z))));
        float[] targets = [0, 1, 0.25f];
        var expected = LossFunctions.Compute(Loss.SigmoidCrossEntropy, logits, targets, 3, 1);
        Assert.Equal(expected, LossFunctions.Compute(Loss.BinaryCrossEntropy, probabilities, targets, 3, 1), 1e-5);
        Assert.Equal((Math.Log(1 + Math.Exp(-2)) + Math.Log(1 + Math.Exp(-0.5)) + 3 * 0.75 + Math.Log(1 + Math.Exp(-3))) / 3, expected, 1e-6);
    }

    [Fact]
    public void Compute_Poisson_FollowsFormula() =>
        Assert.Equal((2 - 3 * Math.Log(2 + 1e-8) + 1e-8) / 2, LossFunctions.Compute(Loss.Poisson, [2, 0], [3, 0], 1, 1), 1e-6);

    [Fact]
    public void Compute_ProbabilityZero_IsClampedAsInPyTorch()
    {
        Assert.Equal(100f, LossFunctions.Compute(Loss.CrossEntropy, [0, 1], [0], 2));
        Assert.Equal(100f, LossFunctions.Compute(Loss.BinaryCrossEntropy, [0], [1f], 1, 1));
        Assert.Equal(100f, LossFunctions.Compute(Loss.BinaryCrossEntropy, [1], [0f], 1, 1));
        Assert.Equal(0f, LossFunctions.Compute(Loss.BinaryCrossEntropy, [1], [1f], 1, 1));
    }

    [Fact]
    public void Compute_HugeLogits_StayFinite()
    {
        Assert.Equal(2000f, LossFunctions.Compute(Loss.SoftmaxCrossEntropy, [1000, -1000], [1], 2));
        Assert.Equal(1000f, LossFunctions.Compute(Loss.SigmoidCrossEntropy, [1000], [0f], 1, 1));
        Assert.Equal(1000f, LossFunctions.Compute(Loss.SigmoidCrossEntropy, [-1000], [1f], 1, 1));
    }

    [Theory]
    [InlineData(Loss.HalfSquaredError)]
    [InlineData(Loss.SoftmaxCrossEntropy)]
    [InlineData(Loss.CrossEntropy)]
    [InlineData(Loss.SigmoidCrossEntropy)]
    [InlineData(Loss.BinaryCrossEntropy)]
    [InlineData(Loss.Poisson)]
    [InlineData(Loss.Huber)]
    [InlineData(Loss.MeanAbsoluteError)]
    public void Compute_NotANumber_IsSeen(Loss loss) =>
        Assert.True(float.IsNaN(LossFunctions.Compute(loss, [float.NaN, 0.5f], [1, 0], 2, 1)));

    [Fact]
    public void Compute_WrongArguments_NameThem()
    {
        Assert.Throws<ArgumentException>("outputs", () => LossFunctions.Compute(Loss.Poisson, [1, 2, 3], [1, 2], 2, 1));
        Assert.Throws<ArgumentException>("outputs", () => LossFunctions.Compute(Loss.Poisson, [], (float[])[], 2, 1));
        Assert.Throws<ArgumentException>("targets", () => LossFunctions.Compute(Loss.Poisson, [1, 2], [1f], 2, 1));
        Assert.Throws<ArgumentException>("labels", () => LossFunctions.Compute(Loss.CrossEntropy, [1, 2], [1, 0], 2));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => LossFunctions.Compute(Loss.CrossEntropy, [1, 2], [2], 2));
        Assert.Throws<ArgumentOutOfRangeException>("loss", () => LossFunctions.Compute(Loss.Poisson, [1, 2], [1], 2));
        Assert.Throws<ArgumentOutOfRangeException>("loss", () => LossFunctions.Compute((Loss)77, [1, 2], [1f, 1], 2, 1));
    }
}
