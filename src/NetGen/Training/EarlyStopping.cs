namespace NetGen;

/// <summary>
/// Stops training when a figure has not become better for so many epochs, and gives the network the weights of the best epoch back (Keras'
/// <c>EarlyStopping</c> with <c>restore_best_weights</c>). The best weights are put back also when all epochs were done or training was cancelled.
/// </summary>
public sealed class EarlyStopping : TrainingCallback
{
    private readonly int _patience;
    private readonly double _minDelta;
    private readonly Metric? _monitor;
    private readonly bool _restoreBest;
    private WeightSnapshot? _best;
    private int _waited;

    /// <summary>An early stop.</summary>
    /// <param name="patience">After how many epochs without a better figure training stops, at least 1.</param>
    /// <param name="minDelta">By how much a figure must be better to count, at least 0.</param>
    /// <param name="monitor">The figure: a metric of <see cref="FitOptions.Metrics"/>; without it the validation loss, or, without
    /// validation, the training loss.</param>
    /// <param name="restoreBest">Whether the weights of the best epoch are put back; else the last ones remain.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public EarlyStopping(int patience, double minDelta = 0, Metric? monitor = null, bool restoreBest = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        Monitored.CheckDelta(minDelta, nameof(minDelta));
        (_patience, _minDelta, _monitor, _restoreBest) = (patience, minDelta, monitor, restoreBest);
    }

    /// <summary>The epoch with the best figure, from 1; 0 before the first.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>Its figure; NaN before the first.</summary>
    public double BestValue { get; private set; } = double.NaN;

    /// <inheritdoc/>
    public override void OnTrainStart(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Monitored.Check(_monitor, run.Options, nameof(EarlyStopping));
        _best = _restoreBest ? new WeightSnapshot(run.Network) : null;
        (BestEpoch, BestValue, _waited) = (0, double.NaN, 0);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(result);
        var value = Monitored.Value(result, _monitor);
        if (Metric.IsBetter(value, BestValue, _monitor?.HigherIsBetter ?? false, _minDelta))
        {
            (BestEpoch, BestValue, _waited) = (result.Epoch, value, 0);
            _best?.Take();
        }
        else if (++_waited >= _patience)
        {
            run.Stop();
        }
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingRun run)
    {
        if (BestEpoch > 0)
        {
            _best?.Restore();
        }

        _best = null;
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("best_epoch", BestEpoch);
        state.Set("best_value", BestValue);
        state.Set("waited", _waited);
        foreach (var (tensor, copy) in _best?.Tensors ?? [])
        {
            state.Set(tensor.Name, copy);
        }
    }

    /// <inheritdoc/>
    public override void LoadState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (BestEpoch, BestValue, _waited) = ((int)state.GetInt64("best_epoch"), state.GetDouble("best_value"), (int)state.GetInt64("waited"));
        foreach (var (tensor, copy) in _best?.Tensors ?? [])
        {
            state.GetWeights(tensor.Name, copy.Length).CopyTo(copy, 0);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Text.Of(
        $"EarlyStopping(patience: {_patience}, minDelta: {_minDelta}, monitor: {Monitored.Name(_monitor)}, restoreBest: {_restoreBest})");
}
