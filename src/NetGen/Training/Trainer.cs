using System.Diagnostics;

namespace NetGen;

/// <summary>One run of <c>Fit</c>.</summary>
internal sealed class Trainer
{
    private const long MillisecondsBetweenReports = 100;

    private readonly ITrainableNetwork _network;
    private readonly IBatchSource _source;
    private readonly FitOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly Evaluator? _validator;
    private readonly Evaluator? _trainingMetrics;
    private readonly TrainingCallback[] _callbacks;
    private readonly TrainingRun _run;
    private readonly float _baseRate;
    private readonly WeightSnapshot? _best;
    private readonly TrainingCheckpoint? _checkpoint;
    private double _bestLoss = double.PositiveInfinity;

    /// <summary>The state at an epoch's start whose first step then had a finite loss.</summary>
    private StateSnapshot _good;

    /// <summary>The state at this epoch's start, of which that is not known yet.</summary>
    private StateSnapshot _candidate;

    private EpochResult[] _results = [];
    private long _started;
    private long _epochStarted;
    private long _nextReport;

    /// <summary>Checks everything; nothing is changed yet.</summary>
    /// <param name="network">Learns.</param>
    /// <param name="source">The samples to learn from.</param>
    /// <param name="data">The same as a data set, where they are one.</param>
    /// <param name="options">Checked already.</param>
    /// <param name="validationArgument">The validation data's name in messages.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Trainer(
        ITrainableNetwork network, IBatchSource source, Dataset? data, FitOptions options, string validationArgument, CancellationToken cancellationToken)
    {
        (_network, _source, _options, _cancellationToken) = (network, source, options, cancellationToken);
        const string MetricsArgument = "options.Metrics";
        _validator = options.Validation is null
            ? null
            : new Evaluator(network, options.Validation, validationArgument, options.Metrics, MetricsArgument);
        _trainingMetrics = options.MetricsOnTrainingData && options.Metrics.Count > 0
            ? new Evaluator(network, data!, nameof(data), options.Metrics, MetricsArgument)
            : null;
        _callbacks = [.. options.Callbacks];
        _run = new TrainingRun(network, source, options);
        _baseRate = network.LearningRate;
        _good = new StateSnapshot(network);
        _candidate = new StateSnapshot(network);
        _best = options.Validation is null || !cancellationToken.CanBeCanceled ? null : new WeightSnapshot(network);
        _checkpoint = options.Checkpoint is null ? null : new TrainingCheckpoint(network, (DatasetSource)source, data!, options);
        _started = Stopwatch.GetTimestamp();
    }

    public History Run()
    {
        try
        {
            Begin();
            var cancelled = !RunEpochs();
            if (cancelled)
            {
                WriteCheckpoint();
            }

            if (cancelled && double.IsFinite(_bestLoss))
            {
                _best?.Restore();
            }

            foreach (var callback in _callbacks)
            {
                callback.OnTrainEnd(_run);
            }

            return new History(_run.Results, cancelled, _run.IsStopped, Stopwatch.GetElapsedTime(_started), [.. _callbacks.SelectMany(callback => callback.Columns)]);
        }
        finally
        {
            if (_options.Schedule is not null)
            {
                _network.LearningRate = _baseRate;
            }
        }
    }

    /// <summary>Goes to where the checkpoint is, if there is one, and wakes the callbacks. On any error nothing is changed.</summary>
    private void Begin()
    {
        _good.Take();
        var (seed, file) = (_network.Seed, _checkpoint?.Open());
        try
        {
            if (file is not null)
            {
                (_bestLoss, var elapsed, var epochElapsed) = _checkpoint!.Restore(file, _run, _best);
                _results = [.. _run.Results];
                _started -= Ticks(elapsed);
                _epochStarted = Stopwatch.GetTimestamp() - Ticks(epochElapsed);
            }

            foreach (var callback in _callbacks)
            {
                callback.OnTrainStart(_run);
            }

            if (file is not null)
            {
                _checkpoint!.RestoreCallbacks(file);
            }
        }
        catch when (file is not null)
        {
            _good.Restore();
            (_network.Seed, _network.LearningRate) = (seed, _baseRate);
            throw;
        }

        _good.Take();
        _candidate.Take();

        static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
    }

    /// <returns>False when training was cancelled.</returns>
    private bool RunEpochs()
    {
        // A checkpoint may stand within an epoch, whose result is missing then.
        var isWithin = _run.Results.Count < _run.Epoch;
        while ((isWithin || _run.Epoch < _options.Epochs) && !_run.IsStopped)
        {
            if (!isWithin)
            {
                BeginEpoch();
            }

            isWithin = false;
            if (!RunSteps())
            {
                return false;
            }

            if (_run.Batch < _source.Batches)
            {
                Report(stopped: true); // a callback stopped within the epoch
                WriteCheckpoint();
            }
            else if (!FinishEpoch())
            {
                return false;
            }
        }

        return true;
    }

    private void BeginEpoch()
    {
        (_run.Epoch, _run.Batch, _run.SamplesDone, _run.LossSum) = (_run.Epoch + 1, 0, 0, 0);
        _source.BeginEpoch();
        _epochStarted = Stopwatch.GetTimestamp();
        foreach (var callback in _callbacks)
        {
            callback.OnEpochStart(_run);
        }
    }

    /// <summary>The rest of the epoch's steps, or those until a callback stops.</summary>
    /// <returns>False when training was cancelled.</returns>
    private bool RunSteps()
    {
        while (_run.Batch < _source.Batches && !_run.IsStopped)
        {
            if (_cancellationToken.IsCancellationRequested)
            {
                Report(stopped: true);
                return false;
            }

            if (_options.Schedule is { } schedule && (_run.Batch == 0 || !schedule.IsByEpoch))
            {
                var position = new SchedulePosition(_run.Step, (long)_source.Batches * _options.Epochs, _source.Batches, _results);
                _network.LearningRate = (float)(_baseRate * schedule.FactorAt(position));
            }

            RunStep();
            if (_options.Checkpoint?.EverySteps is { } every && _run.Step % every == 0)
            {
                WriteCheckpoint();
            }

            if (_options.Progress is not null && _run.Batch < _source.Batches && Environment.TickCount64 >= _nextReport)
            {
                Report();
            }
        }

        return true;
    }

    private void RunStep()
    {
        var rows = _source.Read(_run.Batch);
        _run.Batch++;
        foreach (var callback in _callbacks)
        {
            callback.OnBatchStart(_run);
        }

        var loss = _source.Step();
        _run.BatchLoss = loss;
        if (!float.IsFinite(loss))
        {
            Diverge("The loss became", loss);
        }

        if (_run.Batch == 1)
        {
            (_good, _candidate) = (_candidate, _good);
        }

        _run.LossSum += (double)loss * rows;
        _run.SamplesDone += rows;
        _run.Step++;
        foreach (var callback in _callbacks)
        {
            callback.OnBatchEnd(_run);
        }
    }

    /// <summary>Validates, reports, and lets the callbacks know.</summary>
    /// <returns>False when training was cancelled before the validation.</returns>
    private bool FinishEpoch()
    {
        // The last update has had no loss to be judged by: its weights at least must be finite.
        _candidate.Take();
        if (_candidate.FirstNotFinite() is { } name)
        {
            Diverge($"Numbers of {name} became NaN or infinite, the loss before was", _run.BatchLoss);
        }

        var seconds = Stopwatch.GetElapsedTime(_epochStarted).TotalSeconds;
        if (_validator is not null && _cancellationToken.IsCancellationRequested)
        {
            Report(stopped: true);
            return false;
        }

        var evaluation = _validator?.Run();
        if (evaluation is not null && !double.IsFinite(evaluation.Loss))
        {
            Diverge("The validation loss became", evaluation.Loss);
        }

        var trainingMetrics = _trainingMetrics?.Run().Metrics ?? MetricValues.None;
        var result = new EpochResult(
            _run.Epoch,
            _run.Loss,
            evaluation?.Loss ?? double.NaN,
            evaluation?.Accuracy ?? double.NaN,
            _source.Samples / seconds,
            Stopwatch.GetElapsedTime(_epochStarted))
        {
            LearningRate = _network.LearningRate,
            Metrics = evaluation?.Metrics ?? MetricValues.None,
            TrainingMetrics = trainingMetrics,
        };
        _run.Add(result);
        _results = [.. _run.Results];
        _options.Progress?.Report(Progress() with
        {
            ValidationLoss = result.ValidationLoss,
            ValidationAccuracy = result.ValidationAccuracy,
            Metrics = result.Metrics,
            SamplesPerSecond = result.SamplesPerSecond,
            IsDone = true,
        });
        if (result.ValidationLoss < _bestLoss)
        {
            _bestLoss = result.ValidationLoss;
            _best?.Take();
        }

        foreach (var callback in _callbacks)
        {
            callback.OnEpochEnd(_run, result);
        }

        if (_options.Checkpoint is { } checkpoint
            && (_run.Epoch % checkpoint.EveryEpochs == 0 || _run.Epoch == _options.Epochs || _run.IsStopped))
        {
            WriteCheckpoint();
        }

        return true;
    }

    private void WriteCheckpoint() =>
        _checkpoint?.Write(_run, _best, _bestLoss, Stopwatch.GetElapsedTime(_started), Stopwatch.GetElapsedTime(_epochStarted));

    private void Diverge(string what, double loss)
    {
        _good.Restore();
        Report(stopped: true);
        throw new TrainingDivergedException(Text.Of($"{what} {loss}"), _run.Epoch, _run.Batch, loss);
    }

    private void Report(bool stopped = false)
    {
        _nextReport = Environment.TickCount64 + MillisecondsBetweenReports;
        _options.Progress?.Report(Progress() with { IsStopped = stopped });
    }

    private EpochProgress Progress()
    {
        var finished = (double)_source.Samples * (_run.Epoch - 1) + _run.SamplesDone;
        var remaining = (double)_source.Samples * _options.Epochs - finished;
        return new EpochProgress
        {
            Epoch = _run.Epoch,
            Epochs = _options.Epochs,
            Samples = _run.SamplesDone,
            TotalSamples = _source.Samples,
            Loss = _run.Loss,
            ValidationLoss = double.NaN,
            ValidationAccuracy = double.NaN,
            SamplesPerSecond = _run.SamplesDone / Stopwatch.GetElapsedTime(_epochStarted).TotalSeconds,
            Remaining = finished == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_started) * (remaining / finished),
        };
    }
}
