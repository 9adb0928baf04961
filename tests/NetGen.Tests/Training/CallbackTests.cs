using NetGen.Tests.Support;

namespace NetGen.Tests.Training;

public class CallbackTests
{
    private static readonly Dataset Data = TestEnvironment.Clouds(24);

    [Fact]
    public void Fit_WithCallbacks_CallsThemInOrder()
    {
        var calls = new List<string>();
        var network = new FakeClassifier(2, 2, batchSize: 16);
        network.Fit(Data, new FitOptions { Epochs = 2, Validation = Data, Callbacks = [new Listener("a", calls), new Listener("b", calls)] });
        string[] epoch1 = ["epoch 1", "batch 1 of 2, step 0", "batch 1 done, step 1", "batch 2 of 2, step 1", "batch 2 done, step 2", "epoch 1 done, 1 results"];
        string[] epoch2 = ["epoch 2", "batch 1 of 2, step 2", "batch 1 done, step 3", "batch 2 of 2, step 3", "batch 2 done, step 4", "epoch 2 done, 2 results"];
        string[] expected = ["start", .. epoch1, .. epoch2, "end"];
        Assert.Equal(expected.SelectMany(call => (string[])[$"a {call}", $"b {call}"]), calls);
    }

    [Fact]
    public void OnBatchEnd_OfEachStep_SeesTheLosses()
    {
        var network = new FakeClassifier(2, 2, batchSize: 16);
        float[] losses = [1, 4, 2, 3];
        network.OnStep = step => losses[step - 1];
        var seen = new List<(double, double)>();
        network.Fit(Data, new FitOptions { Epochs = 2, Callbacks = [new BatchListener(run => seen.Add((run.BatchLoss, Math.Round(run.Loss, 9))))] });
        Assert.Equal([(1, 1), (4, 2), (2, 2), (3, Math.Round((2 * 16 + 3 * 8) / 24.0, 9))], seen);
    }

    [Fact]
    public void Stop_WithinAnEpoch_EndsAfterTheStep()
    {
        var network = new FakeClassifier(2, 2, batchSize: 8);
        var recorder = new Recorder<EpochProgress>();
        var history = network.Fit(Data, new FitOptions
        {
            Epochs = 9,
            Progress = recorder,
            Callbacks = [new BatchListener(run =>
            {
                if (run.Step == 5)
                {
                    run.Stop();
                }
            })],
        });
        Assert.Equal((5, true, false, 1), (network.Steps, history.Stopped, history.Cancelled, history.Epochs.Count));
        Assert.True(recorder.Reports[^1].IsStopped);
    }

    [Fact]
    public void Stop_AfterAnEpoch_EndsThere()
    {
        var network = new FakeClassifier(2, 2, batchSize: 8);
        var callback = TrainingCallback.AfterEachEpoch((run, result) =>
        {
            if (result.Epoch == 2)
            {
                run.Stop();
            }
        });
        var history = network.Fit(Data, new FitOptions { Epochs = 9, Callbacks = [callback] });
        Assert.Equal((6, true, 2), (network.Steps, history.Stopped, history.Epochs.Count));
        Assert.False(network.Fit(Data, epochs: 1).Stopped);
    }

    [Fact]
    public void Fit_CallbackThatThrows_LetsItOut()
    {
        var callback = TrainingCallback.AfterEachEpoch((_, _) => throw new InvalidOperationException("mine"));
        Assert.Equal(
            "mine", Assert.Throws<InvalidOperationException>(() => new FakeClassifier(2, 2).Fit(Data, new FitOptions { Epochs = 1, Callbacks = [callback] })).Message);
    }

