using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Inspection;

/// <summary>From a trained network to a smaller one that computes the same as the masked whole.</summary>
public class PruningTests
{
    private static readonly Dataset Data = Digits.Load().Take(400);

    [Theory]
    [InlineData("64-20:ReLU-15:Tanh-10", true)]
    [InlineData("64-20:ReLU-15:Tanh-10", false)]
    [InlineData("64-20:ReLU-15!-BatchNorm-Dropout(0.1)-ELU(0.5)-10", true)]
    [InlineData("64-GaussianNoise(0.1)-12:LeakyReLU(0.2)-LayerNorm-14:Sigmoid-10!-Identity", true)]
    [InlineData("64-20:Softmax-13:SiLU-10", true)]
    [InlineData("64-20!-Bias-ReLU-15-Bias-Tanh-10", true)]
    public void Export_OfAnyRound_CompilesLoadsAndPredictsAsTheMaskedWhole(string net, bool holdMean)
    {
        var network = Harness.Trainable(NetSpec.Of(net, Loss.SoftmaxCrossEntropy, batch: 20), seed: 1);
        network.Fit(Data, epochs: 3, cancellationToken: TestContext.Current.CancellationToken);
        var before = network.AllParameters();
        var report = Pruning.Run(network, Data, new PruningOptions { RoundShare = 0.3, KeptShare = 0.3, HoldMean = holdMean });
        Near.SameBits(before, network.AllParameters(), "parameters");
        Assert.True(report.Steps.Count > 3);
        Assert.Equal(network.Evaluate(Data).Loss, report.Steps[0].Loss, 1e-5);
        foreach (var step in report.Steps)
        {
            var exported = report.Export(step, "Smaller", "Pruned.Nets");
            var smaller = Harness.Compile(exported.Source).Create("Pruned.Nets.Smaller");
            using var weights = new MemoryStream();
            exported.SaveWeights(weights);
            weights.Position = 0;
            smaller.Load(weights);
            Assert.Equal(step.ParametersLeft, smaller.ParameterCount);
            var masked = new float[Data.Count * 10];
            new NetworkInspector(network).Predict(Data.Inputs, masked, [.. step.Masks]);
            Near.Single(TestData.ToDoubles(masked), smaller.Predict(Data.Inputs.ToArray()), $"{step.Removed} removed");
            var evaluation = smaller.Evaluate(Data);
            Assert.Equal(step.Loss, evaluation.Loss, 1e-4 * (1 + step.Loss));
            Assert.Equal(step.Accuracy, evaluation.Accuracy, 0.006);
        }

        var sizes = report.Steps.Select(step => step.ParametersLeft).ToArray();
        Assert.Equal(sizes.OrderDescending(), sizes);
        Assert.True(sizes[^1] < 0.9 * sizes[0]);
        Assert.True(report.Neurons - report.Steps[^1].Removed <= 0.3 * report.Neurons);
    }

    [Fact]
    public void Costs_OfNeurons_AreTheRisesOfTheLossWithoutThem()
    {
        var network = Harness.Trainable(NetSpec.Of("64-9:ReLU-6:ReLU-10", Loss.SoftmaxCrossEntropy, batch: 20), seed: 2);
        network.Fit(Data, epochs: 3, cancellationToken: TestContext.Current.CancellationToken);

        // One that nothing takes costs nothing.
        var weight = network.Parameters.Single(p => p.Name == "layer3.weight");
        weight.CopyFrom([.. weight.ToArray().Select((w, i) => i % 6 == 4 ? 0 : w)]);
        var report = Pruning.Run(network, Data, new PruningOptions { RoundShare = 0, KeptShare = 0.9, HoldMean = false });
        Assert.Equal(15, report.Neurons);
        Assert.Equal(15, report.Costs.Count);
        Assert.Contains(new NeuronCost("layer2", 4, 0), report.Costs.TakeWhile(cost => cost.Cost <= 0));
        Assert.Equal(report.Costs.OrderBy(cost => cost.Cost).Select(cost => cost.Cost), report.Costs.Select(cost => cost.Cost));
        var whole = network.ComputeLoss(network.Predict(Data.Inputs.ToArray()), OneHot());
        foreach (var cost in report.Costs)
        {
            var outputs = new float[Data.Count * 10];
            new NetworkInspector(network).Predict(Data.Inputs, outputs, NeuronMask.Off(cost.Layer, cost.Neuron));
            Assert.Equal(network.ComputeLoss(outputs, OneHot()) - whole, cost.Cost, 1e-5);
        }

        // One at a time, the cheapest first.
        Assert.Equal([0, 1, 2], report.Steps.Select(step => step.Removed));
        Assert.Equal(report.Costs[0].Cost, report.Steps[1].Loss - report.Steps[0].Loss, 1e-6);

        static float[] OneHot() => TestData.ToFloats(TestData.OneHot(Data.Labels.ToArray(), 10));
    }

