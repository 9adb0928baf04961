namespace NetGen.Tests.Data;

public class SplitTests
{
    [Theory]
    [InlineData(10, 0.6, 0.2, 6, 2)]
    [InlineData(3, 0.9, 0.05, 1, 1)]
    [InlineData(3, 0.05, 0.05, 1, 1)]
    [InlineData(5, 0.9, 0.09, 3, 1)]
    [InlineData(1797, 0.7, 0.15, 1258, 270)]
    public void Split_ThreeShares_KeepsEverySampleOnce(int count, double train, double validation, int trainSize, int validationSize)
    {
        var parts = Numbered(count).Split(train, validation, seed: 1);
        Assert.Equal(
            (trainSize, validationSize, count - trainSize - validationSize), (parts.Train.Count, parts.Validation.Count, parts.Test.Count));
        Assert.Equal(Rows(count), [.. Samples(parts.Train), .. Samples(parts.Validation), .. Samples(parts.Test)], AsSets);
    }

    [Fact]
    public void Split_ThreeSharesStratified_KeepsTheProportions()
    {
        int[] counts = [50, 30, 15, 5];
        var data = Classes(counts);
        var (train, validation, test) = data.Split(0.6, 0.2, seed: 4, stratified: true);
        Assert.Equal((60, 20, 20), (train.Count, validation.Count, test.Count));
        for (var c = 0; c < counts.Length; c++)
        {
            Assert.Equal((counts[c] * 6 / 10, counts[c] / 5, counts[c] / 5), (train.Labels.Count(c), validation.Labels.Count(c), test.Labels.Count(c)));
        }

        Assert.Equal(Rows(100), [.. Samples(train), .. Samples(validation), .. Samples(test)], AsSets);
        Assert.Equal(Samples(test), Samples(data.Split(0.6, 0.2, seed: 4, stratified: true).Test));
        Assert.NotEqual(Samples(test), Samples(data.Split(0.6, 0.2, seed: 5, stratified: true).Test));
    }

