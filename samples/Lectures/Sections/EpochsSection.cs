using MnistSample;
using NetGen;

namespace LecturesSample;

/// <summary>784-30-10 over many epochs: the training data goes on getting better, the test data does not.</summary>
internal static class EpochsSection
{
    private const int Epochs = 100;

    public static void Write(Page page, LectureData data)
    {
        var network = new LectureNet(seed: 1);
        var course = Course.Run(network, data.Train, data.Test, Epochs, judgeTraining: true);
        page.Compare("784-30-10, accuracy on the test data after 20 epochs", "about 95 %", $"{course.Test[19]:P2}");
        page.Compare("784-30-10, accuracy on the test data after 30 epochs", "about 95 %", $"{course.Test[29]:P2}");
        page.Compare($"784-30-10, training data and test data after {Epochs} epochs", Page.NotKnown, $"{course.Train[^1]:P2}, {course.Test[^1]:P2}");
        var evaluation = network.Evaluate(data.Test);
        page.Report
            .AddText("Sigmoids, half squared error, learning rate 3, 10 samples a step, standard normal start.")
            .Add(network)
            .Add(
                new Chart("Accuracy", "epoch", "accuracy") { PercentY = true }.Line("training data", course.Train).Line("test data", course.Test),
                new Chart("Training loss", "epoch", "loss") { LogarithmicY = true }.Line("", course.Loss))
            .AddText($"After {Epochs} epochs, on the test data:")
            .Add(evaluation)
            .AddText("Some of the pictures that it misreads, with its outputs:")
            .AddPredictions(network, data.Test, Misread(network, data.Test, count: 12), width: 28);
    }

    private static List<int> Misread(LectureNet network, Dataset data, int count)
    {
        var outputs = new float[data.Count * LectureNet.OutputSize];
        network.Predict(data.Inputs, outputs);
        var samples = new List<int>();
        for (var i = 0; samples.Count < count && i < data.Count; i++)
        {
            var row = outputs.AsSpan(i * LectureNet.OutputSize, LectureNet.OutputSize);
            if (row[data.Labels[i]] < row.ToArray().Max())
            {
                samples.Add(i);
            }
        }

        return samples;
    }
}
