using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Functions that a class declares itself, in every place of a network, against the oracle and against the methods themselves.</summary>
public class OwnFunctionTests
{
    /// <summary>In turn: products, a narrow step, one output, a first layer, several in a row, passes with normalisation and dropout, softmax after.</summary>
    private static readonly string[] Places =
    [
        "7-20:*-3", "100-47:*-33:Tanh-17:*", "2-3:*-2:*", "40-33:*-1:*", "5-40:*-1", "12-*-4", "7-33:ReLU-*-Tanh-SiLU-*-5", "9-19-*-Softmax",
        "9-20-BatchNorm-Dropout(0.3)-*-Tanh-5", "9-20:*-BatchNorm-GaussianNoise(0.1)-*-3", "9-21-LayerNorm-*-Sigmoid-3", "9-21:*-LayerNorm-3", "9-*-LayerNorm-4:*",
        "9-20:*-Softmax-Tanh-5",
    ];

    public static TheoryData<string> Nets { get; } = [.. Places.SelectMany(net => (string[])["Swish", "Mish", "Ramp", "Cubic"], (net, own) => net.Replace("*", own, StringComparison.Ordinal))];

    /// <summary>Not where the root is no number of a sample either, as the quotient is where 0 comes before it; nor where BatchNorm undoes what is nearly a line.</summary>
    public static TheoryData<string> NetsOfNoNumbers { get; } =
    [
        .. Places.Where(net => !net.Contains("1:*", StringComparison.Ordinal) && !net.Contains("*-BatchNorm", StringComparison.Ordinal)).Select(net => net.Replace("*", "Root", StringComparison.Ordinal)),
        .. Places.Where(net => !net.Contains("ReLU", StringComparison.Ordinal) && !net.Contains("BatchNorm", StringComparison.Ordinal))
            .Select(net => net.Replace("*", "Quotient", StringComparison.Ordinal)),
    ];

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(Nets))]
    public void Activation_OfTheClass_AgreesWithReference(string net) =>
        Oracle.Agrees(NetSpec.Of(net, net.EndsWith("Softmax", StringComparison.Ordinal) ? Loss.CrossEntropy : Loss.HalfSquaredError, batch: 19, rate: 0.02), seed: 13);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(NetsOfNoNumbers))]
    public void Activation_ThatIsNoNumberInPadding_AgreesWithReference(string net) =>
        Oracle.Agrees(NetSpec.Of(net, net.EndsWith("Softmax", StringComparison.Ordinal) ? Loss.CrossEntropy : Loss.HalfSquaredError, batch: 19, rate: 0.02), seed: 18);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("7-20:LnSquare-3")]
    [InlineData("7-20:LnSquare-LayerNorm-3")]
    [InlineData("7-20:LnSquare-BatchNorm-3")]
    [InlineData("40-33:LnSquare-1")]
    [InlineData("2-3:LnSquare-2")]
    public void Activation_OfAClassThatClipsGradients_KeepsPaddingOutOfTheirNorm(string net)
    {
        var spec = NetSpec.Of(net, Loss.HalfSquaredError, batch: 19, rate: 0.01);
        spec = spec with { Training = spec.Training! with { Optimizer = new(Optimizer.Adam) { ClipNorm = 1 } } };
        var network = Harness.Trainable(spec).Randomize(seed: 3);
        foreach (var samples in (int[])[19, 5, 1])
        {
            var loss = network.TrainBatch(TestData.Inputs(samples, spec.Inputs, seed: samples), TestData.Targets(Loss.HalfSquaredError, samples, spec.Outputs, seed: 2));
            Assert.True(float.IsFinite(loss));
            Assert.All(network.AllParameters(), w => Assert.True(float.IsFinite(w)));
        }
    }

    /// <summary>√(z + 8) of a row of zeros, which fills a batch up, is no number; of the samples it is one.</summary>
    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("3-20:Root-4")]
    [InlineData("3-2:Root-2")]
    [InlineData("3-20:Root-LayerNorm-4")]
    [InlineData("3-20:Root-Tanh-4")]
    public void Activation_ThatIsNoNumberInRowsBeyondTheSamples_AgreesWithReference(string net)
    {
        var spec = NetSpec.Of(net, Loss.HalfSquaredError, batch: 17);
        var network = Harness.Trainable(spec).Randomize(seed: 4);
        network.Parameters[0].CopyFrom([.. TestData.Uniform(network.Parameters[0].Length, 0.1f, seed: 1).Select(w => 1 + w)]);
        network.Parameters[1].CopyFrom([.. Enumerable.Repeat(-12f, network.Parameters[1].Length)]);
        var reference = network.ToReference(spec);
        var x = TestData.Uniform(3 * 5, 0.5f, seed: 5).Select(v => 3.5f + v).ToArray();
        var t = TestData.Targets(Loss.HalfSquaredError, 5, spec.Outputs, seed: 6);
        var expected = reference.ComputeGradients(TestData.ToDoubles(x), TestData.ToDoubles(t));
        var gradients = network.CreateGradients();
        Near.Single(expected.Loss, network.ComputeGradients(x, t, gradients), "loss");
        Near.Single(expected.Inputs, gradients.Inputs, "input gradient");
        for (var p = 0; p < expected.Parameters.Count; p++)
        {
            Near.Single(expected.Parameters[p], gradients.Parameters[p].ToArray(), gradients.Parameters[p].Name);
        }

        Assert.True(float.IsFinite(network.TrainBatch(x, t)));
        Assert.All(network.AllParameters(), w => Assert.True(float.IsFinite(w)));
    }

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("6-3", "LogCosh")]
    [InlineData("6-18:Tanh", "LogCosh")]
    [InlineData("6-33:Swish", "LogCosh")]
    [InlineData("31-20!:Tanh-17:Mish-1", "LogCosh")]
    [InlineData("2-3:Swish-2", "LogCosh")]
    [InlineData("2-3:Tanh-2:Ramp", "Squares")]
    [InlineData("6-5-Softmax", "Squares")]
    [InlineData("9-100-LayerNorm", "Squares")]
    [InlineData("6-5:Tanh", "Relative")]
    [InlineData("2-3:Tanh-2", "Relative")]
    public void Loss_OfTheClass_AgreesWithReference(string net, string loss) =>
        Oracle.Agrees(NetSpec.OfOwnLoss(net, loss, batch: 19, rate: 0.05), seed: 23);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("9-33:Swish-5", "9-33:SiLU-5")]
    [InlineData("2-3:Swish-1", "2-3:SiLU-1")]
    public void Activation_EqualToABuiltInOne_TrainsLikeIt(string own, string builtIn) =>
        TrainAlike(NetSpec.Of(own, Loss.MeanSquaredError, batch: 16), NetSpec.Of(builtIn, Loss.MeanSquaredError, batch: 16));

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("9-33:Tanh-5")]
    [InlineData("2-3:Tanh-2")]
    public void Loss_EqualToABuiltInOne_TrainsLikeIt(string net) =>
        TrainAlike(NetSpec.OfOwnLoss(net, "Squares", batch: 16), NetSpec.Of(net, Loss.MeanSquaredError, batch: 16));

    private static void TrainAlike(NetSpec own, NetSpec builtIn)
    {
        var (one, other) = (Harness.Trainable(own).Randomize(seed: 5), Harness.Trainable(builtIn).Randomize(seed: 5));
        for (var step = 0; step < 20; step++)
        {
            var (x, t) = (TestData.Inputs(16, own.Inputs, seed: step), TestData.Targets(Loss.MeanSquaredError, 16, own.Outputs, seed: 100 + step));
            Near.Single(other.TrainBatch(x, t), one.TrainBatch(x, t), "loss");
        }

        Near.Single(TestData.ToDoubles(other.AllParameters()), one.AllParameters(), "parameters");
    }

    [Theory]
    [InlineData("7-20:Swish-5")]
    [InlineData("7-20:Mish-5")]
    [InlineData("7-20:Ramp-5")]
    [InlineData("7-20:Cubic-5")]
    public void CheckDerivatives_OfRightDerivatives_FindsNothing(string net)
    {
        var check = Assert.Single(Check(NetSpec.Of(net).ToSource()));
        Assert.True(check.Holds, check.ToString());
        Assert.True(check.Points > 250);
    }

    [Fact]
    public void CheckDerivatives_OfActivationsAndALoss_LooksAtEach()
    {
        var checks = Check(NetSpec.OfOwnLoss("7-20:Swish-20:Ramp-Swish-5", "LogCosh").ToSource());
        Assert.Equal(["Swish", "Ramp", "LogCosh"], checks.Select(check => check.Function));
    }

    [Fact]
    public void CheckDerivatives_OfAWrongDerivative_Throws()
    {
        var source = NetSpec.Of("7-20:Swish-5").ToSource().Replace("s + z * s * (1 - s)", "s + z * s", StringComparison.Ordinal);
        var thrown = Assert.Throws<DerivativeMismatchException>(() => Check(source));
        Assert.Equal("Swish", thrown.Check.Function);
        Assert.Contains("SwishDerivative(", thrown.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<DerivativeCheck> Check(string source) => Harness.Compile(source).Type("Net")
        .GetMethod("CheckDerivatives", [])!.CreateDelegate<Func<IReadOnlyList<DerivativeCheck>>>()();
}
