using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Steps that are split over threads: the limit is one for the process, so nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(ThreadTests), DisableParallelization = true)]
public sealed class ThreadCollection;

/// <summary>However many threads share a step, its numbers are the same.</summary>
[Collection(nameof(ThreadTests))]
[Trait(Widths.Trait, Widths.Every)]
public sealed class ThreadTests : IDisposable
{
    private readonly int _limit = NetworkThreads.Limit;

    /// <summary>Steps are shared even where that is slower.</summary>
    public ThreadTests() => CompilerServices.StepPace.IsIgnored = true;

    public void Dispose() => (NetworkThreads.Limit, CompilerServices.StepPace.IsIgnored) = (_limit, false);

    /// <summary>Nets whose steps are split: odd rows, odd inputs, labels and rows of targets, deltas in registers.</summary>
    [Theory]
    [InlineData("2-150:ReLU-150:ReLU-100:ReLU-1:ReLU", Loss.MeanSquaredError, 1000)]
    [InlineData("784-128:ReLU-10", Loss.SoftmaxCrossEntropy, 32)]
    [InlineData("130-201:Tanh-99:SiLU-37", Loss.HalfSquaredError, 117)]
    [InlineData("130-201:Swish-99:Mish-37", Loss.HalfSquaredError, 117)]
    [InlineData("900-300!:ReLU-300-4:Sigmoid", Loss.BinaryCrossEntropy, 33)]
    [InlineData("200-300:ReLU-1", Loss.HalfSquaredError, 64)]
    [InlineData("784-128:ReLU-10", Loss.SquaredHinge, 32)]
    [InlineData("784-128:Tanh-10", Loss.GaussianNLL, 32)]
    [InlineData("784-128:Tanh-10", Loss.NegativeBinomial, 32)]
    public void TrainBatch_OnAnyNumberOfThreads_GivesTheSameBits(string net, Loss loss, int batch)
    {
        var spec = NetSpec.Of(net, loss, batch: batch);
        var expected = TrainOn(1, spec);
        foreach (var threads in (int[])[2, 3, 4])
        {
            Near.SameBits(expected, TrainOn(threads, spec), $"parameters on {threads} threads");
        }
    }

    /// <summary>The optimiser's step at the end of the products, and after all gradients are there.</summary>
    [Theory]
    [InlineData("784-128:ReLU-10", Loss.SoftmaxCrossEntropy, 32, Optimizer.Adam, null)]
    [InlineData("784-128:ReLU-10", Loss.SoftmaxCrossEntropy, 32, Optimizer.Adam, 0.1)]
    [InlineData("130-201:Tanh-99:SiLU-37", Loss.HalfSquaredError, 117, Optimizer.NAdam, null)]
    [InlineData("2-150:ReLU-150:ReLU-100:ReLU-1:ReLU", Loss.MeanSquaredError, 1000, Optimizer.RMSprop, null)]
    [InlineData("2-150:ReLU-150:ReLU-100:ReLU-1:ReLU", Loss.MeanSquaredError, 1000, Optimizer.AdamW, 0.1)]
    public void TrainBatch_ByOptimizerOnAnyNumberOfThreads_GivesTheSameBits(string net, Loss loss, int batch, Optimizer optimizer, double? clipNorm)
    {
        var spec = NetSpec.Of(net, loss, batch: batch, rate: 0.001);
        spec = spec with { Training = spec.Training! with { Optimizer = new(optimizer) { ClipNorm = clipNorm } } };
        Assert.IsAssignableFrom<CompilerServices.IParallelStep>(Harness.Network(spec));
        var expected = TrainOn(1, spec);
        foreach (var threads in (int[])[2, 3, 4])
        {
            Near.SameBits(expected, TrainOn(threads, spec), $"parameters on {threads} threads");
        }
    }

    /// <summary>Penalties, constraints and frozen layers, each way that an optimiser goes; a single output, too.</summary>
    [Theory]
    [InlineData("784-128:ReLU-60:Tanh-10", 32, "Everything")]
    [InlineData("784-128:ReLU-60:Tanh-10", 32, "Everything above")]
    [InlineData("130-201:Tanh-99:SiLU-37", 117, "Frozen above")]
    [InlineData("130-201:Tanh-199:ReLU-1", 300, "Everything")]
    [InlineData("130-201:Tanh-199:ReLU-1", 300, "Frozen between")]
    public void TrainBatch_WithRulesOnAnyNumberOfThreads_GivesTheSameBits(string net, int batch, string rules)
    {
        foreach (var optimizer in (string[])["Sgd", "Adam", "Adam, WeightDecay = 0.01, ClipNorm = 0.1"])
        {
            // A penalty on results is no product: such a step is not split.
            var each = RuleCases.Rules[rules].Select(rule => (rule.Layer, rule.Rules with { ActivityL1 = 0, ActivityL2 = 0 }));
            var spec = RuleCases.Spec(net, [.. each], optimizer, batch);
            Assert.IsAssignableFrom<CompilerServices.IParallelStep>(Harness.Network(spec));
            var expected = TrainOn(1, spec);
            foreach (var threads in (int[])[2, 3, 4])
            {
                Near.SameBits(expected, TrainOn(threads, spec), $"parameters on {threads} threads by {optimizer}");
            }
        }
    }

