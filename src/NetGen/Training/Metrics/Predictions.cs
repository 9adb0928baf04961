using NetGen.CompilerServices;

namespace NetGen;

/// <summary>What a network predicted for all samples of a data set, beside what they are: what a <see cref="Metric"/> sees.</summary>
public sealed class Predictions
{
    private readonly Dataset _data;
    private readonly Loss? _loss;
    private readonly IReadOnlyList<OutputLoss> _losses;
    private readonly bool _isClassifier;
    private readonly Lazy<float[]> _outputs;
    private readonly Lazy<int[]> _labels;
    private readonly Lazy<float[]> _targets;
    private readonly float _threshold;
    private float[]? _probabilities;
    private float[]? _means;
    private int[]? _predicted;

    internal Predictions(INetwork network, Dataset data)
    {
        (_data, OutputSize, TargetSize) = (data, network.OutputSize, SampleReader.TargetSizeOf(network));
        _loss = (network as ITrainableNetwork)?.Loss;
        _losses = (network as ITrainableNetwork)?.Losses ?? [];
        _isClassifier = network is IClassifierNetwork;
        HasClasses = data.HasLabels || StandForClasses(data, _loss);

        // A single output says yes or no; the single class of a network that compares classes is class 0 always.
        _threshold = _isClassifier ? float.PositiveInfinity : _loss == Loss.SigmoidCrossEntropy || LossFunctions.IsHinge(_loss) ? 0 : 0.5f;
        _outputs = new(() => new float[Checked.Size(data.Count, OutputSize, "The predictions")]);
        _labels = new(FindLabels);
        _targets = new(() => OneHotRows());
    }

    /// <summary>The count of samples.</summary>
    public int Count => _data.Count;

    /// <summary>The numbers of one prediction.</summary>
    public int OutputSize { get; }

    /// <summary>The numbers of one row of targets: <see cref="OutputSize"/>, or half of it where two outputs belong to each target.</summary>
    public int TargetSize { get; }

    /// <summary>The predictions as the network gave them: <see cref="Count"/> rows of <see cref="OutputSize"/> numbers.</summary>
    public ReadOnlySpan<float> Outputs => _outputs.Value;

    /// <summary>
    /// The predictions as probabilities: of a network trained by <see cref="Loss.SoftmaxCrossEntropy"/> the softmax of each row of
    /// <see cref="Outputs"/>, by <see cref="Loss.SigmoidCrossEntropy"/> the sigmoid of each number; else the outputs as they are.
    /// </summary>
    public ReadOnlySpan<float> Probabilities => _probabilities ??= ToProbabilities();

    /// <summary>
    /// What the network expects of each target: <see cref="Count"/> rows of <see cref="TargetSize"/> numbers. Of a network trained by
    /// <see cref="Loss.GaussianNLL"/> the means, by <see cref="Loss.NegativeBinomial"/> e to their logarithms; of several outputs those that have a
    /// loss, in the order of the losses; else the outputs as they are.
    /// </summary>
    public ReadOnlySpan<float> Means
    {
        get
        {
            if (!HasMeans)
            {
                return Outputs;
            }

            if (_means is null)
            {
                _means = new float[Checked.Size(Count, TargetSize, "The means")];
                ToMeans(Outputs, _means);
            }

            return _means;
        }
    }

    /// <summary>Whether the samples have classes, as labels or as targets that stand for them.</summary>
    public bool HasClasses { get; }

    /// <summary>The count of classes: of outputs, or 2 for a single output.</summary>
    public int Classes => Math.Max(2, OutputSize);

    /// <summary>The class of each sample.</summary>
    /// <exception cref="InvalidOperationException">The samples have none: <see cref="HasClasses"/>.</exception>
    public ReadOnlySpan<int> Labels => _labels.Value;

    /// <summary>The class found for each sample: the largest output, or for a single output whether it lies above the threshold.</summary>
    public ReadOnlySpan<int> PredictedClasses => _predicted ??= FindClasses();

    /// <summary>What the network is compared with: <see cref="Count"/> rows of <see cref="TargetSize"/> numbers; for labels one-hot rows, with −1 in place of 0 where the loss is a hinge.</summary>
    public ReadOnlySpan<float> Targets => _data.HasLabels ? _targets.Value : _data.Targets;

    /// <summary>Whether <see cref="Probabilities"/> are known to be some.</summary>
    internal bool HasProbabilities =>
        _loss is null or Loss.SoftmaxCrossEntropy or Loss.CrossEntropy or Loss.SigmoidCrossEntropy or Loss.BinaryCrossEntropy;

    /// <summary>Whether outputs and what they are compared with do not stand alike.</summary>
    internal bool HasMeans => HasSeveralLosses || LossFunctions.IsOfPairs(_loss);

