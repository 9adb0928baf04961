namespace NetGen;

/// <summary>
/// Figures of how well predictions fit, from spans: classes as numbers from 0, scores and probabilities as rows of one number for each
/// class. Each agrees with the function of scikit-learn that its description names. <see cref="Metric"/> has them as choices for
/// <see cref="TrainingExtensions.Evaluate"/> and <c>Fit</c>. Empty spans and lengths that do not fit are an
/// <see cref="ArgumentException"/> everywhere.
/// </summary>
public static partial class Metrics
{
    /// <summary>The share of samples whose class was found, 0 … 1 (<c>accuracy_score</c>).</summary>
    /// <param name="predicted">The class found for each sample.</param>
    /// <param name="labels">Its class.</param>
    public static double Accuracy(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels)
    {
        CheckSamples(predicted.Length, nameof(predicted));
        CheckLength(labels.Length, predicted.Length, nameof(labels));
        var found = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            found += predicted[i] == labels[i] ? 1 : 0;
        }

        return (double)found / labels.Length;
    }

    /// <summary>
    /// The share of samples whose class is among the <paramref name="k"/> with the largest scores, 0 … 1 (<c>top_k_accuracy_score</c>). Of
    /// equal scores the class with the lower number comes first, so that k = 1 is the accuracy.
    /// </summary>
    /// <param name="scores">A row for each sample: a score for each class, larger for likelier.</param>
    /// <param name="labels">The class of each sample.</param>
    /// <param name="k">1 … the count of classes.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, a label is no class, or there are not k classes.</exception>
    public static double TopKAccuracy(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int k)
    {
        var classes = RowLength(scores, labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, classes);
        var found = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var row = scores.Slice(i * classes, classes);
            var (own, before) = (row[labels[i]], float.IsNaN(row[labels[i]]) ? classes : 0);
            for (var c = 0; c < classes; c++)
            {
                before += row[c] > own || (row[c] == own && c < labels[i]) ? 1 : 0;
            }

            found += before < k ? 1 : 0;
        }

        return (double)found / labels.Length;
    }

    /// <summary>
    /// The precision of each class, TP / (TP + FP): how many of the samples that were taken for the class are of it (<c>precision_score</c>
    /// with <c>average=None</c>). A class that occurs but was never predicted has 0; one that neither occurs nor was predicted NaN.
    /// </summary>
    /// <param name="predicted">The class found for each sample.</param>
    /// <param name="labels">Its class.</param>
    /// <param name="classes">The count of classes.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is no class.</exception>
    public static double[] Precision(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes) =>
        Count(predicted, labels, classes).Precision();

    /// <summary>The precision over all classes; see the other overload.</summary>
    /// <param name="predicted">The class found for each sample.</param>
    /// <param name="labels">Its class.</param>
    /// <param name="classes">The count of classes.</param>
    /// <param name="average">How the classes are summed up.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is no class.</exception>
    public static double Precision(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes, Average average)
    {
        var counts = Count(predicted, labels, classes);
        return counts.Of(counts.Precision(), average);
    }

    /// <summary>
    /// The recall of each class, TP / (TP + FN): how many of the class's samples were found (<c>recall_score</c> with <c>average=None</c>). A
    /// class that was predicted but does not occur has 0; one that neither occurs nor was predicted NaN.
    /// </summary>
    /// <param name="predicted">The class found for each sample.</param>
    /// <param name="labels">Its class.</param>
    /// <param name="classes">The count of classes.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is no class.</exception>
    public static double[] Recall(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes) =>
        Count(predicted, labels, classes).Recall();

    /// <summary>The recall over all classes; see the other overload.</summary>
    /// <param name="predicted">The class found for each sample.</param>
    /// <param name="labels">Its class.</param>
    /// <param name="classes">The count of classes.</param>
    /// <param name="average">How the classes are summed up.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is no class.</exception>
    public static double Recall(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes, Average average)
    {
        var counts = Count(predicted, labels, classes);
        return counts.Of(counts.Recall(), average);
    }

    /// <summary>
    /// F1 of each class, 2·TP / (2·TP + FP + FN): the harmonic mean of precision and recall (<c>f1_score</c> with <c>average=None</c>). A class
    /// that neither occurs nor was predicted has NaN.
    /// </summary>
    /// <param name="predicted">The class found for each sample.</param>
    /// <param name="labels">Its class.</param>
    /// <param name="classes">The count of classes.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is no class.</exception>
    public static double[] F1(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes) => Count(predicted, labels, classes).F1();

    /// <summary>F1 over all classes; see the other overload. The macro average is the mean of the classes' F1, as in scikit-learn.</summary>
    /// <param name="predicted">The class found for each sample.</param>
    /// <param name="labels">Its class.</param>
    /// <param name="classes">The count of classes.</param>
    /// <param name="average">How the classes are summed up.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is no class.</exception>
    public static double F1(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes, Average average)
    {
        var counts = Count(predicted, labels, classes);
        return counts.Of(counts.F1(), average);
    }

    /// <summary>How often samples of each class were taken for each class (<c>confusion_matrix</c>).</summary>
    /// <param name="predicted">The class found for each sample.</param>
    /// <param name="labels">Its class.</param>
    /// <param name="classes">The count of classes.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is no class.</exception>
    public static ConfusionMatrix ConfusionMatrix(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes)
    {
        CheckClasses(predicted, labels, classes);
        var matrix = new ConfusionMatrix(classes);
        for (var i = 0; i < labels.Length; i++)
        {
            matrix.Add(labels[i], predicted[i]);
        }

        return matrix;
    }

    private static ClassCounts Count(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes)
    {
        CheckClasses(predicted, labels, classes);
        var counts = new ClassCounts(classes);
        for (var i = 0; i < labels.Length; i++)
        {
            counts.Add(labels[i], predicted[i]);
        }

        return counts;
    }

    private static void CheckClasses(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        CheckSamples(predicted.Length, nameof(predicted));
        CheckLength(labels.Length, predicted.Length, nameof(labels));
        CheckLabels(predicted, classes, nameof(predicted));
        CheckLabels(labels, classes, nameof(labels));
    }

    private static void CheckLabels(ReadOnlySpan<int> labels, int classes, string argument)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
            {
                throw new ArgumentOutOfRangeException(argument, Text.Of($"{argument}[{i}] must be from 0 to {classes - 1}, but is {labels[i]}."));
            }
        }
    }

    private static void CheckSamples(int length, string argument)
    {
        if (length == 0)
        {
            throw new ArgumentException($"{argument} must have at least 1 sample, but is empty.", argument);
        }
    }

    private static void CheckLength(int length, int expected, string argument)
    {
        if (length != expected)
        {
            throw new ArgumentException(Text.Of($"{argument} must have {expected} numbers, but has {length}."), argument);
        }
    }

    /// <summary>The classes of rows of scores, which labels must name.</summary>
    private static int RowLength(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels)
    {
        CheckSamples(labels.Length, nameof(labels));
        if (scores.Length == 0 || scores.Length % labels.Length != 0)
        {
            throw new ArgumentException(
                Text.Of($"scores must hold a row for each of the {labels.Length} labels, but has {scores.Length} numbers."), nameof(scores));
        }

        var classes = scores.Length / labels.Length;
        CheckLabels(labels, classes, nameof(labels));
        return classes;
    }
}
