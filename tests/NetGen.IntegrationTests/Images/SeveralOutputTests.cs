using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Several inputs, several outputs, several losses: against the oracle, and what a row of each holds.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class SeveralOutputTests
{
    /// <summary>A declaration's inputs, layers, losses and, if they are more, outputs.</summary>
    internal static readonly Dictionary<string, NetSpec> Nets = new()
    {
        ["two inputs"] = Of("a:7 b:5 x=9:Tanh@a y=9:SiLU@b Add(x,y) 3", Loss.HalfSquaredError),
        ["an input of another's shape"] = Of("image:2x5x4 size:3 f=Conv(4,3,same):Tanh@image Flatten g=17:Tanh@size Concat(layer2,g) 33:ReLU 3", Loss.SoftmaxCrossEntropy),
        ["three images"] = Of("a:1x4x4 b:2x4x4 c:1x4x4 Concat(a,b,c,a) Conv(5,2):GELU Flatten 4", Loss.MeanSquaredError),
        ["an input that only a join takes"] = Of("a:4 b:4 x=4@a Multiply(x,b)", Loss.Huber),
        ["noisy inputs"] = Of("a:6 b:3 x=Dropout(0.3)@a y=GaussianNoise(0.1)@b z=5@x Concat(z,y) 2", Loss.HalfSquaredError),
        ["normalised inputs"] = Of("a:6 b:33 x=BatchNorm@a y=LayerNorm@b Concat(x,y) 2", Loss.HalfSquaredError),
        ["two heads"] = Of("6 h=20:ReLU digit=10@h angle=1@h", new LossSpec("digit", Loss.SoftmaxCrossEntropy), new LossSpec("angle", Loss.MeanSquaredError) { Weight = 0.25 }),
        ["a head of every kind"] = Of(
            "9 h=33:Tanh a=17@h b=3:Softmax@h c=2:Sigmoid@h d=4@h e=4@h f=1:Softplus@h g=5@h i=40:Softmax@h",
            new LossSpec("d", Loss.GaussianNLL) { Weight = 3 }, new LossSpec("a", Loss.SigmoidCrossEntropy), new LossSpec("b", Loss.CrossEntropy) { Weight = 0.5 },
            new LossSpec("c", Loss.BinaryCrossEntropy), new LossSpec("e", Loss.NegativeBinomial), new LossSpec("f", Loss.Poisson), new LossSpec("g", Loss.Hinge),
            new LossSpec("i", Loss.CrossEntropy)),
        ["own losses"] = Of("5 a=7 b=3:Tanh@input", new LossSpec("b", Loss.Custom) { Own = "LogCosh", Weight = 2 }, new LossSpec("a", Loss.Huber) { HuberDelta = 0.3 }),
        ["an image among the outputs"] = Of("2x5x5 a=Conv(3,3):ReLU b=Conv(2,1):Sigmoid c=GlobalAvgPool@a d=2@c", new LossSpec("b", Loss.BinaryCrossEntropy), new LossSpec("d", Loss.HalfSquaredError)),
        ["an image of yes or no that others take"] = Of("2x5x5 b=Conv(2,3,same):Sigmoid c=Conv(3,2) Flatten d=2", new LossSpec("b", Loss.BinaryCrossEntropy) { Weight = 0.5 }, new LossSpec("d", Loss.HalfSquaredError)),
        ["a softmax that others take"] = Of("7 h=9:Tanh p=4:Softmax b=6:Tanh@p c=2@b", new LossSpec("p", Loss.CrossEntropy), new LossSpec("c", Loss.HalfSquaredError) { Weight = 0.5 }),
        ["deep supervision"] = Of("7 a=9:Tanh b=9:Tanh c=9", new LossSpec("a", Loss.HalfSquaredError) { Weight = 0.1 }, new LossSpec("b", Loss.HalfSquaredError) { Weight = 0.3 }, new LossSpec("c", Loss.HalfSquaredError)),
        ["an output without a loss, in an order of its own"] = Of("7 a=9:Tanh b=3 c=20@a", new LossSpec("c", Loss.HalfSquaredError), new LossSpec("b", Loss.SoftmaxCrossEntropy)) with { OutputList = ["b", "a", "c"] },
        ["one loss of several outputs"] = Of("7 a=9:Tanh b=3 c=20@a", Loss.MeanSquaredError) with { OutputList = ["c", "b"] },
        ["one loss with a weight"] = Of("7 9:Tanh c=3", new LossSpec("c", Loss.HalfSquaredError) { Weight = 0.3 }),
        ["an input as an output"] = Of("a:3 b:2 x=4:Tanh@a y=Concat(x,b)", new LossSpec("y", Loss.HalfSquaredError)) with { OutputList = ["y", "b"] },
        ["two outputs of few numbers"] = Of("2 a=3:Sigmoid b=1:Sigmoid c=1:Tanh@a", new LossSpec("b", Loss.HalfSquaredError), new LossSpec("c", Loss.HalfSquaredError)),
    };

    public static TheoryData<string> Names => [.. Nets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Network_AgreesWithReference(string name)
    {
        var spec = Nets[name];
        Oracle.Agrees(Harness.Trainable(spec), spec, seed: 17, batches: [17, 9, 17], predictions: [1, 5, 17, 40]);
        var byAdam = spec with { Training = spec.Training! with { Optimizer = new(Optimizer.Adam) { Epsilon = 0.01, ClipNorm = 0.5 } } };
        Oracle.Agrees(Harness.Trainable(byAdam), byAdam, seed: 18, batches: [17, 9, 17], predictions: [3]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Predict_OfManySamples_IsBitForBitPredictOfEach(string name)
    {
        var spec = Nets[name];
        foreach (var each in (NetSpec[])[spec, spec with { Training = null, Losses = null, OutputList = spec.AllOutputs }])
        {
            var network = Harness.Network(each).Randomize(seed: 1);
            var x = TestData.Inputs(40, spec.Inputs, seed: 2);
            var together = network.Predict(x);
            for (var n = 0; n < 40; n++)
            {
                var alone = network.Predict(x.AsSpan(n * spec.Inputs, spec.Inputs).ToArray());
                Near.SameBits(alone, together.AsSpan(n * spec.Outputs, spec.Outputs), $"sample {n}");
            }
        }
    }

    /// <summary>The oracle's own gradients, where inputs, outputs and losses are several.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Reference_AgreesWithFiniteDifferences(string name)
    {
        var spec = Nets[name];
        var reference = Harness.Trainable(spec).Randomize(seed: 3).ToReference(spec);
        var (x, t) = (TestData.ToDoubles(TestData.Inputs(5, spec.Inputs, seed: 4)), TestData.ToDoubles(spec.Targets(5, seed: 5)));
        var gradients = reference.ComputeGradients(x, t);
        double Loss() => reference.ComputeLoss(reference.PredictTraining(x), t);
        Compare(x, gradients.Inputs, "inputs");
        for (var p = 0; p < reference.Parameters.Count; p++)
        {
            Compare(reference.Parameters[p].Values, gradients.Parameters[p], reference.Parameters[p].Name);
        }

        void Compare(double[] values, double[] expected, string what)
        {
            const double Step = 1e-6;
            for (var i = 0; i < values.Length; i += 1 + values.Length / 20)
            {
                var value = values[i];
                values[i] = value + Step;
                var up = Loss();
                values[i] = value - Step;
                var down = Loss();
                values[i] = value;
                Assert.True(Math.Abs((up - down) / (2 * Step) - expected[i]) < 1e-6 * (1 + Math.Abs(expected[i])), $"{what}[{i}]: {(up - down) / (2 * Step)} against {expected[i]}");
            }
        }
    }

    [Fact]
    public void Rows_HoldOneAfterAnother_InTheOrderOfTheDeclaration()
    {
        var network = Assert.IsAssignableFrom<ITrainableNetwork>(Harness.Compile("""
            using NetGen;

            /// <summary>A net of a test.</summary>
            [Network]
            [Input(2, Name = "a")]
            [Input(1, Name = "b")]
            [Activation(Activation.Identity, Name = "x", From = new[] { "b" })]
            [Dense(1, Name = "y", From = new[] { "a" }, WeightInitializer = Initializer.Ones)]
            [Output("y", "x", "a")]
            [Loss("x", Loss.MeanSquaredError, Weight = 4)]
            [Loss("y", Loss.HalfSquaredError)]
            [Train(Optimizer.Sgd, LearningRate = 0.5, BatchSize = 2)]
            public partial class Net;
            """).Create("Net"));
        Assert.Equal((3, 4, 2), (network.InputSize, network.OutputSize, network.TargetSize));
        Assert.Equal(["y", "x", "a"], network.Outputs);
        Assert.Equal((Loss.WeightedSum, 2), (network.Loss, network.Losses.Count));
        Assert.Equal(new OutputLoss("x", Loss.MeanSquaredError, 1, 1, 0, 1) { Weight = 4 }, network.Losses[0]);
        Assert.Equal(new OutputLoss("y", Loss.HalfSquaredError, 0, 1, 1, 1), network.Losses[1]);

        // Samples (a, b): ((1, 2), 3) and ((4, 5), 6); rows of targets (x, y).
        float[] x = [1, 2, 3, 4, 5, 6];
        float[] t = [2, 5, 6, 7];
        Assert.Equal([3, 3, 1, 2, 9, 6, 4, 5], network.Predict(x));
        var loss = 4 * ((3 - 2) * (3 - 2) + 0) / 2.0 + ((3 - 5) * (3 - 5) + (9 - 7) * (9 - 7)) / 4.0;
        Assert.Equal(loss, network.ComputeLoss(network.Predict(x), t), 1e-6);
        Assert.Equal(loss, network.TrainBatch(x, t), 1e-6);

        // dw = ((3 − 5)·(1, 2) + (9 − 7)·(4, 5)) / 2
        Assert.Equal([1 - 0.5f * 3, 1 - 0.5f * 3], network.Parameters[0].ToArray());
    }

    [Fact]
    public void Evaluate_OfSeveralOutputs_TellsEachLoss()
    {
        var spec = Nets["two heads"];
        var network = Harness.Trainable(spec).Randomize(seed: 1);
        var (x, t) = (TestData.Inputs(30, spec.Inputs, seed: 2), TestData.Targets(Loss.MeanSquaredError, 30, 11, seed: 3));
        for (var n = 0; n < 30; n++)
        {
            Array.Clear(t, n * 11, 10);
            t[n * 11 + n % 10] = 1;
        }

        var evaluation = network.Evaluate(new Dataset(x, spec.Inputs, t, 11));
        var y = network.Predict(x);
        Assert.Equal(network.ComputeLoss(y, t), evaluation.Loss, 1e-6);
        Assert.Equal(["digit", "angle"], evaluation.Outputs.Select(output => output.Node));
        Assert.Equal(evaluation.Loss, evaluation.Outputs[0].Loss + 0.25 * evaluation.Outputs[1].Loss, 1e-6);
        var right = Enumerable.Range(0, 30).Count(n => y.AsSpan(n * 11, 10).IndexOf(y.AsSpan(n * 11, 10).ToArray().Max()) == n % 10);
        Assert.Equal(right / 30.0, evaluation.Outputs[0].Accuracy, 1e-9);
        Assert.Equal(Math.Sqrt(evaluation.Outputs[1].Loss), evaluation.Outputs[1].Error, 1e-6);
        Assert.True(double.IsNaN(evaluation.Accuracy) && double.IsNaN(evaluation.RSquared) && double.IsNaN(evaluation.Outputs[1].Accuracy));
        Assert.Contains("angle: Loss: ", evaluation.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_OnLabels_OfSeveralLosses_Throws()
    {
        var spec = Nets["two heads"];
        var data = new Dataset(TestData.Inputs(30, spec.Inputs, seed: 2), spec.Inputs, TestData.Labels(30, 10, seed: 3), 10);
        Assert.Contains("11 targets a sample", Assert.Throws<ArgumentException>(() => Harness.Trainable(spec).Fit(data, epochs: 1, cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Inspector_OnSeveralInputsAndOutputs_ComputesThePredictionAndTheGradients(string name)
    {
        var spec = Nets[name];
        if (spec.Layers.Any(layer => layer is NormSpec or DropoutSpec or NoiseSpec))
        {
            return; // trains otherwise than it predicts
        }

        var network = Harness.Trainable(spec).Randomize(seed: 1);
        var inspector = new NetworkInspector(network);
        var (x, t) = (TestData.Inputs(7, spec.Inputs, seed: 2), spec.Targets(7, seed: 3));
        Near.Single(TestData.ToDoubles(network.Predict(x)), inspector.Values(inspector.Names[^1], x), "predictions");
        var gradients = network.CreateGradients();
        network.ComputeGradients(x, t, gradients);
        var first = 0;
        foreach (var input in spec.AllInputs)
        {
            var expected = Enumerable.Range(0, 7).SelectMany(n => gradients.Inputs.ToArray().Skip(n * spec.Inputs + first).Take(input.Size)).ToArray();
            Near.Single(TestData.ToDoubles(expected), inspector.LossGradients(input.Name, x, t), $"gradient of {input.Name}");
            first += input.Size;
        }
    }

    private static NetSpec Of(string net, Loss loss) => GraphText.Of(net, loss, batch: 17);

    private static NetSpec Of(string net, params LossSpec[] losses) => GraphText.Of(net, losses[0].Loss, batch: 17) with { Losses = losses };
}
