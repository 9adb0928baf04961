using MnistSample;
using NetGen;

namespace LecturesSample;

/// <summary>784-30-10 on parts of the training data, with as many steps on each.</summary>
internal static class SamplesSection
{
    private const int Steps = 60_000;

    public static void Write(Page page, LectureData data)
    {
        int[] sizes = [100, 300, 1000, 3000, 10_000, 30_000, 60_000];
        var (training, testing, rows) = (new List<double>(), new List<double>(), new List<string[]>());
        foreach (var size in sizes.Where(size => size <= data.Train.Count))
        {
            var network = new ScaledLectureNet(seed: 1);
            var part = data.Train.Take(size);
            var epochs = Steps * ScaledLectureNet.BatchSize / size;
            network.Fit(part, epochs, seed: 1);
            training.Add(network.Evaluate(part).Accuracy);
            testing.Add(network.Evaluate(data.Test).Accuracy);
            rows.Add(
            [
                FormattableString.Invariant($"{size:N0}"), FormattableString.Invariant($"{epochs:N0}"),
                FormattableString.Invariant($"{training[^1]:P2}"), FormattableString.Invariant($"{testing[^1]:P2}"),
            ]);
        }

        double[] x = [.. sizes.Take(training.Count).Select(size => (double)size)];
        page.Compare("784-30-10 on 1000 training pictures, training data and test data", Page.NotKnown, $"{training[2]:P2}, {testing[2]:P2}");
        page.Report
            .AddText(FormattableString.Invariant($"The first pictures of the training data, {Steps:N0} steps of 10 on each part, scaled start. Fewer pictures are learnt by heart."))
            .Add(new Chart("Accuracy", "training pictures", "accuracy") { PercentY = true, LogarithmicX = true }
                .Line("training data", x, [.. training]).Line("test data", x, [.. testing]))
            .AddTable(["training pictures", "epochs", "accuracy on them", "accuracy on the test data"], rows);
    }
}
