using MnistSample;
using NetGen;

namespace LecturesSample;

/// <summary>2-5-2: where its two outputs put the two digits before and after training, and what it says of the whole plane of features.</summary>
internal static class OutputsSection
{
    private const int Epochs = 20;
    private const int MapSize = 160;

    public static void Write(Page page, LectureData data)
    {
        var network = new ZeroOneNet(seed: 1);
        var (_, before) = Outputs(network, data.ZeroOneTest, "Outputs before training");
        network.Fit(data.ZeroOneTrain, Epochs, seed: 1);
        var (gap, after) = Outputs(network, data.ZeroOneTest, $"Outputs after {Epochs} epochs");
        page.Compare("2-5-2, mean difference of its two outputs, the right one minus the other, after 20 epochs", Page.NotKnown, $"{gap:F3}");
        page.Report
            .AddText("Each test picture as a point: the output for 0 to the right, that for 1 upwards. Trained, the digits gather in opposite corners.")
            .Add(before, after)
            .AddText("The plane of features, and the difference of the outputs on it: red where the network sees a 1, blue where it sees a 0.")
            .Add(Features(data.ZeroOneTest))
            .AddImage(Map(network), "Mean of all pixels from 0 to 0.4 to the right, mean of the middle from 0 to 1 upwards.", scale: 2);
    }

    private static (double Gap, Chart Chart) Outputs(ZeroOneNet network, Dataset data, string title)
    {
        var outputs = new float[2 * data.Count];
        network.Predict(data.Inputs, outputs);
        var gap = 0.0;
        for (var i = 0; i < data.Count; i++)
        {
            gap += (outputs[2 * i + data.Labels[i]] - outputs[2 * i + 1 - data.Labels[i]]) / data.Count;
        }

        var chart = new Chart(title, "output for 0", "output for 1") { EqualUnits = true };
        return (gap, Digits(chart, outputs, data));
    }

    private static Chart Features(Dataset data) =>
        Digits(new Chart("The test pictures as features", "mean of all pixels", "mean of the middle"), data.Inputs, data);

    /// <summary>Pairs of numbers as points, a colour for each digit.</summary>
    private static Chart Digits(Chart chart, ReadOnlySpan<float> pairs, Dataset data)
    {
        for (var digit = 0; digit < 2; digit++)
        {
            var (x, y) = (new List<double>(), new List<double>());
            for (var i = 0; i < data.Count; i++)
            {
                if (data.Labels[i] == digit)
                {
                    x.Add(pairs[2 * i]);
                    y.Add(pairs[2 * i + 1]);
                }
            }

            chart.Points($"digit {digit}", [.. x], [.. y]);
        }

        return chart;
    }

    private static Image Map(ZeroOneNet network)
    {
        var (inputs, outputs) = (new float[2 * MapSize * MapSize], new float[2 * MapSize * MapSize]);
        for (var i = 0; i < MapSize * MapSize; i++)
        {
            (inputs[2 * i], inputs[2 * i + 1]) = (0.4f * (i % MapSize) / (MapSize - 1), 1 - (float)(i / MapSize) / (MapSize - 1));
        }

        network.Predict(inputs, outputs);
        return ColorMap.Diverging([.. Enumerable.Range(0, MapSize * MapSize).Select(i => outputs[2 * i + 1] - outputs[2 * i])], MapSize, limit: 1);
    }
}
