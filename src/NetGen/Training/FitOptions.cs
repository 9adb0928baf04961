namespace NetGen;

/// <summary>
/// What <see cref="TrainingExtensions.Fit(ITrainableNetwork, Dataset, FitOptions, CancellationToken)"/> is to do:
/// <c>net.Fit(train, new FitOptions { Epochs = 20, Validation = test, Schedule = LearningRateSchedule.Cosine() })</c>.
/// </summary>
public sealed record FitOptions
{
    /// <summary>How often to go over the samples, at least 1.</summary>
    public required int Epochs { get; init; }

    /// <summary>Samples to judge by after each epoch; not learned from.</summary>
    public Dataset? Validation { get; init; }

    /// <summary>Is told how far training is: some ten times a second at most, and at each epoch's end.</summary>
    public IProgress<EpochProgress>? Progress { get; init; }

    /// <summary>Where the order of the samples comes from.</summary>
    public int Seed { get; init; }

    /// <summary>How the learning rate changes; without it, it stays what the network's is.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>What looks on, and may stop training; called in this order.</summary>
    public IReadOnlyList<TrainingCallback> Callbacks { get; init; } = [];

    /// <summary>Figures to collect after each epoch on <see cref="Validation"/>, and on the training data if <see cref="MetricsOnTrainingData"/>.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>Whether <see cref="Metrics"/> are collected on the training data too, which takes a prediction of all of it after each epoch.</summary>
    public bool MetricsOnTrainingData { get; init; }

    /// <summary>Where and when to save all that training needs to go on after it was interrupted; null for never.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>Throws for options that no data could make right.</summary>
    internal void Check()
    {
        if (Epochs < 1)
        {
            throw new ArgumentOutOfRangeException("epochs", Epochs, Text.Of($"epochs must be at least 1, but is {Epochs}."));
        }

        Metric.Check(Metrics, "options.Metrics");
        if (Metrics.Count > 0 && Validation is null && !MetricsOnTrainingData)
        {
            throw new ArgumentException(
                "options.Metrics are collected on Validation, and with MetricsOnTrainingData on the training data, but neither is set.", "options");
        }

        ArgumentNullException.ThrowIfNull(Callbacks, "options.Callbacks");
        for (var i = 0; i < Callbacks.Count; i++)
        {
            if (Callbacks[i] is null || Callbacks.Take(i).Contains(Callbacks[i]))
            {
                throw new ArgumentException(
                    Text.Of($"options.Callbacks[{i}] must {(Callbacks[i] is null ? "not be null" : "not stand there twice")}."), "options");
            }
        }

        if (Checkpoint is { EveryEpochs: < 1 } or { EverySteps: < 1 })
        {
            throw new ArgumentException(
                Text.Of($"options.Checkpoint must have EveryEpochs and EverySteps of at least 1, but has {Checkpoint.EveryEpochs} and {Checkpoint.EverySteps}."),
                "options");
        }

        Monitored.Check(Schedule?.PlateauMonitor, this, "the schedule");
    }
}