    /// <summary>Whether outputs have losses of their own: then there are no classes or numbers of the whole prediction.</summary>
    internal bool HasSeveralLosses => _loss == Loss.WeightedSum;

    /// <summary>Takes the means out of rows of outputs.</summary>
    internal void ToMeans(ReadOnlySpan<float> outputs, Span<float> means)
    {
        for (var row = 0; row < means.Length / TargetSize; row++)
        {
            foreach (var loss in _losses)
            {
                for (var i = 0; i < loss.TargetSize; i++)
                {
                    var mean = outputs[row * OutputSize + loss.FirstOutput + i];
                    means[row * TargetSize + loss.FirstTarget + i] = loss.Loss == Loss.NegativeBinomial ? (float)Math.Exp(mean) : mean;
                }
            }
        }
    }

    /// <summary>The class that a row says: its largest number's place (the first of equals); for a single number, whether it lies above the threshold.</summary>
    internal int ClassOf(ReadOnlySpan<float> row) => Class(row, _threshold);

    /// <summary>The class that a row of targets says.</summary>
    internal static int ClassOfTargets(ReadOnlySpan<float> row) => Class(row, 0.5f);

    /// <summary>Takes the outputs of samples from <paramref name="start"/> on; what was made of earlier ones is forgotten.</summary>
    internal void Set(int start, ReadOnlySpan<float> outputs)
    {
        outputs.CopyTo(_outputs.Value.AsSpan(start * OutputSize));
        (_probabilities, _predicted, _means) = (null, null, null);
    }

    internal static int Class(ReadOnlySpan<float> row, float threshold)
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

    /// <summary>Whether targets mean classes: those of a loss over classes, 0 and 1 for one yes-or-no output (of a hinge −1 and 1), or one-hot rows.</summary>
    private static bool StandForClasses(Dataset data, Loss? loss)
    {
        if (LossFunctions.IsOfPairs(loss) || loss == Loss.WeightedSum)
        {
            return false;
        }

        var no = LossFunctions.IsHinge(loss) ? -1f : 0f;
        if (data.TargetSize == 1)
        {
            return (loss is Loss.SigmoidCrossEntropy or Loss.BinaryCrossEntropy || LossFunctions.IsHinge(loss))
                && data.Targets.IndexOfAnyExcept(no, 1) < 0;
        }

        if (loss is Loss.SoftmaxCrossEntropy or Loss.CrossEntropy)
        {
            return true;
        }

        for (var i = 0; i < data.Count; i++)
        {
            var row = data.TargetRow(i);
            if (row.Count(1f) != 1 || row.Count(no) != row.Length - 1)
            {
                return false;
            }
        }

        return true;
    }

    private int[] FindLabels()
    {
        if (!HasClasses)
        {
            throw new InvalidOperationException("These samples have numbers as targets, not classes.");
        }

        var labels = new int[Count];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = _data.HasLabels ? _data.Labels[i] : ClassOfTargets(_data.TargetRow(i));
        }

        return labels;
    }

    private int[] FindClasses()
    {
        var classes = new int[Count];
        for (var i = 0; i < classes.Length; i++)
        {
            classes[i] = ClassOf(Outputs.Slice(i * OutputSize, OutputSize));
        }

        return classes;
    }

    private float[] OneHotRows()
    {
        var targets = new float[Checked.Size(Count, OutputSize, "The targets")];
        for (var i = 0; i < Count; i++)
        {
            if (OutputSize == 1 && !_isClassifier)
            {
                targets[i] = _data.Labels[i];
            }
            else
            {
                targets[i * OutputSize + _data.Labels[i]] = 1;
            }
        }

        if (LossFunctions.IsHinge(_loss))
        {
            SampleReader.ToSigns(targets);
        }

        return targets;
    }

    private float[] ToProbabilities()
    {
        var probabilities = Outputs.ToArray();
        if (_loss == Loss.SoftmaxCrossEntropy)
        {
            for (var i = 0; i < Count; i++)
            {
                Softmax(probabilities.AsSpan(i * OutputSize, OutputSize));
            }
        }
        else if (_loss == Loss.SigmoidCrossEntropy)
        {
            foreach (ref var z in probabilities.AsSpan())
            {
                z = (float)(1 / (1 + Math.Exp(-(double)z)));
            }
        }

        return probabilities;
    }

    private static void Softmax(Span<float> row)
    {
        var (largest, sum) = (float.NegativeInfinity, 0.0);
        foreach (var z in row)
        {
            largest = MathF.Max(largest, z);
        }

        foreach (var z in row)
        {
            sum += Math.Exp((double)z - largest);
        }

        foreach (ref var z in row)
        {
            z = (float)(Math.Exp((double)z - largest) / sum);
        }
    }
}
