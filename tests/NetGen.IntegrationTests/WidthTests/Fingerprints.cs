using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>
/// What training leaves of a few nets, and the element-wise functions over all floats, as hashes of every tensor's bits: to be compared
/// between processes that run different vector widths.
/// </summary>
internal static class Fingerprints
{
    private const int Steps = 100;

    private static readonly NetSpec[] Nets =
    [
        NetSpec.Of("2-5:Sigmoid-2:Sigmoid", Loss.HalfSquaredError, batch: 30, rate: 1.0),
        NetSpec.Of("4-6:GELU-3", Loss.SoftmaxCrossEntropy, batch: 47),
        NetSpec.Of("1-8:Tanh-1", Loss.Huber, batch: 100),
        NetSpec.Of("2-300:SiLU-1:GELU", Loss.HalfSquaredError, batch: 40, rate: 0.02),
        NetSpec.Of("64-32:ReLU-10", Loss.SoftmaxCrossEntropy, batch: 32),
        NetSpec.Of("100-47:Tanh-33:GELU-17:Softmax", Loss.CrossEntropy, batch: 11),
        NetSpec.Of("70-130:SiLU-67:SELU-100", Loss.SoftmaxCrossEntropy, batch: 13, rate: 0.05),
        NetSpec.Of("33-16:Softplus-16:ELU-1", Loss.Huber, batch: 7, rate: 0.05),
        NetSpec.Of("5-3!:Softsign-49:LeakyReLU-9:Sigmoid", Loss.BinaryCrossEntropy, batch: 1),
        NetSpec.Of("784-30:Sigmoid-10:Sigmoid", Loss.HalfSquaredError, batch: 10, rate: 3.0),
        NetSpec.Of("30-70-BatchNorm-Dropout(0.3)-ReLU-20-BatchNorm-Tanh-10", Loss.SoftmaxCrossEntropy, batch: 33, rate: 0.05),
        NetSpec.Of("21-Dropout(0.1)-55-LayerNorm-GaussianNoise(0.2)-GELU-9-LayerNorm-2", Loss.HalfSquaredError, batch: 14, rate: 0.02),
        NetSpec.Of("21-BatchNorm-GaussianNoise(0.1)-16:Tanh-GaussianNoise(0.2)-Sigmoid-9-Dropout(0.1)", Loss.HalfSquaredError, batch: 14, rate: 0.02),
        NetSpec.Of("2-4:Tanh-3", Loss.Hinge, batch: 20),
        NetSpec.Of("21-33:Tanh-40", Loss.SquaredHinge, batch: 9),
        NetSpec.Of("5-20:Tanh-2", Loss.GaussianNLL, batch: 21, rate: 0.02),
        NetSpec.Of("5-20:Tanh-38", Loss.GaussianNLL, batch: 7, rate: 0.02),
        NetSpec.Of("5-20:Tanh-2", Loss.NegativeBinomial, batch: 21, rate: 0.001),
        NetSpec.Of("5-20:Tanh-38", Loss.NegativeBinomial, batch: 7, rate: 0.001),
        GraphText.Of("1x12x12 Conv(6,5,p2):Tanh AvgPool(2) Conv(16,3,nobias):ReLU MaxPool(2) Flatten 20:SiLU 10", Loss.SoftmaxCrossEntropy, batch: 20),
        GraphText.Of(GraphTests.Residual, Loss.SoftmaxCrossEntropy, batch: 17),
        GraphText.Of("3x13 Dropout(0.1) Conv1(6,3,s2,same,g3) BatchNorm GELU a=Conv1(17,2,d2) b=Conv1(17,2,d2)@layer4 Multiply(a,b) GlobalMaxPool 3", Loss.HalfSquaredError, 7, 0.01, new(Optimizer.Adam)),
        GraphText.Of(TransposedTests.Decoder, Loss.HalfSquaredError, batch: 17, rate: 0.0005),
        GraphText.Of("3x5 Bias GELU ConvT1(6,4,s3,g3,d2,o2) BatchNorm Bias SiLU Flatten Linear(33) Bias Tanh Bias 3", Loss.HalfSquaredError, 7, 0.01, new(Optimizer.Adam)),
        NetSpec.OfOwnLoss("33-47:Mish-16:Ramp-5:Swish", "LogCosh", batch: 13),
        NetSpec.OfOwnLoss("3-4:Mish-2:Cubic", "LogCosh", batch: 33, rate: 0.05),
        NetSpec.OfOwnLoss("20-37:Root-LayerNorm-Swish-5", "Relative", batch: 13, rate: 0.02),
        GraphText.Of("1x9x8 Conv(5,3):Mish AvgPool(2) Conv(3,2,p1,nobias):Quotient Swish Flatten 7", Loss.HalfSquaredError, batch: 19, 0.02),
        .. OptimizerTests.All.Select(optimizer => OptimizerTests.Spec("7-37:Tanh-3", optimizer.ToString(), 20)),
        OptimizerTests.Spec("2-4:Tanh-1", "Sgd, Momentum = 0.9, ClipNorm = 0.1", 33),
        OptimizerTests.Spec("40-21:Tanh-70", "NAdam", 300),
        OptimizerTests.Spec("40-21:Tanh-70", "Adam", 9),
        NormalizedByAdam("30-70-BatchNorm-Dropout(0.3)-ReLU-20-BatchNorm-Tanh-10", 33),
        .. RuleCases.Optimizers.Keys.Select(optimizer => RuleCases.Spec("7-37:Tanh-67:GELU-3", "Everything", optimizer, 20)),
        .. RuleCases.Optimizers.Keys.Select(optimizer => RuleCases.Spec("7-37:Tanh-67:Softmax-33:Sigmoid", "Everything above", optimizer, 300)),
        RuleCases.Spec("30-70-BatchNorm-Dropout(0.3)-ReLU-20-LayerNorm-Tanh-10", [(1, new() { ActivityL1 = 0.01 }), (2, new() { Frozen = true }), (6, new() { Frozen = true })], "Adam", 33),
    ];

