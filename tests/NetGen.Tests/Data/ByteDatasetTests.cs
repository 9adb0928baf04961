using NetGen.Tests.Support;

namespace NetGen.Tests.Data;

public class ByteDatasetTests
{
    private readonly Dataset _data = new([0, 1, 2, 3, 4, 5, 6, 255], 2, [0, 1, 2, 0], 3, 0.5f, 10);

    [Fact]
    public void Constructor_Bytes_GivesNumbersAndKeepsBytes()
    {
        byte[] inputs = [0, 2, 4, 255];
        var data = new Dataset(inputs, 2, [1, 0], 2, 0.5f, 10);
        inputs[0] = 77;
        Assert.Equal((2, 2, 2, true), (data.Count, data.InputSize, data.Classes, data.HasByteInputs));
        Assert.Equal((0.5f, 10f), (data.InputScale, data.InputOffset));
        Assert.Equal([12, 137.5f], data.InputRow(1).ToArray());
        Assert.Equal([10, 11, 12, 137.5f], data.Inputs.ToArray());
        Assert.Equal([12, 137.5f], data.InputRow(1).ToArray());
        Assert.Equal([0, 2, 4, 255], data.InputBytes.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => { data.InputRow(2); });
    }

    [Fact]
    public void Constructor_Numbers_HasNoBytes()
    {
        var data = new Dataset([[0f], [1f]], [0, 1], 2);
        Assert.False(data.HasByteInputs);
        Assert.True(data.InputBytes.IsEmpty);
        Assert.Equal((1f, 0f), (data.InputScale, data.InputOffset));
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(float.NaN, 0f)]
    [InlineData(float.PositiveInfinity, 0f)]
    [InlineData(1f, float.NaN)]
    [InlineData(3e36f, 0f)]
    public void Constructor_ScaleThatGivesNoNumbers_IsRefused(float scale, float offset) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset(new byte[2], 1, [0, 0], 1, scale, offset));

    [Theory]
    [InlineData(0, 2, "inputs")]
    [InlineData(3, 2, "inputs")]
    [InlineData(2, 0, "inputSize")]
    public void Constructor_WrongLengths_AreRefused(int length, int size, string argument) =>
        Assert.Equal(argument, Assert.ThrowsAny<ArgumentException>(() => new Dataset(new byte[length], size, [0], 1, 1)).ParamName);

    [Fact]
    public void Operations_ThatMoveRows_KeepBytes()
    {
        var numbers = new Dataset(_data.Inputs.ToArray(), 2, _data.Labels.ToArray(), 3);
        var (first, second) = _data.Split(0.5, seed: 1);
        var (expectedFirst, expectedSecond) = numbers.Split(0.5, seed: 1);
        Same(expectedFirst, first);
        Same(expectedSecond, second);
        Same(numbers.Shuffle(2), _data.Shuffle(2));
        Same(numbers.Slice(1, 2), _data.Slice(1, 2));
        Same(numbers.Take(3), _data.Take(3));
        Same(numbers.OneHot(), _data.OneHot());

        static void Same(Dataset expected, Dataset actual)
        {
            Assert.True(actual.HasByteInputs);
            Assert.Equal(expected.Inputs.ToArray(), actual.Inputs.ToArray());
            Assert.Equal(expected.Labels.ToArray(), actual.Labels.ToArray());
        }
    }

    [Fact]
    public void Operations_ThatChangeNumbers_GiveNumbers()
    {
        var numbers = new Dataset(_data.Inputs.ToArray(), 2, _data.Labels.ToArray(), 3);
        var scaled = _data.Scale(2, 1);
        Assert.False(scaled.HasByteInputs);
        Assert.Equal(numbers.Scale(2, 1).Inputs.ToArray(), scaled.Inputs.ToArray());
        Assert.Equal(numbers.Standardize().Data.Inputs.ToArray(), _data.Standardize().Data.Inputs.ToArray());
    }

    [Fact]
    public void Fit_OnBytes_GivesTheWeightsOfNumbers()
    {
        var numbers = new Dataset(_data.Inputs.ToArray(), 2, _data.Labels.ToArray(), 3);
        var (onBytes, onNumbers) = (new FakeClassifier(2, 3, batchSize: 3, learningRate: 0.001f), new FakeClassifier(2, 3, batchSize: 3, learningRate: 0.001f));
        onBytes.Fit(_data, epochs: 3);
        onNumbers.Fit(numbers, epochs: 3);
        Assert.Equal(onNumbers.Weights, onBytes.Weights);
        Assert.Equal(onNumbers.Evaluate(numbers).Loss, onBytes.Evaluate(_data).Loss);
    }
}
