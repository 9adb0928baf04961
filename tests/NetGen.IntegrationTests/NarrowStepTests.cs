using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Nets so narrow that a training step takes a sample a lane: every loss, slopes of results and of arguments, batches beside multiples of 16.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class NarrowStepTests
{
    [Theory]
    [InlineData("2-5:Sigmoid-2:Sigmoid", Loss.HalfSquaredError, 30)]
    [InlineData("2-5:Sigmoid-2:Sigmoid", Loss.MeanSquaredError, 16)]
    [InlineData("1-1", Loss.HalfSquaredError, 17)]
    [InlineData("1-8:Tanh-1", Loss.MeanAbsoluteError, 31)]
    [InlineData("3-4:GELU-4:SiLU-1", Loss.Huber, 33)]
    [InlineData("8-3:ReLU-2!", Loss.SigmoidCrossEntropy, 64)]
    [InlineData("5-4:Softplus-3:Sigmoid", Loss.BinaryCrossEntropy, 20)]
    [InlineData("2-6:ELU-3:Softplus", Loss.Poisson, 100)]
    [InlineData("4-6:GELU-3", Loss.SoftmaxCrossEntropy, 47)]
    [InlineData("4-4:LeakyReLU-3:SELU", Loss.SoftmaxCrossEntropy, 48)]
    [InlineData("2-4:Tanh-5:Softmax", Loss.CrossEntropy, 18)]
    [InlineData("7-8", Loss.SoftmaxCrossEntropy, 19)]
    [InlineData("2-4:Tanh-1", Loss.Hinge, 20)]
    [InlineData("3-4", Loss.Hinge, 33)]
    [InlineData("2-4:Tanh-3", Loss.SquaredHinge, 48)]
    public void Step_WithASampleALane_AgreesWithReference(string net, Loss loss, int batch)
    {
        var spec = NetSpec.Of(net, loss, batch);
        Oracle.Agrees(spec, seed: 3, batches: [batch, 1, 2, 7, 15, 16, batch - 1, batch]);
        Oracle.Agrees(spec, seed: 104, batches: [batch, 3, 5, batch]);
    }

    /// <summary>What lanes without a sample read must not count, whatever it is: here what a full batch left behind.</summary>
    [Theory]
    [InlineData("2-5:Sigmoid-2:Sigmoid", Loss.HalfSquaredError)]
    [InlineData("4-6:GELU-3", Loss.SoftmaxCrossEntropy)]
    public void PartialBatch_AfterAnyOther_IsBitForBitThatOfAFreshNetwork(string net, Loss loss)
    {
        var spec = NetSpec.Of(net, loss, batch: 30);
        for (var samples = 1; samples < 30; samples++)
        {
            var (used, fresh) = (Harness.Trainable(spec, seed: 5), Harness.Trainable(spec, seed: 5));
            used.TrainBatch(TestData.Inputs(29, spec.Inputs, seed: 1), TestData.Targets(loss, 29, spec.Outputs, seed: 2));
            used.Randomize(seed: 6);
            fresh.Randomize(seed: 6);
            var (x, t) = (TestData.Inputs(samples, spec.Inputs, seed: 3), TestData.Targets(loss, samples, spec.Outputs, seed: 4));
            Near.SameBits([fresh.TrainBatch(x, t)], [used.TrainBatch(x, t)], "loss");
            Near.SameBits(fresh.AllParameters(), used.AllParameters(), $"parameters after {samples} samples");
        }
    }

    [Fact]
    public void Step_OfLossThatIsNotFinite_ChangesNothing()
    {
        var spec = NetSpec.Of("2-5:Sigmoid-2:Sigmoid", Loss.HalfSquaredError, batch: 30);
        var network = Harness.Trainable(spec, seed: 1);
        var before = network.AllParameters();
        var x = TestData.Inputs(30, 2, seed: 1);
        x[59] = float.NaN;
        Assert.False(float.IsFinite(network.TrainBatch(x, TestData.Targets(Loss.HalfSquaredError, 30, 2, seed: 1))));
        Near.SameBits(before, network.AllParameters(), "parameters");
    }
}
