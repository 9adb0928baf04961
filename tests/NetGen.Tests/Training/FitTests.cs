using NetGen.Tests.Support;

namespace NetGen.Tests.Training;

public class FitTests
{
    [Fact]
    public void Fit_SeparableData_Learns()
    {
        var (train, test) = TestEnvironment.Clouds(200).Split(0.8, 1);
        var network = new FakeClassifier(2, 2);
        var history = network.Fit(train, epochs: 5, validation: test);
        Assert.Equal([1, 2, 3, 4, 5], history.Epochs.Select(e => e.Epoch));
        Assert.True(history.Epochs[^1].Loss < history.Epochs[0].Loss);
        Assert.True(history.Epochs[^1].ValidationAccuracy > 0.95);
        Assert.Equal(network.Evaluate(test).Loss, history.Epochs[^1].ValidationLoss);
        Assert.False(history.Cancelled);
        Assert.All(history.Epochs, e => Assert.True(e.SamplesPerSecond > 0 && e.Elapsed > TimeSpan.Zero));
        Assert.True(history.Elapsed >= history.Epochs[^1].Elapsed);
        Assert.Equal(5, history.ToString().Split('\n').Length);
    }

    [Fact]
    public void Fit_RealDigits_Learns()
    {
        var (train, test) = Digits.Load().Split(0.8, seed: 1, stratified: true);
        var network = new FakeClassifier(64, 10, batchSize: 32);
        network.Fit(train, epochs: 20);
        Assert.InRange(network.Evaluate(test).Accuracy, 0.9, 1);
    }

    [Fact]
    public void Fit_SameSeed_SameWeightsAndOtherSeed_OtherWeights()
    {
        var data = TestEnvironment.Clouds(50);
        float[] Train(int seed)
        {
            var network = new FakeClassifier(2, 2);
            network.Fit(data, epochs: 2, seed: seed);
            return network.Weights;
        }

        Assert.Equal(Train(1), Train(1));
        Assert.NotEqual(Train(1), Train(2));
    }

    [Fact]
    public void Fit_LastPartialBatch_IsTrainedAndWeighted()
    {
        var network = new FakeClassifier(2, 2, batchSize: 8);
        float[] losses = [1, 2, 4];
        network.OnStep = step => losses[(step - 1) % 3];
        var history = network.Fit(TestEnvironment.Clouds(20), epochs: 2);
        Assert.Equal((6, 6, 40L), (network.Steps, network.LabelSteps, network.Samples));
        Assert.All(history.Epochs, e => Assert.Equal((8 * 1 + 8 * 2 + 4 * 4) / 20.0, e.Loss, 1e-12));
        Assert.All(history.Epochs, e => Assert.True(double.IsNaN(e.ValidationLoss) && double.IsNaN(e.ValidationAccuracy)));
    }

    [Fact]
    public void Fit_FewerSamplesThanABatch_Trains()
    {
        var network = new FakeClassifier(2, 2, batchSize: 100);
        network.Fit(TestEnvironment.Clouds(3), epochs: 1);
        Assert.Equal((1, 3L), (network.Steps, network.Samples));
    }

    [Fact]
    public void Fit_LabelsAndLossOnNumbers_BecomeOneHotRows()
    {
        var data = TestEnvironment.Clouds(40);
        var labels = new FakeNetwork(2, 2, Loss.HalfSquaredError);
        var rows = new FakeNetwork(2, 2, Loss.HalfSquaredError);
        labels.Fit(data, epochs: 2);
        rows.Fit(data.OneHot(), epochs: 2);
        Assert.Equal(rows.Weights, labels.Weights);
        Assert.Equal(rows.Evaluate(data.OneHot()).Accuracy, labels.Evaluate(data).Accuracy);
    }

    [Fact]
    public void Fit_TwoClassesAndOneOutput_AreZeroAndOne()
    {
        var data = TestEnvironment.Clouds(40);
        var targets = new Dataset(data.Inputs.ToArray(), 2, [.. data.Labels.ToArray().Select(c => (float)c)], 1);
        var byLabels = new FakeNetwork(2, 1, Loss.SigmoidCrossEntropy);
        var byTargets = new FakeNetwork(2, 1, Loss.SigmoidCrossEntropy);
        byLabels.Fit(data, epochs: 3);
        byTargets.Fit(targets, epochs: 3);
        Assert.Equal(byTargets.Weights, byLabels.Weights);
        Assert.True(byLabels.Evaluate(data).Accuracy > 0.9);
    }

    [Fact]
    public void Fit_ClassifierWithSoftTargets_TakesThem()
    {
        var network = new FakeClassifier(2, 2);
        network.Fit(TestEnvironment.Clouds(40).OneHot(), epochs: 1);
        Assert.Equal((5, 0), (network.Steps, network.LabelSteps));
    }

