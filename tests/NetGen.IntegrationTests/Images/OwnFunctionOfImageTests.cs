using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>
/// Functions that a class declares itself, on images: of convolutions and by themselves, at numbers of samples that leave lanes empty and behind
/// which layers reach into frames of zeros.
/// </summary>
[Trait(Widths.Trait, Widths.Every)]
public class OwnFunctionOfImageTests
{
    /// <summary>In turn: one row of pixels and several, strides and groups, sequences, layers of their own, passes with normalisation and dropout.</summary>
    private static readonly string[] Places =
    [
        "2x5x4 Conv(3,3x2):* Flatten 3", "1x9x8 Conv(6,3,p1):* MaxPool(2) Conv(5,3,p1):* Flatten 3", "4x6x5 Conv(6,3,s2,g2):* AvgPool(2,s1) Conv(2,1):Tanh GlobalAvgPool",
        "3x11 Conv1(4,3,s2):* Conv1(17,2,same):* GlobalMaxPool 2", "2x4x5 * Conv(3,2) Dropout(0.3) * Flatten 3", "2x6x5 Conv(4,3,same) BatchNorm * Conv(3,2,p1) * Flatten 3",
        "2x5x5 a=Conv(3,3,same):* b=Conv(3,1)@input Multiply(a,b) MaxPool(3,s1,p1) * Flatten 3", "1x4x4 Conv(3,2):*",
    ];

    public static TheoryData<string, int> Nets { get; } =
        [.. Places.SelectMany(net => ((string, int)[])[("Swish", 17), ("Mish", 3), ("Ramp", 16), ("Cubic", 33)], (net, own) => (net.Replace("*", own.Item1, StringComparison.Ordinal), own.Item2))];

    [Theory]
    [MemberData(nameof(Nets))]
    public void Activation_OfTheClass_AgreesWithReference(string net, int batch)
    {
        var spec = GraphText.Of(net, Loss.HalfSquaredError, batch, rate: 0.002);
        Oracle.Agrees(Harness.Trainable(spec), spec, seed: 13, predictions: [1, 2, 16, 17, 40], scale: net.Contains("BatchNorm", StringComparison.Ordinal) ? 10 : 1);
    }

    /// <summary>z·(2 + z)/z is no number at 0, which is what a convolution without bias makes of a lane without a sample.</summary>
    [Theory]
    [InlineData("2x5x4 Conv(3,3x2,nobias):Quotient Flatten 3", 19)]
    [InlineData("1x6x6 Conv(4,2,nobias):Quotient Conv(3,3,p1):Tanh Flatten 3", 19)]
    [InlineData("1x6x6 Conv(4,2,nobias):Quotient Conv(9,3,same,nobias):Quotient AvgPool(3,s1,p1) Flatten 3", 33)]
    [InlineData("2x7x6 Conv(4,2,nobias) AvgPool(2) Quotient Conv(3,2,p1):Tanh GlobalAvgPool 2", 5)]
    [InlineData("3x9 Conv1(4,3,s2,nobias):Quotient MaxPool1(2,s1) BatchNorm Flatten 2", 16)]
    [InlineData("2x5x5 Conv(3,2,nobias):Quotient BatchNorm Tanh Flatten 3", 17)]
    [InlineData("12 Reshape(3x2x2) Quotient Conv(2,2,p1) Flatten 3:Quotient", 17)]
    [InlineData("12 Dropout(0.001) Root Reshape(3x2x2) Conv(2,2,p1) Flatten 3:Root", 17)]
    public void Activation_ThatIsNoNumberInPadding_AgreesWithReference(string net, int batch)
    {
        var spec = GraphText.Of(net, Loss.HalfSquaredError, batch, rate: 0.002);
        Oracle.Agrees(
            Harness.Trainable(spec), spec, seed: 18, [batch, (batch + 1) / 2, Math.Min(2, batch), batch], predictions: [1, 2, 16, 17, 40],
            scale: net.Contains("BatchNorm", StringComparison.Ordinal) ? 10 : 1);
    }

