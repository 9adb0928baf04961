using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>A network whose lower layers another one takes over.</summary>
[Network]
[Input(64)]
[Dense(48, Activation.ReLU, Name = "lower")]
[BatchNorm(Name = "norm")]
[Dense(24, Activation.Tanh, Name = "upper")]
[Dense(10, Name = "digit")]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Adam, LearningRate = 0.005, BatchSize = 16)]
internal sealed partial class WholeNet;

/// <summary>The same layers, frozen, with a head that says whether a digit is even.</summary>
[Network]
[Input(64)]
[Dense(48, Activation.ReLU, Name = "lower", Frozen = true)]
[BatchNorm(Name = "norm", Frozen = true)]
[Dense(24, Activation.Tanh, Name = "upper", Frozen = true)]
[Dense(2, Name = "parity")]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Adam, LearningRate = 0.01, WeightDecay = 0.001, BatchSize = 16)]
internal sealed partial class HeadNet;

/// <summary>A new head on the lower layers of a trained network.</summary>
public class RetrainingTests
{
    [Fact]
    public void Fit_OfNewHeadOnFrozenLayers_LearnsTheHeadAlone()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (train, test) = Digits.Load().Split(0.8, seed: 1);
        var whole = new WholeNet(seed: 1);
        whole.Fit(train, epochs: 5, cancellationToken: cancellation);
        var file = Path.GetTempFileName();
        try
        {
            whole.Save(file);
            var head = new HeadNet(seed: 2);
            var report = head.LoadMatching(file);
            string[] taken = ["lower.weight", "lower.bias", "norm.weight", "norm.bias", "upper.weight", "upper.bias", "norm.running_mean", "norm.running_var"];
            Assert.Equal(taken.Order(), report.Loaded.Order());

            var (even, evenTest) = (Parity(train), Parity(test));
            var before = head.Evaluate(evenTest).Accuracy;
            var start = head.Parameters.Select(p => p.ToArray()).ToArray();
            head.Fit(even, epochs: 8, cancellationToken: cancellation);

            // The frozen layers still have the bits of the network from which they come.
            foreach (var (frozen, original) in head.Parameters.Concat(head.Buffers).Where(p => taken.Contains(p.Name))
                .Select(p => (p, whole.Parameters.Concat(whole.Buffers).Single(w => w.Name == p.Name))))
            {
                Near.SameBits(original.ToArray(), frozen.ToArray(), frozen.Name);
            }

            Assert.NotEqual(start[^2], head.Parameters[^2].ToArray());
            Assert.True(before < 0.8 && head.Evaluate(evenTest).Accuracy > 0.93, $"{before} before, {head.Evaluate(evenTest).Accuracy} after");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Dataset Parity(Dataset digits)
    {
        var inputs = Enumerable.Range(0, digits.Count).SelectMany(i => digits.InputRow(i).ToArray()).ToArray();
        return new Dataset(inputs, 64, [.. digits.Labels.ToArray().Select(label => label % 2)], 2);
    }
}
