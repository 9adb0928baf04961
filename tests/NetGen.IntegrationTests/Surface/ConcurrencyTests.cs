using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Surface;

/// <summary>Many callers at once: predictions are free, training is one caller at a time.</summary>
public class ConcurrencyTests
{
    [Fact]
    public async Task Predict_FromSeveralThreads_GivesTheSameBits()
    {
        var spec = NetSpec.Of("64-100:GELU-33:Softmax");
        var network = Harness.Network(spec, seed: 1);
        var inputs = Enumerable.Range(0, 8).Select(i => TestData.Inputs(1 + i * 5, 64, seed: i)).ToArray();
        var expected = Array.ConvertAll(inputs, x => network.Predict(x));
        var threads = Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(
            () =>
            {
                for (var round = 0; round < 200; round++)
                {
                    var pick = (i + round) % inputs.Length;
                    Near.SameBits(expected[pick], network.Predict(inputs[pick]), $"predictions of thread {i}");
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        await Task.WhenAll(threads);
    }

    [Fact]
    public async Task TrainBatch_WhileAnotherTrains_IsRefused()
    {
        // A step of some milliseconds, so that the second caller meets the first.
        var spec = NetSpec.Of("1000-1000:Tanh-1000", Loss.HalfSquaredError, batch: 64);
        var network = Harness.Trainable(spec, seed: 1);
        var x = TestData.Inputs(64, 1000, seed: 1);
        var t = TestData.Uniform(64 * 1000, 1, seed: 2);
        using var stop = new CancellationTokenSource();
        var trainer = Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        network.TrainBatch(x, t);
                    }
                    catch (InvalidOperationException)
                    {
                        // The other caller was inside first.
                    }
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var gradients = network.CreateGradients();
        try
        {
            Assert.True(SpinWait.SpinUntil(() => Refuses(() => network.TrainBatch(x.AsSpan(0, 1000), t.AsSpan(0, 1000))), TimeSpan.FromSeconds(30)));
            Assert.True(SpinWait.SpinUntil(() => Refuses(() => network.ComputeGradients(x, t, gradients)), TimeSpan.FromSeconds(30)));
            Assert.Equal(1000, network.Predict(x.AsSpan(0, 1000).ToArray()).Length);
        }
        finally
        {
            await stop.CancelAsync();
            await trainer;
        }

        Assert.True(float.IsFinite(network.TrainBatch(x, t)), "The network trains again once it is alone.");

        static bool Refuses(Func<float> call)
        {
            try
            {
                call();
                return false;
            }
            catch (InvalidOperationException error)
            {
                Assert.Contains("training", error.Message, StringComparison.Ordinal);
                return true;
            }
        }
    }

    [Fact]
    public void Networks_OfOneClass_ShareNothing()
    {
        var spec = NetSpec.Of("9-20:Tanh-3", Loss.HalfSquaredError, batch: 4);
        var (trained, other) = (Harness.Trainable(spec, seed: 1), Harness.Trainable(spec, seed: 1));
        var before = other.AllParameters();
        trained.TrainBatch(TestData.Inputs(4, 9, seed: 1), TestData.Uniform(12, 1, seed: 2));
        Near.SameBits(before, other.AllParameters(), "parameters of the other");
        trained.LearningRate = 3;
        Assert.Equal(0.1f, other.LearningRate);
    }
}
