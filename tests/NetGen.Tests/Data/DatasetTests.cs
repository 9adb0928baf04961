using NetGen.Tests.Support;

namespace NetGen.Tests.Data;

public class DatasetTests
{
    [Fact]
    public void Constructor_Labels_GivesRowsAndCopies()
    {
        float[] inputs = [1, 2, 3, 4, 5, 6];
        int[] labels = [0, 2];
        var data = new Dataset(inputs, 3, labels, 3);
        (inputs[0], labels[0]) = (99, 1);
        Assert.Equal((2, 3, 0, 3, true), (data.Count, data.InputSize, data.TargetSize, data.Classes, data.HasLabels));
        Assert.Equal([1, 2, 3, 4, 5, 6], data.Inputs.ToArray());
        Assert.Equal([4, 5, 6], data.InputRow(1).ToArray());
        Assert.Equal([0, 2], data.Labels.ToArray());
        Assert.True(data.Targets.IsEmpty);
        Assert.Equal("2 samples of 3 inputs, 3 classes", data.ToString());
    }

    [Fact]
    public void Constructor_Targets_GivesRows()
    {
        var data = new Dataset([1, 2, 3, 4], 2, [7, 8, 9, 10f], 2);
        Assert.Equal((2, 2, 2, 0, false), (data.Count, data.InputSize, data.TargetSize, data.Classes, data.HasLabels));
        Assert.Equal([9, 10], data.TargetRow(1).ToArray());
        Assert.True(data.Labels.IsEmpty);
    }

