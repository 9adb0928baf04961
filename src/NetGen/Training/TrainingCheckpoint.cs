namespace NetGen;

/// <summary>Writes and reads checkpoints of one training.</summary>
internal sealed class TrainingCheckpoint
{
    private const string OrderName = "training/order";
    private const string HistoryName = "training/history";
    private const string BestPrefix = "best/";
    private const int FixedColumns = 7;

    private readonly ITrainableNetwork _network;
    private readonly DatasetSource _source;
    private readonly FitOptions _options;
    private readonly (string Key, string Value)[] _settings;

    /// <summary>Takes the settings of the training that begins.</summary>
    public TrainingCheckpoint(ITrainableNetwork network, DatasetSource source, Dataset data, FitOptions options)
    {
        (_network, _source, _options) = (network, source, options);
        _settings = [.. TrainingSettings.Of(network, data, options)];
    }

    private string Path => _options.Checkpoint!.Path;

    /// <summary>The file to go on from; null to start from the beginning.</summary>
    /// <exception cref="InvalidDataException">It does not fit.</exception>
    /// <exception cref="DirectoryNotFoundException">Its folder is not there.</exception>
    public CheckpointFile? Open()
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path));
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder of the checkpoint {Path} must be there, but is not.");
        }

        AtomicFile.DeleteLeftovers(Path);
        if (!_options.Checkpoint!.Resume || !File.Exists(Path))
        {
            return null;
        }

        var file = CheckpointFile.Read(Path);
        TrainingSettings.Compare(file, _settings);
        return file;
    }

    public void Write(TrainingRun run, WeightSnapshot? best, double bestLoss, TimeSpan elapsed, TimeSpan epochElapsed)
    {
        var file = new CheckpointFile(Path);
        foreach (var tensor in Tensors())
        {
            file.Set(tensor.Name, tensor.Shape, tensor.ToArray());
        }

        foreach (var (key, value) in _settings)
        {
            file.Set(key, value);
        }

        file.Set("network_seed", _network.Seed);
        file.Set("step_count", _network.StepCount);
        file.Set("current_learning_rate", _network.LearningRate);
        file.Set("epoch", run.Epoch);
        file.Set("batch", run.Batch);
        file.Set("step", run.Step);
        file.Set("loss_sum", run.LossSum);
        file.Set("batch_loss", run.BatchLoss);
        file.Set("stopped", run.IsStopped ? 1 : 0);
        file.Set("elapsed_ticks", elapsed.Ticks);
        file.Set("epoch_elapsed_ticks", epochElapsed.Ticks);
        file.Set("random_state", _source.RandomState);
        file.Set(OrderName, _source.Order);
        file.Set(HistoryName, [.. run.Results.SelectMany(Numbers)]);
        if (best is not null && double.IsFinite(bestLoss))
        {
            file.Set("best_loss", bestLoss);
            foreach (var (tensor, copy) in best.Tensors)
            {
                file.Set(BestPrefix + tensor.Name, tensor.Shape, copy);
            }
        }

        for (var i = 0; i < _options.Callbacks.Count; i++)
        {
            var state = new CallbackState();
            _options.Callbacks[i].SaveState(state);
            Write(file, CallbackPrefix(i), state);
        }

        file.Write();
    }

    /// <summary>Puts everything back but the callbacks' states. All of it is read and checked first.</summary>
    /// <returns>The lowest validation loss, whose weights <paramref name="best"/> then holds, and the times taken.</returns>
    public (double BestLoss, TimeSpan Elapsed, TimeSpan EpochElapsed) Restore(CheckpointFile file, TrainingRun run, WeightSnapshot? best)
    {
        var tensors = Tensors();
        var numbers = tensors.ConvertAll(tensor => file.Singles(tensor.Name, tensor.Shape));
        var bestLoss = best is null || file.TryText("best_loss") is null ? double.PositiveInfinity : file.Double("best_loss");
        var bestNumbers = double.IsFinite(bestLoss)
            ? best!.Tensors.Select(pair => file.Singles(BestPrefix + pair.Tensor.Name, pair.Tensor.Shape)).ToArray()
            : [];
        var results = Results(file);
        var (epoch, batch, step) = (file.Int32("epoch"), file.Int32("batch"), file.Int64("step"));
        var (seed, stepCount, rate) = (file.Int32("network_seed"), file.Int64("step_count"), file.Double("current_learning_rate"));
        var (lossSum, batchLoss, stopped) = (file.Double("loss_sum"), file.Double("batch_loss"), file.Int64("stopped") != 0);
        var times = (TimeSpan.FromTicks(file.Int64("elapsed_ticks")), TimeSpan.FromTicks(file.Int64("epoch_elapsed_ticks")));
        if (epoch < 0 || batch < 0 || batch > _source.Batches || step < 0 || stepCount < 0 || results.Count > epoch || results.Count < epoch - 1)
        {
            throw file.Wrong(Text.Of($"it stands at epoch {epoch}, batch {batch}, step {step}, with {results.Count} results"));
        }

        if (epoch > _options.Epochs)
        {
            throw file.Wrong(Text.Of($"it stands in epoch {epoch}, but {_options.Epochs} epochs are asked for"));
        }

        _source.Restore(file, OrderName, "random_state");
        for (var i = 0; i < tensors.Count; i++)
        {
            tensors[i].CopyFrom(numbers[i]);
        }

        (_network.Seed, _network.StepCount, _network.LearningRate) = (seed, stepCount, (float)rate);
        foreach (var (copy, source) in (best?.Tensors ?? []).Select(pair => pair.Copy).Zip(bestNumbers))
        {
            source.CopyTo(copy, 0);
        }

        run.Restore(epoch, batch, step, (int)Math.Min((long)batch * _network.BatchSize, _source.Samples), lossSum, batchLoss, results);
        if (stopped)
        {
            run.Stop();
        }

        return (bestLoss, times.Item1, times.Item2);
    }

    /// <summary>Gives each callback its state.</summary>
    public void RestoreCallbacks(CheckpointFile file)
    {
        for (var i = 0; i < _options.Callbacks.Count; i++)
        {
            _options.Callbacks[i].LoadState(Read(file, CallbackPrefix(i)));
        }
    }

    private static string CallbackPrefix(int index) => Text.Of($"callback{index}/");

    private static void Write(CheckpointFile file, string prefix, CallbackState state)
    {
        foreach (var (key, text) in state.Texts)
        {
            file.Set(prefix + key, text);
        }

        foreach (var (key, numbers) in state.Numbers)
        {
            file.Set(prefix + key, numbers);
        }

        foreach (var (key, weights) in state.Weights)
        {
            file.Set(prefix + key, [weights.Length], weights);
        }
    }

    private static CallbackState Read(CheckpointFile file, string prefix)
    {
        var state = new CallbackState();
        foreach (var key in file.TextKeys.Where(IsIts))
        {
            state.Texts[key[prefix.Length..]] = file.Text(key);
        }

        foreach (var name in file.TensorNames.Where(IsIts))
        {
            if (file.IsDoubles(name))
            {
                state.Numbers[name[prefix.Length..]] = file.Doubles(name);
            }
            else
            {
                state.Weights[name[prefix.Length..]] = file.Singles(name);
            }
        }

        return state;

        bool IsIts(string key) => key.StartsWith(prefix, StringComparison.Ordinal);
    }

    private List<Parameter> Tensors() => [.. _network.Parameters, .. _network.Buffers, .. _network.OptimizerState];

    private static IEnumerable<double> Numbers(EpochResult result) =>
    [
        result.Epoch, result.Loss, result.ValidationLoss, result.ValidationAccuracy, result.SamplesPerSecond, result.Elapsed.Ticks,
        result.LearningRate, .. result.Metrics.Values, .. result.TrainingMetrics.Values,
    ];

    private List<EpochResult> Results(CheckpointFile file)
    {
        var names = _options.Metrics.Select(metric => metric.Name).ToArray();
        var (onValidation, onTraining) = (_options.Validation is null ? [] : names, _options.MetricsOnTrainingData ? names : []);
        var columns = FixedColumns + onValidation.Length + onTraining.Length;
        var numbers = file.Doubles(HistoryName);
        if (numbers.Length % columns != 0)
        {
            throw file.Wrong(Text.Of($"its history must hold rows of {columns} numbers, but has {numbers.Length}"));
        }

        return [.. numbers.Chunk(columns).Select(row => new EpochResult((int)row[0], row[1], row[2], row[3], row[4], TimeSpan.FromTicks((long)row[5]))
        {
            LearningRate = row[6],
            Metrics = new MetricValues(onValidation, row[FixedColumns..(FixedColumns + onValidation.Length)]),
            TrainingMetrics = new MetricValues(onTraining, row[(FixedColumns + onValidation.Length)..]),
        })];
    }
}
