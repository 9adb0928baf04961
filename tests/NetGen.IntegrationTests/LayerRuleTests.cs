using NetGen.IntegrationTests.Reference;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>
/// Penalties, constraints and frozen layers against the oracle. That all widths give the same bits, <see cref="Fingerprints"/> hold; that all
/// numbers of threads do, <see cref="ThreadTests"/>.
/// </summary>
public class LayerRuleTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var rules in RuleCases.Rules.Keys)
            {
                foreach (var optimizer in RuleCases.Optimizers.Keys)
                {
                    cases.Add(rules, optimizer);
                }
            }

            return cases;
        }
    }

    public static TheoryData<string> Optimizers => [.. RuleCases.Optimizers.Keys];

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(Cases))]
    public void TrainBatch_WithRules_StaysWithTheFormula(string rules, string optimizer) =>
        Agrees(RuleCases.Spec(RuleCases.Net, rules, optimizer, batch: 20), steps: 40);

    /// <summary>
    /// Few parameters, which would else go a sample a lane; deltas in registers; one sample; a single output; so many samples that their gradients
    /// are summed up in several goes.
    /// </summary>
    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(Optimizers))]
    public void TrainBatch_OfNetsAndBatchesOfAnySize_StaysWithTheFormula(string optimizer)
    {
        foreach (var rules in (string[])["Everything", "Everything above"])
        {
            Agrees(RuleCases.Spec("2-4:Tanh-3:Sigmoid-4", rules, optimizer, batch: 20), steps: 30);
            Agrees(RuleCases.Spec("40-21!:Tanh-70:GELU-18", [.. RuleCases.Rules[rules].Select(WithoutBiases)], optimizer, batch: 5), steps: 20);
            Agrees(RuleCases.Spec("33-65:SiLU-40:ELU-1", rules, optimizer, batch: 40), steps: 10);
            Agrees(RuleCases.Spec("17-48:ReLU-33:Softsign-2", rules, optimizer, batch: 1), steps: 20);
            Agrees(RuleCases.Spec(RuleCases.Net, rules, optimizer, batch: 300), steps: 5);
        }

        static (int, RuleSpec) WithoutBiases((int Layer, RuleSpec Rules) each) =>
            (each.Layer, each.Layer == 1 ? each.Rules with { BiasL1 = 0, BiasL2 = 0 } : each.Rules);
    }

    /// <summary>A result that the slope is not taken from, that the loss does not see, that is fused away else, or that other layers follow.</summary>
    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("6-20:GELU-5:Softplus", Loss.MeanSquaredError, 1, 2)]
    [InlineData("6-20:Softmax-5:Softmax", Loss.CrossEntropy, 1, 2)]
    [InlineData("6-100:Softmax-40:Softmax", Loss.HalfSquaredError, 1, 2)]
    [InlineData("6-20-Softmax-5-Softmax", Loss.CrossEntropy, 1, 3)]
    [InlineData("6-20:Sigmoid-5:Sigmoid", Loss.BinaryCrossEntropy, 1, 2)]
    [InlineData("6-20-ReLU-5-Sigmoid", Loss.BinaryCrossEntropy, 1, 3)]
    [InlineData("6-20-Tanh-5-ReLU", Loss.HalfSquaredError, 1, 3)]
    [InlineData("6-20-BatchNorm-Dropout(0.3)-ReLU-5", Loss.SoftmaxCrossEntropy, 1, 5)]
    [InlineData("6-20:SiLU-Dropout(0.3)-33:ReLU-LayerNorm-5", Loss.SoftmaxCrossEntropy, 1, 3)]
    [InlineData("6-5", Loss.HalfSquaredError, 1, 1)]
    public void TrainBatch_WithPenaltyOnResults_StaysWithTheFormula(string net, Loss loss, int first, int second)
    {
        var rules = new RuleSpec { ActivityL1 = 0.02, ActivityL2 = 0.05 };
        foreach (var optimizer in RuleCases.Optimizers.Keys.Take(3))
        {
            Agrees(RuleCases.Spec(net, first == second ? [(first, rules)] : [(first, rules), (second, rules)], optimizer, batch: 9, loss), steps: 10);
        }
    }

    /// <summary>Frozen normalisations, of running figures and of samples, above, below and between layers that learn.</summary>
    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("6-20-BatchNorm-ReLU-5", 2)]
    [InlineData("6-20-BatchNorm-Dropout(0.3)-Tanh-5-BatchNorm", 2, 6)]
    [InlineData("6-BatchNorm-Tanh-5", 1)]
    [InlineData("6-20-BatchNorm-ReLU-5", 1, 2)]
    [InlineData("6-40-LayerNorm-GELU-5", 2)]
    [InlineData("6-40:Tanh-LayerNorm-Dropout(0.2)-33!-BatchNorm-ReLU-5", 1, 2)]
    [InlineData("6-40:Tanh-LayerNorm-Dropout(0.2)-33-BatchNorm-ReLU-5", 2, 5)]
    [InlineData("6-40:Tanh-BatchNorm-33:ReLU-LayerNorm-5", 1, 2, 3)]
    public void TrainBatch_WithFrozenNormalization_StaysWithTheFormula(string net, params int[] frozen)
    {
        foreach (var optimizer in (string[])["Sgd", "Adam", "Adam, WeightDecay = 0.01, ClipNorm = 0.1"])
        {
            Agrees(RuleCases.Spec(net, [.. frozen.Select(layer => (layer, new RuleSpec { Frozen = true }))], optimizer, batch: 9), steps: 10);
        }
    }

    /// <summary>Gradients that are asked for are the loss' alone, of frozen layers too.</summary>
    [Theory]
    [InlineData("6-20:ReLU-12-BatchNorm-Tanh-5", "Everything", 3)]
    [InlineData("6-20:ReLU-12-LayerNorm-Tanh-5", "Frozen below", 3)]
    [InlineData("6-20:ReLU-12-5", "Everything above", 0)]
    public void ComputeGradients_WithRules_GivesTheLosssGradient(string net, string rules, int frozenNorm)
    {
        foreach (var optimizer in RuleCases.Optimizers.Keys)
        {
            var layers = NetSpec.Of(net).Layers;
            var dense = Enumerable.Range(1, layers.Count).Where(i => layers[i - 1] is DenseSpec).ToArray();
            var given = RuleCases.Rules[rules].Select(each => (dense[each.Layer - 1], each.Rules));
            var spec = RuleCases.Spec(net, [.. given, .. frozenNorm == 0 ? [] : new[] { (frozenNorm, new RuleSpec { Frozen = true }) }], optimizer, batch: 9);
            var network = Harness.Trainable(spec).Randomize(seed: 5);
            Step(network, 1);
            var reference = network.ToReference(spec);
            var (x, t) = Batch(network, 2, 7);
            var expected = reference.ComputeGradients(TestData.ToDoubles(x), TestData.ToDoubles(t));
            var gradients = network.CreateGradients();
            var before = State(network);
            Near.Single(expected.Loss, network.ComputeGradients(x, t, gradients), "loss");
            Near.Single(expected.Inputs, gradients.Inputs, "inputs");
            for (var p = 0; p < expected.Parameters.Count; p++)
            {
                Near.Single(expected.Parameters[p], gradients.Parameters[p].ToArray(), gradients.Parameters[p].Name);
            }

            Near.SameBits(before, State(network), "parameters and state");
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void TrainBatch_WithFrozenLayers_KeepsTheirBits(string optimizer)
    {
        var spec = RuleCases.Spec(
            "6-20-BatchNorm-ReLU-12:Tanh-LayerNorm-5", [(1, new() { Frozen = true }), (2, new() { Frozen = true }), (5, new() { Frozen = true })], optimizer, batch: 9);
        var network = Harness.Trainable(spec).Randomize(seed: 5);
        var before = network.Parameters.Concat(network.Buffers).Select(p => p.ToArray()).ToArray();
        for (var step = 0; step < 20; step++)
        {
            Step(network, step);
        }

        var after = network.Parameters.Concat(network.Buffers).ToArray();
        string[] frozen = ["layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias", "layer5.weight", "layer5.bias"];
        Assert.Equal(frozen, network.Parameters.Where(p => p.IsFrozen).Select(p => p.Name));
        for (var i = 0; i < after.Length; i++)
        {
            if (frozen.Contains(after[i].Name) || i >= network.Parameters.Count)
            {
                Near.SameBits(before[i], after[i].ToArray(), after[i].Name);
            }
            else
            {
                Assert.NotEqual(before[i], after[i].ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void TrainBatch_WithConstraints_HoldsWeightsWithinThem(string optimizer)
    {
        var network = Harness.Trainable(RuleCases.Spec(RuleCases.Net, [(1, new() { MaxNorm = 0.5 }), (2, new() { NonNegative = true, MaxNorm = 0.4 })], optimizer, batch: 20));
        network.Randomize(seed: 5);
        for (var step = 0; step < 10; step++)
        {
            Step(network, step);
            Assert.All(network.Parameters[0].ToArray().Chunk(7), unit => Assert.InRange(Norm(unit), 0.1, 0.5 * (1 + 1e-6)));
            Assert.All(network.Parameters[2].ToArray().Chunk(37), unit => Assert.InRange(Norm(unit), 0.01, 0.4 * (1 + 1e-6)));
            Assert.All(network.Parameters[2].ToArray(), weight => Assert.True(weight >= 0));
        }

        static double Norm(float[] unit) => Math.Sqrt(unit.Sum(w => (double)w * w));
    }

    /// <summary>A loss that is not finite changes nothing, not even weights beyond their limits.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void TrainBatch_WithLossThatIsNotFinite_ChangesNothing(string optimizer)
    {
        foreach (var batch in (int[])[20, 300])
        {
            var network = Harness.Trainable(RuleCases.Spec(RuleCases.Net, "Everything", optimizer, batch)).Randomize(seed: 5);
            var before = State(network);
            var (x, t) = Batch(network, 2, 20);
            t[3] = float.NaN;
            Assert.False(float.IsFinite(network.TrainBatch(x, t)));
            Near.SameBits(before, State(network), "parameters and state");
        }
    }

    /// <summary>The slope of |w| at 0 is 0: what is zero stays so, and its padding does.</summary>
    [Fact]
    public void TrainBatch_OfWeightsThatAreZero_LeavesThemSo()
    {
        foreach (var optimizer in RuleCases.Optimizers.Keys)
        {
            var spec = RuleCases.Spec("5-3:Tanh-18", [(1, new() { WeightL1 = 0.1, BiasL1 = 0.1 }), (2, new() { WeightL1 = 0.1, WeightL2 = 0.1, BiasL1 = 0.1 })], optimizer, batch: 4);
            var network = Harness.Trainable(spec);
            foreach (var parameter in network.Parameters)
            {
                parameter.CopyFrom(new float[parameter.Length]);
            }

            for (var step = 0; step < 3; step++)
            {
                network.TrainBatch(TestData.Inputs(4, 5, step), new float[4 * 18]);
            }

            Assert.All(network.AllParameters(), weight => Assert.Equal(0f, weight));
        }
    }

    [Fact]
    public void FitLbfgs_WithFrozenLayer_LeavesIt()
    {
        var network = Harness.Trainable(RuleCases.Spec(RuleCases.Net, "Frozen below", RuleCases.Optimizers.Keys.First(), batch: 20)).Randomize(seed: 5);
        var before = network.Parameters.Select(p => p.ToArray()).ToArray();
        var (x, t) = Batch(network, 1, 60);
        var result = network.FitLbfgs(new Dataset(x, 7, t, 3), iterations: 5, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Evaluations > 1);
        for (var p = 0; p < before.Length; p++)
        {
            Assert.Equal(network.Parameters[p].IsFrozen, before[p].SequenceEqual(network.Parameters[p].ToArray()));
        }
    }

    private static void Agrees(NetSpec spec, int steps)
    {
        var network = Harness.Trainable(spec).Randomize(seed: 1);
        var reference = network.ToReference(spec);
        for (var step = 0; step < steps; step++)
        {
            Step(network, step, reference);
        }

        for (var p = 0; p < reference.Parameters.Count; p++)
        {
            var largest = reference.Parameters[p].Values.Max(Math.Abs);
            Near.Each(reference.Parameters[p].Values, network.Parameters[p].ToArray(), $"{spec.ToAttributes()}{network.Parameters[p].Name}", _ => 1e-6 + 1e-3 * largest);
        }

        for (var b = 0; b < reference.Buffers.Count; b++)
        {
            Near.Single(reference.Buffers[b].Values, network.Buffers[b].ToArray(), network.Buffers[b].Name);
        }
    }

    /// <summary>A step on a batch of its own, every fifth of which is not full; its loss is without penalties.</summary>
    private static void Step(ITrainableNetwork network, int seed, ReferenceNetwork? reference = null)
    {
        var (x, t) = Batch(network, seed, seed % 5 == 4 ? (network.BatchSize + 1) / 2 : network.BatchSize);
        var loss = network.TrainBatch(x, t);
        if (reference is not null)
        {
            Near.Each([reference.TrainBatch(TestData.ToDoubles(x), TestData.ToDoubles(t))], [loss], $"loss of step {seed}", l => 1e-5 + 2e-3 * Math.Abs(l));
        }
    }

    private static (float[] X, float[] T) Batch(ITrainableNetwork network, int seed, int samples) => (
        TestData.Inputs(samples, network.InputSize, seed),
        TestData.Targets(network.Loss, samples, network.OutputSize, seed + 1_000_000));

    private static float[] State(ITrainableNetwork network) =>
        [.. network.AllParameters(), .. network.OptimizerState.Concat(network.Buffers).SelectMany(s => s.ToArray())];
}
