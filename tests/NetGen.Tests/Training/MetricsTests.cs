namespace NetGen.Tests.Training;

public class MetricsTests
{
    // Three classes; class 3 never occurs nor is predicted. Counts (TP, FP, FN): 0: 2, 1, 1; 1: 1, 1, 1; 2: 1, 1, 1.
    private static readonly int[] Labels = [0, 0, 0, 1, 1, 2, 2];
    private static readonly int[] Predicted = [0, 0, 1, 1, 2, 2, 0];

    [Fact]
    public void Accuracy_OfSevenSamples_IsTheShareFound() => Assert.Equal(4 / 7.0, Metrics.Accuracy(Predicted, Labels));

    [Fact]
    public void PerClass_WithHandCounts_Agrees()
    {
        Assert.Equal([2 / 3.0, 0.5, 0.5, double.NaN], Metrics.Precision(Predicted, Labels, 4));
        Assert.Equal([2 / 3.0, 0.5, 0.5, double.NaN], Metrics.Recall(Predicted, Labels, 4));
        Assert.Equal([4 / 6.0, 0.5, 0.5, double.NaN], Metrics.F1(Predicted, Labels, 4));

        // Class 0: TP 1, FP 2, FN 1.
        Assert.Equal([1 / 3.0, 0.0], Metrics.Precision([0, 0, 0, 1], [0, 1, 1, 0], 2));
        Assert.Equal([0.5, 0.0], Metrics.Recall([0, 0, 0, 1], [0, 1, 1, 0], 2));
        Assert.Equal([2 / 5.0, 0.0], Metrics.F1([0, 0, 0, 1], [0, 1, 1, 0], 2));
    }

    [Fact]
    public void Averages_WithHandCounts_Agree()
    {
        Assert.Equal((2 / 3.0 + 0.5 + 0.5) / 3, Metrics.Precision(Predicted, Labels, 4, Average.Macro), 1e-15);
        Assert.Equal(4 / 7.0, Metrics.Precision(Predicted, Labels, 4, Average.Micro), 1e-15);
        Assert.Equal(4 / 7.0, Metrics.Recall(Predicted, Labels, 4, Average.Micro), 1e-15);
        Assert.Equal(4 / 7.0, Metrics.F1(Predicted, Labels, 4, Average.Micro), 1e-15);
        Assert.Equal((0.5 + 0) / 2, Metrics.Recall([0, 0, 0, 1], [0, 1, 1, 0], 2, Average.Macro), 1e-15);
        Assert.Equal((2 / 5.0 + 0) / 2, Metrics.F1([0, 0, 0, 1], [0, 1, 1, 0], 2, Average.Macro), 1e-15);
    }

    [Fact]
    public void Precision_OfAClassThatIsNeverPredicted_IsZeroAndCounts() =>
        Assert.Equal(0.25, Metrics.Precision([0, 0], [0, 1], 2, Average.Macro));

    [Fact]
    public void TopKAccuracy_WithTies_PrefersTheLowerClass()
    {
        float[] scores = [0.1f, 0.5f, 0.4f, 0.3f, 0.3f, 0.4f, 0.2f, 0.2f, 0.2f];
        int[] labels = [2, 1, 0];
        Assert.Equal(1 / 3.0, Metrics.TopKAccuracy(scores, labels, 1));
        Assert.Equal(2 / 3.0, Metrics.TopKAccuracy(scores, labels, 2));
        Assert.Equal(1, Metrics.TopKAccuracy(scores, labels, 3));
    }

    [Theory]
    [InlineData(new[] { 0.1f, 0.4f, 0.35f, 0.8f }, new[] { 0, 0, 1, 1 }, 0.75)]
    [InlineData(new[] { 1f, 2f, 3f, 4f }, new[] { 0, 0, 1, 1 }, 1)]
    [InlineData(new[] { 4f, 3f, 2f, 1f }, new[] { 0, 0, 1, 1 }, 0)]
    [InlineData(new[] { 5f, 5f, 5f, 5f }, new[] { 0, 1, 1, 1 }, 0.5)]
    [InlineData(new[] { 1f, 2f, 2f, 3f }, new[] { 0, 0, 1, 1 }, 3.5 / 4)]
    [InlineData(new[] { 1f, 2f, 2f, 2f, 3f }, new[] { 1, 0, 0, 1, 0 }, 1 / 6.0)]
    [InlineData(new[] { 1f, 2f }, new[] { 1, 1 }, double.NaN)]
    [InlineData(new[] { 1f, 2f }, new[] { 0, 0 }, double.NaN)]
    [InlineData(new[] { 1f, float.NaN }, new[] { 0, 1 }, double.NaN)]
    public void RocAuc_ByPairs_Agrees(float[] scores, int[] labels, double expected)
    {
        Assert.Equal(expected, Metrics.RocAuc(scores, labels), 1e-15);
        var pairs =
            from n in Enumerable.Range(0, labels.Length)
            from p in Enumerable.Range(0, labels.Length)
            where labels[n] == 0 && labels[p] == 1
            select float.IsNaN(scores[n] + scores[p]) ? double.NaN : scores[p] > scores[n] ? 1.0 : scores[p] == scores[n] ? 0.5 : 0;
        Assert.Equal(pairs.DefaultIfEmpty(double.NaN).Average(), Metrics.RocAuc(scores, labels), 1e-15);
    }