    /// <summary>√(z + 8) of a lane without a sample, which has nothing but its bias of −12, is no number; of the samples it is one.</summary>
    [Theory]
    [InlineData("1x6x6 Conv(3,2):Root Conv(2,3,p1):Tanh Flatten 3")]
    [InlineData("1x6x6 Conv(3,2):Root BatchNorm MaxPool(2) Flatten 3")]
    [InlineData("1x6x6 Conv(3,2) Root AvgPool(3,s2,p1) Flatten 3")]
    [InlineData("1x6x6 Conv(3,2) BatchNorm Root Conv(2,3,same) Flatten 3")]
    [InlineData("1x36 Conv1(3,4):Root GlobalMaxPool 3")]
    public void Activation_ThatIsNoNumberInEmptyLanes_AgreesWithReference(string net)
    {
        foreach (var batch in (int[])[6, 35])
        {
            var spec = GraphText.Of(net, Loss.HalfSquaredError, batch);
            foreach (var samples in (int[])[batch, 5, 1])
            {
                var network = Harness.Trainable(spec).Randomize(seed: 4);
                network.Parameters[0].CopyFrom([.. TestData.Uniform(network.Parameters[0].Length, 0.1f, seed: 1).Select(w => 1 + w)]);
                network.Parameters[1].CopyFrom([-12, -12, -12]);
                var reference = network.ToReference(spec);
                var x = TestData.Uniform(36 * samples, 0.5f, seed: 5).Select(v => 3.5f + v).ToArray();
                var t = TestData.Targets(Loss.HalfSquaredError, samples, spec.Outputs, seed: 6);
                Near.Single(reference.Predict(TestData.ToDoubles(x)), network.Predict(x), "predictions", scale: 10);
                var expected = reference.ComputeGradients(TestData.ToDoubles(x), TestData.ToDoubles(t));
                var gradients = network.CreateGradients();
                Near.Single(expected.Loss, network.ComputeGradients(x, t, gradients), "loss", scale: 10);
                Near.Single(expected.Inputs, gradients.Inputs, "input gradient", scale: 10);
                for (var p = 0; p < expected.Parameters.Count; p++)
                {
                    Near.Single(expected.Parameters[p], gradients.Parameters[p].ToArray(), gradients.Parameters[p].Name, scale: 10, floor: 0.01);
                }

                Assert.True(float.IsFinite(network.TrainBatch(x, t)));
                Assert.All(network.AllParameters(), w => Assert.True(float.IsFinite(w)));
            }
        }
    }

    [Theory]
    [InlineData("2x6x5 Conv(5,3,p1):Swish Conv(3,2):Swish Flatten 5", "2x6x5 Conv(5,3,p1):SiLU Conv(3,2):SiLU Flatten 5")]
    [InlineData("3x11 Conv1(5,3,s2):Swish Flatten 5", "3x11 Conv1(5,3,s2):SiLU Flatten 5")]
    public void Activation_EqualToABuiltInOne_TrainsLikeIt(string own, string builtIn)
    {
        var (spec, other) = (GraphText.Of(own, Loss.MeanSquaredError, batch: 16), GraphText.Of(builtIn, Loss.MeanSquaredError, batch: 16));
        var (one, two) = (Harness.Trainable(spec).Randomize(seed: 5), Harness.Trainable(other).Randomize(seed: 5));
        for (var step = 0; step < 20; step++)
        {
            var (x, t) = (TestData.Inputs(16, spec.Inputs, seed: step), TestData.Targets(Loss.MeanSquaredError, 16, spec.Outputs, seed: 100 + step));
            Near.Single(two.TrainBatch(x, t), one.TrainBatch(x, t), "loss");
        }

        Near.Single(TestData.ToDoubles(two.AllParameters()), one.AllParameters(), "parameters");
    }

    [Fact]
    public void CheckDerivatives_OfConvolutions_LooksAtEach()
    {
        var checks = Harness.Compile(GraphText.Of("2x6x5 Conv(5,3):Swish Conv(5,2):Ramp Swish Flatten 5:Cubic").ToSource()).Type("Net")
            .GetMethod("CheckDerivatives", [])!.CreateDelegate<Func<IReadOnlyList<DerivativeCheck>>>()();
        Assert.Equal(["Swish", "Ramp", "Cubic"], checks.Select(check => check.Function));
        Assert.All(checks, check => Assert.True(check.Holds, check.ToString()));
    }
}
