using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Inspection;

/// <summary>Neurons switched off: in an inspector, and by the weights that lead on from them.</summary>
public class MaskTests
{
    private static readonly NetSpec Spec = NetSpec.Of("6-20:ReLU-BatchNorm-Tanh-30:Sigmoid-4", Loss.HalfSquaredError);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData(1)]
    [InlineData(500)]
    public void Predict_WithNeuronsOff_EqualsTheNetWhoseWeightsFromThemAreZero(int samples)
    {
        var network = RandomNets.Create(Spec, 1);
        var x = TestData.Inputs(samples, 6, seed: 1);
        var look = new NetworkInspector(network).Inspect(x);
        Near.Single(
            Switched(network, x, ("layer4", i => i is 3 or 19)), look.Predict(NeuronMask.Off("layer3", 3, 19)), "off");
        Near.Single(
            Switched(network, x, ("layer4", i => i != 7)), look.Predict(NeuronMask.Only("layer3", 7)), "only");
        Near.Single(
            Switched(network, x, ("layer5", i => i % 3 == 0)), look.Predict(NeuronMask.Where("layer4", i => i % 3 != 0)), "where");
        Near.Single(
            Switched(network, x, ("layer1", i => i == 5), ("layer5", i => i < 2), ("layer4", i => i == 1)),
            look.Predict(NeuronMask.Off("layer3", 1), NeuronMask.Off("layer4", 0), NeuronMask.Off("input", 5), NeuronMask.Off("layer4", 1)),
            "several");
        Near.Single(TestData.ToDoubles(network.Predict(x)), look.Predict(), "none, afterwards");
    }

    [Fact]
    public void Predict_WithNeuronHeld_EqualsTheNetWhoseBiasHasItsShare()
    {
        var network = RandomNets.Create(Spec, 2);
        var x = TestData.Inputs(7, 6, seed: 1);
        var held = new NetworkInspector(network).Inspect(x).Predict(NeuronMask.Hold("layer4", 11, 2.5f));
        var (weight, bias) = (network.Parameters.Single(p => p.Name == "layer5.weight"), network.Parameters.Single(p => p.Name == "layer5.bias"));
        var share = weight.ToArray();
        bias.CopyFrom([.. bias.ToArray().Select((b, unit) => b + 2.5f * share[unit * 30 + 11])]);
        Near.Single(Switched(network, x, ("layer5", i => i == 11)), held, "held");
    }

    [Fact]
    public void Values_OfMaskedNode_AreTheHeldOnesAndBehindItOthers()
    {
        var network = RandomNets.Create(Spec, 3);
        var look = new NetworkInspector(network).Inspect(TestData.Inputs(5, 6, seed: 1));
        var (before, masked) = (look.Values("layer4"), look.Values("layer4", NeuronMask.Off("layer4", 2), NeuronMask.Hold("layer4", 4, -3)));
        for (var i = 0; i < before.Length; i++)
        {
            Assert.Equal((i % 30) switch { 2 => 0, 4 => -3, _ => before[i] }, masked[i]);
        }

        Assert.Equal(look.Values("layer3"), look.Values("layer3", NeuronMask.Off("layer4", 2)));
        Assert.NotEqual(look.Values("layer4"), look.Values("layer4", NeuronMask.Off("layer1", 0, 1, 2, 3)));
        Assert.Equal(before, look.Values("layer4", NeuronMask.Off("layer1")));
        Assert.Equal(before, look.Values("layer4"));
    }

    [Fact]
    public void Inspect_WithMasks_HoldsThemInValuesAndGradients()
    {
        var network = RandomNets.Create(Spec, 8);
        var x = TestData.Inputs(300, 6, seed: 1);
        var held = new NetworkInspector(network).Inspect(x, NeuronMask.Off("layer3", 3, 19), NeuronMask.Off("layer4", 0), NeuronMask.Off("input", 2));
        Near.Single(Switched(network, x, ("layer1", i => i == 2), ("layer4", i => i is 3 or 19), ("layer5", i => i == 0)), held.Predict(), "predictions");
        Near.Single(
            Switched(network, x, ("layer1", i => i == 2), ("layer4", i => i is 3 or 19 or 5), ("layer5", i => i == 0)),
            held.Predict(NeuronMask.Off("layer3", 5)),
            "predictions with one more");
        Assert.All(held.Values("input").Where((_, i) => i % 6 == 2), value => Assert.Equal(0, value));
        Assert.All(held.Values("layer3").Where((_, i) => i % 20 is 3 or 19), value => Assert.Equal(0, value));
        var masked = held.OutputGradients("layer1", 1);
        Assert.NotEqual(new NetworkInspector(network).OutputGradients("layer1", x, 1), masked);
        foreach (var (layer, isOff) in (ReadOnlySpan<(string, Func<int, bool>)>)[("layer1", i => i == 2), ("layer4", i => i is 3 or 19), ("layer5", i => i == 0)])
        {
            SwitchOff(network, layer, isOff);
        }

        Near.Single(TestData.ToDoubles(new NetworkInspector(network).OutputGradients("layer1", x, 1)), masked, "gradients");
    }

    [Fact]
    public void Inspection_KeepsItsParametersAndTheInspectorReadsNewOnes()
    {
        var network = RandomNets.Create(Spec, 4);
        var inspector = new NetworkInspector(network);
        var x = TestData.Inputs(3, 6, seed: 1);
        var old = network.Predict(x);
        var look = inspector.Inspect(x);
        network.Randomize(5);
        var outputs = new float[old.Length];
        inspector.Predict(x, outputs);
        Near.Single(TestData.ToDoubles(network.Predict(x)), outputs, "new");
        Near.Single(TestData.ToDoubles(old), look.Predict(), "old");
    }

    [Fact]
    public void Inspection_ByManyCallersAtOnce_GivesEachTheSame()
    {
        var network = RandomNets.Create(Spec, 6);
        var x = TestData.Inputs(700, 6, seed: 1);
        var alone = Enumerable.Range(0, 20).Select(i => new NetworkInspector(network).Inspect(x).Predict(NeuronMask.Off("layer1", i))).ToArray();
        var look = new NetworkInspector(network).Inspect(x);
        Parallel.For(0, 100, i => Near.SameBits(alone[i % 20], look.Predict(NeuronMask.Off("layer1", i % 20)), "masked"));
    }

    [Fact]
    public void Arguments_ThatFitNothing_AreNamedWithWhatWasExpected()
    {
        var inspector = new NetworkInspector(RandomNets.Create(Spec, 7));
        var x = TestData.Inputs(2, 6, seed: 1);
        var names = "input, layer1.z, layer1, layer2, layer3, layer4.z, layer4, layer5";
        Throws("node must be one of " + names + ", but is 'layer6'", () => inspector.Values("layer6", x));
        Throws("masks must be one of " + names + ", but is 'Layer1'", () => inspector.Values("layer1", x, NeuronMask.Off("Layer1", 0)));
        Throws("from 0 to 19, but is 20", () => inspector.Values("layer5", x, NeuronMask.Off("layer1", 20)));
        Throws("from 0 to 19, but is -1", () => inspector.Values("layer5", x, NeuronMask.Hold("layer1", -1, 0)));
        Throws("'layer1.z'", () => inspector.Values("layer5", x, NeuronMask.Off("layer1.z", 0)));
        Throws("whole rows of 6 numbers, but has 11", () => inspector.Values("layer1", x.AsSpan(1)));
        Throws("whole rows of 6 numbers, but has 0", () => inspector.Inspect([]));
        Throws("output must be from 0 to 3, but is 4", () => inspector.OutputGradients("layer1", x, 4));
        Throws("A row of 4 targets for each of 2 samples has 8 numbers, but targets has 7", () => inspector.LossGradients("layer1", x, new float[7]));
        Throws("labels[1] must be from 0 to 3, but is 4", () => inspector.LossGradients("layer1", x, [0, 4]));
        Throws("must hold 8 numbers (2 samples of 4), but has 7", () => inspector.Predict(x, new float[7]));
        inspector.Predict([], []);
        var only = new NetworkInspector(Harness.Network(NetSpec.Of("2-3")));
        Assert.Contains("[Train]", Assert.Throws<InvalidOperationException>(() => only.LossGradients("layer1", [1, 2], new float[3])).Message, StringComparison.Ordinal);

        static void Throws(string expected, Action action) =>
            Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_OfEveryKind_SayWhatWasDeclared()
    {
        const string Source = """
            using NetGen;

            /// <summary>A net.</summary>
            [Network]
            [Input(2, 3, Name = "picture")]
            [Activation(Activation.ELU, Alpha = 0.25)]
            [Dropout(0.125, Name = "drop")]
            public partial class Shaped;

            /// <summary>A net.</summary>
            [Network]
            [Input(4)]
            [GaussianNoise(0.5)]
            [Dense(3, Activation.LeakyReLU, NegativeSlope = 0.2, Bias = false)]
            [BatchNorm(Momentum = 0.3, Epsilon = 1e-4)]
            [LayerNorm(Epsilon = 2e-4)]
            [Dense(2)]
            public partial class Flat;
            """;
        var assembly = Harness.Compile(Source);
        var shaped = assembly.Create("Shaped").Nodes;
        Assert.Equal(["picture: Input [2, 3]", "layer1: Activation [2, 3]", "drop: Dropout [2, 3]"], shaped.Select(node => node.ToString()));
        Assert.Equal(["picture"], shaped[1].From);
        Assert.Equal(new NodeActivation(Activation.ELU, 0.25), Assert.IsType<ActivationNode>(shaped[1]).Activation);
        Assert.Equal(0.125, Assert.IsType<DropoutNode>(shaped[2]).Rate);
        Assert.Equal(6, shaped[2].Size);
        var flat = assembly.Create("Flat").Nodes;
        Assert.Equal(0.5, Assert.IsType<GaussianNoiseNode>(flat[1]).Deviation);
        var dense = Assert.IsType<DenseNode>(flat[2]);
        Assert.Equal((3, false, new NodeActivation(Activation.LeakyReLU, 0.2)), (dense.Units, dense.Bias, dense.Activation));
        Assert.Equal(["layer1"], dense.From);
        var batchNorm = Assert.IsType<BatchNormNode>(flat[3]);
        Assert.Equal((0.3, 1e-4), (batchNorm.Momentum, batchNorm.Epsilon));
        Assert.Equal(2e-4, Assert.IsType<LayerNormNode>(flat[4]).Epsilon);
        Assert.Equal((true, NodeActivation.Identity), (Assert.IsType<DenseNode>(flat[5]).Bias, ((DenseNode)flat[5]).Activation));
        Assert.Same(flat, assembly.Create("Flat").Nodes);
    }

    /// <summary>What the net predicts when the weights of given layers from given inputs are zero; it gets its own back.</summary>
    private static double[] Switched(INetwork network, float[] x, params (string Layer, Func<int, bool> IsOff)[] switches)
    {
        var weights = network.Parameters.Select(p => p.ToArray()).ToArray();
        foreach (var (layer, isOff) in switches)
        {
            SwitchOff(network, layer, isOff);
        }

        var y = TestData.ToDoubles(network.Predict(x));
        for (var p = 0; p < weights.Length; p++)
        {
            network.Parameters[p].CopyFrom(weights[p]);
        }

        return y;
    }

    private static void SwitchOff(INetwork network, string layer, Func<int, bool> isOff)
    {
        var weight = network.Parameters.Single(p => p.Name == layer + ".weight");
        var width = weight.Shape[1];
        weight.CopyFrom([.. weight.ToArray().Select((w, i) => isOff(i % width) ? 0 : w)]);
    }
}