    [Theory]
    [InlineData(2, 0.0, 7, 5)]
    [InlineData(1, 0.0, 4, 3)]
    [InlineData(3, 0.0, 8, 5)]
    [InlineData(2, 1.5, 5, 3)]
    [InlineData(9, 0.0, 10, 5)]
    public void EarlyStopping_OnAKnownCurve_StopsAndRestoresTheBest(int patience, double minDelta, int epochs, int best)
    {
        // The training loss; 3 is beaten by 2 in epoch 5, though by 1.5 it is not.
        float[] losses = [9, 5, 3, 4, 2, 6, 7, 8, 9, 10];
        var network = new FakeClassifier(2, 2, batchSize: 24);
        var weights = new List<float[]>();
        network.OnStep = step =>
        {
            network.Parameters[1].CopyFrom([step, -step]);
            return losses[step - 1];
        };
        var stopping = new EarlyStopping(patience, minDelta);
        var keep = TrainingCallback.AfterEachEpoch((_, _) => weights.Add(network.Weights));
        var history = network.Fit(Data, new FitOptions { Epochs = 10, Callbacks = [stopping, keep] });
        Assert.Equal((epochs, epochs < 10), (history.Epochs.Count, history.Stopped));
        Assert.Equal((best, losses[best - 1]), (stopping.BestEpoch, stopping.BestValue));
        Assert.Equal(weights[best - 1], network.Weights);
        Assert.NotEqual(weights[^1], network.Weights);
    }

    [Fact]
    public void EarlyStopping_OnAMetric_GoesUp()
    {
        double[] values = [0.1, 0.5, 0.4, 0.3];
        var calls = 0;
        var metric = new Metric("mine", _ => values[calls++]);
        var network = new FakeClassifier(2, 2, batchSize: 24);
        var stopping = new EarlyStopping(2, monitor: metric, restoreBest: false);
        var history = network.Fit(Data, new FitOptions { Epochs = 9, Validation = Data, Metrics = [metric], Callbacks = [stopping] });
        Assert.Equal((4, 2, 0.5), (history.Epochs.Count, stopping.BestEpoch, stopping.BestValue));
        Assert.Equal(values, history["validation_mine"]);
        Assert.Equal(network.Evaluate(Data).Loss, history.Epochs[^1].ValidationLoss);
    }

    [Fact]
    public void EarlyStopping_UsedTwice_ForgetsTheFirst()
    {
        var stopping = new EarlyStopping(2);
        var network = new FakeClassifier(2, 2, batchSize: 24) { OnStep = step => step };
        Assert.Equal(3, network.Fit(Data, new FitOptions { Epochs = 9, Callbacks = [stopping] }).Epochs.Count);
        Assert.Equal(3, network.Fit(Data, new FitOptions { Epochs = 9, Callbacks = [stopping] }).Epochs.Count);
        Assert.Equal(4, stopping.BestValue);
    }

