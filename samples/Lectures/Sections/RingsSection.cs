using NetGen;

namespace LecturesSample;

/// <summary>Points on two rings, which no line parts.</summary>
internal static class RingsSection
{
    private const int Points = 1000;
    private const int Epochs = 60;
    private const int MapSize = 160;
    private const float MapHalf = 2.8f;

    public static void Write(Page page, LectureData data)
    {
        var (train, test) = Make(2 * Points).Split(0.5, seed: 1);
        (string Name, ITrainableNetwork Network)[] networks = [("linear, 2-2", new LinearRingNet(seed: 1)), ("one hidden layer, 2-8-2", new HiddenRingNet(seed: 1))];
        var (runs, maps) = (new List<(string, Course)>(), new List<(Image, string)>());
        foreach (var (name, network) in networks)
        {
            runs.Add((name, Course.Run(network, train, test, Epochs)));
            maps.Add((Map(network), name));
            page.Compare($"Two rings, {name}, accuracy on other points after {Epochs} epochs", Page.NotKnown, $"{runs[^1].Item2.Test[^1]:P1}");
        }

        page.Report
            .AddText("A class on each of two rings. Without a hidden layer the border is a line, and about half the points lie on its wrong side.")
            .Add([Cloud(test), .. Course.Compare(runs, logarithmicLoss: false)])
            .AddText("What the networks say of the plane: blue the inner class, red the outer, white undecided.")
            .AddImages(maps, scale: 2);
    }

    /// <summary>Radius 1 or 2 and a little noise, in any direction.</summary>
    private static Dataset Make(int count)
    {
        var random = new Random(1);
        var (inputs, labels) = (new float[2 * count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 2;
            var radius = 1 + labels[i] + 0.5 * (random.NextDouble() + random.NextDouble() - 1);
            var (sin, cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
            (inputs[2 * i], inputs[2 * i + 1]) = ((float)(radius * cos), (float)(radius * sin));
        }

        return new Dataset(inputs, 2, labels, 2);
    }

    private static Chart Cloud(Dataset data)
    {
        var chart = new Chart("The points", "x₁", "x₂") { EqualUnits = true };
        for (var label = 0; label < 2; label++)
        {
            int[] rows = [.. Enumerable.Range(0, data.Count).Where(i => data.Labels[i] == label)];
            chart.Points(
                label == 0 ? "inner" : "outer", [.. rows.Select(i => (double)data.InputRow(i)[0])], [.. rows.Select(i => (double)data.InputRow(i)[1])]);
        }

        return chart;
    }

    /// <summary>The difference of the two classes' probabilities.</summary>
    private static Image Map(ITrainableNetwork network)
    {
        var (inputs, outputs) = (new float[2 * MapSize * MapSize], new float[2 * MapSize * MapSize]);
        for (var i = 0; i < MapSize * MapSize; i++)
        {
            inputs[2 * i] = MapHalf * (2f * (i % MapSize) / (MapSize - 1) - 1);
            inputs[2 * i + 1] = MapHalf * (1 - 2f * (i / MapSize) / (MapSize - 1));
        }

        network.Predict(inputs, outputs);

        // p1 − p0 of a softmax of two logits is tanh of half their difference.
        return ColorMap.Diverging([.. Enumerable.Range(0, MapSize * MapSize).Select(i => MathF.Tanh((outputs[2 * i + 1] - outputs[2 * i]) / 2))], MapSize, limit: 1);
    }
}
