namespace NetGen;

/// <summary>Training on files that are larger than memory.</summary>
public static class StreamTrainingExtensions
{
    /// <summary>Trains on a streamed data set: in each epoch on every sample once, in an order that its buffer makes.</summary>
    /// <param name="network">Learns. Its weights go on from what they are.</param>
    /// <param name="data">The samples, from their start. Labels are taken as from a <see cref="Dataset"/>.</param>
    /// <param name="epochs">How often to go over the samples, at least 1.</param>
    /// <param name="validation">Samples to judge by after each epoch; not learned from.</param>
    /// <param name="progress">Is told how far training is.</param>
    /// <param name="cancellationToken">Stops training after the current step.</param>
    /// <returns>What happened in each epoch.</returns>
    /// <exception cref="ArgumentException">The data does not fit the network, or <paramref name="epochs"/> is below 1. Nothing is changed.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="InvalidDataException">The file turned out to be damaged; earlier steps remain.</exception>
    /// <exception cref="IOException">It cannot be read; earlier steps remain.</exception>
    public static History Fit(
        this ITrainableNetwork network,
        StreamedDataset data,
        int epochs,
        Dataset? validation = null,
        IProgress<EpochProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var options = new FitOptions { Epochs = epochs, Validation = validation, Progress = progress };
        return Fit(network, data, options, nameof(validation), cancellationToken);
    }

    /// <summary>Trains on a streamed data set, with more to choose.</summary>
    /// <param name="network">Learns.</param>
    /// <param name="data">The samples, from their start.</param>
    /// <param name="options">How often, and what else. <see cref="FitOptions.Seed"/> has no use here: the order comes from the data's own seed.
    /// Neither metrics on training data nor checkpoints are possible, which need it in memory.</param>
    /// <param name="cancellationToken">Stops training after the current step.</param>
    /// <returns>What happened in each epoch.</returns>
    /// <exception cref="ArgumentException">The data does not fit the network, or an option is wrong. Nothing is changed.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="InvalidDataException">The file turned out to be damaged; earlier steps remain.</exception>
    /// <exception cref="IOException">It cannot be read; earlier steps remain.</exception>
    public static History Fit(
        this ITrainableNetwork network, StreamedDataset data, FitOptions options, CancellationToken cancellationToken = default) =>
        Fit(network, data, options, "options.Validation", cancellationToken);

    private static History Fit(
        ITrainableNetwork network, StreamedDataset data, FitOptions options, string validationArgument, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (options.MetricsOnTrainingData || options.Checkpoint is not null)
        {
            throw new ArgumentException(
                $"options.{(options.Checkpoint is null ? nameof(options.MetricsOnTrainingData) : nameof(options.Checkpoint))} needs training data in memory, but data is a stream.",
                nameof(options));
        }

        return new Trainer(network, new StreamSource(network, data, nameof(data)), data: null, options, validationArgument, cancellationToken).Run();
    }
}
