using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>The networks with convolutions that the samples declare, from the samples' own files.</summary>
public class SampleNetworkTests
{
    private const int Width = 28;
    private const int Pixels = Width * Width;

    /// <summary>What its last hidden layer gives, led on by hand, is what the network predicts.</summary>
    [Theory]
    [InlineData("Tanh")]
    [InlineData("Relu")]
    public void Values_OfLeNet5sLastHiddenLayer_LeadToItsPredictions(string net)
    {
        var network = LeNet5().Create($"LeNet5Sample.{net}Net", seed: 3);
        var images = TestData.Uniform(20 * Pixels, 1, seed: 1);
        var (features, weight, bias) = (new NetworkInspector(network).Values("f6", images), Weights(network, "output.weight"), Weights(network, "output.bias"));
        Assert.Equal([10, 84], network.Parameters.Single(p => p.Name == "output.weight").Shape.ToArray());
        var expected = new double[20 * 10];
        for (var i = 0; i < expected.Length; i++)
        {
            expected[i] = bias[i % 10] + Enumerable.Range(0, 84).Sum(k => (double)features[i / 10 * 84 + k] * weight[i % 10 * 84 + k]);
        }

        Near.Single(expected, network.Predict(images), "logits");
    }

    /// <summary>Images are given channel by channel, row by row; padding is of zeros.</summary>
    [Theory]
    [InlineData("Tanh")]
    [InlineData("Relu")]
    public void Values_OfLeNet5sImages_AreThoseOfTheDefinition(string net)
    {
        var network = LeNet5().Create($"LeNet5Sample.{net}Net", seed: 4).Randomize(seed: 5);
        var image = TestData.Uniform(Pixels, 1, seed: 2);
        Func<double, double> function = net == "Tanh" ? Math.Tanh : z => Math.Max(0, z);
        Func<IEnumerable<double>, double> pool = net == "Tanh" ? Enumerable.Average : Enumerable.Max;

        var c1 = Convolve(TestData.ToDoubles(image), 1, Width, Weights(network, "c1.weight"), Weights(network, "c1.bias"), padding: 2, function);
        var s2 = Pool(c1, 28, pool);
        var c3 = Convolve(s2, 6, 14, Weights(network, "c3.weight"), Weights(network, "c3.bias"), padding: 0, function);
        var inspection = new NetworkInspector(network).Inspect(image);
        foreach (var (layer, expected) in new[] { ("c1", c1), ("s2", s2), ("c3", c3), ("s4", Pool(c3, 10, pool)) })
        {
            Near.Single(expected, inspection.Values(layer), $"{net}: {layer}");
        }
    }

    /// <summary>v ← 0.9·v + g, w ← w − rate·v, in double precision from the gradients before each step.</summary>
    [Theory]
    [InlineData("Tanh")]
    [InlineData("Relu")]
    public void TrainBatch_OfLeNet5_TakesMomentumsStep(string net)
    {
        var network = Assert.IsAssignableFrom<ITrainableNetwork>(LeNet5().Create($"LeNet5Sample.{net}Net", seed: 6));
        var gradients = network.CreateGradients();
        double[] expected = TestData.ToDoubles(network.AllParameters()), velocity = new double[expected.Length];
        for (var step = 0; step < 3; step++)
        {
            var (images, labels) = Bars(network.BatchSize - step, seed: step);
            var targets = TestData.ToFloats(TestData.OneHot(labels, 10));
            network.ComputeGradients(images, targets, gradients);
            var gradient = gradients.Parameters.SelectMany(p => p.ToArray()).ToArray();
            for (var i = 0; i < expected.Length; i++)
            {
                velocity[i] = 0.9 * velocity[i] + gradient[i];
                expected[i] -= (double)network.LearningRate * velocity[i];
            }

            network.TrainBatch(images, targets);
            Near.Each(expected, network.AllParameters(), $"step {step}", _ => 1e-5);
        }
    }

