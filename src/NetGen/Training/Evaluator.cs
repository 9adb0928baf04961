namespace NetGen;

/// <summary>Predicts a data set chunk by chunk and compares; its buffers serve every run.</summary>
internal sealed class Evaluator
{
    private const int ChunkSize = 1024;
    private const int LargestMatrix = 1024;

    private readonly INetwork _network;
    private readonly Dataset _data;
    private readonly IReadOnlyList<Metric> _metrics;
    private readonly Predictions _predictions;
    private readonly SampleReader _reader;
    private readonly int[] _rows;
    private readonly float[] _outputs;
    private readonly float[] _means;
    private readonly bool _isRegression;
    private readonly IReadOnlyList<OutputJudge> _judges;

    /// <summary>Checks that everything fits and takes the buffers; metrics need room for all predictions, without them a chunk suffices.</summary>
    public Evaluator(INetwork network, Dataset data, string argument, IReadOnlyList<Metric> metrics, string metricsArgument)
    {
        (_network, _data, _metrics) = (network, data, metrics);
        _rows = new int[Math.Min(ChunkSize, data.Count)];
        _reader = new SampleReader(network, data, _rows.Length, argument);
        _predictions = new Predictions(network, data);
        Metric.Check(metrics, _predictions, metricsArgument);
        _outputs = new float[Checked.Size(_rows.Length, network.OutputSize, "A chunk of predictions")];
        _means = _predictions.HasMeans ? new float[_rows.Length * _predictions.TargetSize] : [];
        _judges = _predictions.HasSeveralLosses ? [.. ((ITrainableNetwork)network).Losses.Select(loss => new OutputJudge(loss))] : [];
        _isRegression = !_predictions.HasClasses && !_predictions.HasSeveralLosses && (network is not ITrainableNetwork || !_predictions.HasProbabilities);
    }

    public Evaluation Run()
    {
        var (lossSum, correct) = (0.0, 0);
        var matrix = _predictions.HasClasses && _predictions.Classes <= LargestMatrix ? new ConfusionMatrix(_predictions.Classes) : null;
        foreach (var judge in _judges)
        {
            judge.Reset();
        }

        var residuals = new double[_isRegression ? _predictions.TargetSize : 0];
        for (var start = 0; start < _data.Count; start += _rows.Length)
        {
            var count = Math.Min(_rows.Length, _data.Count - start);
            for (var i = 0; i < count; i++)
            {
                _rows[i] = start + i;
            }

            _reader.Read(_rows.AsMemory(0, count));
            var outputs = _outputs.AsSpan(0, count * _network.OutputSize);
            _network.Predict(_reader.GatherInputs(), outputs);
            lossSum += MeanLoss(outputs) * count;
            foreach (var judge in _judges)
            {
                judge.Add(outputs, _reader.Targets, _network.OutputSize, _predictions.TargetSize);
            }

            for (var i = 0; _predictions.HasClasses && i < count; i++)
            {
                var (actual, predicted) = (ActualClass(i), _predictions.ClassOf(Row(outputs, i)));
                correct += actual == predicted ? 1 : 0;
                matrix?.Add(actual, predicted);
            }

            if (_isRegression)
            {
                Metrics.AddSquares(residuals, Means(outputs), _reader.Targets);
            }

            if (_metrics.Count > 0)
            {
                _predictions.Set(start, outputs);
            }
        }

        return new Evaluation(
            lossSum / _data.Count,
            _predictions.HasClasses ? (double)correct / _data.Count : double.NaN,
            matrix,
            _isRegression ? Metrics.RSquared(residuals, _data.Targets) : double.NaN,
            new MetricValues(_metrics.Select(metric => metric.Name), [.. _metrics.Select(metric => metric.Compute(_predictions))]))
        {
            Outputs = [.. _judges.Select(judge => judge.Result)],
        };
    }

    private double MeanLoss(ReadOnlySpan<float> outputs) => _network switch
    {
        IClassifierNetwork classifier when _reader.Kind == TargetKind.Labels => classifier.ComputeLoss(outputs, _reader.Labels),
        ITrainableNetwork trainable => trainable.ComputeLoss(outputs, _reader.Targets),
        _ => double.NaN,
    };

    private ReadOnlySpan<float> Means(ReadOnlySpan<float> outputs)
    {
        if (!_predictions.HasMeans)
        {
            return outputs;
        }

        var means = _means.AsSpan(0, outputs.Length / _network.OutputSize * _predictions.TargetSize);
        _predictions.ToMeans(outputs, means);
        return means;
    }

    private ReadOnlySpan<float> Row(ReadOnlySpan<float> rows, int index) => rows.Slice(index * _network.OutputSize, _network.OutputSize);

    private int ActualClass(int index) =>
        _data.HasLabels ? _reader.Labels[index] : Predictions.ClassOfTargets(Row(_reader.Targets, index));
}