    [Fact]
    public void RocAucOneVersusRest_WithAClassThatIsMissing_LeavesItOut()
    {
        // Class 0 ranks perfectly, class 1 has one of two pairs wrong (0.5), class 2 does not occur.
        float[] scores = [0.9f, 0.1f, 0, 0.2f, 0.8f, 0, 0.1f, 0.05f, 0.85f];
        Assert.Equal((1 + 0.5) / 2, Metrics.RocAucOneVersusRest(scores, [0, 1, 1]), 1e-15);
        Assert.True(double.IsNaN(Metrics.RocAucOneVersusRest(scores, [1, 1, 1])));
    }

    [Fact]
    public void LogLoss_OfRowsAndOfOneNumber_Agrees()
    {
        var expected = -(Math.Log(0.75) + Math.Log(0.5)) / 2;
        Assert.Equal(expected, Metrics.LogLoss([0.25f, 0.75f, 0.5f, 0.5f], [1, 0]), 1e-15);
        Assert.Equal(expected, Metrics.LogLoss([0.75f, 0.5f], [1, 0]), 1e-15);
        Assert.Equal(-Math.Log(Math.Pow(2, -23)), Metrics.LogLoss([1f, 0f], [1]), 1e-12);
    }

    [Fact]
    public void Errors_OfNumbers_Agree()
    {
        Assert.Equal((0 + 1 + 4 + 9) / 4.0, Metrics.MeanSquaredError([1, 2, 3, 4], [1, 1, 1, 1]));
        Assert.Equal((0 + 1 + 2 + 3) / 4.0, Metrics.MeanAbsoluteError([1, 2, 3, 4], [1, 1, 1, 1]));

        // Targets 1, 2, 3 vary by 2; the residuals' squares sum to 1. The second output's target is constant and missed.
        Assert.Equal(1 - 1 / 2.0, Metrics.RSquared([1, 2, 4], [1, 2, 3]), 1e-15);
        Assert.Equal((0.5 + 0) / 2, Metrics.RSquared([1, 7, 2, 7, 4, 8], [1, 7, 2, 7, 3, 7], 2), 1e-15);
        Assert.Equal(1, Metrics.RSquared([5, 5], [5, 5]));
    }

    [Fact]
    public void ConfusionMatrix_OfSevenSamples_CountsEach()
    {
        var matrix = Metrics.ConfusionMatrix(Predicted, Labels, 3);
        Assert.Equal([2, 1, 0, 0, 1, 1, 1, 0, 1], from actual in (int[])[0, 1, 2] from predicted in (int[])[0, 1, 2] select matrix[actual, predicted]);
    }

    [Fact]
    public void WrongArguments_OfEachKind_NameTheArgument()
    {
        Assert.Throws<ArgumentException>("predicted", () => Metrics.Accuracy([], []));
        Assert.Throws<ArgumentException>("labels", () => Metrics.Accuracy([1], [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>("predicted", () => Metrics.F1([3], [1], 3));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => Metrics.F1([1], [-1], 3, Average.Macro));
        Assert.Throws<ArgumentOutOfRangeException>("average", () => Metrics.F1([1], [1], 3, (Average)7));
        Assert.Throws<ArgumentOutOfRangeException>("k", () => Metrics.TopKAccuracy([1, 2], [1], 3));
        Assert.Throws<ArgumentOutOfRangeException>("k", () => Metrics.TopKAccuracy([1, 2], [1], 0));
        Assert.Throws<ArgumentException>("scores", () => Metrics.TopKAccuracy([1, 2, 3], [1, 1], 1));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => Metrics.RocAuc([1], [2]));
        Assert.Throws<ArgumentException>("labels", () => Metrics.RocAuc([], []));
        Assert.Throws<ArgumentOutOfRangeException>("probabilities", () => Metrics.LogLoss([1.5f], [1]));
        Assert.Throws<ArgumentOutOfRangeException>("probabilities", () => Metrics.LogLoss([float.NaN], [1]));
        Assert.Throws<ArgumentException>("targets", () => Metrics.MeanSquaredError([1], [1, 2]));
        Assert.Throws<ArgumentException>("predictions", () => Metrics.MeanAbsoluteError([], []));
        Assert.Throws<ArgumentException>("targets", () => Metrics.RSquared([1, 2, 3], [1, 2, 3], 2));
    }
}