    [Fact]
    public void Constructor_JaggedAndRectangular_AreTheSame()
    {
        var jagged = new Dataset([[0, 1], [2, 3], [4, 5]], [[1], [0], [1]]);
        var rectangular = new Dataset(new float[,] { { 0, 1 }, { 2, 3 }, { 4, 5 } }, new float[,] { { 1 }, { 0 }, { 1 } });
        Assert.Equal(jagged.Inputs.ToArray(), rectangular.Inputs.ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5], jagged.Inputs.ToArray());
        Assert.Equal(jagged.Targets.ToArray(), rectangular.Targets.ToArray());
        Assert.Equal([1, 0, 1], new Dataset([[0, 1], [2, 3], [4, 5]], [1, 0, 1], 2).Labels.ToArray());
        Assert.Equal([1, 0], new Dataset(new float[,] { { 0 }, { 2 } }, [1, 0], 2).Labels.ToArray());
    }

    [Fact]
    public void Constructor_WrongArguments_NamesThem()
    {
        Assert.Throws<ArgumentNullException>("inputs", () => new Dataset((float[])null!, 2, [0], 2));
        Assert.Throws<ArgumentNullException>("labels", () => new Dataset([1, 2], 2, (int[])null!, 2));
        Assert.Throws<ArgumentOutOfRangeException>("inputSize", () => new Dataset([1, 2], 0, [0], 2));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => new Dataset([1, 2], 2, [0], 0));
        Assert.Throws<ArgumentOutOfRangeException>("targetSize", () => new Dataset([1, 2], 2, [0f], 0));
        Assert.Throws<ArgumentException>("inputs", () => new Dataset([], 2, (int[])[], 2));
        Assert.Throws<ArgumentException>("inputs", () => new Dataset([1, 2, 3], 2, [0], 2));
        Assert.Throws<ArgumentException>("labels", () => new Dataset([1, 2], 2, [0, 1], 2));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => new Dataset([1, 2], 2, [2], 2));
        Assert.Throws<ArgumentException>("targets", () => new Dataset([1, 2], 2, [0f, 1], 1));
        Assert.Throws<ArgumentException>("inputs", () => new Dataset([[1, 2], [3]], [0, 1], 2));
        Assert.Throws<ArgumentException>("inputs", () => new Dataset([[1, 2], null!], [0, 1], 2));
        Assert.Throws<ArgumentException>("inputs", () => new Dataset([], [[1]]));
        Assert.Throws<ArgumentException>("inputs", () => new Dataset(new float[0, 3], new float[0, 1]));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void Constructor_NumberNotFinite_NamesRowAndColumn(float number, string text)
    {
        var error = TestEnvironment.In(
            TestEnvironment.HostileCulture(), () => Assert.Throws<ArgumentException>(() => new Dataset([0, 1, 2, 3, number, 5], 3, [0, 0], 1)));
        Assert.Contains($"inputs must hold finite numbers, but row 1, column 1 (both from 0) is {text}", error.Message, StringComparison.Ordinal);
        Assert.Contains("targets", Assert.Throws<ArgumentException>(() => new Dataset([0], 1, [number], 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 0.8, 8)]
    [InlineData(10, 0.25, 3)]
    [InlineData(10, 0.01, 1)]
    [InlineData(10, 0.99, 9)]
    [InlineData(1797, 0.8, 1438)]
    public void Split_Fraction_RoundsAndKeepsEverySampleOnce(int count, double fraction, int size)
    {
        var data = new Dataset([.. Enumerable.Range(0, count).Select(i => (float)i)], 1, new int[count], 1);
        var (first, second) = data.Split(fraction, seed: 1);
        Assert.Equal((size, count - size), (first.Count, second.Count));
        Assert.Equal(Enumerable.Range(0, count).Select(i => (float)i), first.Inputs.ToArray().Concat(second.Inputs.ToArray()).Order());
    }

    [Fact]
    public void Split_Seeds_DecideTheOrder()
    {
        var data = TestEnvironment.Clouds(50);
        Assert.Equal(data.Split(0.5, 1).First.Inputs.ToArray(), data.Split(0.5, 1).First.Inputs.ToArray());
        Assert.NotEqual(data.Split(0.5, 1).First.Inputs.ToArray(), data.Split(0.5, 2).First.Inputs.ToArray());
    }

    [Fact]
    public void Split_Stratified_KeepsTheProportions()
    {
        int[] counts = [50, 30, 7, 3, 1];
        int[] labels = [.. counts.SelectMany((count, c) => Enumerable.Repeat(c, count))];
        var data = new Dataset([.. labels.Select(c => (float)c)], 1, labels, counts.Length);
        var (first, second) = data.Split(0.6, seed: 4, stratified: true);
        Assert.Equal(55, first.Count);
        Assert.Equal(91, first.Count + second.Count);
        for (var c = 0; c < counts.Length; c++)
        {
            Assert.InRange(first.Labels.Count(c), (int)Math.Floor(counts[c] * 0.6), (int)Math.Ceiling(counts[c] * 0.61));
            Assert.Equal(counts[c], first.Labels.Count(c) + second.Labels.Count(c));
        }

        Assert.Equal(first.Inputs.ToArray(), first.Labels.ToArray().Select(c => (float)c));
        Assert.NotEqual(first.Labels.ToArray().Order(), first.Labels.ToArray());
    }

    [Fact]
    public void Split_Stratified_MixesTheClassesOfBothParts()
    {
        int[] labels = [.. Enumerable.Repeat(0, 600), .. Enumerable.Repeat(1, 300), .. Enumerable.Repeat(2, 100)];
        var data = new Dataset([.. Enumerable.Range(0, labels.Length).Select(i => (float)i)], 1, labels, 3);
        var (first, second) = data.Split(0.8, seed: 9, stratified: true);
        foreach (var (part, share) in new[] { (first, 0.8), (second, 0.2) })
        {
            // Each half of a part has about half of each class: the bounds are some 5 standard deviations of a random order.
            var half = part.Take(part.Count / 2);
            foreach (var (label, count) in new[] { (0, 600), (1, 300), (2, 100) })
            {
                var ofClass = count * share;
                Assert.Equal(ofClass, part.Labels.Count(label), 1e-9);
                Assert.InRange(half.Labels.Count(label), ofClass / 2 - 2.5 * Math.Sqrt(ofClass), ofClass / 2 + 2.5 * Math.Sqrt(ofClass));
            }
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (float)i), first.Inputs.ToArray().Concat(second.Inputs.ToArray()).Order());
        var again = data.Split(0.8, seed: 9, stratified: true);
        Assert.Equal(first.Inputs.ToArray(), again.First.Inputs.ToArray());
        Assert.Equal(second.Inputs.ToArray(), again.Second.Inputs.ToArray());
    }

    [Fact]
    public void Split_WrongArguments_Throws()
    {
        var data = TestEnvironment.Clouds(10);
        foreach (var fraction in (double[])[0, 1, -1, 2, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>("fraction", () => data.Split(fraction, 1));
        }

        Assert.Throws<ArgumentException>("stratified", () => data.OneHot().Split(0.5, 1, stratified: true));
        Assert.Throws<InvalidOperationException>(() => data.Take(1).Split(0.5, 1));
    }

    [Fact]
    public void Shuffle_Targets_StayWithTheirInputs()
    {
        float[] numbers = [.. Enumerable.Range(0, 40).Select(i => (float)i)];
        var shuffled = new Dataset(numbers, 1, [.. numbers.Select(x => -x)], 1).Shuffle(6);
        Assert.NotEqual(numbers, shuffled.Inputs.ToArray());
        Assert.Equal(numbers, shuffled.Inputs.ToArray().Order());
        Assert.Equal(shuffled.Inputs.ToArray().Select(x => -x), shuffled.Targets.ToArray());
    }

    [Fact]
    public void Slice_Range_GivesThoseRows()
    {
        var data = new Dataset([0, 1, 2, 3, 4, 5], 2, [0, 1, 2], 3);
        var slice = data.Slice(1, 2);
        Assert.Equal([2, 3, 4, 5], slice.Inputs.ToArray());
        Assert.Equal([1, 2], slice.Labels.ToArray());
        Assert.Equal([3, 4, 5], new Dataset([0, 1, 2], 1, [0, 1, 2, 3, 4, 5f], 2).Slice(1, 2).Targets.ToArray()[1..]);
        Assert.Equal(1, data.Take(1).Count);
        Assert.Throws<ArgumentOutOfRangeException>("start", () => data.Slice(3, 1));
        Assert.Throws<ArgumentOutOfRangeException>("start", () => data.Slice(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => data.Slice(1, 3));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => data.Take(0));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => data.InputRow(3).Length);
    }

    [Fact]
    public void Scale_FactorAndOffset_AreApplied()
    {
        var data = new Dataset([0, 128, 256], 1, [0, 1, 2], 3).Scale(1 / 128f, -1);
        Assert.Equal([-1, 0, 1], data.Inputs.ToArray());
        Assert.Equal([0, 1, 2], data.Labels.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => data.Scale(float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("offset", () => data.Scale(1, float.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => new Dataset([1e30f], 1, [0], 1).Scale(1e30f));
    }

    [Fact]
    public void OneHot_Labels_BecomeRows()
    {
        var data = new Dataset([5, 6], 1, [2, 0], 3).OneHot();
        Assert.Equal([0, 0, 1, 1, 0, 0], data.Targets.ToArray());
        Assert.Equal((3, false), (data.TargetSize, data.HasLabels));
        Assert.Throws<InvalidOperationException>(data.OneHot);
    }

    [Fact]
    public void Standardize_Columns_HaveMeanZeroAndDeviationOne()
    {
        var random = new NetGen.CompilerServices.Xoshiro256(8);
        float[] inputs = [.. Enumerable.Range(0, 300).SelectMany(_ => (float[])[(float)(1000 + 5 * random.NextNormal()), 0.1f, (float)random.NextNormal()])];
        var (data, standardizer) = new Dataset(inputs, 3, new int[300], 1).Standardize();
        for (var column = 0; column < 3; column++)
        {
            var numbers = data.Inputs.ToArray().Where((_, i) => i % 3 == column).Select(x => (double)x).ToArray();
            Assert.Equal(0, numbers.Average(), 1e-6);
            Assert.Equal(column == 1 ? 0 : 1, Math.Sqrt(numbers.Average(x => x * x)), 1e-6);
        }

        Assert.Equal(0, standardizer.Deviations[1]);
        Assert.Equal(0.1f, standardizer.Means[1]);
    }

    [Fact]
    public void Standardizer_OtherData_UsesTheFirstFigures()
    {
        var standardizer = Standardizer.Fit(new Dataset([0, 7, 2, 7], 2, [0, 0], 1));
        var applied = standardizer.Apply(new Dataset([3, 8], 2, [0], 1));
        Assert.Equal([2, 1], applied.Inputs.ToArray());
        Assert.Throws<ArgumentException>("data", () => standardizer.Apply(new Dataset([3], 1, [0], 1)));
    }
}
