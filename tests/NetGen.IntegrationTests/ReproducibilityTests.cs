using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>The same seed gives the same numbers, alone or in company, today and tomorrow.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class ReproducibilityTests
{
    private static readonly NetSpec Digits = NetSpec.Of("64-32:ReLU-10", Loss.SoftmaxCrossEntropy, batch: 32);

    [Fact]
    public void InitialWeights_OfSameSeed_AreTheSame() =>
        Near.SameBits(Harness.Network(Digits, seed: 9).AllParameters(), Harness.Network(Digits, seed: 9).AllParameters(), "parameters");

    /// <summary>A seed's weights are part of what a user relies on: they change with no version, platform or width.</summary>
    [Theory]
    [InlineData(0, 0.10573061f, 0.25870562f, 0.066097505f, "4B0A1E3638CDEAC6")]
    [InlineData(9, -0.11146901f, 0.070572935f, -0.0035489688f, "6F7FEBC4FB77C837")]
    public void InitialWeights_OfSeed_AreThoseOfEveryVersion(int seed, float first, float second, float last, string hash)
    {
        var parameters = Harness.Network(Digits, seed).AllParameters();
        Assert.Equal([first, second], parameters[..2]);
        Assert.Equal(last, Harness.Network(Digits, seed).Parameters[2].ToArray()[^1]);
        Assert.Equal(hash, Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(parameters.AsSpan())))[..16]);
    }

    [Fact]
    public void InitialWeights_OfOtherSeeds_Differ()
    {
        var weights = ((int[])[0, 1, 2, -1, int.MinValue, int.MaxValue]).Select(seed => Harness.Network(Digits, seed).Parameters[0].ToArray()).ToList();
        for (var i = 0; i < weights.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Assert.True(weights[i].Zip(weights[j]).Count(p => p.First == p.Second) < weights[i].Length / 100, $"Seeds {j} and {i} agree.");
            }
        }
    }

    [Fact]
    public void InitialWeights_OfTwoLayers_Differ()
    {
        var parameters = Harness.Network(NetSpec.Of("32-32-32")).Parameters;
        Assert.NotEqual(parameters[0].ToArray(), parameters[2].ToArray());
    }

    /// <summary>Predictions are computed in tiles of samples: which tile a sample falls into must not show.</summary>
    [Theory]
    [InlineData("64-32:ReLU-10")]
    [InlineData("2-5:Sigmoid-2:Sigmoid")]
    [InlineData("37-100:GELU-47:Softplus-33:Softmax")]
    [InlineData("784-30:Sigmoid-10:Sigmoid")]
    [InlineData("150-1:Tanh-65:ELU-1")]
    [InlineData("700-3:SELU")]
    [InlineData("2-100:Sigmoid-1:Tanh")]
    public void Predict_OfManySamples_IsBitForBitPredictOfEach(string net)
    {
        var spec = NetSpec.Of(net);
        var network = Harness.Network(spec).Randomize(seed: 1);
        foreach (var samples in (int[])[2, 3, 5, 8, 11, 12, 13, 16, 17, 33, 64, 100])
        {
            var x = TestData.Inputs(samples, spec.Inputs, seed: samples);
            var together = network.Predict(x);
            for (var n = 0; n < samples; n++)
            {
                var alone = network.Predict(x.AsSpan(n * spec.Inputs, spec.Inputs).ToArray());
                Near.SameBits(alone, together.AsSpan(n * spec.Outputs, spec.Outputs), $"sample {n} of {samples}");
            }
        }
    }

    /// <summary>A net that also trains is laid out for its batch; what it predicts must not depend on that.</summary>
    [Theory]
    [InlineData("64-32:ReLU-10")]
    [InlineData("2-5:Sigmoid-2:Sigmoid")]
    [InlineData("37-100:GELU-47")]
    public void Predict_OfNetsOfAllBatchSizes_IsBitForBitTheSame(string net)
    {
        var x = TestData.Inputs(50, NetSpec.Of(net).Inputs, seed: 1);
        var expected = Harness.Network(NetSpec.Of(net)).Randomize(seed: 2).Predict(x);
        foreach (var batch in (int[])[1, 7, 32, 100])
        {
            var network = Harness.Trainable(NetSpec.Of(net, Loss.HalfSquaredError, batch)).Randomize(seed: 2);
            Near.SameBits(expected, network.Predict(x), $"predictions of the net of batch size {batch}");
        }
    }

    [Fact]
    public void Training_Repeated_GivesTheSameBits()
    {
        Near.SameBits(Train(), Train(), "parameters");

        static float[] Train()
        {
            var network = Harness.Trainable(Digits, seed: 4);
            for (var step = 0; step < 30; step++)
            {
                network.TrainBatch(TestData.Inputs(32, 64, seed: step), TestData.Targets(Loss.SoftmaxCrossEntropy, 32, 10, seed: step));
            }

            return network.AllParameters();
        }
    }

    [Fact]
    public void TrainBatch_OnLabels_IsBitForBitTrainBatchOnOneHotTargets()
    {
        var (byLabel, byTarget) = (Harness.Trainable(Digits, seed: 4), Harness.Trainable(Digits, seed: 4));
        for (var step = 0; step < 20; step++)
        {
            var samples = step % 3 == 0 ? 32 : 1 + step;
            var x = TestData.Inputs(samples, 64, seed: step);
            var labels = TestData.Labels(samples, 10, seed: step);
            var targets = TestData.ToFloats(TestData.OneHot(labels, 10));
            Near.Single(byTarget.TrainBatch(x, targets), ((IClassifierNetwork)byLabel).TrainBatch(x, labels), "loss");
        }

        Near.SameBits(byTarget.AllParameters(), byLabel.AllParameters(), "parameters");
    }
}
