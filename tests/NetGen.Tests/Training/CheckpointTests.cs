using NetGen.Tests.Support;

namespace NetGen.Tests.Training;

public class CheckpointTests
{
    private const int Epochs = 6;
    private const int Steps = 4 * Epochs;

    private static readonly Dataset Train = TestEnvironment.Clouds(28);
    private static readonly Dataset Test = TestEnvironment.Clouds(20, seed: 8);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(null, 1)]
    [InlineData(null, 4)]
    public void Fit_KilledAtEachStepAndResumed_GivesTheSameBits(int? everySteps, int everyEpochs)
    {
        using var folder = new TemporaryFolder();
        var straight = Network(seed: 1);
        var (expected, callbacks) = (straight.Fit(Train, Options()), Callbacks());
        for (var kill = 1; kill <= Steps; kill++)
        {
            var path = folder.File($"{kill}.safetensors");
            var checkpoint = new CheckpointOptions(path) { EverySteps = everySteps, EveryEpochs = everyEpochs, Resume = true };
            Assert.Throws<KilledException>(() => Network(seed: 1).Fit(Train, Options(new Killer(kill)) with { Checkpoint = checkpoint }));

            // What is not the checkpoint's is another: the seed of the weights.
            var resumed = File.Exists(path) ? Network(seed: 5) : Network(seed: 1);
            callbacks = Callbacks();
            var history = resumed.Fit(Train, Options(new Killer(0), callbacks) with { Checkpoint = checkpoint });
            Assert.Equal(straight.State, resumed.State);
            Assert.Equal(straight.LearningRate, resumed.LearningRate);
            Assert.Equal(Figures(expected), Figures(history));
            Assert.Equal(expected.Stopped, history.Stopped);
            Assert.Equal((Steps - 1) / 5 * 2 + 2, ((LayerMonitor)callbacks[1]).Records.Count);
        }
    }

    [Fact]
    public void Fit_KilledAgainAndAgain_GivesTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var straight = Network(seed: 1);
        straight.Fit(Train, Options());
        var checkpoint = new CheckpointOptions(folder.File("c.safetensors")) { EverySteps = 1, Resume = true };
        for (var kill = 2; kill <= Steps; kill += 3)
        {
            Assert.Throws<KilledException>(() => Network(seed: 1).Fit(Train, Options(new Killer(kill)) with { Checkpoint = checkpoint }));
        }

        var resumed = Network(seed: 1);
        resumed.Fit(Train, Options(new Killer(0)) with { Checkpoint = checkpoint });
        Assert.Equal(straight.State, resumed.State);
    }

    [Fact]
    public void Fit_CancelledAndResumed_GivesTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var straight = Network(seed: 1);
        straight.Fit(Train, Options());
        var checkpoint = new CheckpointOptions(folder.File("c.safetensors")) { EveryEpochs = 100, Resume = true };
        using var source = new CancellationTokenSource();
        var first = Network(seed: 1);
        first.OnStep = step =>
        {
            if (step == 10)
            {
                source.Cancel();
            }

            return null;
        };
        Assert.True(first.Fit(Train, Options() with { Checkpoint = checkpoint }, source.Token).Cancelled);

        // The network has the best weights so far, the file those of the tenth step.
        var resumed = Network(seed: 2);
        Assert.False(resumed.Fit(Train, Options() with { Checkpoint = checkpoint }).Cancelled);
        Assert.Equal(14, resumed.Steps);
        Assert.Equal(straight.State, resumed.State);
    }

    [Fact]
    public void Fit_CancelledAfterResuming_LeavesTheBestOfBoth()
    {
        using var folder = new TemporaryFolder();
        var checkpoint = new CheckpointOptions(folder.File("c.safetensors")) { Resume = true };
        float[]? best = null;
        History Run(int cancelAfter)
        {
            using var source = new CancellationTokenSource();
            var network = new FakeClassifier(2, 2, batchSize: 8);
            var epochs = TrainingCallback.AfterEachEpoch((run, result) =>
            {
                best = result.Epoch == 2 ? network.Weights : best;
                network.LearningRate = result.Epoch < 2 ? 0.1f : -0.1f; // after the second epoch learning turns to unlearning
                if (result.Epoch == cancelAfter)
                {
                    source.Cancel();
                }
            });
            var history = network.Fit(Train, new FitOptions { Epochs = 9, Validation = Train, Callbacks = [epochs], Checkpoint = checkpoint }, source.Token);
            Assert.Equal(best, network.Weights);
            return history;
        }

        Run(cancelAfter: 3);
        Assert.Equal(5, Run(cancelAfter: 5).Epochs.Count);
    }

    [Fact]
    public void Fit_ResumedWhenDone_DoesNothingMore()
    {
        using var folder = new TemporaryFolder();
        var checkpoint = new CheckpointOptions(folder.File("c.safetensors")) { Resume = true };
        var first = Network(seed: 1);
        var expected = first.Fit(Train, Options() with { Checkpoint = checkpoint });
        var second = Network(seed: 3);
        var history = second.Fit(Train, Options() with { Checkpoint = checkpoint });
        Assert.Equal(0, second.Steps);
        Assert.Equal(first.State, second.State);
        Assert.Equal(expected.Epochs.Select(epoch => epoch.ToString()), history.Epochs.Select(epoch => epoch.ToString()));
        Assert.True(history.Elapsed >= expected.Epochs[^1].Elapsed);
    }

    [Fact]
    public void Fit_StoppedEarlyAndResumed_StaysStopped()
    {
        using var folder = new TemporaryFolder();
        var options = new FitOptions { Epochs = 9, Checkpoint = new CheckpointOptions(folder.File("c.safetensors")) { Resume = true } };
        var first = new FakeClassifier(2, 2);
        first.OnStep = step => step;
        Assert.Equal(3, first.Fit(Train, options with { Callbacks = [new EarlyStopping(2)] }).Epochs.Count);
        var second = new FakeClassifier(2, 2, seed: 4);
        var history = second.Fit(Train, options with { Callbacks = [new EarlyStopping(2)] });
        Assert.Equal((0, 3, true), (second.Steps, history.Epochs.Count, history.Stopped));
        Assert.Equal(first.Weights, second.Weights);
    }

    [Fact]
    public void Fit_ResumedWithMoreEpochs_IsTheLongerTraining()
    {
        using var folder = new TemporaryFolder();
        var checkpoint = new CheckpointOptions(folder.File("c.safetensors")) { Resume = true };
        Network(seed: 1).Fit(Train, new FitOptions { Epochs = 2, Checkpoint = checkpoint });
        var (resumed, straight) = (Network(seed: 2), Network(seed: 1));
        Assert.Equal(5, resumed.Fit(Train, new FitOptions { Epochs = 5, Checkpoint = checkpoint }).Epochs.Count);
        straight.Fit(Train, epochs: 5);
        Assert.Equal(straight.State, resumed.State);
        var error = Assert.Throws<InvalidDataException>(() => Network(seed: 2).Fit(Train, new FitOptions { Epochs = 4, Checkpoint = checkpoint }));
        Assert.Contains("it stands in epoch 5, but 4 epochs are asked for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_WithoutResume_BeginsAnew()
    {
        using var folder = new TemporaryFolder();
        var checkpoint = new CheckpointOptions(folder.File("c.safetensors"));
        Network(seed: 1).Fit(Train, new FitOptions { Epochs = 2, Checkpoint = checkpoint });
        var network = Network(seed: 1);
        network.Fit(Train, new FitOptions { Epochs = 2, Checkpoint = checkpoint });
        Assert.Equal(8, network.Steps);
    }

    [Fact]
    public void Fit_LeftoversOfAKill_AreRemoved()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(".c.safetensors.abc.tmp"), "half");
        Network(seed: 1).Fit(Train, new FitOptions { Epochs = 1, Checkpoint = new CheckpointOptions(folder.File("c.safetensors")) });
        Assert.Equal(["c.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Fit_FileThatDoesNotFit_SaysWhatAndChangesNothing()
    {
        using var folder = new TemporaryFolder();
        var options = Options() with { Checkpoint = new CheckpointOptions(folder.File("c.safetensors")) { Resume = true } };
        Network(seed: 1).Fit(Train, options);
        Refused("data is 24 samples of 2 inputs, 2 classes", Network(seed: 2), Train.Take(24), options);
        Refused("data is 28 samples", Network(seed: 2), TestEnvironment.Clouds(28, seed: 4), options);
        Refused("validation is none", Network(seed: 2), Train, options with { Validation = null, MetricsOnTrainingData = true });
        Refused("shuffle_seed is 9, but was 3", Network(seed: 2), Train, options with { Seed = 9 });
        Refused("schedule is none", Network(seed: 2), Train, options with { Schedule = null });
        Refused("over 7 epochs", Network(seed: 2), Train, options with { Epochs = 7 });
        Refused("metrics is accuracy, roc_auc, but was accuracy", Network(seed: 2), Train, options with { Metrics = [Metric.Accuracy, Metric.RocAuc] });
        Refused("callbacks is EarlyStopping(patience: 2", Network(seed: 2), Train, options with { Callbacks = [new EarlyStopping(2)] });
        Refused("batch_size is 9", new FakeClassifier(2, 2, batchSize: 9, momentum: 0.9f), Train, options);
        Refused("learning_rate is 0.5", new FakeClassifier(2, 2, learningRate: 0.5f, momentum: 0.9f), Train, options);
        Refused("loss is HalfSquaredError", new FakeNetwork(2, 2, Loss.HalfSquaredError, momentum: 0.9f), Train, options);
        Refused("layer1.weight[3, 2] is expected", new FakeClassifier(2, 3, momentum: 0.9f), Train, options);

        var file = Safetensors.Read(options.Checkpoint.Path);
        var without = file.Tensors.Where(tensor => tensor.Name != "layer1.bias.momentum").ToList();
        Safetensors.Write(options.Checkpoint.Path, without, file.Metadata);
        Refused("tensor layer1.bias.momentum is missing", Network(seed: 2), Train, options);
        var metadata = new Dictionary<string, string>(file.Metadata) { ["step"] = "many" };
        Safetensors.Write(options.Checkpoint.Path, file.Tensors, metadata);
        Refused("step must be a whole number, but is \"many\"", Network(seed: 2), Train, options);
        metadata = new Dictionary<string, string>(file.Metadata);
        metadata.Remove("callback0/waited");
        Safetensors.Write(options.Checkpoint.Path, file.Tensors, metadata);
        Refused("has no waited", Network(seed: 2), Train, options);
        Network(seed: 1).Save(options.Checkpoint.Path);
        Refused("must name its form netgen_checkpoint = 1", Network(seed: 2), Train, options);
        File.WriteAllText(options.Checkpoint.Path, "no file at all");
        Refused("The header must", Network(seed: 2), Train, options);
    }

    [Fact]
    public void Fit_WrongOptions_Throws()
    {
        var options = new FitOptions { Epochs = 1 };
        Assert.Throws<ArgumentException>("path", () => new CheckpointOptions(""));
        Assert.Throws<ArgumentException>("options", () => Network(1).Fit(Train, options with { Checkpoint = new("a") { EveryEpochs = 0 } }));
        Assert.Throws<ArgumentException>("options", () => Network(1).Fit(Train, options with { Checkpoint = new("a") { EverySteps = 0 } }));
        Assert.Throws<ArgumentException>(
            "options", () => Network(1).Fit((inputs, targets) => targets.Clear(), 1, options with { Checkpoint = new("a") }));
        using var folder = new TemporaryFolder();
        var network = Network(1);
        Assert.Throws<DirectoryNotFoundException>(() => network.Fit(Train, options with { Checkpoint = new(folder.File("no/such/folder")) }));
        Assert.Equal(0, network.Steps);
    }

    [Fact]
    public void LoadMatching_OfACheckpoint_TakesTheWeights()
    {
        using var folder = new TemporaryFolder();
        var network = Network(seed: 1);
        network.Fit(Train, new FitOptions { Epochs = 1, Checkpoint = new CheckpointOptions(folder.File("c.safetensors")) });
        var loaded = Network(seed: 2);
        var report = loaded.LoadMatching(folder.File("c.safetensors"));
        Assert.Equal(network.Weights, loaded.Weights);
        Assert.Equal(["layer1.weight", "layer1.bias", "layer1.mean"], report.Loaded);
        Assert.Empty(report.NotLoaded);
        Assert.Contains("F32 layer1.weight.momentum[2, 2]", report.Unused);
    }

    private static FakeClassifier Network(int seed) => new(2, 2, batchSize: 8, seed: seed, momentum: 0.9f);

    private static TrainingCallback[] Callbacks() => [new EarlyStopping(3, minDelta: 0.01), new LayerMonitor(5)];

    private static FitOptions Options(TrainingCallback? killer = null, TrainingCallback[]? callbacks = null) => new()
    {
        Epochs = Epochs,
        Validation = Test,
        Seed = 3,
        Metrics = [Metric.Accuracy],
        Schedule = LearningRateSchedule.OneCycle().WithWarmUp(3),
        Callbacks = [.. callbacks ?? Callbacks(), killer ?? new Killer(0)],
    };

    /// <summary>All that does not depend on the clock.</summary>
    private static IEnumerable<double> Figures(History history) =>
        history.Columns.Where(column => column is not ("seconds" or "samples_per_second")).SelectMany(column => history[column]);

    private static void Refused(string what, FakeNetwork network, Dataset data, FitOptions options)
    {
        var (before, rate) = (network.State, network.LearningRate);
        var error = Assert.ThrowsAny<InvalidDataException>(() => network.Fit(data, options));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, network.State);
        Assert.Equal((rate, 0), (network.LearningRate, network.Steps));
    }

    /// <summary>Ends training as a power cut would: nothing is done afterwards.</summary>
    private sealed class Killer(int step) : TrainingCallback
    {
        public override void OnBatchEnd(TrainingRun run)
        {
            if (run.Step == step)
            {
                throw new KilledException();
            }
        }
    }

    private sealed class KilledException : Exception;
}
