using System.Text;

namespace NetGen;

public sealed partial class HtmlReport
{
    /// <summary>A larger table would be read by nobody; it becomes a picture.</summary>
    private const int LargestConfusionTable = 30;

    /// <summary>The outputs that a prediction's bars show.</summary>
    private const int ShownOutputs = 3;

    /// <summary>Adds a network: its layers as a table, and what its summary says below.</summary>
    /// <param name="network">The network.</param>
    public HtmlReport Add(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (SummaryTable.TryParse(network.Summary) is not var (header, rows))
        {
            return AddPreformatted(network.Summary);
        }

        var remarks = SummaryTable.Split(network.Summary).Remarks;
        return remarks.Length == 0 ? AddTable(header, rows) : AddTable(header, rows).AddText(remarks);
    }

    /// <summary>Adds a training run: curves over the epochs, and the figures of the last epoch and of the best.</summary>
    /// <param name="history">What <c>Fit</c> returned.</param>
    public HtmlReport Add(History history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var curves = TrainingCurves.Of(history);
        if (history.Cancelled)
        {
            AddText(Text.Of($"Training was cancelled after {history.Epochs.Count} epochs."));
        }

        if (curves.Count == 0)
        {
            return this;
        }

        Add([.. curves.GroupBy(curve => curve.Chart).Select(TrainingCurves.Draw)]);
        return AddTable(
            ["", "last epoch", "best", "in epoch"],
            [.. curves.Select(curve => (string[])[curve.Name, curve.Format(curve.Values[^1]), curve.Format(curve.Best), Text.Of($"{curve.BestEpoch}")])]);
    }

    /// <summary>Adds how well a network predicts: the figures that apply, and the confusion matrix.</summary>
    /// <param name="evaluation">What <see cref="TrainingExtensions.Evaluate"/> returned.</param>
    public HtmlReport Add(Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        (string Name, double Value, string Text)[] figures =
        [
            ("Loss", evaluation.Loss, Text.Of($"{evaluation.Loss:F5}")),
            ("Accuracy", evaluation.Accuracy, Text.Of($"{evaluation.Accuracy:P2}")),
            ("R²", evaluation.RSquared, Text.Of($"{evaluation.RSquared:F5}")),
        ];
        var shown = figures.Where(figure => !double.IsNaN(figure.Value)).ToList();
        if (shown.Count > 0)
        {
            AddTable([.. shown.Select(figure => figure.Name)], [[.. shown.Select(figure => figure.Text)]]);
        }

        return evaluation.ConfusionMatrix is { } matrix ? Add(matrix) : this;
    }

    /// <summary>
    /// Adds a confusion matrix as a coloured table: a row for each actual class, a column for each predicted one. Right answers deepen in blue, wrong
    /// ones in orange, with the third root of their share of the row; recall is the share of a row that is right, precision that of a column. With more than 30
    /// classes it is a picture.
    /// </summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="classNames">A name for each class; null for their numbers.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than classes.</exception>
    public HtmlReport Add(ConfusionMatrix matrix, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (classNames is not null && classNames.Count != matrix.Classes)
        {
            throw new ArgumentException(
                Text.Of($"classNames must hold {matrix.Classes} names, one a class, but has {classNames.Count}."), nameof(classNames));
        }

        return matrix.Classes <= LargestConfusionTable
            ? Append(ConfusionTable.Write(matrix, classNames))
            : AddImage(
                ConfusionTable.Picture(matrix),
                "Confusion matrix: rows are actual classes from the top, columns predicted ones; the brighter, the larger the share of the row.",
                Math.Max(1, 600 / matrix.Classes));
    }

    /// <summary>Adds what each unit of the first layer looks for: its weights as pictures, red positive, blue negative; see <see cref="ColorMap.Weights"/>.</summary>
    /// <param name="network">A network whose first parameter is the weight of a dense layer on pictures, or of a convolution.</param>
    /// <param name="width">The pixels of a picture's row; a divisor of the network's inputs. Of a convolution the kernel's width.</param>
    /// <param name="units">How many units or filters to show at most, the first ones.</param>
    /// <exception cref="ArgumentException">The network has no such parameter, its weights are not finite, or a number is out of its range.</exception>
    public HtmlReport AddWeights(INetwork network, int width, int units = 100)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Parameters.Count == 0)
        {
            throw new ArgumentException("network must have weights, but has no parameters.", nameof(network));
        }

        var weight = network.Parameters[0];
        var shown = Math.Min(units, weight.Shape[0]);

        // Rows that are all full, where the count allows.
        var columns = ((int[])[10, 12, 9, 8, 11]).FirstOrDefault(count => shown % count == 0, 10);
        var image = ColorMap.Weights(weight, width, columns, units);
        var scale = Math.Clamp(900 / image.Width, 1, 8);
        var kind = weight.Shape.Length > 2 ? "filters" : "units";
        var which = shown < weight.Shape[0] ? Text.Of($"the first {shown} of {weight.Shape[0]} {kind}") : Text.Of($"{shown} {kind}");
        return AddImage(image, $"{weight.Name}, {which}: red positive, blue negative, white zero.", scale);
    }

    /// <summary>
    /// Adds samples as pictures with what the network says of them: right or wrong, and its largest outputs as bars (probabilities where the loss
    /// is a softmax's or a sigmoid's cross-entropy, else the outputs as they are).
    /// </summary>
    /// <param name="network">Predicts.</param>
    /// <param name="data">Samples with labels; a class for each of the network's outputs, which are two at least.</param>
    /// <param name="samples">Which to show.</param>
    /// <param name="width">The pixels of a picture's row; a divisor of the inputs.</param>
    /// <param name="classNames">A name for each class; null for their numbers.</param>
    /// <exception cref="ArgumentException">The data does not fit the network or has no labels, there is no such sample, or the numbers do not fit.</exception>
    public HtmlReport AddPredictions(
        INetwork network, Dataset data, IReadOnlyList<int> samples, int width, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(samples);
        PredictionCard.Check(network, data, width, classNames);
        var cards = new StringBuilder("<div class=\"cards\">\n");
        var outputs = new float[network.OutputSize];
        foreach (var sample in samples)
        {
            var inputs = data.InputRow(sample);
            network.Predict(inputs, outputs);
            cards.Append(PredictionCard.Write(inputs, width, data.Labels[sample], PredictionCard.Probabilities(network, outputs), ShownOutputs, classNames));
        }

        return Append(cards.Append("</div>\n").ToString());
    }
}
