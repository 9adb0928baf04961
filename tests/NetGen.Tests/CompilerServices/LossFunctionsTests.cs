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
    public void Compute_Hinges_FollowFormulas()
    {
        // 1 − t·y is 0.5, 3, −1 and 1.
        Assert.Equal((0.5 + 3 + 0 + 1) / 4, LossFunctions.Compute(Loss.Hinge, [0.5f, 2, -2, 0], [1, -1, -1, 1f], 2, 1), 1e-6);
        Assert.Equal((0.25 + 9 + 0 + 1) / 4, LossFunctions.Compute(Loss.SquaredHinge, [0.5f, 2, -2, 0], [1, -1, -1, 1f], 2, 1), 1e-6);
    }

    [Theory]
    [InlineData(Loss.Hinge)]
    [InlineData(Loss.SquaredHinge)]
    public void Compute_HingeOfLabels_ComparesEachClassWithTheRest(Loss loss)
    {
        float[] outputs = [0.5f, -0.5f, -2, 0.25f, 3, -1];
        Assert.Equal(LossFunctions.Compute(loss, outputs, [1, -1, -1, -1, -1, 1f], 3, 1), LossFunctions.Compute(loss, outputs, [0, 2], 3));
    }

    /// <summary>Two samples of two pairs each: first both means, then both spreads.</summary>
    [Fact]
    public void Compute_GaussianNLL_FollowsFormula()
    {
        float[] outputs = [1, 2, 0, -1, 3, 4, 2, 0.5f];
        var expected = (0 + 0.25 + (-1 + 1 * Math.E) + (2 + 4 * Math.Exp(-2)) + (0.5 + 9 * Math.Exp(-0.5))) / 8;
        Assert.Equal(expected, LossFunctions.Compute(Loss.GaussianNLL, outputs, [1.5f, 3, 5, 1], 4, 1), 1e-6);
    }

    /// <summary>−ln of the probability of a count, with ln t! left out: for r = 2 and μ = 3 it is (t + 1)·0.4²·0.6ᵗ, of variance 3 + 9/2.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(60)]
    public void Compute_NegativeBinomial_FollowsFormula(int t)
    {
        var factorial = Enumerable.Range(1, t).Sum(i => Math.Log(i));
        var expected = -(Math.Log(t + 1) + 2 * Math.Log(0.4) + t * Math.Log(0.6)) - factorial;
        Assert.Equal(expected, LossFunctions.Compute(Loss.NegativeBinomial, [MathF.Log(3), MathF.Log(2)], [(float)t], 2, 1), 1e-6 + 1e-6 * Math.Abs(expected));
    }

    /// <summary>Towards r = ∞ it is Poisson's loss, at r = 1 that of a geometric distribution; neither cancels.</summary>
    [Fact]
    public void Compute_NegativeBinomial_HasItsLimits()
    {
        Assert.Equal(7 - 5 * Math.Log(7), LossFunctions.Compute(Loss.NegativeBinomial, [MathF.Log(7), 25], [5f], 2, 1), 1e-5);
        var geometric = -Math.Log(1 / 8.0) - 3 * Math.Log(7 / 8.0) - Math.Log(6);
        Assert.Equal(geometric, LossFunctions.Compute(Loss.NegativeBinomial, [MathF.Log(7), 0], [3f], 2, 1), 1e-5);

        // Γ(r + ½) / Γ(r) of r = ½ is 1/√π.
        var half = Math.Log(Math.PI) / 2 + 1 * Math.Log(0.5 + 2) - 0.5 * Math.Log(0.5) - 0.5 * Math.Log(2);
        Assert.Equal(half, LossFunctions.Compute(Loss.NegativeBinomial, [MathF.Log(2), MathF.Log(0.5f)], [0.5f], 2, 1), 1e-6);
    }

    [Fact]
    public void Compute_OddOutputsOfPairs_AreAnError() =>
        Assert.Throws<ArgumentException>("outputSize", () => LossFunctions.Compute(Loss.GaussianNLL, [1, 2, 3], [1f], 3, 1));

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
    [InlineData(Loss.Hinge)]
    [InlineData(Loss.SquaredHinge)]
    public void Compute_NotANumber_IsSeen(Loss loss) =>
        Assert.True(float.IsNaN(LossFunctions.Compute(loss, [float.NaN, 0.5f], [1, 0], 2, 1)));

    [Theory]
    [InlineData(Loss.GaussianNLL)]
    [InlineData(Loss.NegativeBinomial)]
    public void Compute_NotANumberInPairs_IsSeen(Loss loss)
    {
        Assert.True(float.IsNaN(LossFunctions.Compute(loss, [float.NaN, 0.5f], [1f], 2, 1)));
        Assert.True(float.IsNaN(LossFunctions.Compute(loss, [0.5f, float.NaN], [1f], 2, 1)));
        Assert.True(float.IsNaN(LossFunctions.Compute(loss, [0.5f, 0.5f], [float.NaN], 2, 1)));
    }

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
