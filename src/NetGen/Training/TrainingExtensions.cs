namespace NetGen;

/// <summary>Training and judging networks on data sets.</summary>
public static class TrainingExtensions
{
    /// <summary>
    /// Trains on a data set: in each epoch on every sample once, in an order drawn anew from the seed, in steps of
    /// <see cref="ITrainableNetwork.BatchSize"/> samples (the last one may have fewer). The same network, data and seed give the same weights.
    /// Steps allocate nothing.
    /// </summary>
    /// <param name="network">Learns. Its weights go on from what they are.</param>
    /// <param name="data">The samples. Labels are taken as they are where the loss compares classes; else as one-hot rows, or, for a
    /// single output and two classes, as 0 and 1.</param>
    /// <param name="epochs">How often to go over the samples, at least 1.</param>
    /// <param name="validation">Samples to judge by after each epoch; not learned from.</param>
    /// <param name="progress">Is told how far training is: some ten times a second at most, and at each epoch's end.</param>
    /// <param name="seed">Where the order of the samples comes from.</param>
    /// <param name="cancellationToken">Stops training after the current step. The weights are then the best so far: those with the lowest
    /// validation loss at an epoch's end; without validation, or before the first epoch's end, those after the last step.</param>
    /// <returns>What happened in each epoch; also when training was cancelled (<see cref="History.Cancelled"/>).</returns>
    /// <exception cref="ArgumentException">The data does not fit the network, or <paramref name="epochs"/> is below 1. Nothing is changed.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite. The last good weights remain: those at the epoch's
    /// start, or, where its very first step already failed, those at the start of the epoch before.</exception>
    public static History Fit(
        this ITrainableNetwork network,
        Dataset data,
        int epochs,
        Dataset? validation = null,
        IProgress<EpochProgress>? progress = null,
        int seed = 0,
        CancellationToken cancellationToken = default)
    {
        var options = new FitOptions { Epochs = epochs, Validation = validation, Progress = progress, Seed = seed };
        return Fit(network, data, options, nameof(validation), cancellationToken);
    }

    /// <summary>Trains on a data set as the other overload does, with more to choose.</summary>
    /// <param name="network">Learns. Its weights go on from what they are.</param>
    /// <param name="data">The samples.</param>
    /// <param name="options">How often, and what else.</param>
    /// <param name="cancellationToken">Stops training after the current step, as in the other overload.</param>
    /// <returns>What happened in each epoch.</returns>
    /// <exception cref="ArgumentException">The data does not fit the network, or an option is wrong. Nothing is changed.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite; as in the other overload.</exception>
    public static History Fit(this ITrainableNetwork network, Dataset data, FitOptions options, CancellationToken cancellationToken = default) =>
        Fit(network, data, options, "options.Validation", cancellationToken);

    /// <summary>Predicts every sample and compares. The network does not change.</summary>
    /// <param name="network">Predicts. One that cannot be trained has no loss: <see cref="Evaluation.Loss"/> is then NaN.</param>
    /// <param name="data">The samples; labels are taken as in <c>Fit</c>.</param>
    /// <param name="metrics">Further figures wanted, such as <see cref="Metric.RocAuc"/>; they take room for all predictions.</param>
    /// <exception cref="ArgumentException">The data does not fit the network, or a metric does not fit the data.</exception>
    public static Evaluation Evaluate(this INetwork network, Dataset data, params Metric[] metrics)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        return new Evaluator(network, data, nameof(data), metrics, nameof(metrics)).Run();
    }

    private static History Fit(
        ITrainableNetwork network, Dataset data, FitOptions options, string validationArgument, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var source = new DatasetSource(network, data, options.Seed, nameof(data));
        return new Trainer(network, source, data, options, validationArgument, cancellationToken).Run();
    }
}
