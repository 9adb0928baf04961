using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Products and biases as layers of their own: what they compute, and that a product has the bias after it.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class BiasTests
{
    [Theory]
    [InlineData("7 Linear(5)", 3)]
    [InlineData("7 Linear(5) Bias", 17)]
    [InlineData("7 Linear(33) Bias GELU Linear(1) Bias", 33)]
    [InlineData("40 Linear(17) Tanh Bias Softmax Linear(3)", 9)]
    [InlineData("5 Bias", 3)]
    [InlineData("5 Bias Bias ReLU Bias SiLU 3 Bias", 17)]
    [InlineData("20 Bias BatchNorm Bias Dropout(0.2) Bias LayerNorm Bias 3", 17)]
    [InlineData("1 Bias Tanh 70:Tanh Bias GELU Bias", 16)]
    [InlineData("6 a=9!:Tanh b=Bias c=Linear(9)@a d=Bias@c Add(b,d,c) Bias Sigmoid Concat(layer7,a) Bias 3", 9)]
    [InlineData("6 a=Linear(5) b=Linear(5)@input Bias@a Bias@b Multiply(layer3,layer4) Bias", 9)]
    [InlineData("6 a=9! Bias b=9!~a@input Bias Add(layer2,layer4) Tanh 3", 9)]
    [InlineData("3x4x5 Bias", 3)]
    [InlineData("3x4x5 Bias GELU Bias Tanh Conv(6,3,same,nobias) Bias ReLU Conv(5,3,nobias) BatchNorm Bias SiLU Bias Flatten 3", 17)]
    [InlineData("17x3 Bias Conv1(4,2,nobias) Bias MaxPool1(2) Bias Sigmoid GlobalAvgPool Bias", 33)]
    [InlineData("2x4x4 a=Conv(3,3,same,nobias) Bias@a b=Conv(3,1)@a Add(layer2,b) Bias SiLU AvgPool(2) Dropout(0.2) Bias Flatten 3", 16)]
    public void Network_WithBiases_AgreesWithReference(string net, int batch)
    {
        var spec = GraphText.Of(net, Loss.HalfSquaredError, batch);
        Oracle.Agrees(Harness.Trainable(spec), spec, seed: batch, predictions: [1, 2, 16, 17, 40], scale: 5);
    }

    [Theory]
    [InlineData("Sgd", 0.9, null)]
    [InlineData("Adam", null, null)]
    [InlineData("Adam", null, 0.3)]
    public void Step_OfOptimizer_AgreesWithReference(string optimizer, double? momentum, double? clip)
    {
        var options = new OptimizerSpec(Enum.Parse<Optimizer>(optimizer)) { Momentum = momentum, ClipNorm = clip, Epsilon = optimizer == "Adam" ? 1e-3 : null };
        foreach (var net in (string[])["3x4x5 Bias GELU Conv(6,3,nobias) Bias Bias Flatten Bias Linear(4) Bias", "37 Tanh Bias Linear(40) Bias ReLU Bias LayerNorm Bias 3"])
        {
            var spec = GraphText.Of(net, Loss.HalfSquaredError, 17, 0.01, options);
            Oracle.Agrees(Harness.Trainable(spec), spec, seed: 9, batches: [17, 17, 5, 17], predictions: [3], scale: 5);
        }
    }

    /// <summary>The lecture's bricks are a dense layer: the same kernels, so the same bits.</summary>
    [Theory]
    [InlineData("7 Linear(33) Bias GELU Linear(5) Bias", "7 33:GELU 5")]
    [InlineData("2 Linear(5) Bias Sigmoid Linear(2) Bias Sigmoid", "2 5:Sigmoid 2:Sigmoid")]
    [InlineData("3x4x5 Conv(6,3,nobias) Bias ReLU ConvT(4,2,s2,nobias) Bias Tanh Flatten Linear(3)", "3x4x5 Conv(6,3):ReLU ConvT(4,2,s2):Tanh Flatten 3!")]
    public void Bricks_OfALayer_GiveItsBits(string bricks, string layers)
    {
        foreach (var optimizer in (OptimizerSpec[])[new(Optimizer.Sgd), new(Optimizer.Adam)])
        {
            var one = Harness.Trainable(GraphText.Of(bricks, Loss.HalfSquaredError, 30, optimizer: optimizer), seed: 3);
            var other = Harness.Trainable(GraphText.Of(layers, Loss.HalfSquaredError, 30, optimizer: optimizer), seed: 3);
            Near.SameBits(other.AllParameters(), one.AllParameters(), "at the start");
            for (var step = 0; step < 3; step++)
            {
                var x = TestData.Inputs(30, one.InputSize, seed: step);
                var t = TestData.Targets(Loss.HalfSquaredError, 30, one.OutputSize, seed: 10 + step);
                Assert.Equal(other.TrainBatch(x, t), one.TrainBatch(x, t));
            }

            Near.SameBits(other.AllParameters(), one.AllParameters(), "after steps");
        }
    }

    /// <summary>Parameters bear their own layers' names, whether or not the product has the bias.</summary>
    [Fact]
    public void Parameters_OfBricks_BearTheirLayersNames()
    {
        var network = Harness.Network(GraphText.Of("7 first=Linear(4) lift=Bias Tanh up=Linear(3)"));
        Assert.Equal(["first.weight", "lift.bias", "up.weight"], network.Parameters.Select(p => p.Name));
        Assert.Equal([[4, 7], [4], [3, 4]], network.Parameters.Select(p => p.Shape.ToArray()));
        Assert.All(network.Parameters[1].ToArray(), b => Assert.Equal(0, b));
    }

    /// <summary>A frozen bias after a product that learns, and the other way round, are no one layer.</summary>
    [Theory]
    [InlineData("first=Linear(4) lift=Bias(frozen) Tanh up=Linear(3)", "lift.bias")]
    [InlineData("first=Conv(4,2,nobias) lift=Bias(frozen) Tanh Flatten up=Linear(3)", "lift.bias")]
    public void Step_WithFrozenBias_LeavesItAlone(string net, string frozen)
    {
        var shape = net.Contains("Conv", StringComparison.Ordinal) ? "2x3x4" : "24";
        var spec = GraphText.Of($"{shape} {net}", Loss.HalfSquaredError, 9);
        var network = Harness.Trainable(spec).Randomize(1);
        var reference = network.ToReference(spec);
        var before = network.Parameters.ToDictionary(p => p.Name, p => p.ToArray());
        var (x, t) = (TestData.Inputs(9, 24, seed: 1), TestData.Targets(Loss.HalfSquaredError, 9, 3, seed: 2));
        network.TrainBatch(x, t);
        reference.TrainBatch(TestData.ToDoubles(x), TestData.ToDoubles(t));
        for (var p = 0; p < network.Parameters.Count; p++)
        {
            var (name, after) = (network.Parameters[p].Name, network.Parameters[p].ToArray());
            Assert.Equal(name == frozen, before[name].AsSpan().SequenceEqual(after));
            Near.Single(reference.Parameters[p].Values, after, name);
        }
    }

    [Theory]
    [InlineData("3x4x5 Bias GELU Conv(6,3,nobias) Bias Bias Tanh AvgPool(2) Bias")]
    [InlineData("37 Bias Tanh Bias Linear(40) Bias ReLU Bias")]
    public void Predict_OfManySamples_IsBitForBitPredictOfEach(string net)
    {
        var spec = GraphText.Of(net);
        var network = Harness.Network(spec).Randomize(seed: 1);
        foreach (var samples in (int[])[1, 2, 15, 16, 17, 40])
        {
            var x = TestData.Inputs(samples, spec.Inputs, seed: samples);
            var together = network.Predict(x);
            for (var n = 0; n < samples; n++)
            {
                var alone = network.Predict(x.AsSpan(n * spec.Inputs, spec.Inputs).ToArray());
                Near.SameBits(alone, together.AsSpan(n * spec.Outputs, spec.Outputs), $"sample {n} of {samples}");
            }
        }
    }
}
