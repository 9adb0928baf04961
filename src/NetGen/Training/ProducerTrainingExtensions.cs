namespace NetGen;

/// <summary>Training on samples that are made as they are needed.</summary>
public static class ProducerTrainingExtensions
{
    /// <summary>
    /// Trains on batches that a delegate makes, each of <see cref="ITrainableNetwork.BatchSize"/> samples:
    /// <c>net.Fit((inputs, targets) => MakeBatch(inputs, targets), batches: 1000)</c>. Steps allocate nothing themselves.
    /// </summary>
    /// <param name="network">Learns. Its weights go on from what they are.</param>
    /// <param name="producer">Fills a batch; the buffers are the same for each.</param>
    /// <param name="batches">The steps of an epoch, at least 1.</param>
    /// <param name="epochs">How many epochs of so many steps, at least 1: after each, training is judged and told of.</param>
    /// <param name="validation">Samples to judge by after each epoch.</param>
    /// <param name="progress">Is told how far training is.</param>
    /// <param name="cancellationToken">Stops training after the current step.</param>
    /// <returns>What happened in each epoch.</returns>
    /// <exception cref="ArgumentException">An argument is wrong, or the validation data does not fit the network. Nothing is changed.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite, as it does where a sample has such a number.</exception>
    public static History Fit(
        this ITrainableNetwork network,
        BatchProducer producer,
        int batches,
        int epochs = 1,
        Dataset? validation = null,
        IProgress<EpochProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var options = new FitOptions { Epochs = epochs, Validation = validation, Progress = progress };
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(producer);
        return Fit(network, () => new ProducerSource(network, producer, batches), options, nameof(validation), cancellationToken);
    }

    /// <summary>Trains on batches that a delegate makes, with more to choose.</summary>
    /// <param name="network">Learns.</param>
    /// <param name="producer">Fills a batch.</param>
    /// <param name="batches">The steps of an epoch, at least 1.</param>
    /// <param name="options">How many epochs, and what else. <see cref="FitOptions.Seed"/> has no use here, and there is no training data to
    /// collect metrics on.</param>
    /// <param name="cancellationToken">Stops training after the current step.</param>
    /// <returns>What happened in each epoch.</returns>
    /// <exception cref="ArgumentException">An argument or option is wrong. Nothing is changed.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public static History Fit(
        this ITrainableNetwork network, BatchProducer producer, int batches, FitOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(producer);
        return Fit(network, () => new ProducerSource(network, producer, batches), options, "options.Validation", cancellationToken);
    }

    /// <summary>Trains on batches with labels that a delegate makes.</summary>
    /// <param name="network">Learns.</param>
    /// <param name="producer">Fills a batch. A lambda may have to name its types: <c>(Span&lt;float&gt; inputs, Span&lt;int&gt; labels) => …</c>.</param>
    /// <param name="batches">The steps of an epoch, at least 1.</param>
    /// <param name="epochs">How many epochs of so many steps, at least 1.</param>
    /// <param name="validation">Samples to judge by after each epoch.</param>
    /// <param name="progress">Is told how far training is.</param>
    /// <param name="cancellationToken">Stops training after the current step.</param>
    /// <returns>What happened in each epoch.</returns>
    /// <exception cref="ArgumentException">An argument is wrong, the validation data does not fit the network (nothing is changed then), or the
    /// producer made a label that is no class (earlier steps remain).</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public static History Fit(
        this IClassifierNetwork network,
        LabeledBatchProducer producer,
        int batches,
        int epochs = 1,
        Dataset? validation = null,
        IProgress<EpochProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var options = new FitOptions { Epochs = epochs, Validation = validation, Progress = progress };
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(producer);
        return Fit(network, () => new ProducerSource(network, producer, batches), options, nameof(validation), cancellationToken);
    }

    /// <summary>Trains on batches with labels that a delegate makes, with more to choose.</summary>
    /// <param name="network">Learns.</param>
    /// <param name="producer">Fills a batch.</param>
    /// <param name="batches">The steps of an epoch, at least 1.</param>
    /// <param name="options">How many epochs, and what else.</param>
    /// <param name="cancellationToken">Stops training after the current step.</param>
    /// <returns>What happened in each epoch.</returns>
    /// <exception cref="ArgumentException">An argument or option is wrong.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public static History Fit(
        this IClassifierNetwork network,
        LabeledBatchProducer producer,
        int batches,
        FitOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(producer);
        return Fit(network, () => new ProducerSource(network, producer, batches), options, "options.Validation", cancellationToken);
    }

    private static History Fit(
        ITrainableNetwork network, Func<IBatchSource> source, FitOptions options, string validationArgument, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (options.MetricsOnTrainingData)
        {
            throw new ArgumentException("options.MetricsOnTrainingData needs training data, but a producer makes the samples.", nameof(options));
        }

        if (options.Checkpoint is not null)
        {
            throw new ArgumentException(
                "options.Checkpoint needs training data: where a producer stands cannot be saved, so training could not go on as it would have.",
                nameof(options));
        }

        return new Trainer(network, source(), data: null, options, validationArgument, cancellationToken).Run();
    }
}
