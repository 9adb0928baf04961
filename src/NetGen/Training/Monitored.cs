namespace NetGen;

/// <summary>The figure of an epoch that a plateau, an early stop or a choice of the best goes by.</summary>
internal static class Monitored
{
    /// <summary>Its name for messages and descriptions.</summary>
    public static string Name(Metric? metric) => metric?.Name ?? "loss";

    /// <summary>A metric where one is named; else the validation loss, or, without validation, the training loss.</summary>
    public static double Value(EpochResult result, Metric? metric)
    {
        if (metric is null)
        {
            return double.IsNaN(result.ValidationLoss) ? result.Loss : result.ValidationLoss;
        }

        return result.Metrics.Count > 0 ? result.Metrics[metric] : result.TrainingMetrics[metric];
    }

    /// <summary>A metric that is monitored must be collected.</summary>
    public static void Check(Metric? metric, FitOptions options, string who)
    {
        if (metric is not null && !options.Metrics.Any(collected => collected.Name == metric.Name))
        {
            throw new ArgumentException($"options.Metrics must hold {metric}, which {who} monitors.", nameof(options));
        }

        if (metric is not null && options.Validation is null && !options.MetricsOnTrainingData)
        {
            throw new ArgumentException(
                $"options must name Validation or set MetricsOnTrainingData, as {who} monitors {metric}.", nameof(options));
        }
    }

    /// <summary>By how much a figure must be better.</summary>
    public static void CheckDelta(double minDelta, string argument)
    {
        if (!(minDelta >= 0 && double.IsFinite(minDelta)))
        {
            throw new ArgumentOutOfRangeException(argument, Text.Of($"{argument} must be finite and at least 0, but is {minDelta}."));
        }
    }
}
