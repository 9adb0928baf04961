namespace NetGen;

/// <summary>A figure of every epoch.</summary>
/// <param name="Chart">The chart that it belongs to, which is also what its axis says.</param>
/// <param name="Name">What the legend says.</param>
/// <param name="IsShare">Whether it is a share, 0 … 1, of which more is better; else less is better.</param>
/// <param name="Values">The figure after each epoch.</param>
internal sealed record TrainingCurve(string Chart, string Name, bool IsShare, double[] Values)
{
    public double Best => IsShare ? Values.Max() : Values.Min();

    /// <summary>The first epoch with the best figure, from 1.</summary>
    public int BestEpoch => Array.IndexOf(Values, Best) + 1;

    public string Format(double value) => IsShare ? Text.Of($"{value:P2}") : Text.Of($"{value:F5}");
}

/// <summary>What a <see cref="History"/> holds as curves: one row for each figure.</summary>
internal static class TrainingCurves
{
    private const string Loss = "Loss";
    private const string Accuracy = "Accuracy";

    /// <summary>The figures that apply; those with NaN do not.</summary>
    public static IReadOnlyList<TrainingCurve> Of(History history)
    {
        TrainingCurve Curve(string chart, string name, Func<EpochResult, double> figure) =>
            new(chart, name, chart == Accuracy, [.. history.Epochs.Select(figure)]);

        TrainingCurve[] curves =
        [
            Curve(Loss, "training loss", epoch => epoch.Loss),
            Curve(Loss, "validation loss", epoch => epoch.ValidationLoss),
            Curve(Accuracy, "validation accuracy", epoch => epoch.ValidationAccuracy),
        ];
        return [.. curves.Where(curve => curve.Values.Length > 0 && !curve.Values.Any(double.IsNaN))];
    }

    public static Chart Draw(IEnumerable<TrainingCurve> curves)
    {
        var all = curves.ToList();
        var chart = new Chart(all[0].Chart, "epoch", all[0].Chart.ToLowerInvariant()) { PercentY = all[0].IsShare };
        foreach (var curve in all)
        {
            chart.Line(curve.Name, curve.Values);
        }

        return chart;
    }
}
