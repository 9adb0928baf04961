using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>
/// Sizes at and beside the edges of vectors, tiles and panels, in width, depth and batch, against the oracle. The rows are a
/// matrix in which every size meets every batch size's neighbourhood, not the full product.
/// </summary>
[Trait(Widths.Trait, Widths.Every)]
public class OddSizeTests
{
    private static readonly int[] Sizes = [1, 2, 3, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 100, 150];

    private static readonly int[] Batches = [1, 2, 3, 7, 8, 9, 11, 12, 13, 31, 32, 33];

    private static readonly Activation[] Functions = [Activation.Tanh, Activation.Sigmoid, Activation.SiLU, Activation.Identity, Activation.Softsign];

    /// <summary>
    /// Two rows for each size, in which it is the input's, the hidden layer's and the output's in turn beside sizes that
    /// steps coprime to their number choose.
    /// </summary>
    public static TheoryData<string, int> Matrix
    {
        get
        {
            var rows = new TheoryData<string, int>();
            for (var i = 0; i < 2 * Sizes.Length; i++)
            {
                var (inputs, hidden, outputs) = (Sizes[i % 17], Sizes[(i * 5 + i / 17 * 3 + 2) % 17], Sizes[(i * 3 + i / 17 * 7 + 6) % 17]);
                rows.Add($"{inputs}-{hidden}:{Functions[i % 5]}-{outputs}{(i % 4 == 3 ? "!" : "")}", Batches[i * 7 % 12]);
            }

            return rows;
        }
    }

    public static TheoryData<int> Depths { get; } = [1, 2, 3, 4, 5, 8, 13, 20];

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Network_OfOddSizes_AgreesWithReference(string net, int batch) =>
        Oracle.Agrees(NetSpec.Of(net, Loss.HalfSquaredError, batch), seed: batch);

    [Theory]
    [InlineData("1-1", 1)]
    [InlineData("1-1", 2)]
    [InlineData("2-2", 3)]
    [InlineData("5-3:Tanh", 32)]
    [InlineData("33-1:Sigmoid", 12)]
    [InlineData("1-150:Tanh-1", 13)]
    [InlineData("150-1:Tanh-150", 31)]
    [InlineData("16-16:Tanh-16:Tanh-16", 16)]
    [InlineData("32-32:Tanh-32:Tanh-32", 32)]
    [InlineData("96-96:Tanh-96", 24)]
    [InlineData("7-97:Tanh-129:SiLU-5", 100)]
    [InlineData("784-30:Sigmoid-10:Sigmoid", 10)]
    [InlineData("2-150:ReLU-150:ReLU-100:ReLU-1", 64)]
    [InlineData("10-20:ReLU-20:ReLU-10", 8)]
    [InlineData("127-64:Tanh-3", 10)]
    [InlineData("128-64:Tanh-3", 24)]
    [InlineData("129-16:Tanh-3", 25)]
    [InlineData("160-65:Tanh-3", 5)]
    [InlineData("161-48:Tanh-3", 6)]
    [InlineData("257-33:Tanh-200:SiLU-1", 4)]
    [InlineData("2-200:Tanh-2", 20)]
    [InlineData("4-120:Tanh-4", 48)]
    [InlineData("3-32:Tanh-1", 17)]
    [InlineData("3-129:Sigmoid-1!", 40)]
    [InlineData("2-300:SiLU-1:GELU", 300)]
    [InlineData("2-47:Softplus-1:Sigmoid", 16)]
    [InlineData("5-80:Tanh-5", 26)]
    public void Network_OfChosenSizes_AgreesWithReference(string net, int batch) =>
        Oracle.Agrees(NetSpec.Of(net, Loss.HalfSquaredError, batch), seed: 11);

    [Theory]
    [InlineData("37-21:Tanh-5", 33)]
    [InlineData("2-5:Sigmoid-2:Sigmoid", 30)]
    [InlineData("20-40:SiLU-1", 13)]
    public void PartialBatch_OfEverySize_AgreesWithReference(string net, int batch) =>
        Oracle.Agrees(NetSpec.Of(net, Loss.HalfSquaredError, batch), seed: 21, batches: [.. Enumerable.Range(1, batch).Reverse()], predictions: [1]);

    [Theory]
    [InlineData("37-21:Tanh-5", 33)]
    [InlineData("2-5:Sigmoid-2:Sigmoid", 30)]
    [InlineData("64-32:ReLU-10", 1)]
    [InlineData("10-48:GELU-3:Softmax", 7)]
    public void Predict_OfAnyNumberOfSamples_AgreesWithReference(string net, int batch)
    {
        var spec = NetSpec.Of(net, Loss.HalfSquaredError, batch);
        Oracle.Agrees(spec, seed: 31, batches: [batch], predictions: [0, 1, 2, 3, 5, 8, 16, 17, 31, 33, 64, 100, 256]);
    }

    [Theory]
    [InlineData("37-21:Tanh-5")]
    [InlineData("1-1")]
    [InlineData("784-30:Sigmoid-10:Softmax")]
    public void Predict_OfNetWithoutTrain_AgreesWithReference(string net)
    {
        var spec = NetSpec.Of(net);
        var network = Harness.Network(spec).Randomize(seed: 41);
        Assert.False(network is ITrainableNetwork);
        var reference = network.ToReference(spec);
        Assert.All((int[])[0, 1, 2, 3, 5, 8, 16, 17, 31, 33, 64, 100, 256], n => Oracle.PredictionAgrees(network, reference, n, seed: n));
    }

    [Theory]
    [MemberData(nameof(Depths))]
    public void Network_OfManyLayers_AgreesWithReference(int depth)
    {
        var layers = Enumerable.Range(0, depth).Select(i => $"{5 + i * 11 % 30}:{Functions[i % 5]}");
        Oracle.Agrees(NetSpec.Of($"9-{string.Join('-', layers)}", Loss.HalfSquaredError, batch: 9), seed: depth);
    }

    [Fact]
    public void Network_WideAndThin_AgreesWithReference() =>
        Oracle.Agrees(NetSpec.Of("2000-1500:Tanh-3", Loss.HalfSquaredError, batch: 5, rate: 0.01), seed: 51, batches: [5, 2], predictions: [3]);

    [Fact]
    public void Network_ManyOutputs_AgreesWithReference() =>
        Oracle.Agrees(NetSpec.Of("3-1111:Tanh-1030", Loss.HalfSquaredError, batch: 4, rate: 0.01), seed: 61, batches: [4, 1], predictions: [2]);
}
