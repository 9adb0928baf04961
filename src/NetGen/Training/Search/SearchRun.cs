using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace NetGen;

/// <summary>One run of a search.</summary>
internal sealed class SearchRun(
    Search search,
    IReadOnlyList<HyperParameter> parameters,
    List<(int Seed, double[] Values)> choices,
    (Dataset Train, Dataset Validation)[] folds,
    Func<Trial, ITrainableNetwork> network,
    Func<Trial, FitOptions> options,
    CancellationToken cancellationToken)
{
    private readonly bool _higherIsBetter = search.Score?.HigherIsBetter ?? false;
    private readonly Outcome?[] _outcomes = new Outcome?[checked(choices.Count * folds.Length)];
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private int _done;
    private double _best = double.NaN;

    private sealed record Outcome(double Score, string? Failure, TimeSpan Elapsed);

    public SearchResult Run()
    {
        try
        {
            var limits = new ParallelOptions { MaxDegreeOfParallelism = search.Cores, CancellationToken = cancellationToken };
            Parallel.For(0, _outcomes.Length, limits, job => NetworkThreads.RunAlone(() => Run(job)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is done is the result.
        }
        catch (AggregateException errors)
        {
            // A delegate's own error comes out as it was thrown.
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }

        var trials = Enumerable.Range(0, choices.Count).Select(Result).OfType<TrialResult>().ToList();
        return new SearchResult(
            parameters.Select(parameter => parameter.Name),
            Monitored.Name(search.Score),
            _higherIsBetter,
            trials,
            trials.Count < choices.Count,
            Stopwatch.GetElapsedTime(_started));
    }

    private void Run(int job)
    {
        var (index, fold) = Math.DivRem(job, folds.Length);
        var (seed, values) = choices[index];
        var (train, validation) = folds[fold];
        var trial = new Trial(index, seed, parameters, values, fold, train, validation);
        var started = Stopwatch.GetTimestamp();
        var (score, failure) = (double.NaN, (string?)null);
        try
        {
            var trained = network(trial) ?? throw new InvalidOperationException($"network made no network for {trial}.");
            if (trained.Fit(train, options(trial), cancellationToken).Cancelled)
            {
                return;
            }

            var evaluation = search.Score is null ? trained.Evaluate(validation) : trained.Evaluate(validation, search.Score);
            score = search.Score is null ? evaluation.Loss : evaluation.Metrics[search.Score];
        }
        catch (TrainingDivergedException e)
        {
            failure = e.Message;
        }

        lock (_lock)
        {
            _outcomes[job] = new(score, failure, Stopwatch.GetElapsedTime(started));
            _done++;
            if (Result(index) is { } result && Metric.IsBetter(result.Score, _best, _higherIsBetter))
            {
                _best = result.Score;
            }

            search.Progress?.Report(new(_done, _outcomes.Length, _best, Stopwatch.GetElapsedTime(_started)));
        }
    }

    /// <summary>The result of a choice; null until all of its folds are done.</summary>
    private TrialResult? Result(int index)
    {
        var outcomes = _outcomes.AsSpan(index * folds.Length, folds.Length).ToArray();
        return outcomes.Contains(null)
            ? null
            : new TrialResult(
                index,
                choices[index].Seed,
                parameters.Select((parameter, i) => KeyValuePair.Create(parameter.Name, parameter.Describe(choices[index].Values[i]))),
                Array.ConvertAll(outcomes, outcome => outcome!.Score),
                outcomes.FirstOrDefault(outcome => outcome!.Failure is not null)?.Failure,
                outcomes.Aggregate(TimeSpan.Zero, (sum, outcome) => sum + outcome!.Elapsed));
    }
}
