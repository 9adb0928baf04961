using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>A BatchNorm behind a dense layer or a convolution: predictions leave it to the product, steps do not.</summary>
public class FoldedNormalizationTests
{
    /// <summary>Every BatchNorm follows a product that nobody else takes.</summary>
    public static TheoryData<string> Folded =>
    [
        "6 3 BatchNorm",
        "6 12! BatchNorm ReLU 3",
        "20 40 BatchNorm GELU 33! BatchNorm Sigmoid",
        "20 40 BatchNorm Softmax 3",
        "20 Dropout(0.1) 40 Dropout(0.3) BatchNorm Tanh Dropout(0.2) GaussianNoise(0.1) 3",
        "20 17 GaussianNoise(0.1) Identity BatchNorm",
        "20 49 BatchNorm ReLU GELU 18! BatchNorm ReLU6 Tanh Sigmoid 3",
        "700 5! BatchNorm 3",
        "700 5 BatchNorm ReLU 3",
        "700 5! BatchNorm SiLU 3",
        "40 100 BatchNorm(0.3) SiLU 1 BatchNorm",
        "40 100! BatchNorm 1! BatchNorm Tanh",
        "2x7x6 Conv(5,3,same,nobias) BatchNorm ReLU Conv(6,3,s2) BatchNorm Tanh Flatten 3",
        "2x7x19 Conv(5,3) BatchNorm GELU Conv(17,2,p1,nobias) BatchNorm Flatten 33 BatchNorm ReLU 3",
        "4x6x5 Conv(6,3,g2,p1) BatchNorm Softplus Dropout(0.2) Conv(6,3,g6,same,nobias) BatchNorm",
        "3x6x5 Conv(4,3,d2,p1) Dropout(0.3) GaussianNoise(0.1) BatchNorm LeakyReLU(0.2) ELU MaxPool(2) Flatten 3",
        "3x11 Conv1(6,3,same) BatchNorm ReLU Conv1(17,2,s2,nobias) BatchNorm GELU Conv1(2,1) BatchNorm",
        "3x4x5 ConvT(4,4,s2,p1) BatchNorm GELU ConvT(6,3,s3x2,p2x1,g2,nobias) BatchNorm",
        "20 Linear(17) Bias BatchNorm ReLU Linear(3) BatchNorm",
        GraphTests.Residual,
    ];

    /// <summary>Nets with a BatchNorm that stays a pass of its own.</summary>
    public static TheoryData<string> NotFolded =>
    [
        "6 BatchNorm 3",
        "6 z=Linear(12) b=Bias@z n=BatchNorm@b Add(n,z) 3",
        "6 12:ReLU BatchNorm 3",
        "6 12 Dropout(0.2) ReLU BatchNorm 3",
        "6 z=12 n=BatchNorm@z Add(z,n) 3",
        "6 z=12 d=Dropout(0.3)@z n=BatchNorm@d Concat(n,z) 3",
        "6 z=12 a=BatchNorm@z b=BatchNorm@z Multiply(a,b) 3",
        "2x5x5 z=Conv(3,3,same) n=BatchNorm@z Add(z,n) Flatten 3",
        "2x5x5 Conv(3,3,same):Tanh BatchNorm Flatten 3",
        "2x6x6 Conv(3,3,same) MaxPool(2) BatchNorm ReLU Flatten 3",
    ];

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(Folded))]
    [MemberData(nameof(NotFolded))]
    public void Predictions_BetweenSteps_AgreeWithReference(string net) => Agree(Spec(net));

    [Fact]
    [Trait(Widths.Trait, Widths.Every)]
    public void Predictions_WithFrozenNorm_AgreeWithReference() =>
        Agree(NetSpec.Of("20-40!-BatchNorm-ReLU-33-BatchNorm-3", Loss.HalfSquaredError, batch: 9).With((2, new() { Frozen = true })));

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(Folded))]
    public void Predict_OfManySamples_IsBitForBitPredictOfEach(string net)
    {
        var spec = Spec(net);
        var network = Harness.Trainable(spec).Randomize(seed: 3);
        for (var step = 0; step < 3; step++)
        {
            network.TrainBatch(TestData.Inputs(9, spec.Inputs, seed: step), spec.Targets(9, seed: 10 + step));
        }

        foreach (var samples in (int[])[2, 3, 8, 16, 17, 33, 130])
        {
            var x = TestData.Inputs(samples, spec.Inputs, seed: samples);
            var together = network.Predict(x);
            var size = network.OutputSize;
            for (var n = 0; n < samples; n++)
            {
                Near.SameBits(
                    network.Predict(x.AsSpan(n * spec.Inputs, spec.Inputs).ToArray()), together.AsSpan(n * size, size).ToArray(), $"sample {n} of {samples}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Folded))]
    public void GeneratedCode_OfFoldedNet_HasNoPassForIt(string net)
    {
        var source = Harness.Compile(Spec(net)).AllSource;
        Assert.DoesNotContain("NormalizePredicted_", source, StringComparison.Ordinal);
        Assert.Contains("Folded(", source, StringComparison.Ordinal);
        Assert.Contains(" Normalize_", source, StringComparison.Ordinal); // steps have it as before
    }

    [Theory]
    [MemberData(nameof(NotFolded))]
    public void GeneratedCode_OfOtherNet_HasAPassForIt(string net)
    {
        var source = Harness.Compile(Spec(net)).AllSource;
        Assert.Contains(" NormalizePredicted_", source, StringComparison.Ordinal);
        Assert.DoesNotContain("Folded(", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20 40! BatchNorm GELU 33 BatchNorm 3")]
    [InlineData("2x7x6 Conv(5,3,same) BatchNorm ReLU Conv(6,3,s2) BatchNorm Tanh Flatten 3")]
    public void Predictions_OfNetThatDoesNotTrain_AreThoseOfOneThatDoes(string net)
    {
        var (spec, trains) = (GraphText.Of(net), Spec(net));
        var (network, trained) = (Harness.Network(spec).Randomize(seed: 5), Harness.Network(trains).Randomize(seed: 5));
        var x = TestData.Inputs(20, spec.Inputs, seed: 1);
        Near.SameBits(trained.Predict(x), network.Predict(x), "predictions");
    }

    /// <summary>Steps change parameters and running figures; what a prediction folds must be those of its call.</summary>
    private static void Agree(NetSpec spec)
    {
        var network = Harness.Trainable(spec).Randomize(seed: 63);
        for (var round = 0; round < 3; round++)
        {
            foreach (var samples in (int[])[1, 2, 5, 16, 17, 40])
            {
                Oracle.PredictionAgrees(network, network.ToReference(spec), samples, seed: samples);
            }

            network.TrainBatch(TestData.Inputs(9, spec.Inputs, seed: round), spec.Targets(9, seed: 10 + round));
        }
    }

    private static NetSpec Spec(string net) => GraphText.Of(net, Loss.HalfSquaredError, batch: 9);
}
