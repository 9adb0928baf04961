using System.Diagnostics;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>One run of <see cref="TrainingExtensions.Fit"/>.</summary>
internal sealed class Trainer
{
    private const long MillisecondsBetweenReports = 100;

    private readonly ITrainableNetwork _network;
    private readonly Dataset _data;
    private readonly int _epochs;
    private readonly IProgress<EpochProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly SampleReader _reader;
    private readonly Evaluator? _validator;
    private readonly int[] _order;
    private readonly WeightSnapshot? _best;

    /// <summary>The weights at an epoch's start whose first step then had a finite loss.</summary>
    private WeightSnapshot _good;

    /// <summary>The weights at this epoch's start, of which that is not known yet.</summary>
    private WeightSnapshot _candidate;

    private Xoshiro256 _random;
    private readonly long _started;
    private long _epochStarted;
    private long _nextReport;

    public Trainer(
        ITrainableNetwork network,
        Dataset data,
        int epochs,
        Dataset? validation,
        IProgress<EpochProgress>? progress,
        int seed,
        CancellationToken cancellationToken)
    {
        (_network, _data, _epochs, _progress, _cancellationToken) = (network, data, epochs, progress, cancellationToken);
        _reader = new SampleReader(network, data, Math.Min(network.BatchSize, data.Count), nameof(data));
        _validator = validation is null ? null : new Evaluator(network, validation, nameof(validation), [], "");
        _order = new int[data.Count];
        for (var i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        _random = new Xoshiro256(seed);
        _good = new WeightSnapshot(network);
        _candidate = new WeightSnapshot(network);
        _best = validation is null || !cancellationToken.CanBeCanceled ? null : new WeightSnapshot(network);
        _started = Stopwatch.GetTimestamp();
    }

    public History Run()
    {
        var results = new List<EpochResult>();
        var bestLoss = double.PositiveInfinity;
        _good.Take();
        _candidate.Take();
        for (var epoch = 1; epoch <= _epochs; epoch++)
        {
            if (RunEpoch(epoch) is not { } result)
            {
                if (double.IsFinite(bestLoss))
                {
                    _best?.Restore();
                }

                return new History(results, cancelled: true, Stopwatch.GetElapsedTime(_started));
            }

            results.Add(result);
            if (result.ValidationLoss < bestLoss)
            {
                bestLoss = result.ValidationLoss;
                _best?.Take();
            }
        }

        return new History(results, cancelled: false, Stopwatch.GetElapsedTime(_started));
    }

    /// <returns>Null when training was cancelled before the epoch's end.</returns>
    private EpochResult? RunEpoch(int epoch)
    {
        _epochStarted = Stopwatch.GetTimestamp();
        _random.Shuffle(_order);
        var batchSize = _network.BatchSize;
        var (done, batch, lossSum, loss) = (0, 0, 0.0, 0f);
        while (done < _order.Length)
        {
            if (_cancellationToken.IsCancellationRequested)
            {
                Report(epoch, done, lossSum, stopped: true);
                return null;
            }

            batch++;
            var rows = Math.Min(batchSize, _order.Length - done);
            var after = done + rows;
            _reader.Read(_order.AsMemory(done, rows), _order.AsMemory(after, Math.Min(batchSize, _order.Length - after)));
            loss = Step();
            if (!float.IsFinite(loss))
            {
                Diverge("The loss became", epoch, batch, loss, done, lossSum);
            }

            if (batch == 1)
            {
                (_good, _candidate) = (_candidate, _good);
            }

            lossSum += (double)loss * rows;
            done = after;
            if (_progress is not null && done < _order.Length && Environment.TickCount64 >= _nextReport)
            {
                Report(epoch, done, lossSum);
            }
        }

        // The last update has had no loss to be judged by: its weights at least must be finite.
        _candidate.Take();
        if (_candidate.FirstNotFinite() is { } name)
        {
            Diverge($"Numbers of {name} became NaN or infinite, the loss before was", epoch, batch, loss, done, lossSum);
        }

        return Finish(epoch, batch, lossSum);
    }

    /// <summary>A step on what was read; generated networks take the inputs without a copy in between.</summary>
    private float Step() => (_reader.Kind, _network) switch
    {
        (TargetKind.Labels, ITrainsOnRows<int> network) => network.TrainRows(_reader, _reader.Labels),
        (TargetKind.Labels, _) => ((IClassifierNetwork)_network).TrainBatch(_reader.GatherInputs(), _reader.Labels),
        (_, ITrainsOnRows<float> network) => network.TrainRows(_reader, _reader.Targets),
        _ => _network.TrainBatch(_reader.GatherInputs(), _reader.Targets),
    };

    /// <summary>Validates and reports.</summary>
    private EpochResult? Finish(int epoch, int batches, double lossSum)
    {
        var seconds = Stopwatch.GetElapsedTime(_epochStarted).TotalSeconds;
        var (validationLoss, validationAccuracy) = (double.NaN, double.NaN);
        if (_validator is not null)
        {
            if (_cancellationToken.IsCancellationRequested)
            {
                Report(epoch, _order.Length, lossSum, stopped: true);
                return null;
            }

            var evaluation = _validator.Run();
            (validationLoss, validationAccuracy) = (evaluation.Loss, evaluation.Accuracy);
            if (!double.IsFinite(validationLoss))
            {
                Diverge("The validation loss became", epoch, batches, validationLoss, _order.Length, lossSum);
            }
        }

        var result = new EpochResult(
            epoch, lossSum / _data.Count, validationLoss, validationAccuracy, _data.Count / seconds, Stopwatch.GetElapsedTime(_epochStarted));
        _progress?.Report(Progress(epoch, _data.Count, lossSum) with
        {
            ValidationLoss = validationLoss,
            ValidationAccuracy = validationAccuracy,
            SamplesPerSecond = result.SamplesPerSecond,
            IsDone = true,
        });
        return result;
    }

    private void Diverge(string what, int epoch, int batch, double loss, int done, double lossSum)
    {
        _good.Restore();
        Report(epoch, done, lossSum, stopped: true);
        throw new TrainingDivergedException(Text.Of($"{what} {loss}"), epoch, batch, loss);
    }

    private void Report(int epoch, int done, double lossSum, bool stopped = false)
    {
        _nextReport = Environment.TickCount64 + MillisecondsBetweenReports;
        _progress?.Report(Progress(epoch, done, lossSum) with { IsStopped = stopped });
    }

    private EpochProgress Progress(int epoch, int done, double lossSum)
    {
        var finished = (double)_data.Count * (epoch - 1) + done;
        var remaining = (double)_data.Count * _epochs - finished;
        return new EpochProgress
        {
            Epoch = epoch,
            Epochs = _epochs,
            Samples = done,
            TotalSamples = _data.Count,
            Loss = lossSum / done,
            ValidationLoss = double.NaN,
            ValidationAccuracy = double.NaN,
            SamplesPerSecond = done / Stopwatch.GetElapsedTime(_epochStarted).TotalSeconds,
            Remaining = finished == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_started) * (remaining / finished),
        };
    }
}