    private static readonly Lazy<string[]> Lines = new(() => [.. Nets.SelectMany(Of), Line("1000 steps", "parameters", LongTraining.Run()), .. Elementwise()]);

    /// <summary>A line for each tensor of each net, and for its predictions.</summary>
    public static string[] All() => Lines.Value;

    private static NetSpec NormalizedByAdam(string net, int batch)
    {
        var spec = NetSpec.Of(net, Loss.SoftmaxCrossEntropy, batch, rate: 0.002);
        return spec with { Training = spec.Training! with { Optimizer = new(Optimizer.Adam) } };
    }

    private static IEnumerable<string> Of(NetSpec spec)
    {
        var network = Harness.Trainable(spec, seed: 7);
        var name = $"{spec.Inputs}-{string.Join('-', spec.Layers.OfType<DenseSpec>().Select(d => d.Units))} {spec.Training!.Optimizer}";
        var losses = new float[Steps];
        for (var step = 0; step < Steps; step++)
        {
            // Every third batch is a partial one.
            var samples = step % 3 == 2 ? 1 + step % spec.Training!.Batch : spec.Training!.Batch;
            losses[step] = network.TrainBatch(
                TestData.Inputs(samples, spec.Inputs, seed: step),
                spec.Targets(samples, seed: 1000 + step));
        }

        yield return Line(name, "losses", losses);
        foreach (var parameter in network.Parameters.Concat(network.Buffers).Concat(network.OptimizerState))
        {
            yield return Line(name, parameter.Name, parameter.ToArray());
        }

        yield return Line(name, "predictions", network.Predict(TestData.Inputs(37, spec.Inputs, seed: 5)));
    }

    /// <summary>The element-wise functions over the whole range of float.</summary>
    private static IEnumerable<string> Elementwise()
    {
        foreach (var kind in ActivationPointTests.Elementwise.Select(row => row.Data))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{kind} {Hash(ElementwiseFunctions.Values(kind))} slope {Hash(ElementwiseFunctions.Slopes(kind))}");
        }
    }

    private static string Line(string net, string tensor, float[] values)
    {
        Assert.All(values, v => Assert.True(float.IsFinite(v), $"{net} {tensor} is not finite."));
        return string.Create(CultureInfo.InvariantCulture, $"{net} {tensor} {Hash(values)} first {values[0]:R}");
    }

    private static string Hash(float[] values) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())))[..16];
}
