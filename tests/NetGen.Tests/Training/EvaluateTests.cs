using NetGen.Tests.Support;

namespace NetGen.Tests.Training;

public class EvaluateTests
{
    [Fact]
    public void Evaluate_KnownWeights_CountsEveryClass()
    {
        var network = new FakeClassifier(3, 3);
        network.Parameters[0].CopyFrom([1, 0, 0, 0, 1, 0, 0, 0, 1]);
        var data = new Dataset([5, 0, 0, 0, 5, 0, 0, 5, 0, 0, 0, 5], 3, [0, 1, 2, 2], 3);
        var evaluation = network.Evaluate(data);
        var matrix = evaluation.ConfusionMatrix!;
        Assert.Equal(0.75, evaluation.Accuracy);
        Assert.Equal((1, 1, 1, 1, 0), (matrix[0, 0], matrix[1, 1], matrix[2, 1], matrix[2, 2], matrix[1, 2]));
        Assert.Equal(Math.Log(Math.Exp(5) + 2) - 5 + 5 / 4.0, evaluation.Loss, 1e-5);
        Assert.True(double.IsNaN(evaluation.RSquared));
        Assert.Throws<ArgumentOutOfRangeException>("actual", () => matrix[3, 0]);
        Assert.Throws<ArgumentOutOfRangeException>("predicted", () => matrix[0, -1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(3000)]
    public void Evaluate_AnySize_IsTheMeanOverAllSamples(int count)
    {
        var network = new FakeClassifier(2, 2);
        var data = TestEnvironment.Clouds(count);
        var outputs = new float[count * 2];
        network.Predict(data.Inputs, outputs);
        Assert.Equal(network.ComputeLoss(outputs, data.Labels), network.Evaluate(data).Loss, 1e-6);
        var matrix = network.Evaluate(data).ConfusionMatrix!;
        Assert.Equal(count, matrix[0, 0] + matrix[0, 1] + matrix[1, 0] + matrix[1, 1]);
    }

    [Theory]
    [InlineData(Loss.SigmoidCrossEntropy, 0f)]
    [InlineData(Loss.HalfSquaredError, 0.5f)]
    public void Evaluate_OneOutput_UsesTheThreshold(Loss loss, float threshold)
    {
        var network = new FakeNetwork(1, 1, loss);
        network.Parameters[0].CopyFrom([1]);
        var data = new Dataset([threshold - 0.1f, threshold - 0.1f, threshold + 0.1f, threshold + 0.1f], 1, [0, 1, 1, 1], 2);
        var evaluation = network.Evaluate(data);
        Assert.Equal(0.75, evaluation.Accuracy);
        Assert.Equal((1, 0, 1, 2), (
            evaluation.ConfusionMatrix![0, 0], evaluation.ConfusionMatrix[0, 1], evaluation.ConfusionMatrix[1, 0], evaluation.ConfusionMatrix[1, 1]));
    }

    [Fact]
    public void Evaluate_ZeroOneTargetsOfOneQuestion_HaveAccuracy()
    {
        var network = new FakeNetwork(1, 1, Loss.SigmoidCrossEntropy);
        network.Parameters[0].CopyFrom([1]);
        Assert.Equal(0.5, network.Evaluate(new Dataset([-1, 1], 1, [0f, 0], 1)).Accuracy);
        var soft = network.Evaluate(new Dataset([-1, 1], 1, [0.3f, 0], 1));
        Assert.True(double.IsNaN(soft.Accuracy) && double.IsNaN(soft.RSquared) && soft.ConfusionMatrix is null);
    }

    [Fact]
    public void Evaluate_Regression_GivesRSquared()
    {
        var network = new FakeNetwork(1, 2, Loss.MeanSquaredError);
        network.Parameters[0].CopyFrom([1, 0]);
        network.Parameters[1].CopyFrom([0, 7]);

        // First output: residuals 0, 0, 1 over a variation of 2; second: constant and met.
        var evaluation = network.Evaluate(new Dataset([1, 2, 4], 1, [1, 7, 2, 7, 3, 7f], 2));
        Assert.Equal((0.5 + 1) / 2, evaluation.RSquared, 1e-12);
        Assert.Equal(1 / 6.0, evaluation.Loss, 1e-6);
        Assert.True(double.IsNaN(evaluation.Accuracy));
        Assert.Null(evaluation.ConfusionMatrix);
        Assert.Equal("Loss: 0.16667\nR²: 0.75000", evaluation.ToString());
    }

    [Fact]
    public void Evaluate_NetworkWithoutTraining_HasNoLoss()
    {
        var evaluation = new Predictor().Evaluate(new Dataset([1, 2, 3], 1, [1, 0, 1], 2));
        Assert.True(double.IsNaN(evaluation.Loss));
        Assert.Equal(2 / 3.0, evaluation.Accuracy);
        Assert.StartsWith("Accuracy: 0.66667\n", evaluation.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_WrongData_Throws()
    {
        var network = new FakeClassifier(2, 2);
        Assert.Throws<ArgumentNullException>("data", () => network.Evaluate(null!));
        Assert.Throws<ArgumentNullException>("network", () => ((INetwork)null!).Evaluate(TestEnvironment.Clouds(2)));
        Assert.Throws<ArgumentException>("data", () => network.Evaluate(new Dataset([1], 1, [0], 2)));
        Assert.Throws<ArgumentException>("data", () => network.Evaluate(new Dataset([1, 2], 2, [0], 3)));
    }

    [Fact]
    public void ToString_Classes_ShowsTheTableInAnyCulture()
    {
        var network = new FakeClassifier(2, 2);
        network.Parameters[0].CopyFrom([0, 0, 0, 0]);
        var evaluation = network.Evaluate(TestEnvironment.Clouds(24));
        var expected = string.Join('\n', "Loss: 0.69315", "Accuracy: 0.50000", "actual \\ predicted   0   1", "                 0  12   0", "                 1  12   0");
        Assert.Equal(expected, TestEnvironment.In(TestEnvironment.HostileCulture(), evaluation.ToString));
    }

    [Fact]
    public void ToString_ManyClasses_LeavesTheTableOut()
    {
        var evaluation = new FakeClassifier(1, 21).Evaluate(new Dataset([1], 1, [20], 21));
        Assert.Equal(21, evaluation.ConfusionMatrix!.Classes);
        Assert.DoesNotContain("predicted", evaluation.ToString(), StringComparison.Ordinal);
        Assert.Null(new FakeClassifier(1, 1025).Evaluate(new Dataset([1], 1, [20], 1025)).ConfusionMatrix);
    }

    /// <summary>Always sure of class 1.</summary>
    private sealed class Predictor : INetwork
    {
        public int InputSize => 1;

        public int OutputSize => 2;

        public int ParameterCount => 0;

        public string Summary => "";

        public IReadOnlyList<NetworkNode> Nodes => [];

        public IReadOnlyList<Parameter> Parameters => [];

        public IReadOnlyList<Parameter> Buffers => [];

        public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs)
        {
            for (var i = 0; i < outputs.Length; i++)
            {
                outputs[i] = i % 2;
            }
        }
    }
}
