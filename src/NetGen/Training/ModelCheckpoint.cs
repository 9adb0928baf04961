namespace NetGen;

/// <summary>
/// Saves the network after every so many epochs, or after each that is the best so far (Keras' <c>ModelCheckpoint</c>). The files are those of
/// <see cref="NetworkFileExtensions.Save(INetwork, string)"/>.
/// </summary>
public sealed class ModelCheckpoint : TrainingCallback
{
    private const string EpochMark = "{epoch}";

    private readonly string _path;
    private readonly int _everyEpochs;
    private readonly bool _bestOnly;
    private readonly Metric? _monitor;
    private double _best;

    /// <summary>A saver.</summary>
    /// <param name="path">The file; <c>{epoch}</c> in it stands for the epoch, with at least 4 digits. Without it each file replaces the last.</param>
    /// <param name="everyEpochs">After how many epochs to save, at least 1.</param>
    /// <param name="bestOnly">Whether to save only where the figure is better than in all epochs that were looked at before.</param>
    /// <param name="monitor">The figure: a metric of <see cref="FitOptions.Metrics"/>; without it the validation loss, or, without
    /// validation, the training loss.</param>
    /// <exception cref="ArgumentException">The path is empty, or <paramref name="everyEpochs"/> is below 1.</exception>
    public ModelCheckpoint(string path, int everyEpochs = 1, bool bestOnly = false, Metric? monitor = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(everyEpochs, 1);
        (_path, _everyEpochs, _bestOnly, _monitor) = (path, everyEpochs, bestOnly, monitor);
    }

    /// <inheritdoc/>
    public override void OnTrainStart(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Monitored.Check(_bestOnly ? _monitor : null, run.Options, nameof(ModelCheckpoint));
        _best = double.NaN;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(result);
        var value = Monitored.Value(result, _monitor);
        if (result.Epoch % _everyEpochs != 0 || (_bestOnly && !Metric.IsBetter(value, _best, _monitor?.HigherIsBetter ?? false)))
        {
            return;
        }

        _best = value;
        run.Network.Save(_path.Replace(EpochMark, Text.Of($"{result.Epoch:0000}"), StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("best", _best);
    }

    /// <inheritdoc/>
    public override void LoadState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _best = state.GetDouble("best");
    }
}
