using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Weights that several layers use: against the oracle, by every way that an optimiser goes, and what a network tells of them.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class SharedWeightTests
{
    public static TheoryData<string> Nets { get; } =
    [
        "a:7 b:7 x=9:Tanh@a y=9:SiLU~x@b Concat(x,y) 33:ReLU 3",
        "5 a=5:Tanh b=5:Tanh~a c=5:Sigmoid~b 3",
        "6 a=6! b=6!~a Add(a,b) 2",
        "a:2x5x4 b:2x7x6 f=Conv(4,3,same):Tanh@a g=Conv(4,3,s2):GELU~f@b GlobalAvgPool h=GlobalAvgPool@f Add(layer3,h) 3",
        "3x12 a=Conv1(3,3,same):Tanh b=Conv1(3,3,d2,p2):Tanh~a Conv1(3,3):ReLU~a Flatten 2",
        "9 a=9:ReLU BatchNorm b=9:Tanh~a Dropout(0.2) c=9~a LayerNorm 4",
        "4x3x3 a=ConvT(4,3,p1):Tanh b=ConvT(4,3,s2)~a Flatten 3",
        "5 a=Linear(5) b=Bias c=Linear(5)~a d=Bias ReLU 3",
        "4x4x4 a=Conv(4,3,same,g2) BatchNorm ReLU b=Conv(4,3,same,g2)~a Flatten 3",
    ];

    public static TheoryData<string> Optimizers => GraphTests.Optimizers;

    [Theory]
    [MemberData(nameof(Nets))]
    public void Network_OfSharedWeights_AgreesWithReference(string net)
    {
        foreach (var optimizer in (OptimizerSpec[])[new(Optimizer.Sgd), new(Optimizer.Adam) { Epsilon = 0.01 }, new(Optimizer.Sgd) { Momentum = 0.9 }])
        {
            var spec = GraphText.Of(net, Loss.HalfSquaredError, batch: 17, rate: 0.02, optimizer);
            Oracle.Agrees(Harness.Trainable(spec), spec, seed: 5, batches: [17, 9, 17], predictions: [1, 5, 40], scale: 5);
        }
    }

    /// <summary>Many samples, whose sums come in several goes, and a penalty, a limit and a frozen layer on what is shared.</summary>
    [Fact]
    public void Step_WithRulesOnSharedWeights_AgreesWithReference()
    {
        foreach (var rules in (RuleSpec[])[new() { WeightL1 = 0.01, BiasL2 = 0.1 }, new() { MaxNorm = 0.5 }, new() { Frozen = true }, new() { ActivityL2 = 0.1 }])
        {
            foreach (var optimizer in (OptimizerSpec[])[new(Optimizer.Sgd), new(Optimizer.Adam) { Epsilon = 0.01 }])
            {
                var spec = GraphText.Of("8 a=8:Tanh b=8:SiLU~a 3", Loss.HalfSquaredError, batch: 300, rate: 0.02, optimizer).With((1, rules));
                var network = Harness.Trainable(spec).Randomize(seed: 1);
                var reference = network.ToReference(spec);
                for (var step = 0; step < 3; step++)
                {
                    var (x, t) = (TestData.Inputs(300, 8, seed: step), spec.Targets(300, seed: 10 + step));
                    network.TrainBatch(x, t);
                    reference.TrainBatch(TestData.ToDoubles(x), TestData.ToDoubles(t));
                }

                for (var p = 0; p < reference.Parameters.Count; p++)
                {
                    Near.Each(reference.Parameters[p].Values, network.Parameters[p].ToArray(), $"{rules} {reference.Parameters[p].Name}", e => 1e-5 + 1e-4 * Math.Abs(e));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void Predict_OfManySamples_IsBitForBitPredictOfEach(string net)
    {
        var spec = GraphText.Of(net);
        var network = Harness.Network(spec).Randomize(seed: 1);
        var x = TestData.Inputs(37, spec.Inputs, seed: 2);
        var together = network.Predict(x);
        for (var n = 0; n < 37; n++)
        {
            Near.SameBits(network.Predict(x.AsSpan(n * spec.Inputs, spec.Inputs).ToArray()), together.AsSpan(n * spec.Outputs, spec.Outputs), $"sample {n}");
        }
    }

    [Fact]
    public void Network_OfSharedWeights_HasThemOnce()
    {
        var network = Harness.Trainable(GraphText.Of("5 a=5:Tanh b=5:Tanh~a c=5:Sigmoid~b 3", Loss.HalfSquaredError, batch: 4));
        Assert.Equal(["a.weight", "a.bias", "layer4.weight", "layer4.bias"], network.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(5 * 5 + 5 + 3 * 5 + 3, network.ParameterCount);
        Assert.Equal([null, null, "a", "a", null], network.Nodes.Select(node => node.SharedWith));
        Assert.Contains("48", network.Summary.Split('\n').Single(line => line.StartsWith("Total", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void Inspector_OfSharedWeights_PredictsAsTheNetwork(string net)
    {
        var spec = GraphText.Of(net);
        var network = Harness.Network(spec).Randomize(seed: 1);
        var x = TestData.Inputs(7, spec.Inputs, seed: 2);
        Near.Single(TestData.ToDoubles(network.Predict(x)), new NetworkInspector(network).Inspect(x).Predict(), net);
    }

    /// <summary>What would be removed from one layer would be removed from the other.</summary>
    [Fact]
    public void Pruning_LeavesLayersThatShareTheirWeights()
    {
        var network = Harness.Trainable(GraphText.Of("5 h=5:Tanh a=5:Tanh b=5:Tanh~a c=12:ReLU 3", Loss.HalfSquaredError, batch: 4)).Randomize(seed: 1);
        var data = new Dataset(TestData.Inputs(20, 5, seed: 1), 5, TestData.Inputs(20, 3, seed: 2), 3);
        Assert.Equal(["c"], Pruning.Run(network, data).Costs.Select(cost => cost.Layer).Distinct());
    }
}
