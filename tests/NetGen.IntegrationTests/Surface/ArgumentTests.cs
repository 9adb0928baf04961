using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Surface;

/// <summary>Wrong arguments: an exception that names the argument, what was expected and what came, before anything is changed.</summary>
public class ArgumentTests
{
    private const int Inputs = 4;
    private const int Outputs = 3;
    private const int Batch = 5;

    private static readonly NetSpec Spec = NetSpec.Of("4-20:Tanh-3", Loss.SoftmaxCrossEntropy, Batch);

    private readonly IClassifierNetwork _network = (IClassifierNetwork)Harness.Trainable(Spec, seed: 1);

    public static TheoryData<string, int, int, string, string[]> WrongBatches { get; } = new()
    {
        { "part of a sample", 2 * Inputs + 1, 2 * Outputs, "inputs", ["4", "9"] },
        { "no sample", 0, 0, "inputs", ["1 to 5", "0"] },
        { "too many samples", 6 * Inputs, 6 * Outputs, "inputs", ["1 to 5", "6"] },
        { "too few targets", 2 * Inputs, 2 * Outputs - 1, "targets", ["6", "5"] },
        { "too many targets", 2 * Inputs, 3 * Outputs, "targets", ["6", "9"] },
    };

    [Theory]
    [InlineData(5, 3, "inputs", "4", "5")]
    [InlineData(3, 3, "inputs", "4", "3")]
    [InlineData(4, 2, "outputs", "3", "2")]
    [InlineData(4, 6, "outputs", "3", "6")]
    [InlineData(0, 3, "outputs", "0", "3")]
    public void Predict_OfWrongLengths_NamesThem(int inputs, int outputs, string argument, string expected, string actual)
    {
        var error = Assert.Throws<ArgumentException>(argument, () => _network.Predict(new float[inputs], new float[outputs]));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(actual, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(0, 3)]
    public void Predict_OntoItsInputs_IsRefused(int inputStart, int outputStart)
    {
        var memory = new float[20];
        Assert.Throws<ArgumentException>("outputs", () => _network.Predict(memory.AsSpan(inputStart, Inputs), memory.AsSpan(outputStart, Outputs)));
    }

    [Fact]
    public void Predict_BesideItsInputs_IsAllowed()
    {
        var memory = TestData.Uniform(Inputs + Outputs, 1, seed: 1);
        var expected = _network.Predict(memory[..Inputs]);
        _network.Predict(memory.AsSpan(0, Inputs), memory.AsSpan(Inputs));
        Near.SameBits(expected, memory.AsSpan(Inputs), "predictions");
    }

    [Theory]
    [MemberData(nameof(WrongBatches))]
    public void TrainBatch_OfWrongLengths_NamesThemAndChangesNothing(string what, int inputs, int targets, string argument, string[] figures)
    {
        var gradients = _network.CreateGradients();
        Refused<ArgumentException>(argument, figures, () => _network.TrainBatch(new float[inputs], new float[targets]), what);
        Refused<ArgumentException>(argument, figures, () => _network.ComputeGradients(new float[inputs], new float[targets], gradients), what);
    }

    [Theory]
    [InlineData(2 * Inputs, 3, "labels", "2", "3")]
    [InlineData(2 * Inputs, 0, "labels", "2", "0")]
    [InlineData(0, 0, "inputs", "1 to 5", "0")]
    [InlineData(6 * Inputs, 6, "inputs", "1 to 5", "6")]
    public void TrainBatch_OfWrongNumberOfLabels_NamesIt(int inputs, int labels, string argument, params string[] figures)
    {
        var gradients = _network.CreateGradients();
        Refused<ArgumentException>(argument, figures, () => _network.TrainBatch(new float[inputs], new int[labels]), "labels");
        Refused<ArgumentException>(argument, figures, () => _network.ComputeGradients(new float[inputs], new int[labels], gradients), "labels");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Labels_OutOfRange_AreNamedWithTheirPlace(int label)
    {
        var gradients = _network.CreateGradients();
        int[] labels = [0, 2, label];
        string[] figures = ["labels[2]", "0 to 2", label.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        Refused<ArgumentOutOfRangeException>("labels", figures, () => _network.TrainBatch(new float[3 * Inputs], labels), "TrainBatch");
        Refused<ArgumentOutOfRangeException>("labels", figures, () => _network.ComputeGradients(new float[3 * Inputs], labels, gradients), "ComputeGradients");
        Refused<ArgumentOutOfRangeException>("labels", figures, () => _network.ComputeLoss(new float[3 * Outputs], labels), "ComputeLoss");
    }

    [Theory]
    [InlineData(0, 0, "outputs")]
    [InlineData(2, 2, "outputs")]
    [InlineData(6, 3, "targets")]
    public void ComputeLoss_OfWrongLengths_NamesThem(int outputs, int targets, string argument) =>
        Assert.Throws<ArgumentException>(argument, () => _network.ComputeLoss(new float[outputs], new float[targets]));

    [Fact]
    public void ComputeGradients_IntoNone_IsRefused() =>
        Assert.Throws<ArgumentNullException>("into", () => _network.ComputeGradients(new float[Inputs], new float[Outputs], null!));

    [Fact]
    public void ComputeGradients_IntoThoseOfAnotherNetwork_IsRefused()
    {
        var other = Harness.Trainable(NetSpec.Of("4-21:Tanh-3", Loss.SoftmaxCrossEntropy, Batch)).CreateGradients();
        Refused<ArgumentException>("into", ["Net"], () => _network.ComputeGradients(new float[Inputs], new float[Outputs], other), "gradients");
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void LearningRate_ThatIsNone_IsRefused(float rate)
    {
        var before = _network.LearningRate;
        Assert.Throws<ArgumentOutOfRangeException>(() => _network.LearningRate = rate);
        Assert.Equal(before, _network.LearningRate);
    }

    [Fact]
    public void StepCount_BelowZero_IsRefused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _network.StepCount = -1);
        Assert.Contains("StepCount", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _network.StepCount);
    }

    [Fact]
    public void Parameters_CopiedOfWrongLength_AreRefused()
    {
        var weight = _network.Parameters[0];
        var before = weight.ToArray();
        var error = Assert.Throws<ArgumentException>("source", () => weight.CopyFrom(new float[79]));
        Assert.Contains("layer1.weight", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("destination", () => weight.CopyTo(new float[81]));
        Near.SameBits(before, weight.ToArray(), "weights");
    }

    private void Refused<T>(string argument, string[] figures, Func<float> call, string what)
        where T : ArgumentException
    {
        var before = _network.AllParameters();
        var error = Assert.Throws<T>(argument, () => { call(); });
        Assert.All(figures, figure => Assert.True(error.Message.Contains(figure, StringComparison.Ordinal), $"{what}: '{error.Message}' does not name {figure}."));
        Near.SameBits(before, _network.AllParameters(), "parameters");

        // The network is not left locked.
        Assert.True(float.IsFinite(_network.ComputeGradients(new float[Inputs], new float[Outputs], _network.CreateGradients())));
    }
}
