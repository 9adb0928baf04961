using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>A single number that is not finite must show in the loss, wherever it stands, and must not spread.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class DivergenceTests
{
    /// <summary>Few classes are summed with a sample a lane, many with a sample a row.</summary>
    [Theory]
    [InlineData("6-4", float.NaN)]
    [InlineData("6-4", float.PositiveInfinity)]
    [InlineData("6-40", float.NaN)]
    [InlineData("6-40", float.PositiveInfinity)]
    public void TrainBatch_WithOneClassThatIsNotFinite_ChangesNothing(string net, float bad)
    {
        var network = (IClassifierNetwork)Harness.Trainable(NetSpec.Of(net, Loss.SoftmaxCrossEntropy, batch: 3), seed: 1);
        var bias = network.Parameters[1].ToArray();
        bias[2] = bad;
        network.Parameters[1].CopyFrom(bias);
        var before = network.AllParameters();
        var x = TestData.Inputs(3, 6, seed: 2);
        int[] labels = [0, 1, 3];
        var oneHot = new float[3 * network.OutputSize];
        (oneHot[0], oneHot[network.OutputSize + 1], oneHot[2 * network.OutputSize + 3]) = (1, 1, 1);

        // The class is nobody's label: only the sum over all classes knows of it.
        Assert.False(float.IsFinite(network.TrainBatch(x, labels)));
        Assert.False(float.IsFinite(network.TrainBatch(x, oneHot)));
        Near.SameBits(before, network.AllParameters(), "parameters");
    }
}
