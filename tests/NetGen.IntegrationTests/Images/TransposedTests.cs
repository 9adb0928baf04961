using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Transposed convolutions against the oracle and against PyTorch's numbers.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class TransposedTests
{
    /// <summary>A decoder: from features to an image.</summary>
    internal const string Decoder = "10 60:ReLU Reshape(15x2x2) ConvT(9,4,s2,p1):ReLU ConvT(5,3,s2,p1,o1):GELU ConvT(2,5,s2,same):Sigmoid Conv(2,3,same)";

    /// <summary>The net of the explicit numbers: two groups, strides and paddings that differ, dilation, output padding.</summary>
    private const string Explicit = "2x2x3 ConvT(2,2x3,s3x1,p1x0,d2,o1x1,g2)";

    [Theory]
    [InlineData("1x1x1 ConvT(1,1)", 1)]
    [InlineData("1x5x5 ConvT(1,1x3)", 3)]
    [InlineData("2x3x4 ConvT(3,3x2):Tanh", 16)]
    [InlineData("3x4x3 ConvT(5,4,s2,p1):SiLU", 17)]
    [InlineData("5x3x4 ConvT(6,5,p2):Sigmoid", 3)]
    [InlineData("6x5x5 ConvT(16,1):ReLU", 33)]
    [InlineData("16x4x4 ConvT(17,3,p1):Tanh", 17)]
    [InlineData("17x3x3 ConvT(16,2,s2,nobias):GELU", 16)]
    [InlineData("2x6x5 ConvT(3,11,p5):Tanh", 3)]
    [InlineData("1x5x3 ConvT(6,11x1,s1x2):Softplus", 17)]
    [InlineData("3x3x3 ConvT(2,1,s3):Tanh", 16)]
    [InlineData("3x3x2 ConvT(5,2,s3,o2):Tanh", 17)]
    [InlineData("2x4x3 ConvT(3,3,s2x1,p1x2):Tanh", 3)]
    [InlineData("2x3x4 ConvT(3,1x3,s1x3,p0x1,o0x1):ELU", 33)]
    [InlineData("3x3x2 ConvT(4,3,same):Tanh", 17)]
    [InlineData("3x3x2 ConvT(4,3,s2,same):SiLU", 17)]
    [InlineData("3x3x3 ConvT(4,4x5,s3x2,same):Tanh", 3)]
    [InlineData("2x3x4 ConvT(3,3,d2):Tanh", 16)]
    [InlineData("2x3x4 ConvT(3,3x2,d3,s2,same):GELU", 17)]
    [InlineData("2x3x3 ConvT(3,2,d3,s2,p2,o2):Tanh", 3)]
    [InlineData("2x3x3 ConvT(3,3,d2,s4,p3,o3):Tanh", 3)]
    [InlineData("4x3x3 ConvT(6,3,s2,g2):Tanh", 17)]
    [InlineData("6x3x3 ConvT(6,3,g6,same):SiLU", 17)]
    [InlineData("3x3x3 ConvT(6,2,g3,s2,nobias):SiLU", 3)]
    [InlineData("17x3x2 ConvT(17,3,g17,p1,s2):Tanh", 16)]
    [InlineData("16x3x3 ConvT(32,1,g16):Tanh", 3)]
    [InlineData("2x9x9 ConvT(3,2,p4):Tanh", 3)]
    [InlineData("2x4x4 ConvT(3,2,s3,p4):Tanh", 3)]
    [InlineData("3x9x17 ConvT(2,5x4,s1x2):Tanh", 3)]
    public void TransposedConvolution_OfImages_AgreesWithReference(string net, int batch) => Agrees($"{net} Flatten 3", batch);

    [Theory]
    [InlineData("3x5 ConvT1(4,3):Tanh", 17)]
    [InlineData("1x9 ConvT1(16,11,s3):ReLU", 16)]
    [InlineData("5x4 ConvT1(6,2,s2,same,nobias):GELU", 3)]
    [InlineData("6x9 ConvT1(6,3,g6,d2,p2):Tanh", 33)]
    [InlineData("17x4 ConvT1(2,1,s3,o2):Tanh", 3)]
    [InlineData("2x1 ConvT1(3,1):Tanh", 1)]
    public void TransposedConvolution_OfSequences_AgreesWithReference(string net, int batch) => Agrees($"{net} ConvT1(2,2,same)", batch);

    /// <summary>What gives a transposed convolution's gradient leaves a frame around it, whatever it is.</summary>
    [Theory]
    [InlineData("2x3x3 ConvT(3,4,s2,p1) BatchNorm ReLU ConvT(4,4,s2,p1) BatchNorm SiLU Conv(2,3,same) Flatten 3", 17)]
    [InlineData("2x3x3 ConvT(3,4,s2,p1) Tanh Dropout(0.3) MaxPool(2) GELU Flatten 3", 16)]
    [InlineData("2x3x3 ConvT(3,4,s2,p1) GaussianNoise(0.1) AvgPool(3,s1,p1) GlobalAvgPool 3", 17)]
    [InlineData("2x3x3 ConvT(3,3,s2,p2) Reshape(3x9) Conv1(2,2) Flatten 3", 9)]
    [InlineData("2x3x3 ConvT(3,4,s2,p1)", 17)]
    [InlineData("2x3x3 ConvT(3,4,s2,p1):Sigmoid Bias", 9)]
    [InlineData("2x3x3 a=ConvT(3,4,s2,p1):Tanh b=Conv(3,1)@a Add(a,b) Concat(layer3,a) Multiply(layer4,layer4) Flatten 3", 17)]
    [InlineData("2x4x3 a=Conv(3,3,same):ReLU b=MaxPool(2,s2) c=Conv(4,1):Tanh d=ConvT(3,3x4,s2x3,p1x1)@c MaxPool(1) Flatten 3", 9)]
    public void TransposedConvolution_BelowAnyLayer_AgreesWithReference(string net, int batch) => Agrees(net, batch, scale: 5);

    [Theory]
    [InlineData(Optimizer.Sgd)]
    [InlineData(Optimizer.Adam)]
    public void Decoder_OfFeatures_AgreesWithReference(Optimizer optimizer)
    {
        var spec = GraphText.Of(Decoder, Loss.MeanSquaredError, 17, 0.01, new(optimizer) { Epsilon = optimizer == Optimizer.Adam ? 1e-3 : null });
        Oracle.Agrees(Harness.Trainable(spec), spec, seed: 3, batches: [17, 17, 4, 17], predictions: [1, 16, 18], scale: 5);
    }

    [Theory]
    [InlineData("Sgd", 0.9, null)]
    [InlineData("Sgd", 0.9, 0.3)]
    [InlineData("RMSprop", null, 0.3)]
    public void Step_OfOptimizer_AgreesWithReference(string optimizer, double? momentum, double? clip)
    {
        var options = new OptimizerSpec(Enum.Parse<Optimizer>(optimizer)) { Momentum = momentum, ClipNorm = clip, Epsilon = optimizer == "RMSprop" ? 1e-3 : null };
        var spec = GraphText.Of("4x3x4 ConvT(6,3,s2,p1,g2):Tanh Bias ConvT(3,2,nobias) Bias GELU Flatten 4", Loss.HalfSquaredError, 17, 0.01, options);
        Oracle.Agrees(Harness.Trainable(spec), spec, seed: 9, batches: [17, 17, 5, 17], predictions: [3], scale: 5);
    }

    [Theory]
    [InlineData("3x4x5 ConvT(5,4,s2,p1):GELU ConvT(2,3,p1) Tanh Flatten 3")]
    [InlineData("3x4x5 ConvT(6,3,s3x2,p2x1,o1,d2,g3):ReLU ConvT(2,3x2,s1x2,same) Bias Tanh")]
    [InlineData("3x20 ConvT1(5,4,s2):SiLU ConvT1(2,3,p3):Sigmoid")]
    [InlineData("3x2x19 ConvT(5,2,s2):SiLU MaxPool(2) ConvT(17,3x5):ReLU6 GlobalAvgPool")]
    public void Predict_OfManySamples_IsBitForBitPredictOfEach(string net)
    {
        var spec = GraphText.Of(net);
        var network = Harness.Network(spec).Randomize(seed: 1);
        foreach (var samples in (int[])[1, 2, 15, 16, 17, 40])
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

    /// <summary>
    /// PyTorch 1.13's numbers: <c>ConvTranspose2d(2, 2, (2, 3), stride=(3, 1), padding=(1, 0), output_padding=(1, 1), dilation=2, groups=2)</c> with
    /// x = (0, 1, …, 11)/4 − 1, weights (1, 2, …, 12)/8 and biases 0.5, −0.25; and the gradients of Σ y·(k mod 7 − 2), k counting y.
    /// </summary>
    [Fact]
    public void TransposedConvolution_OfKnownNumbers_GivesPyTorchs()
    {
        var network = Harness.Network(GraphText.Of(Explicit));
        Set(network);
        float[] x = [.. Enumerable.Range(0, 12).Select(k => k / 4f - 1)];
        Near.Single(ExplicitResult, network.Predict(x), "predictions");

        // ½·(y − t)² has the gradient y − t.
        var trained = Harness.Trainable(GraphText.Of(Explicit, Loss.HalfSquaredError, batch: 1));
        Set(trained);
        float[] targets = [.. ExplicitResult.Select((y, k) => (float)(y - (k % 7 - 2)))];
        var gradients = trained.CreateGradients();
        trained.ComputeGradients(x, targets, gradients);
        Near.Single(ExplicitInputGradient, gradients.Inputs, "input gradient");
        Near.Single(ExplicitWeightGradient, gradients.Parameters[0].ToArray(), "weights' gradient");
        Near.Single(ExplicitBiasGradient, gradients.Parameters[1].ToArray(), "biases' gradient");

        static void Set(INetwork network)
        {
            Assert.Equal([2, 1, 2, 3], network.Parameters[0].Shape.ToArray());
            network.Parameters[0].CopyFrom([.. Enumerable.Range(1, 12).Select(k => k / 8f)]);
            network.Parameters[1].CopyFrom([0.5f, -0.25f]);
        }
    }

    private static readonly double[] ExplicitResult =
    [
        0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 0.125, -0.375, 0.03125, -0.5625, -0.0625, 0.125, 0.5,
        0.46875, 0.5, 0.46875, 0.5, 0.46875, 0.5, 0.59375, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,
        0.375, 0.5, 0.46875, 0.5, 0.46875, 0.5, 0.6875, 0.5, -0.25, -0.25, -0.25, -0.25, -0.25, -0.25, -0.25, -0.25,
        0.375, 0.6875, 1.6875, 0.78125, 1.875, 0.875, 1.25, -0.25, 0.84375, 1.0625, 2.53125, 1.25, 2.90625, 1.4375, 1.71875, -0.25,
        -0.25, -0.25, -0.25, -0.25, -0.25, -0.25, -0.25, -0.25, 1.3125, 1.625, 3.65625, 1.8125, 4.03125, 2, 2.375, -0.25,
    ];
    private static readonly double[] ExplicitInputGradient = [2.375, 4.25, 0.875, 4.75, 0.375, 3, 5.125, 0.5, 4.625, 9.25, 5.875, 13];
    private static readonly double[] ExplicitWeightGradient = [0.5, 0.5, -1.25, 1, -5.25, -4.5, -4, 5, 14, 4.5, 14.5, 5.25];
    private static readonly double[] ExplicitBiasGradient = [35, 39];

    private static void Agrees(string net, int batch, double scale = 1)
    {
        var spec = GraphText.Of(net, Loss.HalfSquaredError, batch);
        Oracle.Agrees(Harness.Trainable(spec), spec, seed: batch, batches: null, predictions: [1, 2, 16, 17, 40], scale);
    }
}
