using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Inspection;

/// <summary>Inspectors of networks with images, sequences and joins, against what generated code predicts and learns.</summary>
public class ImageInspectorTests
{
    private const int Graphs = 40;

    private static readonly Lazy<GeneratedAssembly> RandomOnes = new(() => Harness.Compile(
        "using NetGen;\n" + string.Concat(Enumerable.Range(1, Graphs).Select(seed => RandomGraphs.Draw(seed).ToClass($"Net{seed}")))));

    public static TheoryData<string> Nets { get; } = [.. ImageNets.Names];

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(1, Graphs)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void PredictAndLossGradients_OfRandomGraph_AreThoseOfTheNetwork(int seed)
    {
        var network = Assert.IsAssignableFrom<ITrainableNetwork>(RandomOnes.Value.Create($"Net{seed}")).Randomize(seed);
        RandomNets.RandomizeBuffers(network, seed);
        var x = TestData.Inputs(4, network.InputSize, seed);
        var inspector = new NetworkInspector(network);
        Agrees(network.Predict(x), inspector.Inspect(x).Predict(), "predictions");

        // One sample's features are normalised by the running figures, as in predictions; its images by figures of their own.
        if (network.Nodes.Any(node => node is DropoutNode or GaussianNoiseNode or BatchNormNode { Shape.Length: > 1 }))
        {
            return;
        }

        var gradients = network.CreateGradients();
        var one = x.AsSpan(0, network.InputSize);
        var spec = RandomGraphs.Draw(seed);
        var t = spec.Targets(1, seed);
        network.ComputeGradients(one, t, gradients);
        Agrees(gradients.Inputs.ToArray(), [.. spec.AllInputs.SelectMany(input => inspector.LossGradients(input.Name, x.AsSpan(0, network.InputSize), t))], "gradients");

        static void Agrees(float[] expected, float[] actual, string what)
        {
            var largest = expected.Max(Math.Abs);
            Near.Each(TestData.ToDoubles(expected), actual, what, e => 1e-6 + 2e-4 * largest + 1e-3 * Math.Abs(e));
        }
    }

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(Nets))]
    public void Predict_OfImages_IsThatOfTheNetwork(string net)
    {
        var network = ImageNets.Create(net, seed: 1);
        foreach (var samples in (int[])[1, 5, 50])
        {
            var x = TestData.Inputs(samples, network.InputSize, seed: samples);
            Near.Single(TestData.ToDoubles(network.Predict(x)), new NetworkInspector(network).Inspect(x).Predict(), $"{net}, {samples}");
        }
    }

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(Nets))]
    public void LossGradients_OfImages_AreThoseOfAStep(string net)
    {
        var network = ImageNets.Create(net, seed: 2);
        var gradients = network.CreateGradients();
        var inspector = new NetworkInspector(network);

        foreach (var samples in (int[])[1, 8])
        {
            var x = TestData.Inputs(samples, network.InputSize, seed: 3);
            var t = TestData.Targets(network.Loss, samples, network.OutputSize, seed: 4);
            network.ComputeGradients(x, t, gradients);
            var name = network.Nodes[0].Name;
            Near.Single(TestData.ToDoubles(gradients.Inputs), inspector.LossGradients(name, x, t), "inputs");
            for (var p = 0; p < network.Parameters.Count; p++)
            {
                if (network.Parameters[p].Name.EndsWith(".bias", StringComparison.Ordinal))
                {
                    BiasAgrees(network.Nodes.Single(node => network.Parameters[p].Name == node.Name + ".bias"), gradients.Parameters[p]);
                }
            }

            void BiasAgrees(NetworkNode node, Parameter expected)
            {
                // What is added everywhere in a channel: its gradient is the sum.
                var value = node is BatchNormNode or BiasNode ? node.Name : node.Name + ".z";
                var (numbers, places) = (inspector.LossGradients(value, x, t), node.Size / node.Shape[0]);
                var sums = new double[node.Shape[0]];
                for (var i = 0; i < numbers.Length; i++)
                {
                    sums[i / places % sums.Length] += numbers[i];
                }

                Near.Single(TestData.ToDoubles(expected.ToArray()), TestData.ToFloats(sums), value);
            }
        }
    }

    [Fact]
    public void Names_OfImages_HaveTheValuesBeforeActivationsOfConvolutions()
    {
        var inspector = new NetworkInspector(ImageNets.Create("Branches", 1));
        Assert.Equal(["x", "a.z", "a", "b", "c", "all", "gate.z", "gate", "layer6", "layer7", "layer8", "layer9"], inspector.Names);
        Assert.Equal(270, inspector.SizeOf("gate.z"));
        var x = TestData.Inputs(3, 60, seed: 1);
        Assert.Equal(inspector.Values("b", x), inspector.Values("b.z", x));
        Assert.Equal(inspector.Values("layer6", x), inspector.Values("layer7", x));
    }

    [Fact]
    public void Values_OfJoins_StandOneAfterTheOther()
    {
        var look = new NetworkInspector(ImageNets.Create("Branches", 2)).Inspect(TestData.Inputs(4, 60, seed: 1));
        var (a, b, c, all) = (look.Values("a"), look.Values("b"), look.Values("c"), look.Values("all"));
        var gated = look.Values("layer6");
        var gate = look.Values("gate");
        for (var sample = 0; sample < 4; sample++)
        {
            float[] expected = [.. a.AsSpan(sample * 90, 90), .. b.AsSpan(sample * 120, 120), .. c.AsSpan(sample * 60, 60)];
            Assert.Equal(expected, all[(sample * 270)..((sample + 1) * 270)]);
        }

        Assert.Equal(all.Zip(gate, (number, share) => number * share), gated);
    }

    [Fact]
    public void Inspect_OfLargeImages_GivesEachSampleItsOwn()
    {
        // Four samples at most pass at once.
        const string Source = """
            using NetGen;

            /// <summary>A net.</summary>
            [Network]
            [Input(1, 64, 64)]
            [Conv2D(64, 3, Activation.ReLU, Padding = 1)]
            [GlobalAvgPool]
            [Dense(3)]
            public partial class Large;
            """;
        var network = Harness.Compile(Source).Create("Large").Randomize(1);
        var x = TestData.Inputs(9, 4096, seed: 1);
        var look = new NetworkInspector(network).Inspect(x);
        Near.Single(TestData.ToDoubles(network.Predict(x)), look.Predict(), "predictions");
        var gradients = look.OutputGradients("input", 2);
        var last = new NetworkInspector(network).OutputGradients("input", x.AsSpan(8 * 4096), 2);
        Near.SameBits(last, gradients.AsSpan(8 * 4096), "gradients of the last sample");
    }

    [Fact]
    public void OutputGradients_OfLargestNumbers_GoToTheFirst()
    {
        const string Source = """
            using NetGen;

            /// <summary>A net.</summary>
            [Network]
            [Input(1, 2, 4)]
            [MaxPool2D(2)]
            [Flatten]
            public partial class Ties;
            """;
        var inspector = new NetworkInspector(Harness.Compile(Source).Create("Ties"));
        float[] x = [1, 3, 2, 2, 3, 3, 2, 2];
        Assert.Equal([3, 2], inspector.Values("layer2", x));
        Assert.Equal([0, 1, 0, 0, 0, 0, 0, 0], inspector.OutputGradients("input", x, 0));
        Assert.Equal([0, 0, 1, 0, 0, 0, 0, 0], inspector.OutputGradients("input", x, 1));
    }

    [Fact]
    public void Masks_OfChannels_EqualTheNetWhoseKernelsFromThemAreZero()
    {
        var network = ImageNets.Create("Classic", 3);
        var x = TestData.Inputs(20, 144, seed: 1);
        var look = new NetworkInspector(network).Inspect(x);
        var (off, only) = (look.Predict(NeuronMask.ChannelsOff("layer2", 1, 4)), look.Predict(NeuronMask.OnlyChannels("layer2", 0, 2, 3, 5)));
        int[] numbers = [.. Enumerable.Range(36, 36), .. Enumerable.Range(4 * 36, 36)];
        Near.SameBits(off, only, "all but the others");
        Near.SameBits(off, look.Predict(NeuronMask.Off("layer2", numbers)), "their numbers");
        Assert.All(look.Values("layer2", NeuronMask.ChannelsOff("layer2", 5)).Where((_, i) => i / 36 % 6 == 5), number => Assert.Equal(0, number));

        var weight = network.Parameters.Single(p => p.Name == "layer3.weight");
        weight.CopyFrom([.. weight.ToArray().Select((w, i) => i / 9 % 6 is 1 or 4 ? 0 : w)]);
        Near.Single(TestData.ToDoubles(network.Predict(x)), off, "channels off");
        Near.SameBits(look.Predict(NeuronMask.Off("layer6", 3)), look.Predict(NeuronMask.ChannelsOff("layer6", 3)), "features");
        Assert.Contains(
            "A mask's channel of layer2 must be from 0 to 5, but is 6",
            Assert.ThrowsAny<ArgumentException>(() => look.Predict(NeuronMask.ChannelsOff("layer2", 6))).Message,
            StringComparison.Ordinal);
    }
}
