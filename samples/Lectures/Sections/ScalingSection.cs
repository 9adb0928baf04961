using MnistSample;
using NetGen;

namespace LecturesSample;

/// <summary>784-30-10 from the same random numbers, as they are and divided by the square root of a layer's inputs.</summary>
internal static class ScalingSection
{
    private const int Epochs = 50;
    private const int Pictures = 2000;
    private const int Bins = 60;

    /// <summary>Beyond this |z| the sigmoid's slope is below 0.02, a twelfth of its largest.</summary>
    private const double Saturated = 4;

    public static void Write(Page page, LectureData data)
    {
        var (unscaled, scaled) = (new LectureNet(seed: 1), new ScaledLectureNet(seed: 1));
        for (var i = 0; i < unscaled.Parameters.Count; i++)
        {
            var from = unscaled.Parameters[i];

            // A weight is [units, inputs]; a bias stays.
            var divisor = from.Shape.Length == 2 ? MathF.Sqrt(from.Shape[1]) : 1;
            scaled.Parameters[i].CopyFrom(Array.ConvertAll(from.ToArray(), number => number / divisor));
        }

        var some = data.Test.Take(Pictures);
        var (unscaledZ, scaledZ) = (HiddenInputs(unscaled, some), HiddenInputs(scaled, some));
        page.Compare("784-30-10, standard deviation of the hidden z before training, unscaled start", Page.NotKnown, $"{Deviation(unscaledZ):F2}");
        page.Compare("784-30-10, standard deviation of the hidden z before training, scaled start", Page.NotKnown, $"{Deviation(scaledZ):F2}");

        var first = Course.Run(unscaled, data.Train, data.Test, Epochs);
        var second = Course.Run(scaled, data.Train, data.Test, Epochs);
        page.Compare($"784-30-10, accuracy on the test data after {Epochs} epochs, unscaled and scaled start", Page.NotKnown, $"{first.Test[^1]:P2}, {second.Test[^1]:P2}");
        page.Compare("784-30-10, accuracy on the test data after 1 epoch, unscaled and scaled start", Page.NotKnown, $"{first.Test[0]:P2}, {second.Test[0]:P2}");
        page.Report
            .AddText("A hidden unit adds up 784 pixels times weights of variance 1: its argument z is so wide that most sigmoids are saturated and learn "
                + "slowly. Divided by √784 the same weights give a narrow z.")
            .Add(
                new Chart("The hidden layer's z before training", "z", "share") { PercentY = true }
                    .Line("unscaled", Centres(unscaledZ), Shares(unscaledZ)).Line("scaled", Centres(unscaledZ), Shares(scaledZ, unscaledZ)))
            .AddTable(
                ["start", "standard deviation of z", $"share with |z| above {Saturated:F0}"],
                [Row("unscaled", unscaledZ), Row("scaled", scaledZ)])
            .Add(Course.Compare([("unscaled", first), ("scaled", second)]))
            .AddText($"What the hidden units have learnt after {Epochs} epochs, first from the unscaled start, which hides it, then from the scaled one:")
            .AddWeights(unscaled, width: 28)
            .AddWeights(scaled, width: 28);
    }

    /// <summary>z of every hidden unit for every picture.</summary>
    private static float[] HiddenInputs(INetwork network, Dataset pictures)
    {
        var hidden = new HiddenInputNet();
        for (var i = 0; i < hidden.Parameters.Count; i++)
        {
            hidden.Parameters[i].CopyFrom(network.Parameters[i].ToArray());
        }

        var z = new float[pictures.Count * HiddenInputNet.OutputSize];
        hidden.Predict(pictures.Inputs, z);
        return z;
    }

    private static string[] Row(string start, float[] z) =>
    [
        start, FormattableString.Invariant($"{Deviation(z):F2}"), FormattableString.Invariant($"{z.Count(v => Math.Abs(v) > Saturated) / (double)z.Length:P1}"),
    ];

    private static double Deviation(float[] numbers)
    {
        var mean = numbers.Average(n => (double)n);
        return Math.Sqrt(numbers.Average(n => (n - mean) * (n - mean)));
    }

    private static double[] Centres(float[] range)
    {
        var (low, width) = Range(range);
        return [.. Enumerable.Range(0, Bins).Select(bin => low + (bin + 0.5) * width)];
    }

    /// <summary>The share of the numbers in each bin.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="range">Those whose range the bins cut; null for the same.</param>
    private static double[] Shares(float[] numbers, float[]? range = null)
    {
        var (low, width) = Range(range ?? numbers);
        var shares = new double[Bins];
        foreach (var number in numbers)
        {
            shares[Math.Clamp((int)((number - low) / width), 0, Bins - 1)] += 1.0 / numbers.Length;
        }

        return shares;
    }

    private static (double Low, double Width) Range(float[] numbers) => (numbers.Min(), (numbers.Max() - numbers.Min()) / (double)Bins);
}
