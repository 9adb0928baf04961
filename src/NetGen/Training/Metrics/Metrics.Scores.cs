namespace NetGen;

public static partial class Metrics
{
    /// <summary>Nearer to 0 or 1 no probability is taken for: the distance from 1 to the next float.</summary>
    private const double SmallestProbability = 1.0 / (1 << 23);

    /// <summary>
    /// The area under the ROC curve of a yes-or-no question: the probability that a sample of class 1 has a larger score than one of class 0,
    /// ties counted half, (R₁ − n₁(n₁ + 1)/2) / (n₀·n₁) with the sum R₁ of the ranks of class 1, equal scores sharing their mean rank (Mann and
    /// Whitney, 1947; <c>roc_auc_score</c>). NaN where only one class occurs or a score is NaN.
    /// </summary>
    /// <param name="scores">One for each sample, larger for likelier class 1.</param>
    /// <param name="labels">0 or 1.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a label is neither 0 nor 1.</exception>
    public static double RocAuc(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels)
    {
        CheckSamples(labels.Length, nameof(labels));
        CheckLength(scores.Length, labels.Length, nameof(scores));
        CheckLabels(labels, 2, nameof(labels));
        return RocAuc(scores.ToArray(), labels.ToArray());
    }

    /// <summary>
    /// The area under the ROC curve of each class against all others, the mean over the classes (<c>roc_auc_score</c> with
    /// <c>multi_class='ovr'</c>). Classes without a sample, or with all of them, have no area and are left out; NaN where none is left or a
    /// score is NaN.
    /// </summary>
    /// <param name="scores">A row for each sample: a score for each class. They are compared across samples: probabilities, not logits.</param>
    /// <param name="labels">The class of each sample.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a label is no class.</exception>
    public static double RocAucOneVersusRest(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels)
    {
        var classes = RowLength(scores, labels);
        var (column, isOfClass) = (new float[labels.Length], new int[labels.Length]);
        var (sum, count) = (0.0, 0);
        for (var c = 0; c < classes; c++)
        {
            var found = 0;
            for (var i = 0; i < labels.Length; i++)
            {
                column[i] = scores[i * classes + c];
                found += isOfClass[i] = labels[i] == c ? 1 : 0;
            }

            if (found > 0 && found < labels.Length)
            {
                sum += RocAuc(column, isOfClass);
                count++;
            }
        }

        return sum / count;
    }

    /// <summary>
    /// The mean of −ln p over the samples, p the probability that was given to the sample's class (<c>log_loss</c>). As there, p is taken
    /// between 2⁻²³ and 1 − 2⁻²³, so that one sure mistake does not make it infinite.
    /// </summary>
    /// <param name="probabilities">A row for each sample: a probability for each class; or one number for each, that of class 1.</param>
    /// <param name="labels">The class of each sample.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, a label is no class, or a probability is not from 0 to 1.</exception>
    public static double LogLoss(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels)
    {
        CheckSamples(labels.Length, nameof(labels));
        if (probabilities.Length == 0 || probabilities.Length % labels.Length != 0)
        {
            throw new ArgumentException(
                Text.Of($"probabilities must hold a row for each of the {labels.Length} labels, but has {probabilities.Length} numbers."),
                nameof(probabilities));
        }

        var classes = probabilities.Length / labels.Length;
        CheckLabels(labels, Math.Max(2, classes), nameof(labels));
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(probabilities), Text.Of($"probabilities[{i}] must be from 0 to 1, but is {probabilities[i]}."));
            }
        }

        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            double probability = classes > 1 ? probabilities[i * classes + labels[i]] : labels[i] == 1 ? probabilities[i] : 1.0 - probabilities[i];
            sum -= Math.Log(Math.Clamp(probability, SmallestProbability, 1 - SmallestProbability));
        }

        return sum / labels.Length;
    }

    /// <summary>The mean of (y − t)² over all numbers (<c>mean_squared_error</c>).</summary>
    /// <param name="predictions">The numbers y.</param>
    /// <param name="targets">As many numbers t.</param>
    public static double MeanSquaredError(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets)
    {
        CheckNumbers(predictions, targets);
        var sum = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            var difference = (double)predictions[i] - targets[i];
            sum += difference * difference;
        }

        return sum / targets.Length;
    }

    /// <summary>The mean of |y − t| over all numbers (<c>mean_absolute_error</c>).</summary>
    /// <param name="predictions">The numbers y.</param>
    /// <param name="targets">As many numbers t.</param>
    public static double MeanAbsoluteError(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets)
    {
        CheckNumbers(predictions, targets);
        var sum = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            sum += Math.Abs((double)predictions[i] - targets[i]);
        }

        return sum / targets.Length;
    }

    /// <summary>
    /// The coefficient of determination, 1 − Σ(y − t)² / Σ(t − mean t)² for each output, averaged over the outputs (<c>r2_score</c>). As there,
    /// an output whose target is constant counts 1 where it is met exactly, else 0.
    /// </summary>
    /// <param name="predictions">Rows of numbers y.</param>
    /// <param name="targets">As many rows of numbers t.</param>
    /// <param name="outputSize">The numbers of one row.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public static double RSquared(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets, int outputSize = 1)
    {
        CheckNumbers(predictions, targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputSize, 1);
        if (targets.Length % outputSize != 0)
        {
            throw new ArgumentException(
                Text.Of($"targets must hold whole rows of {outputSize} numbers, but has {targets.Length}."), nameof(targets));
        }

        var residuals = new double[outputSize];
        AddSquares(residuals, predictions, targets);
        return RSquared(residuals, targets);
    }

    /// <summary>Adds each output's squared differences to its sum.</summary>
    internal static void AddSquares(Span<double> sums, ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets)
    {
        for (var i = 0; i < predictions.Length; i++)
        {
            var difference = (double)predictions[i] - targets[i];
            sums[i % sums.Length] += difference * difference;
        }
    }

    /// <summary>The coefficient of determination from each output's summed squares.</summary>
    internal static double RSquared(ReadOnlySpan<double> residuals, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var output = 0; output < residuals.Length; output++)
        {
            var mean = 0.0;
            for (var i = output; i < targets.Length; i += residuals.Length)
            {
                mean += targets[i];
            }

            mean /= targets.Length / residuals.Length;
            var (variation, constant) = (0.0, true);
            for (var i = output; i < targets.Length; i += residuals.Length)
            {
                variation += (targets[i] - mean) * (targets[i] - mean);
                constant &= targets[i] == targets[output];
            }

            sum += constant ? (residuals[output] == 0 ? 1 : 0) : 1 - residuals[output] / variation;
        }

        return sum / residuals.Length;
    }

    /// <summary>Sorts both arrays.</summary>
    private static double RocAuc(float[] scores, int[] labels)
    {
        if (Array.Exists(scores, float.IsNaN))
        {
            return double.NaN;
        }

        Array.Sort(scores, labels);
        var (rankSum, positives) = (0.0, 0L);
        for (var start = 0; start < scores.Length;)
        {
            var (end, tied) = (start, 0);
            while (end < scores.Length && scores[end] == scores[start])
            {
                tied += labels[end++];
            }

            // Ranks from 1: start + 1 … end.
            rankSum += tied * ((start + 1.0 + end) / 2);
            positives += tied;
            start = end;
        }

        var negatives = scores.Length - positives;
        return (rankSum - positives * (positives + 1.0) / 2) / ((double)positives * negatives);
    }

    private static void CheckNumbers(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets)
    {
        CheckSamples(predictions.Length, nameof(predictions));
        CheckLength(targets.Length, predictions.Length, nameof(targets));
    }
}
