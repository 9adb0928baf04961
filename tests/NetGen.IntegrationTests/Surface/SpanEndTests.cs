using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Surface;

/// <summary>
/// Nothing past a span's end is read or written: all spans end at a page that nobody may touch. A fault ends the process, so
/// these run in children only.
/// </summary>
[Trait(Widths.Trait, Widths.Every)]
[Trait(Widths.Isolation, Widths.Process)]
public class SpanEndTests
{
    private const int Room = 1 << 20;

    public static TheoryData<string, Loss, int> Nets { get; } = new()
    {
        { "1-1", Loss.HalfSquaredError, 1 },
        { "2-5:Sigmoid-2:Sigmoid", Loss.HalfSquaredError, 30 },
        { "4-6:GELU-3", Loss.SoftmaxCrossEntropy, 19 },
        { "3-17:Tanh-5", Loss.SoftmaxCrossEntropy, 9 },
        { "33-16:ReLU-10", Loss.SoftmaxCrossEntropy, 13 },
        { "784-30:Sigmoid-10:Sigmoid", Loss.HalfSquaredError, 10 },
        { "15-Tanh-33:Softmax", Loss.CrossEntropy, 11 },
        { "47-65:GELU-31:Sigmoid", Loss.BinaryCrossEntropy, 7 },
        { "100-150:SiLU-1", Loss.Huber, 12 },
        { "4-17:Tanh-18", Loss.Hinge, 11 },
        { "2-5:Tanh-3", Loss.SquaredHinge, 19 },
        { "5-9:Tanh-6", Loss.GaussianNLL, 7 },
        { "5-9:Tanh-2", Loss.NegativeBinomial, 21 },
        { "5-Dropout(0.5)-GaussianNoise(0.1)-17-BatchNorm-Dropout(0.5)-ReLU-5-LayerNorm", Loss.HalfSquaredError, 7 },
    };

    [Theory]
    [MemberData(nameof(Nets))]
    public void Calls_WithSpansAtAPagesEnd_StayInside(string net, Loss loss, int batch) => StayInside(NetSpec.Of(net, loss, batch) with { Bytes = (1 / 255.0, -0.5) }, batch);

    [Theory]
    [InlineData("a head of every kind")]
    [InlineData("own losses")]
    [InlineData("an input of another's shape")]
    [InlineData("an output without a loss, in an order of its own")]
    public void Calls_OfSeveralInputsAndOutputs_WithSpansAtAPagesEnd_StayInside(string name) => StayInside(SeveralOutputTests.Nets[name], 17);

    private static void StayInside(NetSpec spec, int batch)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Guarded pages are made by mmap.");
        Assert.SkipWhen(ChildRun.Current is null, "This runs in child processes: a fault would end this one.");
        var network = Harness.Trainable(spec, seed: 1);
        var steps = spec.Bytes is null ? null : new ByteSteps(network);
        using var inputMemory = new GuardedMemory(Room);
        using var outputMemory = new GuardedMemory(Room);
        foreach (var samples in Enumerable.Range(1, batch).Append(33).Append(40))
        {
            var x = inputMemory.Place<float>(TestData.Inputs(samples, spec.Inputs, seed: samples));
            var y = outputMemory.Place<float>(new float[samples * spec.Outputs]);
            network.Predict(x, y);
            Near.SameBits(network.Predict(x.ToArray()), y, "predictions");
            var b = inputMemory.Place<byte>(ByteSteps.Bytes(samples * spec.Inputs, seed: samples));
            (network as IByteInputNetwork)?.Predict(b, y);
            x = inputMemory.Place<float>(TestData.Inputs(samples, spec.Inputs, seed: samples));
            var t = outputMemory.Place<float>(spec.Targets(samples, seed: samples));
            network.ComputeLoss(y, t);
            if (samples <= batch)
            {
                network.TrainBatch(x, t);
                network.ComputeGradients(x, t, network.CreateGradients());
                if (network is IClassifierNetwork classifier)
                {
                    classifier.TrainBatch(x, outputMemory.Place<int>(TestData.Labels(samples, spec.Outputs, seed: samples)));
                    t = outputMemory.Place<float>(spec.Targets(samples, seed: samples));
                }

                steps?.OnTargets(inputMemory.Place<byte>(ByteSteps.Bytes(samples * spec.Inputs, seed: samples)), t);
            }
        }
    }
}
