using NetGen.Tests.Support;

namespace NetGen.Tests.Training;

public class ProducerTests
{
    private static readonly Dataset Data = TestEnvironment.Clouds(64);

    [Fact]
    public void Fit_FromAProducer_IsTheSameAsItsBatches()
    {
        var (fitted, stepped) = (new FakeClassifier(2, 2, batchSize: 8), new FakeClassifier(2, 2, batchSize: 8));
        var recorder = new Recorder<EpochProgress>();
        var next = 0;
        var history = fitted.Fit(
            (Span<float> inputs, Span<int> labels) =>
            {
                Data.Inputs.Slice(next * 16, 16).CopyTo(inputs);
                Data.Labels.Slice(next * 8, 8).CopyTo(labels);
                next = (next + 1) % 8;
            },
            batches: 3,
            epochs: 2,
            validation: Data,
            progress: recorder);
        var losses = Enumerable.Range(0, 6).Select(i => stepped.TrainBatch(Data.Inputs.Slice(i * 16, 16), Data.Labels.Slice(i * 8, 8))).ToArray();
        Assert.Equal(stepped.Weights, fitted.Weights);
        Assert.Equal(2, history.Epochs.Count);
        Assert.Equal(losses.Take(3).Select(loss => (double)loss).Average(), history["loss"][0], 1e-6);
        Assert.Equal(fitted.Evaluate(Data).Loss, history["validation_loss"][1]);
        Assert.Equal((3 * 8, true), (recorder.Reports[^1].TotalSamples, recorder.Reports[^1].IsDone));
    }

    [Fact]
    public void Fit_TargetsAndOptions_UsesThem()
    {
        var network = new FakeNetwork(1, 1, Loss.MeanSquaredError, batchSize: 4);
        var x = 0f;
        var monitor = new LayerMonitor(1);
        var history = network.Fit(
            (inputs, targets) =>
            {
                for (var i = 0; i < inputs.Length; i++)
                {
                    x = (x + 0.37f) % 1;
                    (inputs[i], targets[i]) = (x, 2 * x - 1);
                }
            },
            batches: 500,
            new FitOptions { Epochs = 4, Schedule = LearningRateSchedule.Cosine(), Callbacks = [monitor] });
        Assert.Equal(2000, network.Steps);
        Assert.Equal(4000, monitor.Records.Count);
        Assert.True(history["loss"][3] < 1e-4, history.ToString());
        Assert.Equal(2, network.Weights[0], 0.05);
    }

    [Fact]
    public void Fit_ProducerOfNaN_Diverges()
    {
        var calls = 0;
        var network = new FakeNetwork(1, 1, Loss.MeanSquaredError, batchSize: 4);
        var error = Assert.Throws<TrainingDivergedException>(() => network.Fit(
            (inputs, targets) =>
            {
                inputs.Fill(1);
                targets.Fill(++calls == 3 ? float.NaN : 1);
            },
            batches: 5));
        Assert.Equal((1, 3), (error.Epoch, error.Batch));
    }

    [Fact]
    public void Fit_WrongArguments_ThrowsAndMakesNothing()
    {
        var network = new FakeClassifier(2, 2, batchSize: 8);
        var calls = 0;
        void Produce(Span<float> inputs, Span<int> labels)
        {
            calls++;
            labels.Fill(calls);
        }

        Assert.Throws<ArgumentOutOfRangeException>("batches", () => network.Fit(Produce, 0));
        Assert.Throws<ArgumentOutOfRangeException>("batches", () => network.Fit(Produce, int.MaxValue / 8 + 1));
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => network.Fit(Produce, 1, epochs: 0));
        Assert.Throws<ArgumentNullException>("producer", () => network.Fit((LabeledBatchProducer)null!, 1));
        Assert.Throws<ArgumentNullException>("producer", () => network.Fit((BatchProducer)null!, 1));
        Assert.Throws<ArgumentException>("validation", () => network.Fit(Produce, 1, validation: new Dataset([1, 2, 3], 3, [0], 2)));
        Assert.Throws<ArgumentException>(
            "options", () => network.Fit(Produce, 1, new FitOptions { Epochs = 1, Metrics = [Metric.Accuracy], MetricsOnTrainingData = true }));
        Assert.Equal(0, calls);
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => network.Fit(Produce, 2));
        Assert.Equal((2, 1), (calls, network.Steps));
    }

    [Fact]
    public void Fit_MoreBatches_AllocatesNoMore()
    {
        long Measure(int batches)
        {
            var network = new FakeNetwork(2, 2, Loss.MeanSquaredError);
            var before = GC.GetAllocatedBytesForCurrentThread();
            network.Fit(static (inputs, targets) => targets.Clear(), batches);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Measure(2);
        Assert.InRange(Measure(300) - Measure(3), 0, 512);
    }
}
