using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Each layer over images and sequences against the oracle, at sizes beside the edges of vectors, tiles and groups of samples.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class ImageLayerTests
{
    [Theory]
    [InlineData("1x1x1 Conv(1,1)", 1)]
    [InlineData("1x5x5 Conv(1,1x3)", 3)]
    [InlineData("2x5x4 Conv(3,3x2):Tanh", 16)]
    [InlineData("3x7x6 Conv(5,3x2,s2):SiLU", 17)]
    [InlineData("5x6x7 Conv(6,5):Sigmoid", 3)]
    [InlineData("6x5x5 Conv(16,1):ReLU", 33)]
    [InlineData("16x4x4 Conv(17,3,p1):Tanh", 17)]
    [InlineData("17x3x3 Conv(16,2,nobias):GELU", 16)]
    [InlineData("2x13x12 Conv(3,11,p5):Tanh", 3)]
    [InlineData("1x12x5 Conv(6,11x1):Softplus", 17)]
    [InlineData("3x9x9 Conv(2,1,s3):Tanh", 16)]
    [InlineData("3x9x8 Conv(5,2,s3):Tanh", 17)]
    [InlineData("2x7x7 Conv(3,3,s2x1,p1x2):Tanh", 3)]
    [InlineData("2x7x7 Conv(3,1x3,s1x3,p0x1):ELU", 33)]
    [InlineData("3x6x5 Conv(4,3,same):Tanh", 17)]
    [InlineData("3x6x5 Conv(4,2,same):Tanh", 17)]
    [InlineData("3x7x6 Conv(4,4x3,s2,same):Tanh", 3)]
    [InlineData("3x7x8 Conv(4,2x5,s3,same):Tanh", 3)]
    [InlineData("2x9x9 Conv(3,3,d2):Tanh", 16)]
    [InlineData("2x9x8 Conv(3,3x2,d3,same):Tanh", 17)]
    [InlineData("2x9x9 Conv(3,2,d3,s2,p3):Tanh", 3)]
    [InlineData("4x5x5 Conv(6,3,g2):Tanh", 17)]
    [InlineData("6x5x5 Conv(6,3,g6,same):Tanh", 17)]
    [InlineData("3x5x5 Conv(6,2,g3,s2,nobias):SiLU", 3)]
    [InlineData("17x4x4 Conv(17,3,g17,p1):Tanh", 16)]
    [InlineData("16x3x3 Conv(32,1,g16):Tanh", 3)]
    [InlineData("2x2x2 Conv(3,1,p2):Tanh", 3)]
    [InlineData("2x3x3 Conv(3,2,s4,p3):Tanh", 3)]
    [InlineData("3x30x31 Conv(2,5x3):Tanh", 3)]
    public void Convolution_OfImages_AgreesWithReference(string net, int batch) => Agrees($"{net} Flatten 3", batch);

    [Theory]
    [InlineData("3x11 Conv1(4,3):Tanh", 17)]
    [InlineData("1x30 Conv1(16,11,s3):ReLU", 16)]
    [InlineData("5x8 Conv1(6,2,same,nobias):GELU", 3)]
    [InlineData("6x9 Conv1(6,3,g6,d2,p2):Tanh", 33)]
    [InlineData("17x4 Conv1(2,1,s3):Tanh", 3)]
    [InlineData("2x1 Conv1(3,1):Tanh", 1)]
    public void Convolution_OfSequences_AgreesWithReference(string net, int batch) => Agrees($"{net} Conv1(2,2,same)", batch);

    [Theory]
    [InlineData("MaxPool")]
    [InlineData("AvgPool")]
    public void Pooling_OfImages_AgreesWithReference(string pool)
    {
        foreach (var (shape, arguments, batch) in ((string, string, int)[])
            [
                ("1x1x1", "1", 1), ("3x4x4", "2", 17), ("3x5x7", "2", 3), ("2x5x7", "3,s1,p1", 16), ("5x7x6", "3,s2,p1", 17), ("2x6x6", "2x3,s2", 3), ("2x7x8", "1x2,s3", 33),
                ("6x5x5", "5", 3), ("2x6x7", "3x2,s1,same", 3), ("17x4x4", "2,s2,p1", 3), ("2x9x9", "6,s5,p3", 3), ("1x8x3", "3x2,s1", 7),
            ])
        {
            Agrees($"{shape} {pool}({arguments})", batch);
            Agrees($"{shape} Conv(3,1):ReLU {pool}({arguments}) Tanh Flatten 3", batch);
        }
    }

    [Theory]
    [InlineData("MaxPool1")]
    [InlineData("AvgPool1")]
    public void Pooling_OfSequences_AgreesWithReference(string pool)
    {
        foreach (var (shape, arguments, batch) in ((string, string, int)[])[("3x9", "2", 17), ("3x9", "3,s1,p1", 3), ("1x7", "2,s3", 16), ("6x5", "5", 3), ("2x8", "3,s2,same", 3)])
        {
            Agrees($"{shape} {pool}({arguments})", batch);
            Agrees($"{shape} Conv1(4,1):Sigmoid {pool}({arguments}) Flatten 3", batch);
        }
    }

    [Theory]
    [InlineData("3x4x5 GlobalMaxPool 3", 17)]
    [InlineData("3x4x5 Conv(5,2):Tanh GlobalAvgPool", 3)]
    [InlineData("17x6 GlobalAvgPool Softmax", 16)]
    [InlineData("2x7 Conv1(4,3) GlobalMaxPool Tanh 2", 3)]
    [InlineData("5x1x1 GlobalMaxPool", 3)]
    public void GlobalPooling_AgreesWithReference(string net, int batch) => Agrees(net, batch);

    [Theory]
    [InlineData("24 Reshape(2x3x4) Conv(3,2):Tanh", 17)]
    [InlineData("2x3x4 Reshape(4x6) Conv1(3,2):Tanh Reshape(3x5x1) Conv(2,2x1,same) Flatten 3", 3)]
    [InlineData("2x3x4 Flatten Reshape(6x4) Reshape(4x2x3) MaxPool(2,s1) Flatten", 16)]
    [InlineData("30 20:Tanh Reshape(5x4) AvgPool1(2) Flatten 18:Sigmoid Reshape(2x3x3)", 33)]
    [InlineData("2x2x2 Flatten 3", 1)]
    [InlineData("2x2x2 Flatten Dropout(0.3) 3:Tanh Reshape(3) 2", 3)]
    public void Reshape_BetweenAnyShapes_AgreesWithReference(string net, int batch) => Agrees(net, batch);

    [Theory]
    [InlineData("3x4x5 BatchNorm", 9)]
    [InlineData("3x4x5 BatchNorm Conv(5,3):Tanh BatchNorm(0.3) Flatten 3", 17)]
    [InlineData("2x6x5 Conv(6,3,nobias) BatchNorm ReLU Conv(17,2) BatchNorm(1) GELU MaxPool(2) Flatten 3", 16)]
    [InlineData("3x11 Conv1(5,3) BatchNorm SiLU BatchNorm Conv1(2,2,same) GlobalAvgPool 3", 9)]
    [InlineData("2x4x4 Conv(4,3,same) BatchNorm Tanh Dropout(0.3) Conv(4,3,same) BatchNorm Flatten BatchNorm 3", 33)]
    [InlineData("17x3x3 BatchNorm Sigmoid GlobalAvgPool", 7)]
    public void BatchNorm_OfChannels_AgreesWithReference(string net, int batch) => Agrees(net, batch, [batch, (batch + 1) / 2, 1, batch], scale: 10);

    /// <summary>The only number of a channel has no variance: the running figures are taken.</summary>
    [Theory]
    [InlineData("3x1x1 BatchNorm Flatten 2")]
    [InlineData("3x4x4 Conv(5,4) BatchNorm Tanh Flatten 2")]
    public void BatchNorm_OfOneNumber_TakesRunningFigures(string net) => Agrees(net, 5, [5, 1, 5, 1]);

    [Fact]
    public void BatchNorm_OfBatchesOfOneImage_AgreesWithReference() => Agrees("2x5x5 Conv(3,2) BatchNorm Tanh GlobalAvgPool 3", 1);

    [Theory]
    [InlineData("2x4x5 Dropout(0.4)", 17)]
    [InlineData("2x4x5 Dropout(0.4) Conv(3,3,p1):Tanh Dropout(0.2) Flatten 3", 17)]
    [InlineData("2x4x5 GaussianNoise(0.3) Dropout(0.1) AvgPool(3,s1,p1) GaussianNoise(0.1) Flatten 3", 3)]
    [InlineData("3x7 Conv1(4,3,p1) Dropout(0.3) GELU GaussianNoise(0.2) Conv1(2,3,p2) GlobalMaxPool Dropout(0.3) 3", 16)]
    [InlineData("2x4x4 Dropout(0.5) MaxPool(2) Dropout(0.5) Tanh Dropout(0.1) Flatten", 33)]
    [InlineData("12 Dropout(0.2) Reshape(3x2x2) Dropout(0.2) Conv(2,2,p1) Flatten", 3)]
    public void DropoutAndNoise_OfImages_AgreeWithReference(string net, int batch) => Agrees(net, batch);

    [Theory]
    [InlineData("Tanh")]
    [InlineData("GELU")]
    [InlineData("ReLU")]
    [InlineData("Identity")]
    [InlineData("SELU")]
    [InlineData("HardSigmoid")]
    public void Activation_OfImages_AgreesWithReference(string function)
    {
        Agrees($"2x4x5 {function} Conv(3,2) {function} {function} MaxPool(2) {function} Flatten {function} 3", 17);
        Agrees($"2x4x5 Conv(3,2) {function}", 3);
    }

    [Theory]
    [InlineData("1x4x4 Conv(3,2) Flatten 3", Loss.SoftmaxCrossEntropy)]
    [InlineData("1x4x4 Conv(3,4) Flatten", Loss.SoftmaxCrossEntropy)]
    [InlineData("1x4x4 Conv(3,2) Flatten 3:Softmax", Loss.CrossEntropy)]
    [InlineData("1x4x4 Conv(3,4) Flatten Softmax", Loss.CrossEntropy)]
    [InlineData("1x4x4 Conv(3,4) GlobalAvgPool", Loss.SigmoidCrossEntropy)]
    [InlineData("1x4x4 Conv(3,2):Softplus", Loss.Poisson)]
    [InlineData("1x4x4 Conv(3,2)", Loss.Huber)]
    [InlineData("1x4x4 MaxPool(2)", Loss.MeanAbsoluteError)]
    public void Loss_AfterImages_AgreesWithReference(string net, Loss loss) =>
        Oracle.Agrees(GraphText.Of(net, loss, batch: 17), seed: 5, batches: [17, 3, 17]);

    private static void Agrees(string net, int batch, int[]? batches = null, double scale = 1)
    {
        var spec = GraphText.Of(net, Loss.HalfSquaredError, batch);
        Oracle.Agrees(Harness.Trainable(spec), spec, seed: batch, batches, predictions: [1, 2, 16, 17, 40], scale);
    }
}
