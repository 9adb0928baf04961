using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Inspection;

/// <summary>An inspector's values and gradients against predictions, steps and the oracle.</summary>
public class InspectorTests
{
    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(1, 30)];

    public static TheoryData<Activation, Loss> ActivationsAndLosses { get; } = [.. Sensible.Pairs];

    public static TheoryData<Activation> Activations { get; } = [.. Enum.GetValues<Activation>().Where(a => a != Activation.Custom)];

    [Fact]
    public void ValuesAndGradients_OfFunctionsOfTheClass_AreThoseOfPredictionsAndDifferences()
    {
        var spec = NetSpec.OfOwnLoss("5-7:Swish-4:Mish-2", "LogCosh", batch: 6);
        var network = RandomNets.Create(spec, 3);
        var inspector = new NetworkInspector(network);
        var x = TestData.Inputs(6, spec.Inputs, 1);
        Near.Single(TestData.ToDoubles(network.Predict(x)), inspector.Inspect(x).Values("layer3"), "predictions");

        var gradient = inspector.Inspect(x).OutputGradients("input", 1);
        const float Step = 1f / 64;
        for (var i = 0; i < spec.Inputs; i++)
        {
            var (above, below) = (x.ToArray(), x.ToArray());
            above[i] += Step;
            below[i] -= Step;
            Assert.Equal((network.Predict(above)[1] - network.Predict(below)[1]) / (2 * Step), gradient[i], 2e-3);
        }
    }

    /// <summary>Within one unit in the last place, from denormals to infinity; and each number's bits whatever stands around it.</summary>
    [Fact]
    [Trait(Widths.Trait, Widths.Every)]
    public void Values_OfTanh_AreThoseOfDoublePrecision()
    {
        var inspector = new NetworkInspector(Harness.Network(NetSpec.Of("1-Tanh")));
        float[] points =
        [
            0, -0f, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, 1e-3f, -1e-3f, MathF.BitIncrement(1e-3f), MathF.BitDecrement(1e-3f),
            .. Enumerable.Range(-1000, 2001).Select(i => MathF.ScaleB(1 + MathF.Abs(i % 7) / 7, i / 7) * (i % 2 == 0 ? 1 : -1)),
        ];
        var values = inspector.Values("layer1", points);
        for (var i = 0; i < points.Length; i++)
        {
            var expected = (float)Math.Tanh(points[i]);
            Assert.InRange(values[i], MathF.BitDecrement(expected), MathF.BitIncrement(expected));
        }

        Near.SameBits([.. points.Take(101).Select(point => inspector.Values("layer1", [point])[0])], values.AsSpan(0, 101).ToArray(), "one by one");
        Assert.Equal(float.NaN, inspector.Values("layer1", [float.NaN])[0]);
    }

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(Seeds))]
    public void Values_OfRandomNet_AreThoseOfItsPredictionsAndOfTheNetCutOffThere(int seed)
    {
        var spec = RandomNets.Draw(seed);
        var network = RandomNets.Create(spec, seed);
        var inspector = new NetworkInspector(network);
        var x = TestData.Inputs(1 + seed * 13, spec.Inputs, seed);
        var look = inspector.Inspect(x);
        var predictions = new float[look.Samples * network.OutputSize];
        inspector.Predict(x, predictions);
        Near.Single(TestData.ToDoubles(network.Predict(x)), predictions, "predictions");
        Near.SameBits(x, look.Values("input"), "inputs");
        for (var layers = 1; layers <= spec.Layers.Count; layers++)
        {
            var name = $"layer{layers}";
            Near.Single(Cut(spec, network, layers, x), look.Values(name), name);
            if (spec.Layers[layers - 1] is DenseSpec dense)
            {
                var before = spec with { Layers = [.. spec.Layers.Take(layers - 1), dense with { Function = new(Activation.Identity) }] };
                Near.Single(Cut(before, network, layers, x), look.Values(name + ".z"), name + ".z");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void OutputGradients_ThroughActivation_AgreeWithFiniteDifferences(Activation kind) =>
        GradientsAgree(NetSpec.Of($"5-9:{kind}-6-{kind}-3"), seed: (int)kind);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(Seeds))]
    public void OutputGradients_OfRandomNet_AgreeWithFiniteDifferences(int seed) => GradientsAgree(RandomNets.Draw(seed), seed);

    [Theory]
    [MemberData(nameof(ActivationsAndLosses))]
    public void LossGradients_OfEveryLoss_AreThoseOfAStep(Activation last, Loss loss)
    {
        var outputs = loss is Loss.GaussianNLL or Loss.NegativeBinomial ? 6 : 5;
        var spec = NetSpec.Of($"6-7:Tanh-LayerNorm-{outputs}:{last}", loss, batch: 300, huberDelta: 0.4);
        var network = Harness.Trainable(spec).Randomize(3);
        var (x, t) = (TestData.Inputs(300, 6, seed: 1), TestData.Targets(loss, 300, outputs, seed: 2));
        var gradients = network.CreateGradients();
        network.ComputeGradients(x, t, gradients);
        var inspector = new NetworkInspector(network);
        Near.Single(TestData.ToDoubles(gradients.Inputs), inspector.LossGradients("input", x, t), "inputs");

        // A bias is added to every sample: its gradient is the sum over them.
        Near.Single(TestData.ToDoubles(gradients.Parameters[1].ToArray()), Sums(inspector.LossGradients("layer1.z", x, t), 7), "layer1.z");
        Near.Single(TestData.ToDoubles(gradients.Parameters[3].ToArray()), Sums(inspector.LossGradients("layer2", x, t), 7), "layer2");
        Near.Single(TestData.ToDoubles(gradients.Parameters[5].ToArray()), Sums(inspector.LossGradients("layer3.z", x, t), outputs), "layer3.z");
        if (network is IClassifierNetwork classifier)
        {
            var labels = TestData.Labels(300, 5, seed: 3);
            classifier.ComputeGradients(x, labels, gradients);
            Near.Single(TestData.ToDoubles(gradients.Inputs), inspector.LossGradients("input", x, labels), "inputs, labels");
        }
    }

    [Theory]
    [InlineData("4-3:Softmax", Loss.CrossEntropy)]
    [InlineData("4-3:Sigmoid", Loss.BinaryCrossEntropy)]
    [InlineData("4-3:Softplus", Loss.Poisson)]
    public void LossGradients_OfTheOutputItself_AgreeWithFiniteDifferences(string net, Loss loss)
    {
        var network = Harness.Trainable(NetSpec.Of(net, loss)).Randomize(5);
        var (x, t) = (TestData.Inputs(2, 4, seed: 1), TestData.Targets(loss, 2, 3, seed: 2));
        var gradient = new NetworkInspector(network).LossGradients("layer1", x, t);
        var y = network.Predict(x);
        for (var i = 0; i < y.Length; i++)
        {
            const float Step = 1e-2f;
            float[] up = [.. y], down = [.. y];
            up[i] += Step;
            down[i] -= Step;
            var difference = ((double)network.ComputeLoss(up, t) - network.ComputeLoss(down, t)) / ((double)up[i] - down[i]);
            Assert.Equal(difference, gradient[i], 0.02 * Math.Max(1, Math.Abs(difference)));
        }
    }

    [Theory]
    [InlineData(Loss.GaussianNLL)]
    [InlineData(Loss.NegativeBinomial)]
    public void LossGradients_OfPairsFarOut_AreThoseOfTheOracle(Loss loss)
    {
        var network = Harness.Trainable(NetSpec.Of("1-2", loss));
        network.Parameters[0].CopyFrom([0, 0]);
        foreach (var first in (float[])[-30, -3, 0, 2.5f, 15, 30])
        {
            foreach (var second in (float[])[-30, -8, -1, 0, 2, 2.9f, 7, 20, 30])
            {
                network.Parameters[1].CopyFrom([first, second]);
                float[] targets = [0, 1, 7, 400];
                var expected = Reference.ReferencePairs.Gradient(
                    loss, [first, second, first, second, first, second, first, second], TestData.ToDoubles(targets), 2);
                var gradients = new NetworkInspector(network).LossGradients("layer1", new float[4], targets);
                Near.Each(expected, gradients, $"{first}, {second}", e => 1e-12 + 2e-6 * Math.Abs(e));
            }
        }
    }

    /// <summary>For each sample and each value: of inputs by changing them, of what a layer without activation gives by its bias.</summary>
    private static void GradientsAgree(NetSpec spec, int seed)
    {
        var network = RandomNets.Create(spec with { Training = new(Loss.HalfSquaredError, 7, 0.1, 1) }, seed);
        var look = new NetworkInspector(network).Inspect(TestData.Inputs(3, spec.Inputs, seed));
        var x = TestData.ToDoubles(look.Values("input"));
        var reference = network.ToReference(spec);
        var output = seed % spec.Outputs;
        Agrees("input", sample => [.. Enumerable.Range(0, spec.Inputs).Select(i => (x, sample * spec.Inputs + i))]);
        for (var layer = 1; layer <= spec.Layers.Count; layer++)
        {
            if (reference.Parameters.FirstOrDefault(p => p.Name == $"layer{layer}.bias") is { } bias)
            {
                Agrees(
                    spec.Layers[layer - 1] is DenseSpec ? $"layer{layer}.z" : $"layer{layer}",
                    _ => [.. Enumerable.Range(0, bias.Values.Length).Select(i => (bias.Values, i))]);
            }
        }

        void Agrees(string node, Func<int, (double[] Numbers, int Index)[]> numbers)
        {
            const double Step = 1e-5;
            var expected = new List<double>();
            for (var sample = 0; sample < look.Samples; sample++)
            {
                foreach (var (values, i) in numbers(sample))
                {
                    var before = values[i];
                    values[i] = before + Step;
                    var up = reference.Predict(x)[sample * spec.Outputs + output];
                    values[i] = before - Step;
                    var down = reference.Predict(x)[sample * spec.Outputs + output];
                    values[i] = before;
                    expected.Add((up - down) / (2 * Step));
                }
            }

            var largest = expected.Max(Math.Abs);
            Near.Each([.. expected], look.OutputGradients(node, output), node, e => 1e-6 + 1e-4 * largest + 1e-3 * Math.Abs(e));
        }
    }

    /// <summary>What the oracle predicts with the first layers alone.</summary>
    private static double[] Cut(NetSpec spec, INetwork network, int layers, float[] x)
    {
        var reference = new Reference.ReferenceNetwork(spec with { Layers = [.. spec.Layers.Take(layers)] });
        foreach (var tensor in reference.Parameters.Concat(reference.Buffers))
        {
            TestData.ToDoubles(network.Parameters.Concat(network.Buffers).Single(p => p.Name == tensor.Name).ToArray()).CopyTo(tensor.Values, 0);
        }

        return reference.Predict(TestData.ToDoubles(x));
    }

    private static float[] Sums(float[] rows, int size) =>
        [.. Enumerable.Range(0, size).Select(i => (float)rows.Where((_, place) => place % size == i).Sum(number => (double)number))];
}
