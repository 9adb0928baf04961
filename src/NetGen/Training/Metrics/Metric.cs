namespace NetGen;

/// <summary>
/// A figure to judge a network by, as a choice for <see cref="TrainingExtensions.Evaluate"/> and <c>Fit</c>: one of
/// those here, whose formulas the class <c>Metrics</c> gives, or one's own.
/// </summary>
public sealed class Metric
{
    private readonly Func<Predictions, double> _compute;
    private readonly Needs _needs;

    /// <summary>A metric of one's own.</summary>
    /// <param name="name">Its name in histories and files: letters, digits, and marks that need no quotes there, such as <c>_</c>.</param>
    /// <param name="compute">The figure of predictions; they are valid during the call only.</param>
    /// <param name="higherIsBetter">Whether more is better, for early stopping and search.</param>
    /// <exception cref="ArgumentException">The name is empty, or has a comma, quote, space or control character.</exception>
    public Metric(string name, Func<Predictions, double> compute, bool higherIsBetter = true)
        : this(name, compute, higherIsBetter, Needs.Nothing)
    {
    }

    private Metric(string name, Func<Predictions, double> compute, bool higherIsBetter, Needs needs)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(compute);
        if (name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is ',' or '"'))
        {
            throw new ArgumentException($"name must have no comma, quote, space or control character, but is \"{name}\".", nameof(name));
        }

        (Name, _compute, HigherIsBetter, _needs) = (name, compute, higherIsBetter, needs);
    }

    private enum Needs
    {
        Nothing,
        Classes,
        Probabilities,
    }

    /// <summary>The share of samples whose class was found: <see cref="Metrics.Accuracy"/>.</summary>
    public static Metric Accuracy { get; } = OfClasses("accuracy", p => Metrics.Accuracy(p.PredictedClasses, p.Labels));

    /// <summary>The mean of the classes' precision: <see cref="Metrics.Precision(ReadOnlySpan{int}, ReadOnlySpan{int}, int, Average)"/>.</summary>
    public static Metric MacroPrecision { get; } =
        OfClasses("macro_precision", p => Metrics.Precision(p.PredictedClasses, p.Labels, p.Classes, Average.Macro));

    /// <summary>The mean of the classes' recall: <see cref="Metrics.Recall(ReadOnlySpan{int}, ReadOnlySpan{int}, int, Average)"/>.</summary>
    public static Metric MacroRecall { get; } =
        OfClasses("macro_recall", p => Metrics.Recall(p.PredictedClasses, p.Labels, p.Classes, Average.Macro));

    /// <summary>The mean of the classes' F1: <see cref="Metrics.F1(ReadOnlySpan{int}, ReadOnlySpan{int}, int, Average)"/>.</summary>
    public static Metric MacroF1 { get; } = OfClasses("macro_f1", p => Metrics.F1(p.PredictedClasses, p.Labels, p.Classes, Average.Macro));

    /// <summary>F1 from the counts of all classes together: <see cref="Metrics.F1(ReadOnlySpan{int}, ReadOnlySpan{int}, int, Average)"/>.</summary>
    public static Metric MicroF1 { get; } = OfClasses("micro_f1", p => Metrics.F1(p.PredictedClasses, p.Labels, p.Classes, Average.Micro));

    /// <summary>
    /// The area under the ROC curve: for a single output of class 1 against class 0 (<see cref="Metrics.RocAuc(ReadOnlySpan{float},
    /// ReadOnlySpan{int})"/>), else of each class against the rest (<see cref="Metrics.RocAucOneVersusRest"/>).
    /// </summary>
    public static Metric RocAuc { get; } = OfClasses("roc_auc", p => p.OutputSize == 1
        ? Metrics.RocAuc(p.Outputs, p.Labels)
        : Metrics.RocAucOneVersusRest(p.Probabilities, p.Labels));

    /// <summary>The mean of −ln p of the samples' classes: <see cref="Metrics.LogLoss"/>. For networks whose loss compares probabilities.</summary>
    public static Metric LogLoss { get; } =
        new("log_loss", p => Metrics.LogLoss(p.Probabilities, p.Labels), higherIsBetter: false, Needs.Probabilities);

    /// <summary>The mean squared difference from the targets (one-hot rows for labels): <see cref="Metrics.MeanSquaredError"/>.</summary>
    public static Metric MeanSquaredError { get; } =
        new("mean_squared_error", p => Metrics.MeanSquaredError(p.Means, p.Targets), higherIsBetter: false);

    /// <summary>The mean difference from the targets (one-hot rows for labels): <see cref="Metrics.MeanAbsoluteError"/>.</summary>
    public static Metric MeanAbsoluteError { get; } =
        new("mean_absolute_error", p => Metrics.MeanAbsoluteError(p.Means, p.Targets), higherIsBetter: false);

    /// <summary>The coefficient of determination: <see cref="Metrics.RSquared(ReadOnlySpan{float}, ReadOnlySpan{float}, int)"/>.</summary>
    public static Metric RSquared { get; } = new("r_squared", p => Metrics.RSquared(p.Means, p.Targets, p.TargetSize));

    /// <summary>Its name in histories and files, such as <c>accuracy</c>.</summary>
    public string Name { get; }

    /// <summary>Whether more is better.</summary>
    public bool HigherIsBetter { get; }

    /// <summary>The share of samples whose class is among the first k: <see cref="Metrics.TopKAccuracy"/>.</summary>
    /// <param name="k">1 … the count of outputs; a network with a single output answers one question, for which there is no such figure.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is below 1.</exception>
    public static Metric TopKAccuracy(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return OfClasses(Text.Of($"top_{k}_accuracy"), p => Metrics.TopKAccuracy(p.Outputs, p.Labels, k));
    }

    /// <summary>The precision of one class; NaN where it neither occurs nor was predicted.</summary>
    /// <param name="ofClass">From 0; 1 is the yes of a yes-or-no question.</param>
    /// <exception cref="ArgumentOutOfRangeException">The class is negative.</exception>
    public static Metric Precision(int ofClass) =>
        OfClass("precision", ofClass, p => Metrics.Precision(p.PredictedClasses, p.Labels, p.Classes));

    /// <summary>The recall of one class; NaN where it neither occurs nor was predicted.</summary>
    /// <param name="ofClass">From 0; 1 is the yes of a yes-or-no question.</param>
    /// <exception cref="ArgumentOutOfRangeException">The class is negative.</exception>
    public static Metric Recall(int ofClass) => OfClass("recall", ofClass, p => Metrics.Recall(p.PredictedClasses, p.Labels, p.Classes));

    /// <summary>F1 of one class; NaN where it neither occurs nor was predicted.</summary>
    /// <param name="ofClass">From 0; 1 is the yes of a yes-or-no question.</param>
    /// <exception cref="ArgumentOutOfRangeException">The class is negative.</exception>
    public static Metric F1(int ofClass) => OfClass("f1", ofClass, p => Metrics.F1(p.PredictedClasses, p.Labels, p.Classes));

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal double Compute(Predictions predictions) => _compute(predictions);

    /// <summary>Whether one value is better than another by more than a margin; NaN is never better, and everything else is better than NaN.</summary>
    internal static bool IsBetter(double value, double than, bool higherIsBetter, double margin = 0) =>
        !double.IsNaN(value) && (double.IsNaN(than) || (higherIsBetter ? value - margin > than : value + margin < than));

    /// <summary>Chosen metrics: none missing, none twice, all of them such as the predictions allow.</summary>
    internal static void Check(IReadOnlyList<Metric> metrics, Predictions predictions, string argument)
    {
        Check(metrics, argument);
        foreach (var metric in metrics)
        {
            if (metric._needs != Needs.Nothing && !predictions.HasClasses)
            {
                throw new ArgumentException($"{argument} holds {metric}, which needs samples with classes, but these have numbers as targets.", argument);
            }

            if (metric._needs == Needs.Probabilities && !predictions.HasProbabilities)
            {
                throw new ArgumentException(
                    $"{argument} holds {metric}, which needs a network whose loss compares probabilities (a cross-entropy).", argument);
            }
        }
    }

    /// <summary>Chosen metrics: none missing, none twice.</summary>
    internal static void Check(IReadOnlyList<Metric> metrics, string argument)
    {
        ArgumentNullException.ThrowIfNull(metrics, argument);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < metrics.Count; i++)
        {
            if (metrics[i] is not { } metric || !names.Add(metric.Name))
            {
                throw new ArgumentException(
                    metrics[i] is null ? Text.Of($"{argument}[{i}] must not be null.") : $"{argument} must not hold {metrics[i]} twice.", argument);
            }
        }
    }

    private static Metric OfClasses(string name, Func<Predictions, double> compute) => new(name, compute, higherIsBetter: true, Needs.Classes);

    private static Metric OfClass(string name, int ofClass, Func<Predictions, double[]> compute)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ofClass);
        return OfClasses(Text.Of($"{name}_of_{ofClass}"), p => ofClass < p.Classes
            ? compute(p)[ofClass]
            : throw new ArgumentException(Text.Of($"{name} is asked of class {ofClass}, but there are {p.Classes} classes, from 0.")));
    }
}
