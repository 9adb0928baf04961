using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>
/// What the hinges and the losses of pairs are for: support vector machines, a mean with its spread, counts that spread more than Poisson's.
/// And the way of their targets through data sets, metrics, producers and files.
/// </summary>
public class HeadTests
{
    private const double Log2 = 0.69314718055994531;

    /// <summary>A support vector machine whose answer is known: points with x = ±1 hold the border, so that w = (1, 0) and b = 0.</summary>
    [Theory]
    [InlineData(Loss.Hinge)]
    [InlineData(Loss.SquaredHinge)]
    public void Hinge_OfOneLayer_IsTheSupportVectorMachine(Loss loss)
    {
        var spec = NetSpec.Of("2-1", loss, batch: 60, rate: 0.02);
        spec = spec with { Training = spec.Training! with { Optimizer = new(Optimizer.Sgd) { WeightDecay = 1e-3 } } };
        var (inputs, labels) = (new List<float>(), new List<int>());
        for (var i = 0; i < 30; i++)
        {
            var (y, far) = (i % 10 - 4.5f, i % 3);
            inputs.AddRange([1 + far, y, -1 - far, y]);
            labels.AddRange([1, 0]);
        }

        var data = new Dataset([.. inputs], 2, [.. labels], 2);
        var network = Harness.Trainable(spec, seed: 1);
        Assert.IsNotAssignableFrom<IClassifierNetwork>(network);
        network.Fit(data, epochs: 3000, cancellationToken: TestContext.Current.CancellationToken);
        var found = network.AllParameters();
        Near.Each([1, 0, 0], found, "w and b", _ => loss == Loss.Hinge ? 0.03 : 0.06);
        var evaluation = network.Evaluate(data, Metric.RocAuc, Metric.MeanSquaredError);
        Assert.Equal(1, evaluation.Accuracy);
        Assert.Equal(1, evaluation.Metrics["roc_auc"]);

        // Targets are ±1: outputs of ±1, ±2 and ±3 in turn.
        Assert.Equal(5 / 3.0, evaluation.Metrics["mean_squared_error"], 0.2);
        Assert.Equal(evaluation.Loss, network.Evaluate(new Dataset([.. inputs], 2, [.. labels.Select(l => 2f * l - 1)], 1)).Loss, 1e-7);
        Assert.Equal(1, network.Evaluate(new Dataset([.. inputs], 2, [.. labels.Select(l => 2f * l - 1)], 1)).Accuracy);
    }

    [Theory]
    [InlineData(Loss.Hinge)]
    [InlineData(Loss.SquaredHinge)]
    public void Hinge_OfThreeClasses_TakesLabelsOrSigns(Loss loss)
    {
        var spec = NetSpec.Of("2-3", loss, batch: 30, rate: 0.05);
        var random = new Random(5);
        var inputs = new float[600];
        var labels = new int[300];
        for (var i = 0; i < 300; i++)
        {
            labels[i] = i % 3;
            var angle = 2 * Math.PI * (labels[i] + 0.6 * (random.NextDouble() - 0.5)) / 3;
            (inputs[2 * i], inputs[2 * i + 1]) = ((float)(2 * Math.Cos(angle)), (float)(2 * Math.Sin(angle)));
        }

        var data = new Dataset(inputs, 2, labels, 3);
        var network = Assert.IsAssignableFrom<IClassifierNetwork>(Harness.Trainable(spec, seed: 1));
        network.Fit(data, epochs: 30, cancellationToken: TestContext.Current.CancellationToken);
        var evaluation = network.Evaluate(data, Metric.Accuracy, Metric.TopKAccuracy(2));
        Assert.True(evaluation.Accuracy > 0.99, $"accuracy {evaluation.Accuracy}");
        Assert.Equal(evaluation.Accuracy, evaluation.Metrics["accuracy"]);

        var signs = TestData.ToFloats(TestData.OneHot(labels, 3, no: -1));
        var ofSigns = network.Evaluate(new Dataset(inputs, 2, signs, 3));
        Assert.Equal((evaluation.Loss, evaluation.Accuracy), (ofSigns.Loss, ofSigns.Accuracy));
        var other = (IClassifierNetwork)Harness.Trainable(spec, seed: 1);
        other.Fit(new Dataset(inputs, 2, signs, 3), epochs: 30, cancellationToken: TestContext.Current.CancellationToken);
        Near.SameBits(network.AllParameters(), other.AllParameters(), "parameters by signs");
        Assert.Throws<ArgumentException>("metrics", () => network.Evaluate(data, Metric.LogLoss));
    }