    [Theory]
    [InlineData("LeNet5", "LeNet5Sample.TanhNet")]
    [InlineData("LeNet5", "LeNet5Sample.ReluNet")]
    [InlineData("Residual", "ResidualSample.ResidualNet")]
    [InlineData("Residual", "ResidualSample.PlainNet")]
    public void Fit_OnBars_LearnsThem(string sample, string net)
    {
        var network = Assert.IsAssignableFrom<ITrainableNetwork>((sample == "LeNet5" ? LeNet5() : Residual()).Create(net, seed: 1));
        network.LearningRate = sample == "LeNet5" ? 0.02f : 0.005f;
        var ((images, labels), (others, truth)) = (Bars(640, seed: 1), Bars(200, seed: 2));
        network.Fit(new Dataset(images, Pixels, labels, 10), epochs: 6, seed: 1, cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(network.Evaluate(new Dataset(others, Pixels, truth, 10)).Accuracy, 0.95, 1);
    }

    /// <summary>Where γ and β of a residual are 0 the block lets its shortcut through, whatever its convolutions hold.</summary>
    [Fact]
    public void Predict_OfResidualBlocksOfZeros_IsThatOfTheirShortcuts()
    {
        var network = Residual().Create("ResidualSample.ResidualNet", seed: 2);
        var images = TestData.Uniform(7 * Pixels, 1, seed: 3);
        var whole = network.Predict(images);
        foreach (var name in (string[])["residual1.weight", "residual1.bias", "residual2.weight", "residual2.bias"])
        {
            Set(network, name, _ => 0);
        }

        var shortcuts = network.Predict(images);
        Assert.NotEqual(whole, shortcuts);
        string[] past = [.. network.Parameters.Where(p => p.Shape is [_, > 1, 3, 3]).Select(p => p.Name)];
        Assert.Equal(4, past.Length);
        foreach (var name in past)
        {
            Set(network, name, w => 2 * w + 1);
        }

        Near.SameBits(shortcuts, network.Predict(images), "shortcuts alone");
        Set(network, network.Parameters.Single(p => p.Shape is [32, 16, 1, 1]).Name, w => -w);
        Assert.NotEqual(shortcuts, network.Predict(images));
    }

    private static GeneratedAssembly LeNet5() => Harness.Compile(Source("LeNet5", "Networks.cs"));

    private static GeneratedAssembly Residual() => Harness.Compile(Source("Residual", "Networks.cs"));

    private static string Source(string sample, string file) => File.ReadAllText(Path.Combine(Repository.Root, "samples", sample, file)).ReplaceLineEndings("\n");

    private static float[] Weights(INetwork network, string name) => network.Parameters.Single(p => p.Name == name).ToArray();

    private static void Set(INetwork network, string name, Func<float, float> change)
    {
        var parameter = network.Parameters.Single(p => p.Name == name);
        parameter.CopyFrom(Array.ConvertAll(parameter.ToArray(), w => change(w)));
    }

    /// <summary>A convolution of 5x5 over square images, by its definition.</summary>
    private static double[] Convolve(double[] image, int channels, int width, float[] weight, float[] bias, int padding, Func<double, double> function)
    {
        const int Kernel = 5;
        var size = width + 2 * padding - Kernel + 1;
        var result = new double[bias.Length * size * size];
        for (var i = 0; i < result.Length; i++)
        {
            var (filter, row, column) = (i / size / size, i / size % size, i % size);
            var sum = (double)bias[filter];
            for (var w = 0; w < channels * Kernel * Kernel; w++)
            {
                var (channel, y, x) = (w / Kernel / Kernel, row + w / Kernel % Kernel - padding, column + w % Kernel - padding);
                if (y >= 0 && y < width && x >= 0 && x < width)
                {
                    sum += image[(channel * width + y) * width + x] * weight[filter * channels * Kernel * Kernel + w];
                }
            }

            result[i] = function(sum);
        }

        return result;
    }

    /// <summary>One number for each window of 2x2.</summary>
    private static double[] Pool(double[] image, int width, Func<IEnumerable<double>, double> pool)
    {
        var half = width / 2;
        return [.. Enumerable.Range(0, image.Length / 4).Select(i =>
        {
            var first = (i / half * 2 * width) + i % half * 2;
            return pool([image[first], image[first + 1], image[first + width], image[first + width + 1]]);
        })];
    }

    /// <summary>Pictures with noise and a bar two pixels wide, lying for the labels 0 … 4, upright for 5 … 9, in one of five places.</summary>
    private static (float[] Images, int[] Labels) Bars(int count, int seed)
    {
        var (images, labels) = (TestData.Uniform(count * Pixels, 0.2f, seed), TestData.Labels(count, 10, seed));
        for (var i = 0; i < count * Pixels; i++)
        {
            var (label, row, column) = (labels[i / Pixels], i % Pixels / Width, i % Width);
            var across = label < 5 ? row : column;
            images[i] += across / 2 == 2 + 2 * (label % 5) ? 1 : 0;
        }

        return (images, labels);
    }
}
