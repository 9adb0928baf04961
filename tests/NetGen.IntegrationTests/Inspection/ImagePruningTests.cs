using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Inspection;

/// <summary>Pruning of networks with images: the dense layers behind them, and declarations with every attribute.</summary>
public class ImagePruningTests
{
    [Fact]
    public void Export_OfDenseLayersBehindConvolutions_CompilesLoadsAndPredictsAsTheMaskedWhole()
    {
        // Named arguments come in the order of the properties.
        const string Source = """
            using NetGen;

            namespace My;

            /// <summary>A net.</summary>
            [Network]
            [Input(2, 8, 8, Name = "x")]
            [Conv2D(4, 3, Activation.LeakyReLU, Padding = Padding.Same, NegativeSlope = 0.2, WeightInitializer = Initializer.HeUniform, Name = "first")]
            [BatchNorm(Momentum = 0.25)]
            [ConvTranspose2D(4, 2, 3, Activation.ReLU, PaddingHeight = Padding.Same, PaddingWidth = 1, Groups = 2)]
            [Conv2D(4, 2, 3, StrideHeight = 1, StrideWidth = 2, PaddingHeight = 1, PaddingWidth = Padding.Same, Groups = 2, Bias = false)]
            [MaxPool2D(2, Stride = 2, Padding = 1, Name = "small")]
            [AvgPool2D(3, 2, From = new string[] { "small" }, Stride = 1, Name = "left")]
            [GlobalMaxPool(From = new string[] { "small" }, Name = "largest")]
            [GlobalAvgPool(From = new string[] { "left" }, Name = "mean")]
            [Add("largest", "mean", Name = "sum")]
            [Multiply("largest", "mean", Name = "product")]
            [Flatten(From = new string[] { "left" }, Name = "flat")]
            [Concat("sum", "product", "flat")]
            [Dense(9, Activation.ReLU, WeightL1 = 0.001, WeightL2 = 0.002, BiasL1 = 0.003, BiasL2 = 0.004, ActivityL1 = 1E-05, ActivityL2 = 2E-05, MaxNorm = 3, NonNegative = true)]
            [BatchNorm(Frozen = true)]
            [Linear(8, MaxNorm = 3)]
            [Bias(BiasInitializer = Initializer.StandardNormal)]
            [Activation(Activation.ELU, Alpha = 0.5)]
            [Dense(12, Frozen = true)]
            [Reshape(3, 4)]
            [Conv1D(2, 3, Activation.Tanh, Stride = 2, Padding = 1, Dilation = 1)]
            [MaxPool1D(2)]
            [AvgPool1D(1, Stride = 1)]
            [Flatten]
            [Train(Loss.MeanSquaredError, Optimizer.Adam, LearningRate = 0.003, BatchSize = 5)]
            public partial class Whole;
            """;
        var network = Assert.IsAssignableFrom<ITrainableNetwork>(Harness.Compile(Source).Create("My.Whole")).Randomize(1);
        RandomNets.RandomizeBuffers(network, 2);
        var data = new Dataset(TestData.Inputs(40, 128, seed: 1), 128, TestData.Uniform(40 * network.OutputSize, 1, seed: 2), network.OutputSize);
        var report = Pruning.Run(network, data, new PruningOptions { RoundShare = 0.2, KeptShare = 0.4 });

        // The units of the third dense layer are reshaped, so they stay.
        Assert.Equal(17, report.Neurons);
        Assert.True(report.Steps.Count > 3);
        var whole = Source.ReplaceLineEndings("\n") + "\n";
        Assert.Equal(
            whole.Replace("A net.", "Whole without 0 of its 17 hidden neurons.", StringComparison.Ordinal).Replace("class Whole", "class Small", StringComparison.Ordinal),
            report.Export(report.Steps[0], "Small").Source);
        var step = report.Steps[^1];
        var exported = report.Export(step, "Small");
        var smaller = Harness.Compile(exported.Source).Create("My.Small");
        using var weights = new MemoryStream();
        exported.SaveWeights(weights);
        weights.Position = 0;
        smaller.Load(weights);
        Assert.Equal(step.ParametersLeft, smaller.ParameterCount);
        Assert.True(smaller.ParameterCount < network.ParameterCount);
        var masked = new float[data.Count * network.OutputSize];
        new NetworkInspector(network).Predict(data.Inputs, masked, [.. step.Masks]);
        Near.Single(TestData.ToDoubles(masked), smaller.Predict(data.Inputs.ToArray()), "smaller");
    }

    [Fact]
    public void Run_WithoutDenseLayersThatDenseLayersTake_SaysSo()
    {
        var network = ImageNets.Create("Residual", 1);
        var data = new Dataset(TestData.Inputs(8, 192, seed: 1), 192, TestData.Labels(8, 4, seed: 2), 4);
        Assert.Contains("must have a dense layer whose units", Assert.Throws<ArgumentException>(() => Pruning.Run(network, data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_OfFunctionsOfAClassesOwn_SaysThatTheNewClassWouldLackThem()
    {
        const string Source = """
            using NetGen;

            /// <summary>A net.</summary>
            [Network]
            [Input(3)]
            [Dense(4, Activation.ReLU)]
            [Dense(2)]
            [Train(nameof(Square))]
            public partial class Own
            {
                private static float Square(float y, float t) => (y - t) * (y - t);

                private static float SquareDerivative(float y, float t) => 2 * (y - t);
            }
            """;
        var network = Assert.IsAssignableFrom<ITrainableNetwork>(Harness.Compile(Source).Create("Own"));
        var data = new Dataset(TestData.Inputs(10, 3, seed: 1), 3, TestData.Uniform(20, 1, seed: 2), 2);
        var report = Pruning.Run(network, data);
        var error = Assert.Throws<NotSupportedException>(() => report.Export(report.Steps[1], "Small"));
        Assert.Contains("Own has a function of its own in [Train]", error.Message, StringComparison.Ordinal);
    }
}
