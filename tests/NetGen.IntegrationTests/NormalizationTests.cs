using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>BatchNorm, LayerNorm, Dropout and GaussianNoise in every place, against the oracle.</summary>
public class NormalizationTests
{
    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("6-12-BatchNorm-ReLU-3")]
    [InlineData("6-BatchNorm-3")]
    [InlineData("6-3-BatchNorm")]
    [InlineData("6-17:Tanh-BatchNorm-3")]
    [InlineData("6-33-BatchNorm-Tanh-GELU-3!-BatchNorm-Sigmoid")]
    [InlineData("6-50-BatchNorm(0.3)-Softsign-BatchNorm-40:SiLU-BatchNorm(1)-ReLU-3")]
    [InlineData("20-40-BatchNorm-Softmax-3")]
    [InlineData("20-BatchNorm-Dropout(0.5)-Identity-40-BatchNorm-LeakyReLU(0.2)-Dropout(0.25)-ELU-3")]
    public void BatchNorm_InAnyPlace_AgreesWithReference(string net) =>
        Oracle.Agrees(NetSpec.Of(net, Loss.HalfSquaredError, batch: 9), seed: 83, batches: [9, 9, 4, 1, 5, 9]);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("6-12-LayerNorm-ReLU-3")]
    [InlineData("6-LayerNorm-3")]
    [InlineData("6-3-LayerNorm")]
    [InlineData("6-17:Tanh-LayerNorm-GELU-3")]
    [InlineData("6-33-LayerNorm-Tanh-GELU-3-LayerNorm-Sigmoid")]
    [InlineData("6-100-LayerNorm-LayerNorm-Dropout(0.3)-ReLU-32-LayerNorm-SiLU-16-LayerNorm-3")]
    public void LayerNorm_InAnyPlace_AgreesWithReference(string net) =>
        Oracle.Agrees(NetSpec.Of(net, Loss.HalfSquaredError, batch: 9), seed: 93, batches: [9, 4, 1, 9]);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("6-12-Dropout(0.4)-3")]
    [InlineData("6-12:ReLU-Dropout(0.4)-3")]
    [InlineData("6-12:Tanh-Dropout(0)-3")]
    [InlineData("6-Dropout(0.4)-3")]
    [InlineData("7-Dropout(0.4)-GaussianNoise(0.1)-Dropout(0.1)-3")]
    [InlineData("7-Dropout(0.4)-Tanh-3")]
    [InlineData("7-Tanh-Dropout(0.4)-Sigmoid-3")]
    [InlineData("6-3-Dropout(0.5)")]
    [InlineData("6-20-Dropout(0.5)-GELU-Dropout(0.5)-Sigmoid-Dropout(0.5)-3")]
    [InlineData("6-20:Softmax-Dropout(0.5)-Softmax-Dropout(0.1)-3")]
    [InlineData("6-100-Dropout(0.4)-ReLU-50-Dropout(0.9)-ReLU-3")]
    public void Dropout_InAnyPlace_AgreesWithReference(string net) =>
        Oracle.Agrees(NetSpec.Of(net, Loss.HalfSquaredError, batch: 9), seed: 103, batches: [9, 4, 1, 9]);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("6-12-GaussianNoise(0.4)-3")]
    [InlineData("6-12:Tanh-GaussianNoise(0.4)-3")]
    [InlineData("6-GaussianNoise(0.1)-3")]
    [InlineData("6-GaussianNoise(0)-Tanh-3")]
    [InlineData("6-3-GaussianNoise(0.5)")]
    [InlineData("6-40-GaussianNoise(0.5)-GELU-GaussianNoise(0.5)-Softplus-3")]
    public void GaussianNoise_InAnyPlace_AgreesWithReference(string net) =>
        Oracle.Agrees(NetSpec.Of(net, Loss.HalfSquaredError, batch: 9), seed: 113, batches: [9, 4, 1, 9]);

    /// <summary>Each optimiser's step with γ and β, where it ends the way back and where it waits for all gradients.</summary>
    [Theory]
    [InlineData(Optimizer.Adam, null, 9)]
    [InlineData(Optimizer.Sgd, null, 9)]
    [InlineData(Optimizer.Adadelta, null, 9)]
    [InlineData(Optimizer.Adam, 0.5, 9)]
    [InlineData(Optimizer.RMSprop, null, 300)]
    public void Step_OfOptimizer_AgreesWithReference(Optimizer kind, double? clip, int batch)
    {
        var optimizer = new OptimizerSpec(kind) { ClipNorm = clip, Momentum = kind == Optimizer.Sgd ? 0.9 : null };
        var spec = NetSpec.Of("6-45!-BatchNorm-ReLU-20-LayerNorm-Tanh-Dropout(0.2)-3", Loss.HalfSquaredError, batch, rate: 0.01);
        spec = spec with { Training = spec.Training! with { Optimizer = optimizer } };
        var network = Harness.Trainable(spec).Randomize(133);
        var reference = network.ToReference(spec);
        for (var step = 0; step < 4; step++)
        {
            var samples = step == 2 ? batch - 2 : batch;
            var (x, t) = (TestData.Inputs(samples, 6, seed: step), TestData.Targets(Loss.HalfSquaredError, samples, 3, seed: 10 + step));
            Near.Each([reference.TrainBatch(TestData.ToDoubles(x), TestData.ToDoubles(t))], [network.TrainBatch(x, t)], "loss", e => 1e-3 * e);
        }

        // Adam's first steps have the size of the rate however small a gradient is: one of rounding alone would be 0.01 off.
        foreach (var (expected, parameter) in reference.Parameters.Zip(network.Parameters))
        {
            Near.Each(expected.Values, parameter.ToArray(), parameter.Name, e => 5e-4 + 1e-3 * Math.Abs(e));
        }
    }

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("20-50-BatchNorm-Dropout(0.3)-ReLU-30-BatchNorm-Dropout(0.3)-ReLU-10", Loss.SoftmaxCrossEntropy)]
    [InlineData("20-50-BatchNorm-Softmax", Loss.CrossEntropy)]
    [InlineData("20-50-Dropout(0.3)-Sigmoid", Loss.BinaryCrossEntropy)]
    [InlineData("20-50-LayerNorm-GaussianNoise(0.1)-Sigmoid", Loss.BinaryCrossEntropy)]
    [InlineData("20-50-LayerNorm-Softplus", Loss.Poisson)]
    public void Layers_BeforeLoss_AgreeWithReference(string net, Loss loss) =>
        Oracle.Agrees(NetSpec.Of(net, loss, batch: 33), seed: 123, batches: [33, 32, 33]);
}