    /// <summary>t = 2x + 1 with a spread that grows: ln σ² = 1.5x − 2. Both lines are found.</summary>
    [Fact]
    public void GaussianNLL_OfAHeteroscedasticLine_FindsMeanAndSpread()
    {
        var data = Line(6000, seed: 5);
        var network = Adam("1-2", Loss.GaussianNLL, batch: 200, rate: 0.01);
        Assert.Equal((2, 1), (network.OutputSize, network.TargetSize));
        network.Fit(data, epochs: 25, cancellationToken: TestContext.Current.CancellationToken);
        Near.Each([2, 1.5, 1, -2], network.AllParameters(), "slopes and offsets of μ and ln σ²", _ => 0.1);

        // The loss at the truth is its expected value, ½·(E ln σ² + 1) = −0.5.
        var evaluation = network.Evaluate(data, Metric.MeanSquaredError, Metric.MeanAbsoluteError, Metric.RSquared);
        Assert.Equal(-0.5, evaluation.Loss, 0.05);
        Assert.True(double.IsNaN(evaluation.Accuracy));
        var means = Means(network, data);
        Assert.Equal(Metrics.MeanSquaredError(means, data.Targets), evaluation.Metrics["mean_squared_error"], 1e-12);
        Assert.Equal(Metrics.MeanAbsoluteError(means, data.Targets), evaluation.Metrics["mean_absolute_error"], 1e-12);
        Assert.Equal(Metrics.RSquared(means, data.Targets), evaluation.Metrics["r_squared"], 1e-12);
        Assert.Equal(evaluation.RSquared, evaluation.Metrics["r_squared"], 1e-12);
        Assert.InRange(evaluation.RSquared, 0.8, 1);
    }

    /// <summary>L-BFGS measures targets by their own size too, and comes to the same place.</summary>
    [Fact]
    public void GaussianNLL_ByLbfgs_FindsMeanAndSpread()
    {
        var network = Adam("1-2", Loss.GaussianNLL, batch: 500, rate: 0.005);
        network.FitLbfgs(Line(6000, seed: 5), iterations: 60, cancellationToken: TestContext.Current.CancellationToken);
        Near.Each([2, 1.5, 1, -2], network.AllParameters(), "slopes and offsets of μ and ln σ²", _ => 0.1);
    }

    /// <summary>Counts of mean e^(1 + 0.8x) whose variance is μ + μ²/2: a Poisson loss would not know of the 2.</summary>
    [Fact]
    public void NegativeBinomial_OfOverdispersedCounts_RecoversTheDispersion()
    {
        const double Size = 2;
        var random = new Random(11);
        var (inputs, counts) = (new float[8000], new float[8000]);
        for (var i = 0; i < counts.Length; i++)
        {
            inputs[i] = 2 * random.NextSingle() - 1;

            // A Poisson count whose rate is a Gamma variable of shape 2: the sum of two exponential ones.
            var rate = Math.Exp(1 + 0.8 * inputs[i]) / Size * -(Math.Log(1 - random.NextDouble()) + Math.Log(1 - random.NextDouble()));
            for (var p = random.NextDouble(); p > Math.Exp(-rate); p *= random.NextDouble())
            {
                counts[i]++;
            }
        }

        var data = new Dataset(inputs, 1, counts, 1);
        var network = Adam("1-2", Loss.NegativeBinomial, batch: 50, rate: 0.005);
        network.Fit(data, epochs: 25, cancellationToken: TestContext.Current.CancellationToken);
        Near.Each([0.8, 0, 1, Log2], network.AllParameters(), "slopes and offsets of ln μ and ln r", _ => 0.12);
        var evaluation = network.Evaluate(data, Metric.MeanSquaredError);
        var means = Means(network, data);
        Assert.Equal(Metrics.MeanSquaredError(Array.ConvertAll(means, m => (float)Math.Exp(m)), data.Targets), evaluation.Metrics["mean_squared_error"], 1e-12);
    }

