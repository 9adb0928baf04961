using System.Globalization;
using NetGen;

namespace ResidualSample;

/// <summary>What came of one network's training.</summary>
/// <param name="Name">Which network.</param>
/// <param name="Parameters">Its trainable numbers.</param>
/// <param name="Loss">The mean training loss during each epoch.</param>
/// <param name="Accuracy">The accuracy on the test data after each epoch.</param>
internal sealed record Outcome(string Name, int Parameters, IReadOnlyList<double> Loss, IReadOnlyList<double> Accuracy)
{
    public static Outcome Of(string name, INetwork network, History history) => new(
        name,
        network.ParameterCount,
        [.. history.Epochs.Select(epoch => epoch.Loss)],
        [.. history.Epochs.Select(epoch => epoch.ValidationAccuracy)]);
}

/// <summary>Several outcomes side by side.</summary>
internal static class Comparison
{
    /// <summary>A table: a row for each network, and a column for each epoch with the training loss and the accuracy on the test data.</summary>
    /// <param name="outcomes">Outcomes of as many epochs each.</param>
    public static string Table(IReadOnlyList<Outcome> outcomes)
    {
        var rows = new List<List<string>> { new() { "", "parameters" } };
        rows[0].AddRange(Enumerable.Range(1, outcomes[0].Loss.Count).Select(epoch => string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}")));
        foreach (var outcome in outcomes)
        {
            rows.Add([outcome.Name, outcome.Parameters.ToString("N0", CultureInfo.InvariantCulture)]);
            rows[^1].AddRange(outcome.Loss.Zip(outcome.Accuracy, (loss, accuracy) => string.Create(CultureInfo.InvariantCulture, $"{loss:F4} {accuracy:P2}")));
        }

        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select((cell, column) =>
            column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])))));
    }
}
