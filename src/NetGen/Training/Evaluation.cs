namespace NetGen;

/// <summary>How well a network predicts a data set. Figures that do not apply are NaN or null.</summary>
public sealed class Evaluation
{
    /// <summary>A larger table would be read by nobody.</summary>
    private const int LargestPrintedMatrix = 20;

    internal Evaluation(double loss, double accuracy, ConfusionMatrix? confusionMatrix, double rSquared, MetricValues metrics) =>
        (Loss, Accuracy, ConfusionMatrix, RSquared, Metrics) = (loss, accuracy, confusionMatrix, rSquared, metrics);

    /// <summary>The mean loss; NaN for a network that cannot be trained and so has none.</summary>
    public double Loss { get; }

    /// <summary>
    /// The share of samples whose class was found, 0 … 1: the class is the largest output, or, for a single output, whether it lies above ½ (above 0
    /// for the logits of <see cref="Loss.SigmoidCrossEntropy"/> and hinges). For samples with labels and for targets that stand for classes; else NaN.
    /// </summary>
    public double Accuracy { get; }

    /// <summary>Which classes were taken for which; null where there are no classes (or more than 1,024).</summary>
    public ConfusionMatrix? ConfusionMatrix { get; }

    /// <summary>
    /// The coefficient of determination of a regression: 1 − Σ(y − t)² / Σ(t − mean t)² for each output, averaged over the outputs; an output
    /// whose target is constant counts 1 where it is met exactly, else 0. NaN where samples have classes or the loss compares probabilities.
    /// </summary>
    public double RSquared { get; }

    /// <summary>Of a network whose outputs have losses of their own, what each loss compares; else empty.</summary>
    public IReadOnlyList<OutputEvaluation> Outputs { get; internal init; } = [];

    /// <summary>The metrics that were asked for.</summary>
    public MetricValues Metrics { get; }

    /// <summary>The figures that apply, a line each, in the invariant culture; lines end with LF.</summary>
    public override string ToString()
    {
        var lines = new List<string>();
        if (!double.IsNaN(Loss))
        {
            lines.Add(Text.Of($"Loss: {Loss:F5}"));
        }

        if (!double.IsNaN(Accuracy))
        {
            lines.Add(Text.Of($"Accuracy: {Accuracy:F5}"));
        }

        if (!double.IsNaN(RSquared))
        {
            lines.Add(Text.Of($"R²: {RSquared:F5}"));
        }

        lines.AddRange(Outputs.Select(output => output.ToString()));
        lines.AddRange(Metrics.Select(metric => Text.Of($"{metric.Key}: {metric.Value:F5}")));
        if (ConfusionMatrix is { Classes: <= LargestPrintedMatrix } matrix)
        {
            lines.Add(matrix.ToString());
        }

        return string.Join('\n', lines);
    }
}