    [Fact]
    public void Run_HoldingMeans_LosesLessThanZeros()
    {
        var network = Harness.Trainable(NetSpec.Of("64-30:Sigmoid-10", Loss.SoftmaxCrossEntropy, batch: 20), seed: 3);
        network.Fit(Data, epochs: 20, cancellationToken: TestContext.Current.CancellationToken);
        var (means, zeros) = (Run(true), Run(false));
        Assert.True(means.Loss < zeros.Loss, $"{means} is not better than {zeros}.");
        Assert.True(means.Accuracy > 0.9);

        PruningStep Run(bool holdMean) => Pruning.Run(network, Data, new PruningOptions { KeptShare = 0.6, RoundShare = 0, HoldMean = holdMean }).Steps[^1];
    }

    [Fact]
    public void Source_OfExport_KeepsEveryOption()
    {
        // Named arguments come in the order of the properties.
        const string Source = """
            using NetGen;

            namespace My;

            /// <summary>A net.</summary>
            [Network]
            [Input(4, Scale = 0.5, Offset = -1, Name = "x")]
            [Dense(6, Activation.LeakyReLU, Bias = false, NegativeSlope = 0.2, WeightInitializer = Initializer.HeUniform, Name = "first")]
            [BatchNorm(From = new[] { "first" }, Momentum = 0.25, Epsilon = 0.001)]
            [Activation(Activation.ELU, Alpha = 0.5)]
            [Dropout(0.25)]
            [Dense(3, Unroll = Unrolling.None, TileRows = 2)]
            [Train(Loss.Huber, Optimizer.Adam, LearningRate = 0.003, BatchSize = 5, HuberDelta = 0.7, WeightDecay = 0.0001, ClipNorm = 2)]
            public partial class Whole;
            """;
        var network = (ITrainableNetwork)Harness.Compile(Source).Create("My.Whole");
        var data = new Dataset(TestData.Inputs(30, 4, seed: 1), 4, TestData.Uniform(90, 1, seed: 2), 3);
        var report = Pruning.Run(network, data, new PruningOptions { RoundShare = 0, KeptShare = 0.7 });
        Assert.Equal([0, 1, 2], report.Steps.Select(step => step.Removed));
        var expected = Source.Replace("A net.", "Whole without 2 of its 6 hidden neurons.", StringComparison.Ordinal)
            .Replace("Dense(6", "Dense(4", StringComparison.Ordinal).Replace("class Whole", "class Small", StringComparison.Ordinal)
            .Replace("new[]", "new string[]", StringComparison.Ordinal).ReplaceLineEndings("\n") + "\n";
        Assert.Equal(expected, report.Export(report.Steps[2], "Small").Source);
        var small = Assert.IsAssignableFrom<ITrainableNetwork>(Harness.Compile(expected).Create("My.Small"));
        Assert.Equal(4, Assert.IsType<DenseNode>(small.Nodes[1]).Units);
        Assert.StartsWith("using NetGen;\n\n/// <summary>", report.Export(report.Steps[2], "Small", "").Source, StringComparison.Ordinal);
        Assert.True(double.IsNaN(report.Steps[0].Accuracy));
        Assert.Contains("–", report.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("removed,parameters_left,loss,accuracy\n0,57,", report.ToCsv(), StringComparison.Ordinal);
        Assert.Same(report.Steps[2], report.Smallest(1000));
    }

    [Fact]
    public void Arguments_ThatFitNothing_AreNamed()
    {
        var network = Harness.Trainable(NetSpec.Of("64-5:ReLU-10", Loss.SoftmaxCrossEntropy));
        var flat = Harness.Trainable(NetSpec.Of("64-5-LayerNorm-10", Loss.SoftmaxCrossEntropy));
        Throws("through a batch normalisation, say, but no softmax", () => Pruning.Run(flat, Data));
        Throws("options.RoundShare must be from 0 to below 1, but is 1", () => Pruning.Run(network, Data, new() { RoundShare = 1 }));
        Throws("options.KeptShare must be from 0 to 1, but is NaN", () => Pruning.Run(network, Data, new() { KeptShare = double.NaN }));
        Throws("data must have 64 inputs a sample as the network has, but has 2", () => Pruning.Run(network, new Dataset([[1f, 2]], [0], 1)));
        var report = Pruning.Run(network, Data, new PruningOptions { KeptShare = 0.9 });
        Throws("must be a name of C#, letters, digits and underscores, but is \"9a\"", () => report.Export(report.Steps[0], "9a"));
        Throws("classNamespace must be a name of C#", () => report.Export(report.Steps[0], "A", "B..C"));
        Throws("step must be one of this report's Steps", () => report.Export(report.Steps[0] with { }, "A"));
        Assert.Throws<ArgumentOutOfRangeException>("lossRise", () => report.Smallest(-1));

        static void Throws(string expected, Action action) =>
            Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
    }
}