    /// <summary>Several targets: rows of 2 beside outputs of 4, from a producer, from files, by index.</summary>
    [Fact]
    public void Fit_WithTwoOutputsATarget_MeasuresRowsOfTargets()
    {
        var spec = NetSpec.Of("3-5:Tanh-4", Loss.GaussianNLL, batch: 8, rate: 0.02);
        var x = TestData.Inputs(20, 3, seed: 1);
        var t = TestData.Targets(Loss.GaussianNLL, 20, 4, seed: 2);
        var (byHand, byFit, byProducer, byStream) = (Harness.Trainable(spec, 1), Harness.Trainable(spec, 1), Harness.Trainable(spec, 1), Harness.Trainable(spec, 1));
        byHand.TrainBatch(x.AsSpan(0, 24), t.AsSpan(0, 16));
        byProducer.Fit(
            (inputs, targets) =>
            {
                Assert.Equal(16, targets.Length);
                x.AsSpan(0, 24).CopyTo(inputs);
                t.AsSpan(0, 16).CopyTo(targets);
            },
            batches: 1,
            cancellationToken: TestContext.Current.CancellationToken);
        Near.SameBits(byHand.AllParameters(), byProducer.AllParameters(), "parameters by a producer");

        byFit.Fit(new Dataset(x, 3, t, 2), epochs: 2, cancellationToken: TestContext.Current.CancellationToken);
        var folder = Directory.CreateTempSubdirectory("netgen");
        try
        {
            var (inputs, targets) = (Path.Combine(folder.FullName, "x.npy"), Path.Combine(folder.FullName, "t.npy"));
            Npy.Write(inputs, new NumberArray(x, [20, 3]));
            Npy.Write(targets, new NumberArray(t, [20, 2]));
            using var stream = StreamedDataset.FromTargets(inputs, targets);
            byStream.Fit(stream, epochs: 2, cancellationToken: TestContext.Current.CancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Assert.Equal(6, byStream.StepCount);
        Assert.Equal(byFit.StepCount, byStream.StepCount);
    }

    [Fact]
    public void Hinge_OfOneOutputOnFilesOfLabels_ComparesWithSigns()
    {
        var spec = NetSpec.Of("2-1", Loss.Hinge, batch: 4);
        float[] x = [1, 2, -1, 0.5f, 3, 1, -2, -1];
        int[] labels = [1, 0, 1, 0];
        var (byHand, byStream) = (Harness.Trainable(spec, 1), Harness.Trainable(spec, 1));
        byHand.TrainBatch(x, [1, -1, 1, -1f]);
        var folder = Directory.CreateTempSubdirectory("netgen");
        try
        {
            var (inputs, classes) = (Path.Combine(folder.FullName, "x.npy"), Path.Combine(folder.FullName, "c.npy"));
            Npy.Write(inputs, new NumberArray(x, [4, 2]));
            Npy.Write(classes, new NumberArray(Array.ConvertAll(labels, l => (float)l), [4]));
            using var stream = StreamedDataset.FromLabels(inputs, classes, 2, buffer: 1);
            byStream.Fit(stream, epochs: 1, cancellationToken: TestContext.Current.CancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Near.SameBits(byHand.AllParameters(), byStream.AllParameters(), "parameters");
    }

    [Fact]
    public void Calls_WithTargetsOfOutputSize_NameWhatIsExpected()
    {
        var network = Harness.Trainable(NetSpec.Of("3-4", Loss.GaussianNLL, batch: 8));
        var error = Assert.Throws<ArgumentException>("targets", () => network.TrainBatch(new float[6], new float[8]));
        Assert.StartsWith("targets must hold 4 numbers (2 samples of 2), but has 8.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("targets", () => network.ComputeGradients(new float[6], new float[8], network.CreateGradients()));
        Assert.Throws<ArgumentException>("targets", () => network.ComputeLoss(new float[8], new float[8]));
        Assert.Equal(0, network.StepCount);
        error = Assert.Throws<ArgumentException>("data", () => network.Fit(new Dataset(new float[6], 3, new float[8], 4), 1, cancellationToken: TestContext.Current.CancellationToken));
        Assert.StartsWith("data must have 2 targets a sample", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>("data", () => network.Fit(new Dataset(new float[6], 3, [0, 1], 2), 1, cancellationToken: TestContext.Current.CancellationToken));
        Assert.StartsWith("data must have numbers as targets", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("data", () => network.Evaluate(new Dataset(new float[6], 3, [0, 1], 2)));
    }

    [Theory]
    [InlineData(Loss.GaussianNLL, 6, 3)]
    [InlineData(Loss.NegativeBinomial, 2, 1)]
    [InlineData(Loss.Hinge, 6, 6)]
    [InlineData(Loss.MeanSquaredError, 6, 6)]
    public void TargetSize_OfLoss_IsAConstant(Loss loss, int outputs, int expected)
    {
        var type = Harness.Compile(NetSpec.Of($"3-{outputs}", loss)).Type("Net");
        Assert.Equal(expected, type.GetField("TargetSize")!.GetRawConstantValue());
        Assert.Equal(expected, Harness.Trainable(NetSpec.Of($"3-{outputs}", loss)).TargetSize);
    }

    private static ITrainableNetwork Adam(string net, Loss loss, int batch, double rate)
    {
        var spec = NetSpec.Of(net, loss, batch, rate);
        return Harness.Trainable(spec with { Training = spec.Training! with { Optimizer = new(Optimizer.Adam) } }, seed: 1);
    }

    private static Dataset Line(int count, int seed)
    {
        var random = new Random(seed);
        var (inputs, targets) = (new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            inputs[i] = 2 * random.NextSingle() - 1;
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            targets[i] = (float)(2 * inputs[i] + 1 + Math.Exp(0.5 * (1.5 * inputs[i] - 2)) * normal);
        }

        return new Dataset(inputs, 1, targets, 1);
    }

    /// <summary>The first of each sample's two outputs.</summary>
    private static float[] Means(ITrainableNetwork network, Dataset data)
    {
        var outputs = network.Predict(data.Inputs.ToArray());
        return [.. Enumerable.Range(0, data.Count).Select(i => outputs[2 * i])];
    }
}