    [Fact]
    public void ModelCheckpoint_EveryTwoEpochs_SavesThem()
    {
        using var folder = new TemporaryFolder();
        var network = new FakeClassifier(2, 2, batchSize: 8);
        var weights = new List<float[]>();
        network.Fit(Data, new FitOptions
        {
            Epochs = 5,
            Callbacks = [new ModelCheckpoint(folder.File("net-{epoch}.safetensors"), everyEpochs: 2), TrainingCallback.AfterEachEpoch((_, _) => weights.Add(network.Weights))],
        });
        Assert.Equal(["net-0002.safetensors", "net-0004.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        var loaded = new FakeClassifier(2, 2, seed: 9);
        loaded.Load(folder.File("net-0004.safetensors"));
        Assert.Equal(weights[3], loaded.Weights);
    }

    [Fact]
    public void ModelCheckpoint_BestOnly_KeepsTheBest()
    {
        using var folder = new TemporaryFolder();
        float[] losses = [3, 1, 2, 1.5f];
        var network = new FakeClassifier(2, 2, batchSize: 24);
        network.OnStep = step =>
        {
            network.Parameters[1].CopyFrom([step, 0]);
            return losses[step - 1];
        };
        network.Fit(Data, new FitOptions { Epochs = 4, Callbacks = [new ModelCheckpoint(folder.File("best.safetensors"), bestOnly: true)] });
        network.Load(folder.File("best.safetensors"));
        Assert.Equal([2, 0], network.Parameters[1].ToArray());
    }

    [Fact]
    public void LayerMonitor_OfADescent_RecordsGradientsAndUpdates()
    {
        var monitor = new LayerMonitor(everySteps: 2);
        var network = new FakeClassifier(2, 2, batchSize: 8, learningRate: 0.25f);
        network.Fit(Data, new FitOptions { Epochs = 2, Callbacks = [monitor] });
        Assert.Equal([1L, 1, 3, 3, 5, 5], monitor.Records.Select(record => record.Step));
        Assert.Equal(["layer1.weight", "layer1.bias"], monitor.Records.Take(2).Select(record => record.Parameter));
        Assert.All(monitor.Records, record => Assert.Equal(0.25 * record.Gradient, record.Update, 1e-6));
        Assert.All(monitor.Records, record => Assert.True(record.Gradient > 0));
        var start = new FakeClassifier(2, 2).Parameters[0].ToArray();
        Assert.Equal(Math.Sqrt(start.Sum(w => (double)w * w)), monitor.Records[0].Weight, 1e-9);
        Assert.Equal(monitor.Records[0].Update / monitor.Records[0].Weight, monitor.Records[0].Ratio);
    }

    [Fact]
    public void LayerMonitor_OnTheSamplesOfTheStep_ComputesTheirGradients()
    {
        var data = new Dataset([1f, 2, 3, 4], 2, [0, 1], 2);
        var network = new FakeClassifier(2, 2, batchSize: 2);
        var into = network.CreateGradients();
        network.ComputeGradients(data.Inputs, data.Labels, into);
        var bias = into.Parameters[1].ToArray();
        var monitor = new LayerMonitor();
        network.Fit(data, new FitOptions { Epochs = 1, Callbacks = [monitor] });
        Assert.Equal(Math.Sqrt(bias.Sum(g => (double)g * g)), monitor.Records[1].Gradient, 1e-6);
    }

    [Fact]
    public void ActivationMonitor_InFit_AddsColumnsToTheHistory()
    {
        var monitor = new ActivationMonitor(Data.Take(5));
        var network = new FakeClassifier(2, 2);
        var history = network.Fit(Data, new FitOptions { Epochs = 3, Callbacks = [monitor] });
        Assert.Equal(["seconds", "layer1_mean", "layer1_deviation"], history.Columns.TakeLast(3));
        Assert.Equal([1, 2, 3], monitor.Records.Select(record => record.Epoch));
        Assert.Equal(monitor.Records.Select(record => record.Mean), history["layer1_mean"]);
        var outputs = new float[10];
        network.Predict(Data.Take(5).Inputs, outputs);
        var mean = outputs.Average(y => (double)y);
        Assert.Equal(mean, history["layer1_mean"][2], 1e-6);
        Assert.Equal(Math.Sqrt(outputs.Average(y => (y - mean) * (y - mean))), history["layer1_deviation"][2], 1e-6);
        Assert.Contains("layer1_deviation", history.ToCsv(), StringComparison.Ordinal);
        Assert.Contains("\"layer1_deviation\": [", history.ToJson(), StringComparison.Ordinal);
        Assert.Contains(
            "must have 2 inputs a sample as the network has, but has 3",
            Assert.Throws<ArgumentException>(() => network.Fit(Data, new FitOptions { Epochs = 1, Callbacks = [new ActivationMonitor(new Dataset([[1f, 2, 3]], [0], 1))] })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ActivationMonitor_ResumedFromACheckpoint_GivesTheWholeHistory()
    {
        using var folder = new TemporaryFolder();
        var straight = Fit(4, null).History;
        var checkpoint = new CheckpointOptions(folder.File("c.safetensors")) { Resume = true };
        Fit(2, checkpoint);
        var (resumed, monitor) = Fit(4, checkpoint);
        Assert.Equal(straight["layer1_mean"], resumed["layer1_mean"]);
        Assert.Equal(straight["layer1_deviation"], resumed["layer1_deviation"]);
        Assert.Equal([1, 2, 3, 4], monitor.Records.Select(record => record.Epoch));

        static (History History, ActivationMonitor Monitor) Fit(int epochs, CheckpointOptions? checkpoint)
        {
            var monitor = new ActivationMonitor(Data);
            return (new FakeClassifier(2, 2).Fit(Data, new FitOptions { Epochs = epochs, Callbacks = [monitor], Checkpoint = checkpoint }), monitor);
        }
    }

    [Fact]
    public void Fit_WrongCallbacks_Throws()
    {
        var network = new FakeClassifier(2, 2);
        var stopping = new EarlyStopping(1);
        var before = network.Weights;
        Assert.Contains("Callbacks[1] must not be null", Error(new FitOptions { Epochs = 1, Callbacks = [stopping, null!] }), StringComparison.Ordinal);
        Assert.Contains("Callbacks[1] must not stand there twice", Error(new FitOptions { Epochs = 1, Callbacks = [stopping, stopping] }), StringComparison.Ordinal);
        Assert.Contains(
            "options.Metrics must hold accuracy, which EarlyStopping monitors",
            Error(new FitOptions { Epochs = 1, Callbacks = [new EarlyStopping(1, monitor: Metric.Accuracy)] }),
            StringComparison.Ordinal);
        Assert.Contains("neither is set", Error(new FitOptions { Epochs = 1, Metrics = [Metric.Accuracy] }), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => network.Fit(Data, new FitOptions { Epochs = 0 }));
        Assert.Throws<ArgumentNullException>("options", () => network.Fit(Data, null!));
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => new EarlyStopping(0));
        Assert.Throws<ArgumentOutOfRangeException>("minDelta", () => new EarlyStopping(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("everyEpochs", () => new ModelCheckpoint("a", 0));
        Assert.Throws<ArgumentException>("path", () => new ModelCheckpoint(""));
        Assert.Throws<ArgumentOutOfRangeException>("everySteps", () => new LayerMonitor(0));
        Assert.Throws<ArgumentNullException>("action", () => TrainingCallback.AfterEachEpoch(null!));
        Assert.Equal(before, network.Weights);

        string Error(FitOptions options) => Assert.Throws<ArgumentException>("options", () => network.Fit(Data, options)).Message;
    }

    [Fact]
    public void Fit_MoreStepsWithOptions_AllocatesNoMore()
    {
        var (small, large) = (TestEnvironment.Clouds(16), TestEnvironment.Clouds(1600));
        long Measure(Dataset data)
        {
            var network = new FakeClassifier(2, 2);
            var options = new FitOptions
            {
                Epochs = 1,
                Schedule = LearningRateSchedule.OneCycle().WithWarmUp(3),
                Callbacks = [new EarlyStopping(1), new LayerMonitor(1000)],
            };
            var before = GC.GetAllocatedBytesForCurrentThread();
            network.Fit(data, options);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Measure(small);

        // The order of the samples is all that grows: 4 bytes a sample.
        Assert.InRange(Measure(large) - Measure(small), 0, 4 * 1600 + 512);
    }

    private sealed class Listener(string name, List<string> calls) : TrainingCallback
    {
        public override void OnTrainStart(TrainingRun run) => calls.Add($"{name} start");

        public override void OnEpochStart(TrainingRun run) => calls.Add($"{name} epoch {run.Epoch}");

        public override void OnBatchStart(TrainingRun run) => calls.Add($"{name} batch {run.Batch} of {run.Batches}, step {run.Step}");

        public override void OnBatchEnd(TrainingRun run) => calls.Add($"{name} batch {run.Batch} done, step {run.Step}");

        public override void OnEpochEnd(TrainingRun run, EpochResult result) => calls.Add($"{name} epoch {result.Epoch} done, {run.Results.Count} results");

        public override void OnTrainEnd(TrainingRun run) => calls.Add($"{name} end");
    }

    private sealed class BatchListener(Action<TrainingRun> action) : TrainingCallback
    {
        public override void OnBatchEnd(TrainingRun run) => action(run);
    }
}