    /// <summary>Transposed convolutions, whose filters' gradients exchange source and result; biases that are passes of their own.</summary>
    [Theory]
    [InlineData("6x5x4 ConvT(16,4,s2,p1):Tanh ConvT(9,3,s2,p1,o1):ReLU ConvT(3,3x5,same)", 50)]
    [InlineData("8x6x5 ConvT(12,3,s2,g4):GELU MaxPool(2) a=Conv(8,3,same) b=Conv(8,1)@layer2 Add(a,b) Bias SiLU AvgPool(2) Flatten 40:Tanh 10", 40)]
    [InlineData("300 a=Linear(200) b=200@a c=Linear(200)@a Add(b,c) Bias Tanh Linear(90) Bias Sigmoid 10", 65)]
    public void TrainBatch_OfImagesAndBiasesOnAnyNumberOfThreads_GivesTheSameBits(string net, int batch)
    {
        foreach (var optimizer in (OptimizerSpec[])[new(Optimizer.Sgd), new(Optimizer.Adam), new(Optimizer.Adam) { ClipNorm = 0.1 }])
        {
            var spec = GraphText.Of(net, Loss.HalfSquaredError, batch, 0.001, optimizer);
            Assert.IsAssignableFrom<CompilerServices.IParallelStep>(Harness.Network(spec));
            var expected = TrainOn(1, spec);
            foreach (var threads in (int[])[2, 3, 4])
            {
                Near.SameBits(expected, TrainOn(threads, spec), $"parameters on {threads} threads by {optimizer}");
            }
        }
    }

    [Fact]
    public void TrainBatch_OfManySteps_GivesTheSameBitsOnAnyNumberOfThreads()
    {
        NetworkThreads.Limit = 1;
        var expected = LongTraining.Run();
        foreach (var threads in (int[])[2, 3, 4])
        {
            NetworkThreads.Limit = threads;
            Near.SameBits(expected, LongTraining.Run(), $"parameters on {threads} threads");
        }
    }

    [Fact]
    public void TrainBatch_OfLongTraining_IsSplit() =>
        Assert.IsAssignableFrom<CompilerServices.IParallelStep>(Harness.Network(LongTraining.Spec));

    [Fact]
    public void TrainBatch_OfThisKindOfNet_IsSplit() =>
        Assert.IsAssignableFrom<CompilerServices.IParallelStep>(Harness.Network(NetSpec.Of("784-128:ReLU-10", Loss.SoftmaxCrossEntropy, batch: 32)));

    [Fact]
    public void TrainBatch_OfSmallNet_IsNotSplit() =>
        Assert.IsNotAssignableFrom<CompilerServices.IParallelStep>(Harness.Network(NetSpec.Of("784-30:Sigmoid-10:Sigmoid", Loss.HalfSquaredError, batch: 10)));

    [Fact]
    public void TrainBatch_WithLossThatIsNotFinite_ChangesNothingOnSeveralThreads()
    {
        NetworkThreads.Limit = 3;
        var network = Harness.Trainable(NetSpec.Of("784-128:ReLU-10", Loss.SoftmaxCrossEntropy, batch: 32), seed: 1);
        var before = network.AllParameters();
        var x = TestData.Inputs(32, 784, seed: 1);
        x[77] = float.NaN;
        Assert.False(float.IsFinite(((IClassifierNetwork)network).TrainBatch(x, TestData.Labels(32, 10, seed: 2))));
        Near.SameBits(before, network.AllParameters(), "parameters");
    }

    [Fact]
    public async Task TrainBatch_OfTwoNetworksAtOnce_GivesWhatEachGivesAlone()
    {
        var spec = NetSpec.Of("784-128:ReLU-10", Loss.SoftmaxCrossEntropy, batch: 32);
        var expected = TrainOn(1, spec);
        NetworkThreads.Limit = 2;
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Train(spec), TestContext.Current.CancellationToken)));
        Near.SameBits(expected, both[0], "parameters of the first");
        Near.SameBits(expected, both[1], "parameters of the second");
    }

    private static float[] TrainOn(int threads, NetSpec spec)
    {
        NetworkThreads.Limit = threads;
        return Train(spec);
    }

    /// <summary>Whole batches and one that is not full.</summary>
    private static float[] Train(NetSpec spec)
    {
        var network = Harness.Trainable(spec, seed: 3);
        for (var step = 0; step < 30; step++)
        {
            var samples = step == 7 ? Math.Max(1, network.BatchSize / 3) : network.BatchSize;
            var x = TestData.Inputs(samples, network.InputSize, seed: step);
            if (network is IClassifierNetwork classifier)
            {
                classifier.TrainBatch(x, TestData.Labels(samples, network.OutputSize, seed: 100 + step));
            }
            else
            {
                network.TrainBatch(x, TestData.Targets(network.Loss, samples, network.OutputSize, seed: 100 + step));
            }
        }

        return network.AllParameters();
    }
}