    [Fact]
    public void Split_ThreeSharesWrong_NamesThem()
    {
        var data = Numbered(10);
        Assert.Throws<ArgumentOutOfRangeException>("train", () => data.Split(0, 0.5, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>("validation", () => data.Split(0.5, double.NaN, seed: 1));
        var error = Assert.Throws<ArgumentOutOfRangeException>("validation", () => data.Split(0.5, 0.5, seed: 1));
        Assert.Contains("train + validation must be below 1, so that a test part remains, but is 0.5 + 0.5", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("stratified", () => data.OneHot().Split(0.5, 0.2, seed: 1, stratified: true));
        Assert.Contains(
            "at least 3 samples, but there are 2", Assert.Throws<InvalidOperationException>(() => data.Take(2).Split(0.5, 0.2, seed: 1)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 2, false)]
    [InlineData(11, 4, false)]
    [InlineData(23, 23, false)]
    [InlineData(100, 7, true)]
    public void KFold_EverySample_IsValidatedOnce(int count, int k, bool stratified)
    {
        var data = Classes(count * 7 / 10, count - count * 7 / 10);
        var folds = data.KFold(k, seed: 3, stratified).ToArray();
        Assert.Equal(k, folds.Length);
        foreach (var (train, validation) in folds)
        {
            Assert.InRange(validation.Count, count / k, (count + k - 1) / k);
            Assert.Equal(Rows(count), [.. Samples(train), .. Samples(validation)], AsSets);
        }

        Assert.Equal(Rows(count), folds.SelectMany(fold => Samples(fold.Validation)), AsSets);
    }

    [Fact]
    public void KFold_Stratified_SpreadsEachClass()
    {
        int[] counts = [50, 31, 12, 4];
        foreach (var (train, validation) in Classes(counts).KFold(5, seed: 3, stratified: true))
        {
            for (var c = 0; c < counts.Length; c++)
            {
                Assert.InRange(validation.Labels.Count(c), counts[c] / 5, (counts[c] + 4) / 5);
                Assert.Equal(counts[c], train.Labels.Count(c) + validation.Labels.Count(c));
            }

            // In a random order, not class after class.
            Assert.NotEqual(train.Labels.ToArray().Order(), train.Labels.ToArray());
            Assert.NotEqual(validation.Labels.ToArray().Order(), validation.Labels.ToArray());
        }
    }

    [Fact]
    public void KFold_Seeds_DecideTheFolds()
    {
        var data = Numbered(40);
        var folds = data.KFold(4, seed: 1);
        Assert.Equal(folds.Select(fold => Samples(fold.Train)), folds.Select(fold => Samples(fold.Train)));
        Assert.NotEqual(Samples(folds.First().Validation), Samples(data.KFold(4, seed: 2).First().Validation));
    }

    [Fact]
    public void KFold_WrongArguments_ThrowsAtOnce()
    {
        var data = Numbered(10);
        var error = Assert.Throws<ArgumentOutOfRangeException>("k", () => data.KFold(11, seed: 1));
        Assert.Contains("k must be from 2 to 10 (the count of samples), but is 11", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("k", () => data.KFold(1, seed: 1));
        Assert.Throws<ArgumentException>("stratified", () => data.OneHot().KFold(2, seed: 1, stratified: true));
    }

    [Fact]
    public void Bootstrap_Pairs_AreDrawnAndLeft()
    {
        var data = Numbered(1000);
        var pairs = data.Bootstrap(20, seed: 5).ToArray();
        Assert.Equal(20, pairs.Length);
        foreach (var (train, validation) in pairs)
        {
            Assert.Equal(1000, train.Count);
            Assert.Equal(Rows(1000), Samples(train).Distinct().Concat(Samples(validation)), AsSets);

            // (1 − 1/n)ⁿ of n = 1000 is 0.3677; the standard deviation of the count is about 9.9.
            Assert.InRange(validation.Count, 368 - 60, 368 + 60);
        }

        Assert.NotEqual(Samples(pairs[0].Train), Samples(pairs[1].Train));
        Assert.Equal(pairs.Select(pair => Samples(pair.Train)), data.Bootstrap(20, seed: 5).Select(pair => Samples(pair.Train)));
    }

    [Fact]
    public void Bootstrap_TwoSamples_AlwaysLeavesOne()
    {
        foreach (var (train, validation) in Numbered(2).Bootstrap(50, seed: 1))
        {
            Assert.Equal((2, 1), (train.Count, validation.Count));
            Assert.Equal(1, Samples(train).Distinct().Single() + Samples(validation).Single());
        }
    }

    [Fact]
    public void Bootstrap_WrongArguments_ThrowsAtOnce()
    {
        Assert.Throws<ArgumentOutOfRangeException>("repeats", () => Numbered(10).Bootstrap(0, seed: 1));
        Assert.Throws<InvalidOperationException>(() => Numbered(1).Bootstrap(1, seed: 1));
    }

    [Fact]
    public void Parts_Targets_StayWithTheirInputs()
    {
        float[] numbers = Rows(30);
        var data = new Dataset(numbers, 1, [.. numbers.Select(x => -x)], 1);
        var (train, validation, test) = data.Split(0.5, 0.3, seed: 2);
        foreach (var part in (Dataset[])[train, validation, test, data.KFold(3, seed: 2).First().Train, data.Bootstrap(1, seed: 2).First().Train])
        {
            Assert.Equal(Samples(part).Select(x => -x), part.Targets.ToArray());
        }
    }

    /// <summary>Samples whose only input is their number.</summary>
    private static Dataset Numbered(int count) => Classes(count);

    /// <summary>So many samples of each class, class after class; their only input is their number.</summary>
    private static Dataset Classes(params int[] counts)
    {
        int[] labels = [.. counts.SelectMany((count, c) => Enumerable.Repeat(c, count))];
        return new Dataset(Rows(labels.Length), 1, labels, counts.Length);
    }

    private static float[] Rows(int count) => [.. Enumerable.Range(0, count).Select(i => (float)i)];

    private static float[] Samples(Dataset data) => data.Inputs.ToArray();

    /// <summary>The same numbers, each as often, in any order.</summary>
    private static bool AsSets(IEnumerable<float> a, IEnumerable<float> b) => a.Order().SequenceEqual(b.Order());
}
