using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>The declaration of the README, compiled with this project by the generator as an analyzer.</summary>
[Network]
[Input(64)]
[Dense(64, Activation.ReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.3, BatchSize = 16)]
public partial class DigitNet;

/// <summary>A regression net with one output.</summary>
[Network]
[Input(64)]
[Dense(16, Activation.Tanh, Name = "hidden")]
[Dense(1, Name = "value")]
[Train(Loss.MeanSquaredError, LearningRate = 0.05, BatchSize = 20)]
internal sealed partial class InkNet;

/// <summary>From real data to a trained, judged, saved and loaded network, through the runtime.</summary>
public class DigitsTests
{
    /// <summary>The project's property goes through a file in which a semicolon begins a comment.</summary>
    [Theory]
    [InlineData("Kernels512")]
    [InlineData("Kernels256")]
    [InlineData("Kernels128")]
    public void Build_WithoutSettings_EmitsEveryWidth(string kernels) =>
        Assert.NotNull(typeof(DigitNet).GetNestedType(kernels, System.Reflection.BindingFlags.NonPublic));

    [Fact]
    public void Fit_OnDigits_ReachesNinetySixPercent()
    {
        var (train, test) = Digits.Load().Split(0.8, seed: 1);
        var net = new DigitNet(seed: 1);
        var history = net.Fit(train, epochs: 20, validation: test, cancellationToken: TestContext.Current.CancellationToken);
        var evaluation = net.Evaluate(test);
        Assert.Equal(20, history.Epochs.Count);
        Assert.InRange(evaluation.Accuracy, 0.96, 1);
        Assert.Equal(history.Epochs[^1].ValidationAccuracy, evaluation.Accuracy);
        Assert.True(history.Epochs[^1].Loss < history.Epochs[0].Loss / 3, history.ToString());
    }

    [Fact]
    public void Fit_Repeated_GivesTheSameBits()
    {
        Near.SameBits(Train(), Train(), "parameters");

        static float[] Train()
        {
            var net = new DigitNet(seed: 3);
            net.Fit(Digits.Load(), epochs: 2, seed: 5, cancellationToken: TestContext.Current.CancellationToken);
            return net.AllParameters();
        }
    }

    [Fact]
    public void Load_OfSavedNetwork_PredictsTheSameBits()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
        var trained = new DigitNet(seed: 1);
        trained.Fit(Digits.Load(), epochs: 1, cancellationToken: TestContext.Current.CancellationToken);
        try
        {
            trained.Save(path);
            var loaded = new DigitNet(seed: 2);
            loaded.Load(path);
            var x = TestData.Inputs(9, DigitNet.InputSize, seed: 1);
            Near.SameBits(trained.Predict(x), loaded.Predict(x), "predictions");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Fit_OfRegression_ExplainsTheTargets()
    {
        // What is learned: the share of ink in a picture.
        var inputs = TestData.Inputs(400, InkNet.InputSize, seed: 1);
        var targets = new float[400];
        for (var n = 0; n < targets.Length; n++)
        {
            targets[n] = inputs.AsSpan(n * InkNet.InputSize, 8).ToArray().Average();
        }

        var net = new InkNet(seed: 1);
        Assert.Equal(["hidden.weight", "hidden.bias", "value.weight", "value.bias"], net.Parameters.Select(p => p.Name));
        var data = new Dataset(inputs, InkNet.InputSize, targets, targetSize: 1);
        net.Fit(data, epochs: 40, cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(net.Evaluate(data).RSquared, 0.9, 1);
    }
}
