using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>
/// Every optimiser against its formula in double precision, and what it remembers. That all widths give the same bits, <see cref="Fingerprints"/>
/// hold.
/// </summary>
public class OptimizerTests
{
    private const int LongRun = 1000;

    /// <summary>The step at the end of the products: panels of both widths, tiles with a rest, deltas in registers where few samples allow it.</summary>
    private const string Net = "7-37:Tanh-3";

    /// <summary>A few parameters and many samples: a sample a lane.</summary>
    private const string NarrowNet = "2-4:Tanh-1";

    public static TheoryData<string> Names => [.. All.Select(optimizer => optimizer.ToString())];

    /// <summary>Each optimiser with its options, and clipping.</summary>
    internal static IReadOnlyList<OptimizerSpec> All { get; } =
    [
        new(Optimizer.Sgd) { WeightDecay = 0.01 },
        new(Optimizer.Sgd) { Momentum = 0.9 },
        new(Optimizer.Sgd) { Momentum = 0.8, Nesterov = true, WeightDecay = 0.001 },
        new(Optimizer.Sgd) { ClipValue = 0.01 },
        new(Optimizer.Sgd) { Momentum = 0.9, ClipNorm = 0.1 },
        new(Optimizer.Adagrad),
        new(Optimizer.Adagrad) { WeightDecay = 0.01, Epsilon = 1e-3 },
        new(Optimizer.Adadelta),
        new(Optimizer.Adadelta) { Rho = 0.5, Epsilon = 1e-3 },
        new(Optimizer.RMSprop),
        new(Optimizer.RMSprop) { Momentum = 0.5, Alpha = 0.9, WeightDecay = 0.01 },
        new(Optimizer.Adam),
        new(Optimizer.Adam) { Beta1 = 0.5, Beta2 = 0.9, Epsilon = 1e-4, WeightDecay = 0.001, ClipNorm = 0.05, ClipValue = 0.02 },
        new(Optimizer.AdamW),
        new(Optimizer.AdamW) { WeightDecay = 0.2 },
        new(Optimizer.Adamax) { WeightDecay = 0.01 },
        new(Optimizer.NAdam),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void TrainBatch_OfThousandSteps_StaysWithTheFormula(string optimizer)
    {
        Agrees(Net, optimizer, batch: 20, steps: LongRun);
        Agrees(NarrowNet, optimizer, batch: 20, steps: LongRun);
    }

    /// <summary>Few samples, whose deltas stay in registers; one; so many that their gradients are summed up in several goes.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void TrainBatch_OfBatchesOfAnySize_StaysWithTheFormula(string optimizer)
    {
        Agrees(Net, optimizer, batch: 5, steps: 50);
        Agrees("40-21!:Tanh-70:Sigmoid-18", optimizer, batch: 1, steps: 30);
        Agrees("33-65:Tanh-5", optimizer, batch: 33, steps: 10);
        Agrees(Net, optimizer, batch: 300, steps: 10);
    }

    /// <summary>Gradients are those of the loss, whatever a step makes of them.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ComputeGradients_WithAnyOptimizer_GivesTheLosssGradient(string optimizer)
    {
        var spec = Spec(Net, optimizer, 20);
        var network = Harness.Trainable(spec).Randomize(seed: 1);
        Step(network, 1);
        var before = State(network);
        var gradients = network.CreateGradients();
        var (x, t) = Batch(network, seed: 2);
        network.ComputeGradients(x, t, gradients);
        var expected = network.ToReference(spec).ComputeGradients(TestData.ToDoubles(x), TestData.ToDoubles(t));
        for (var p = 0; p < gradients.Parameters.Count; p++)
        {
            Near.Single(expected.Parameters[p], gradients.Parameters[p].ToArray(), gradients.Parameters[p].Name);
        }

        Near.Single(expected.Inputs, gradients.Inputs, "inputs");
        Near.SameBits(before, State(network), "parameters and state");
        Assert.Equal(1, network.StepCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OptimizerState_SetInAnotherNetwork_GoesOnWithTheSameBits(string optimizer)
    {
        foreach (var (net, batch) in ((string, int)[])[(Net, 20), (Net, 300), (NarrowNet, 20)])
        {
            var spec = Spec(net, optimizer, batch);
            var (first, second) = (Harness.Trainable(spec, seed: 3), Harness.Trainable(spec, seed: 4));
            for (var step = 0; step < 12; step++)
            {
                Step(first, step);
            }

            // Used before, further on and with other numbers.
            for (var step = 0; step < 30; step++)
            {
                Step(second, 100 + step);
            }

            Copy(first.Parameters, second.Parameters);
            Copy(first.OptimizerState, second.OptimizerState);
            second.StepCount = first.StepCount;
            for (var step = 12; step < 20; step++)
            {
                Step(first, step);
                Step(second, step);
            }

            Near.SameBits(State(first), State(second), $"{net}: parameters and state");
            Assert.Equal(20, second.StepCount);
        }

        static void Copy(IReadOnlyList<Parameter> from, IReadOnlyList<Parameter> to)
        {
            for (var i = 0; i < from.Count; i++)
            {
                to[i].CopyFrom(from[i].ToArray());
            }
        }
    }

    [Theory]
    [InlineData("Sgd, Momentum = 0.9", "momentum")]
    [InlineData("Adagrad", "square_sum")]
    [InlineData("Adadelta", "square_average", "delta_average")]
    [InlineData("RMSprop", "square_average")]
    [InlineData("Adam", "first_moment", "second_moment")]
    [InlineData("Adamax", "first_moment", "infinity_norm")]
    public void OptimizerState_OfNetwork_IsNamedAndShapedLikeTheParameters(string optimizer, params string[] states)
    {
        var network = Harness.Trainable(Spec(Net, All.First(o => o.ToString().StartsWith(optimizer, StringComparison.Ordinal)).ToString(), 20));
        var expected = network.Parameters.SelectMany(p => states.Select(s => $"{p.Name}.{s}[{string.Join(", ", p.Shape.ToArray())}]"));
        Assert.Equal(expected, network.OptimizerState.Select(s => s.ToString()));
        Assert.All(network.OptimizerState, s => Assert.All(s.ToArray(), v => Assert.Equal(0f, v)));
    }

    /// <summary>Adam's first moment after one step is a tenth of the gradient: in the parameter's own layout.</summary>
    [Fact]
    public void OptimizerState_AfterAStep_IsLaidOutLikeTheParameter()
    {
        var network = Harness.Trainable(Spec(Net, "Adam", 20)).Randomize(seed: 1);
        var gradients = network.CreateGradients();
        var (x, t) = Batch(network, seed: 2);
        network.ComputeGradients(x, t, gradients);
        network.TrainBatch(x, t);
        for (var p = 0; p < network.Parameters.Count; p++)
        {
            var expected = gradients.Parameters[p].ToArray().Select(g => 0.1 * g).ToArray();
            Near.Single(expected, network.OptimizerState[2 * p].ToArray(), network.OptimizerState[2 * p].Name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TrainBatch_WithLossThatIsNotFinite_ChangesNothing(string optimizer)
    {
        foreach (var (net, batch) in ((string, int)[])[(Net, 20), (Net, 300), (NarrowNet, 20)])
        {
            var network = Harness.Trainable(Spec(net, optimizer, batch), seed: 1);
            Step(network, 1);
            var before = State(network);
            var (x, t) = Batch(network, seed: 2);
            t[3] = float.NaN;
            Assert.False(float.IsFinite(network.TrainBatch(x, t)));
            Near.SameBits(before, State(network), "parameters and state");
            Assert.Equal(1, network.StepCount);
            Step(network, 3);
            Assert.All(State(network), v => Assert.True(float.IsFinite(v)));
        }
    }

    /// <summary>What decays ends at zero, not at numbers so small that processors stumble over them.</summary>
    [Theory]
    [InlineData("Sgd, Momentum = 0.5")]
    [InlineData("RMSprop, Momentum = 0.5, Alpha = 0.5")]
    [InlineData("Adam, Beta1 = 0.5, Beta2 = 0.5")]
    [InlineData("Adadelta, Rho = 0.5")]
    public void OptimizerState_WithoutGradients_DecaysToZero(string optimizer)
    {
        var spec = NetSpec.Of("3-2", Loss.HalfSquaredError, batch: 2);
        var network = (ITrainableNetwork)Harness.Compile(
            spec.ToSource().Replace("Optimizer.Sgd", "Optimizer." + optimizer, StringComparison.Ordinal)).Create("Net", 1);
        network.TrainBatch([1, 2, 3, 4, 5, 6], [1, 1, 1, 1]);
        Assert.Contains(network.OptimizerState[0].ToArray(), v => v != 0);
        for (var step = 0; step < 300; step++)
        {
            // Inputs of zero, and what is predicted as target: no gradient at all.
            var y = network.Predict(new float[6]);
            network.TrainBatch(new float[6], y);
        }

        Assert.All(network.OptimizerState, state => Assert.All(state.ToArray(), v => Assert.Equal(0f, v)));
    }

    [Fact]
    public void Rates_WhenSet_AreThoseOfTheNextStep()
    {
        var spec = Spec(Net, "Sgd, Momentum = 0.8, WeightDecay = 0.001, Nesterov = true", 20);
        dynamic network = Harness.Trainable(spec, seed: 1);
        Assert.Equal((0.8f, 0.001f), ((float)network.Momentum, (float)network.WeightDecay));
        foreach (var wrong in (float[])[-1, float.NaN, float.PositiveInfinity])
        {
            Assert.Contains("Momentum", Assert.Throws<ArgumentOutOfRangeException>(() => { network.Momentum = wrong; }).Message, StringComparison.Ordinal);
            Assert.Contains("WeightDecay", Assert.Throws<ArgumentOutOfRangeException>(() => { network.WeightDecay = wrong; }).Message, StringComparison.Ordinal);
        }

        Assert.Equal((0.8f, 0.001f), ((float)network.Momentum, (float)network.WeightDecay));
        network.Momentum = 0.25f;
        network.WeightDecay = 0.5f;
        var changed = spec with { Training = spec.Training! with { Optimizer = new(Optimizer.Sgd) { Momentum = 0.25, Nesterov = true, WeightDecay = 0.5 } } };
        var reference = ((ITrainableNetwork)network).ToReference(changed);
        for (var step = 0; step < 5; step++)
        {
            Step((ITrainableNetwork)network, step, reference);
        }

        Near.Single(reference.Parameters[0].Values, ((ITrainableNetwork)network).Parameters[0].ToArray(), "weight");
    }

    /// <summary>The options that a class does not name cost nothing, and have no property.</summary>
    [Fact]
    public void Rates_ThatAreNotNamed_HaveNoProperty()
    {
        var type = Harness.Trainable(Spec(Net, "Adam", 20)).GetType();
        Assert.Null(type.GetProperty("Momentum"));
        Assert.Null(type.GetProperty("WeightDecay"));
        Assert.NotNull(Harness.Trainable(Spec(Net, "AdamW", 20)).GetType().GetProperty("WeightDecay"));
    }

    internal static NetSpec Spec(string net, string optimizer, int batch)
    {
        var spec = All.First(o => o.ToString() == optimizer);
        var rate = spec.Kind switch { Optimizer.Adadelta => 0.5, Optimizer.Sgd => 0.05, _ => 0.002 };
        var parsed = NetSpec.Of(net, Loss.HalfSquaredError, batch, rate);
        return parsed with { Training = parsed.Training! with { Optimizer = spec } };
    }

    private static void Agrees(string net, string optimizer, int batch, int steps)
    {
        var spec = Spec(net, optimizer, batch);
        var network = Harness.Trainable(spec).Randomize(seed: 1);
        var reference = network.ToReference(spec);
        for (var step = 0; step < steps; step++)
        {
            Step(network, step, reference);
        }

        for (var p = 0; p < reference.Parameters.Count; p++)
        {
            var largest = reference.Parameters[p].Values.Max(Math.Abs);
            Near.Each(
                reference.Parameters[p].Values,
                network.Parameters[p].ToArray(),
                $"{net}, {batch} samples, {steps} steps: {network.Parameters[p].Name}",
                _ => 1e-3 * largest);
        }

        Assert.Equal(steps, network.StepCount);
    }

    /// <summary>A step on a batch of its own, every fifth of which is not full.</summary>
    private static void Step(ITrainableNetwork network, int seed, Reference.ReferenceNetwork? reference = null)
    {
        var (x, t) = Batch(network, seed, seed % 5 == 4 ? (network.BatchSize + 1) / 2 : network.BatchSize);
        network.TrainBatch(x, t);
        reference?.TrainBatch(TestData.ToDoubles(x), TestData.ToDoubles(t));
    }

    private static (float[] X, float[] T) Batch(ITrainableNetwork network, int seed, int? samples = null) => (
        TestData.Inputs(samples ?? network.BatchSize, network.InputSize, seed),
        TestData.Targets(network.Loss, samples ?? network.BatchSize, network.OutputSize, seed + 1_000_000));

    private static float[] State(ITrainableNetwork network) => [.. network.AllParameters(), .. network.OptimizerState.SelectMany(s => s.ToArray())];
}
