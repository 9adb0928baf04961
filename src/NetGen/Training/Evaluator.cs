namespace NetGen;

/// <summary>Predicts a data set chunk by chunk and compares; its buffers serve every run.</summary>
internal sealed class Evaluator
{
    private const int ChunkSize = 1024;
    private const int LargestMatrix = 1024;

    private readonly INetwork _network;
    private readonly Dataset _data;
    private readonly SampleReader _reader;
    private readonly int[] _rows;
    private readonly float[] _outputs;
    private readonly bool _hasClasses;
    private readonly bool _isRegression;
    private readonly float _threshold;

    public Evaluator(INetwork network, Dataset data, string argument)
    {
        (_network, _data) = (network, data);
        _rows = new int[Math.Min(ChunkSize, data.Count)];
        _reader = new SampleReader(network, data, _rows.Length, argument);
        _outputs = new float[Checked.Size(_rows.Length, network.OutputSize, "A chunk of predictions")];
        var loss = (network as ITrainableNetwork)?.Loss;
        _hasClasses = data.HasLabels || StandForClasses(data, loss);
        _isRegression = !_hasClasses
            && loss is not (Loss.SoftmaxCrossEntropy or Loss.CrossEntropy or Loss.SigmoidCrossEntropy or Loss.BinaryCrossEntropy);

        // A single output says yes or no; the single class of a network that compares classes is class 0 always.
        _threshold = network is IClassifierNetwork ? float.PositiveInfinity : loss == Loss.SigmoidCrossEntropy ? 0 : 0.5f;
    }

    public Evaluation Run()
    {
        var (lossSum, correct) = (0.0, 0);
        var classes = Math.Max(2, _network.OutputSize);
        var matrix = _hasClasses && classes <= LargestMatrix ? new ConfusionMatrix(classes) : null;
        var residuals = new double[_isRegression ? _network.OutputSize : 0];
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
            for (var i = 0; _hasClasses && i < count; i++)
            {
                var (actual, predicted) = (ActualClass(i), Class(Row(outputs, i), _threshold));
                correct += actual == predicted ? 1 : 0;
                matrix?.Add(actual, predicted);
            }

            if (_isRegression)
            {
                AddSquares(residuals, outputs, _reader.Targets);
            }
        }

        return new Evaluation(
            lossSum / _data.Count,
            _hasClasses ? (double)correct / _data.Count : double.NaN,
            matrix,
            _isRegression ? RSquared(residuals) : double.NaN);
    }

    private double MeanLoss(ReadOnlySpan<float> outputs) => _network switch
    {
        IClassifierNetwork classifier when _reader.Kind == TargetKind.Labels => classifier.ComputeLoss(outputs, _reader.Labels),
        ITrainableNetwork trainable => trainable.ComputeLoss(outputs, _reader.Targets),
        _ => double.NaN,
    };

    private ReadOnlySpan<float> Row(ReadOnlySpan<float> rows, int index) => rows.Slice(index * _network.OutputSize, _network.OutputSize);

    private int ActualClass(int index) => _data.HasLabels ? _reader.Labels[index] : Class(Row(_reader.Targets, index), 0.5f);

    /// <summary>The largest number's place (the first of equals); for a single number, whether it lies above a threshold.</summary>
    private static int Class(ReadOnlySpan<float> row, float threshold)
    {
        if (row.Length == 1)
        {
            return row[0] > threshold ? 1 : 0;
        }

        var largest = 0;
        for (var i = 1; i < row.Length; i++)
        {
            largest = row[i] > row[largest] ? i : largest;
        }

        return largest;
    }

    /// <summary>Whether targets mean classes: those of a loss over classes, 0 and 1 for one yes-or-no output, or one-hot rows.</summary>
    private static bool StandForClasses(Dataset data, Loss? loss)
    {
        if (data.TargetSize == 1)
        {
            return loss is Loss.SigmoidCrossEntropy or Loss.BinaryCrossEntropy
                && data.Targets.IndexOfAnyExcept(0, 1) < 0;
        }

        if (loss is Loss.SoftmaxCrossEntropy or Loss.CrossEntropy)
        {
            return true;
        }

        for (var i = 0; i < data.Count; i++)
        {
            var row = data.TargetRow(i);
            if (row.Count(1f) != 1 || row.Count(0f) != row.Length - 1)
            {
                return false;
            }
        }

        return true;
    }

    private static void AddSquares(Span<double> sums, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            var difference = (double)outputs[i] - targets[i];
            sums[i % sums.Length] += difference * difference;
        }
    }

    private double RSquared(ReadOnlySpan<double> residuals)
    {
        var targets = _data.Targets;
        var sum = 0.0;
        for (var output = 0; output < residuals.Length; output++)
        {
            var mean = 0.0;
            for (var i = output; i < targets.Length; i += residuals.Length)
            {
                mean += targets[i];
            }

            mean /= _data.Count;
            var (variation, constant) = (0.0, true);
            for (var i = output; i < targets.Length; i += residuals.Length)
            {
                variation += (targets[i] - mean) * (targets[i] - mean);
                constant &= targets[i] == targets[output];
            }

            sum += constant ? (residuals[output] == 0 ? 1 : 0) : 1 - residuals[output] / variation;
        }

        return sum / residuals.Length;
    }
}
