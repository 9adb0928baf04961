using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>What dropout and noise draw, when, and what changes it.</summary>
public class RandomLayerTests
{
    private const int Features = 500;
    private const int Batch = 200;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.97)]
    public void Dropout_OfARate_DropsThatShareOfEachFeatureAndSampleAndScalesTheRest(double rate)
    {
        var kept = Scales(rate);
        var one = 1 / (1 - (float)rate);
        Assert.All(kept, k => Assert.True(k == 0 || Math.Abs(k - one) < 1e-5 * one));
        var deviation = Math.Sqrt(rate * (1 - rate));
        Assert.InRange(Share(kept), 1 - rate - 5 * deviation / Math.Sqrt(kept.Length), 1 - rate + 5 * deviation / Math.Sqrt(kept.Length));

        // Of 500 features and 200 samples the farthest out are some 4 deviations from the mean.
        Assert.All(Enumerable.Range(0, Features), f => Near(Enumerable.Range(0, Batch).Select(n => kept[n * Features + f]), 6));
        Assert.All(Enumerable.Range(0, Batch), n => Near(kept.Skip(n * Features).Take(Features), 6));

        // Neighbours, in a row, in a column and over two steps, are independent.
        var next = Scales(rate, step: 1);
        Near(kept.Zip(kept.Skip(1), Both), 5, (1 - rate) * (1 - rate));
        Near(kept.Zip(kept.Skip(Features), Both), 5, (1 - rate) * (1 - rate));
        Near(kept.Zip(next, Both), 5, (1 - rate) * (1 - rate));
        Near(kept.Zip(next.Skip(1), Both), 5, (1 - rate) * (1 - rate));
        Near(kept.Zip(Scales(rate, seed: 2), Both), 5, (1 - rate) * (1 - rate));

        float Both(float a, float b) => a != 0 && b != 0 ? 1 : 0;

        void Near(IEnumerable<float> some, double deviations, double? expected = null)
        {
            var (all, mean) = (some.ToArray(), expected ?? 1 - rate);
            var tolerance = deviations * Math.Sqrt(mean * (1 - mean) / all.Length);
            Assert.InRange(Share(all), mean - tolerance, mean + tolerance);
        }
    }

    [Fact]
    public void Noise_OfADeviation_IsNormal()
    {
        // The gradient of ½(y − t)² with y = 0·x + noise is the noise, over n.
        var network = Harness.Trainable(NetSpec.Of($"2-{Features}-GaussianNoise(0.5)", Loss.HalfSquaredError, Batch));
        foreach (var parameter in network.Parameters)
        {
            parameter.CopyFrom(new float[parameter.Length]);
        }

        var sums = new double[5];
        const int Steps = 10;
        for (var step = 0; step < Steps; step++)
        {
            network.StepCount = step;
            var gradients = network.CreateGradients();
            network.ComputeGradients(Ones(Batch * 2), new float[Batch * Features], gradients);

            // The bias's gradient is the mean over the samples: its variance is σ²/n.
            foreach (var g in gradients.Parameters[1].ToArray())
            {
                var z = g / 0.5 * Math.Sqrt(Batch);
                for (var power = 1; power <= 4; power++)
                {
                    sums[power] += Math.Pow(z, power);
                }
            }
        }

        var count = (double)Steps * Features;
        Assert.InRange(sums[1] / count, -5 / Math.Sqrt(count), 5 / Math.Sqrt(count));
        Assert.InRange(sums[2] / count, 1 - 5 * Math.Sqrt(2 / count), 1 + 5 * Math.Sqrt(2 / count));
        Assert.InRange(sums[4] / count, 3 - 5 * Math.Sqrt(96 / count), 3 + 5 * Math.Sqrt(96 / count));
    }

    [Fact]
    public void DropoutRate_Set_CountsFromTheNextStepOn()
    {
        dynamic network = Network(0.5);
        Assert.Equal(0.5f, (float)network.DropoutRate);
        network.DropoutRate = 0f;
        Assert.All(Scales((ITrainableNetwork)network), k => Assert.Equal(1f, k, 1e-6f));
        network.DropoutRate = 0.9f;
        Assert.InRange(Share(Scales((ITrainableNetwork)network)), 0.09, 0.11);
        Assert.Equal(0.9f, (float)network.DropoutRate);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(-0.01f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void DropoutRate_OutOfRange_ThrowsAndChangesNothing(float rate)
    {
        dynamic network = Network(0.5);
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => { network.DropoutRate = rate; });
        Assert.Contains("at least 0 and below 1", e.Message, StringComparison.Ordinal);
        Assert.Equal(0.5f, (float)network.DropoutRate);
    }

    [Fact]
    public void DropoutRate_OfLayersThatDiffer_IsNaNUntilSet()
    {
        dynamic network = Harness.Trainable(NetSpec.Of("4-Dropout(0.1)-6-Dropout(0.2)-3", Loss.HalfSquaredError));
        Assert.Equal(float.NaN, (float)network.DropoutRate);
        network.DropoutRate = 0.3f;
        Assert.Equal(0.3f, (float)network.DropoutRate);
    }

    [Fact]
    public void ComputeGradients_DrawsWhatTheNextStepDraws()
    {
        var network = Harness.Trainable(NetSpec.Of("20-50-Dropout(0.5)-ReLU-GaussianNoise(0.1)-5", Loss.HalfSquaredError, 16, rate: 0.25)).Randomize(3);
        var (x, t) = (TestData.Inputs(16, 20, seed: 1), TestData.Targets(Loss.HalfSquaredError, 16, 5, seed: 2));
        var gradients = network.CreateGradients();
        network.TrainBatch(x, t);
        var first = network.ComputeGradients(x, t, gradients);
        Assert.Equal(first, network.ComputeGradients(x, t, gradients));
        var before = network.AllParameters();
        Assert.Equal(first, network.TrainBatch(x, t));
        Assert.NotEqual(first, network.ComputeGradients(x, t, network.CreateGradients()));
        var change = network.AllParameters().Zip(before, (a, b) => (double)b - a).ToArray();
        Support.Near.Single([.. gradients.Parameters.SelectMany(p => p.ToArray()).Select(g => 0.25 * g)], [.. change.Select(c => (float)c)], "change");
    }

    [Fact]
    public void Step_WithSeedAndStepCountOfAnother_IsItsStep()
    {
        var spec = NetSpec.Of("20-50-Dropout(0.5)-ReLU-5", Loss.HalfSquaredError, 16);
        var (first, second) = (Harness.Trainable(spec, seed: 5), Harness.Trainable(spec, seed: 6));
        var (x, t) = (TestData.Inputs(16, 20, seed: 1), TestData.Targets(Loss.HalfSquaredError, 16, 5, seed: 2));
        for (var step = 0; step < 3; step++)
        {
            first.TrainBatch(x, t);
        }

        for (var p = 0; p < first.Parameters.Count; p++)
        {
            second.Parameters[p].CopyFrom(first.Parameters[p].ToArray());
        }

        (second.Seed, second.StepCount) = (first.Seed, first.StepCount);
        Assert.Equal(first.TrainBatch(x, t), second.TrainBatch(x, t));
        Support.Near.SameBits(first.AllParameters(), second.AllParameters(), "parameters");
    }

    [Fact]
    public void Step_ThatChangesItsInputs_LeavesTheCallersAsTheyAre()
    {
        var network = Harness.Trainable(NetSpec.Of("7-Dropout(0.5)-GaussianNoise(0.5)-3", Loss.HalfSquaredError, 5));
        var x = TestData.Inputs(5, 7, seed: 1);
        var copy = x.ToArray();
        network.TrainBatch(x, new float[15]);
        network.ComputeGradients(x, new float[15], network.CreateGradients());
        network.Predict(x);
        Support.Near.SameBits(copy, x, "inputs");
    }

    [Fact]
    public void BatchNorm_StepWhoseLossIsNotFinite_LeavesRunningFigures()
    {
        var network = Harness.Trainable(NetSpec.Of("4-6-BatchNorm-ReLU-3", Loss.HalfSquaredError, 8)).Randomize(1);
        network.TrainBatch(TestData.Inputs(8, 4, seed: 1), new float[24]);
        var before = network.Buffers.SelectMany(b => b.ToArray()).ToArray();
        Assert.Contains(before, b => b is not (0 or 1));
        var t = new float[24];
        t[3] = float.PositiveInfinity;
        Assert.False(float.IsFinite(network.TrainBatch(TestData.Inputs(8, 4, seed: 2), t)));
        network.ComputeGradients(TestData.Inputs(8, 4, seed: 2), new float[24], network.CreateGradients());
        Support.Near.SameBits(before, network.Buffers.SelectMany(b => b.ToArray()).ToArray(), "running figures");
    }

    [Fact]
    public void BatchNorm_MeanFarFromZero_KeepsThePrecisionOfItsNumbers()
    {
        // z = 1000 + small: with Σz² − (Σz)²/n the variance would be lost.
        var network = Harness.Trainable(NetSpec.Of("1-3-BatchNorm", Loss.HalfSquaredError, 64));
        network.Parameters[0].CopyFrom([1, 1, 1]);
        network.Parameters[1].CopyFrom([0, 1000, -1000]);
        var x = TestData.Inputs(64, 1, seed: 1);
        network.TrainBatch(x, new float[64 * 3]);
        var (mean, variance) = (x.Average(v => (double)v), 0.0);
        variance = x.Sum(v => (v - mean) * (v - mean)) / 63;
        var running = network.Buffers[1].ToArray();
        Assert.All(running, v => Assert.Equal(0.9 + 0.1 * variance, v, 1e-4));
    }

    /// <summary>What became of ones: 0 or 1/(1 − rate), sample after sample.</summary>
    private static float[] Scales(double rate, int seed = 1, long step = 0)
    {
        var network = Network(rate, seed);
        network.StepCount = step;
        return Scales(network);
    }

    /// <summary>The gradient of the mean of ½(y − t)² with y = dropout(0) and t = −1 is 1/n where y is kept, times 1/(1 − rate).</summary>
    private static float[] Scales(ITrainableNetwork network)
    {
        var gradients = network.CreateGradients();
        network.ComputeGradients(new float[Batch * Features], [.. Enumerable.Repeat(-1f, Batch * Features)], gradients);
        return [.. gradients.Inputs.ToArray().Select(g => g * Batch)];
    }

    private static ITrainableNetwork Network(double rate, int seed = 1) => Harness.Trainable(
        NetSpec.Of(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Features}-Dropout({rate})"), Loss.HalfSquaredError, Batch), seed);

    private static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];

    private static double Share(float[] kept) => kept.Count(k => k != 0) / (double)kept.Length;
}