    [Fact]
    public void Fit_WrongData_ThrowsAndChangesNothing()
    {
        var data = TestEnvironment.Clouds(10);
        var network = new FakeClassifier(2, 2);
        var before = network.Weights;
        Assert.Throws<ArgumentNullException>("data", () => network.Fit((Dataset)null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => network.Fit(data, 0));
        var error = Assert.Throws<ArgumentException>("data", () => network.Fit(new Dataset([1, 2, 3], 3, [0], 2), 1));
        Assert.Contains("must have 2 inputs a sample as the network has, but has 3", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>("data", () => network.Fit(new Dataset([1, 2], 2, [0], 3), 1));
        Assert.Contains("at most 2 classes as the network has outputs, but has 3", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>("data", () => network.Fit(new Dataset([1, 2], 2, [0, 1, 2f], 3), 1));
        Assert.Contains("must have 2 targets a sample as the network has outputs, but has 3", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("validation", () => network.Fit(data, 1, new Dataset([1, 2, 3], 3, [0], 2)));
        Assert.Equal(before, network.Weights);
        Assert.Equal(0, network.Steps);

        error = Assert.Throws<ArgumentException>("data", () => new FakeNetwork(2, 1, Loss.HalfSquaredError).Fit(new Dataset([1, 2], 2, [0], 3), 1));
        Assert.Contains("2 classes for a network with 1 output, but has 3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Fit_LossNotFinite_NamesEpochAndBatchAndRestoresTheEpochsStart(float loss)
    {
        var network = new FakeClassifier(2, 2, batchSize: 8);
        float[]? start = null;
        network.OnStep = step =>
        {
            start = step == 4 ? network.Weights : start;
            return step == 5 ? loss : null;
        };
        var error = TestEnvironment.In(
            TestEnvironment.HostileCulture(),
            () => Assert.Throws<TrainingDivergedException>(() => network.Fit(TestEnvironment.Clouds(24), epochs: 9)));
        Assert.Equal((2, 2, (double)loss), (error.Epoch, error.Batch, error.Loss));
        Assert.Contains(float.IsNaN(loss) ? "NaN at epoch 2, batch 2" : "Infinity at epoch 2, batch 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(start, network.Weights);
    }

    [Fact]
    public void Fit_FirstStepOfEpochFails_RestoresTheEpochBefore()
    {
        var network = new FakeClassifier(2, 2, batchSize: 8);
        float[]? start = null;
        network.OnStep = step =>
        {
            start = step == 4 ? network.Weights : start;
            return step == 7 ? float.NaN : null;
        };
        var error = Assert.Throws<TrainingDivergedException>(() => network.Fit(TestEnvironment.Clouds(24), epochs: 9));
        Assert.Equal((3, 1), (error.Epoch, error.Batch));
        Assert.Equal(start, network.Weights);
    }

    [Fact]
    public void Fit_VeryFirstStepFails_KeepsTheStart()
    {
        var network = new FakeClassifier(2, 2) { OnStep = _ => float.NaN };
        var before = network.Weights;
        Assert.Throws<TrainingDivergedException>(() => network.Fit(TestEnvironment.Clouds(24), epochs: 9));
        Assert.Equal(before, network.Weights);
    }

    [Fact]
    public void Fit_LastUpdateOverflows_IsFoundAtTheEpochsEnd()
    {
        var network = new FakeClassifier(2, 2, batchSize: 8);
        network.OnStep = step =>
        {
            network.LearningRate = step == 6 ? float.MaxValue : 0.1f;
            if (step == 6)
            {
                network.Parameters[1].CopyFrom([float.NaN, 0]);
                return 0.5f;
            }

            return null;
        };
        var error = Assert.Throws<TrainingDivergedException>(() => network.Fit(TestEnvironment.Clouds(24), epochs: 2));
        Assert.Equal((2, 3, 0.5), (error.Epoch, error.Batch, error.Loss));
        Assert.Contains("layer1.bias", error.Message, StringComparison.Ordinal);
        Assert.All(network.Weights, w => Assert.True(float.IsFinite(w)));
    }

    [Fact]
    public void Fit_HugeLearningRate_DivergesAndLeavesFiniteWeights()
    {
        var network = new FakeNetwork(2, 2, Loss.HalfSquaredError, learningRate: 1e20f);
        Assert.Throws<TrainingDivergedException>(() => network.Fit(TestEnvironment.Clouds(24), epochs: 9));
        Assert.All(network.Weights, w => Assert.True(float.IsFinite(w)));
    }

    [Fact]
    public void Fit_CancelledWithinAnEpoch_StopsAfterTheStep()
    {
        using var source = new CancellationTokenSource();
        var network = new FakeClassifier(2, 2, batchSize: 8);
        float[]? before = null;
        network.OnStep = step =>
        {
            if (step == 5)
            {
                before = network.Weights;
                source.Cancel();
            }

            return null;
        };
        var history = network.Fit(TestEnvironment.Clouds(24), epochs: 9, cancellationToken: source.Token);
        Assert.True(history.Cancelled);
        Assert.Single(history.Epochs);
        Assert.Equal(5, network.Steps);
        Assert.NotEqual(before, network.Weights);
    }

    [Fact]
    public void Fit_CancelledWithValidation_LeavesTheBestEpoch()
    {
        using var source = new CancellationTokenSource();
        var data = TestEnvironment.Clouds(80);
        var network = new FakeClassifier(2, 2);
        var weights = new List<float[]>();
        var recorder = new Recorder<EpochProgress>
        {
            OnReport = report =>
            {
                if (report.IsDone)
                {
                    weights.Add(network.Weights);

                    // After the second epoch learning turns to unlearning.
                    network.LearningRate = report.Epoch < 2 ? 0.1f : -0.1f;
                    if (report.Epoch == 4)
                    {
                        source.Cancel();
                    }
                }
            },
        };
        var history = network.Fit(data, epochs: 9, validation: data, progress: recorder, cancellationToken: source.Token);
        Assert.True(history.Cancelled);
        Assert.Equal(4, history.Epochs.Count);
        Assert.Equal(2, history.Epochs.MinBy(e => e.ValidationLoss)!.Epoch);
        Assert.Equal(weights[1], network.Weights);
    }

    [Fact]
    public void Fit_CancelledBeforehand_DoesNothing()
    {
        var network = new FakeClassifier(2, 2);
        var before = network.Weights;
        var history = network.Fit(TestEnvironment.Clouds(24), epochs: 2, cancellationToken: new CancellationToken(canceled: true));
        Assert.True(history.Cancelled);
        Assert.Empty(history.Epochs);
        Assert.Equal(before, network.Weights);
        Assert.Equal(0, network.Steps);
    }

    [Fact]
    public void Fit_CancelledAfterTheLastEpoch_IsComplete()
    {
        using var source = new CancellationTokenSource();
        var recorder = new Recorder<EpochProgress>
        {
            OnReport = report =>
            {
                if (report.IsDone)
                {
                    source.Cancel();
                }
            },
        };
        var history = new FakeClassifier(2, 2).Fit(TestEnvironment.Clouds(24), epochs: 1, progress: recorder, cancellationToken: source.Token);
        Assert.False(history.Cancelled);
        Assert.Single(history.Epochs);
    }

    [Fact]
    public void Fit_Progress_TellsEachEpochsEnd()
    {
        var recorder = new Recorder<EpochProgress>();
        var data = TestEnvironment.Clouds(40);
        var history = new FakeClassifier(2, 2).Fit(data, epochs: 3, validation: data, progress: recorder);
        var done = recorder.Reports.Where(r => r.IsDone).ToList();
        Assert.Equal(history.Epochs.Select(e => (e.Epoch, e.Loss, e.ValidationLoss)), done.Select(r => (r.Epoch, r.Loss, r.ValidationLoss)));
        Assert.All(done, r => Assert.Equal((3, 40, 40), (r.Epochs, r.Samples, r.TotalSamples)));
        Assert.Equal(TimeSpan.Zero, done[^1].Remaining);
        var first = recorder.Reports[0];
        Assert.Equal((1, 8, false), (first.Epoch, first.Samples, first.IsDone));
        Assert.True(double.IsNaN(first.ValidationLoss) && first.Remaining > TimeSpan.Zero);
        Assert.All(recorder.Reports, r => Assert.False(r.IsStopped));
    }

    [Fact]
    public void Fit_Cancelled_TellsThatItStopped()
    {
        var recorder = new Recorder<EpochProgress>();
        new FakeClassifier(2, 2).Fit(TestEnvironment.Clouds(24), 2, progress: recorder, cancellationToken: new CancellationToken(canceled: true));
        Assert.True(Assert.Single(recorder.Reports).IsStopped);
    }

    [Fact]
    public void Fit_MoreSteps_AllocatesNoMore()
    {
        var (small, large) = (TestEnvironment.Clouds(16), TestEnvironment.Clouds(1600));
        long Measure(Dataset data)
        {
            var network = new FakeClassifier(2, 2);
            var before = GC.GetAllocatedBytesForCurrentThread();
            network.Fit(data, epochs: 1);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Measure(small);

        // The order of the samples is all that grows: 4 bytes a sample.
        Assert.InRange(Measure(large) - Measure(small), 0, 4 * 1600 + 512);
    }
}
