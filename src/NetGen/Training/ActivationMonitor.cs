namespace NetGen;

/// <summary>What a layer gave after an epoch, over all probe samples.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Node">The layer's name.</param>
/// <param name="Mean">The mean of its values.</param>
/// <param name="Deviation">Their standard deviation around it.</param>
/// <param name="DeadShare">
/// For layers that end in a ReLU or ReLU6: the share of neurons, 0 … 1, that give 0 for every probe sample; no gradient reaches their weights
/// from these. Of images it is the share of channels that are 0 everywhere. NaN for others.
/// </param>
public readonly record struct ActivationRecord(int Epoch, string Node, double Mean, double Deviation, double DeadShare);

/// <summary>
/// Records after each epoch what each layer gives for a set of probe samples: mean, spread, and the share of dead rectifiers. Dropout and noise
/// are left out, as in predictions, and reshapes, which change no number. The figures become columns of the <see cref="History"/>: <c>layer1_mean</c>, <c>layer1_deviation</c> and,
/// for rectifiers, <c>layer1_dead</c>.
/// </summary>
public sealed class ActivationMonitor : TrainingCallback
{
    private readonly Dataset _probe;
    private readonly List<ActivationRecord> _records = [];
    private NetworkInspector? _inspector;
    private string[] _names = [];

    /// <summary>A monitor.</summary>
    /// <param name="probe">The samples to look at: some hundred of the validation data, say. Their labels or targets are not looked at.</param>
    public ActivationMonitor(Dataset probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        _probe = probe;
    }

    /// <summary>What was recorded in the last training: for each epoch a record for each layer, in their order.</summary>
    public IReadOnlyList<ActivationRecord> Records => _records;

    /// <inheritdoc/>
    public override IReadOnlyList<HistoryColumn> Columns =>
    [
        .. _names.Select((name, i) => (Name: name, Records: _records.Where((_, place) => place % _names.Length == i).ToArray())).SelectMany(layer =>
            (HistoryColumn[])
            [
                new(layer.Name + "_mean", [.. layer.Records.Select(record => record.Mean)]),
                new(layer.Name + "_deviation", [.. layer.Records.Select(record => record.Deviation)]),
                .. layer.Records.All(record => double.IsNaN(record.DeadShare))
                    ? (HistoryColumn[])[]
                    : [new(layer.Name + "_dead", [.. layer.Records.Select(record => record.DeadShare)])],
            ]),
    ];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The probe samples have another number of inputs than the network.</exception>
    public override void OnTrainStart(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (_probe.InputSize != run.Network.InputSize)
        {
            throw new ArgumentException(
                Text.Of($"The probe of an ActivationMonitor must have {run.Network.InputSize} inputs a sample as the network has, but has {_probe.InputSize}."), nameof(run));
        }

        _records.Clear();
        _inspector = new(run.Network);
        _names = [.. run.Network.Nodes.Where(node => node is not (InputNode or DropoutNode or GaussianNoiseNode or ReshapeNode)).Select(node => node.Name)];
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(run);
        var look = _inspector!.Inspect(_probe.Inputs);
        foreach (var node in run.Network.Nodes.Where(node => _names.Contains(node.Name)))
        {
            var values = look.Values(node.Name);
            var (mean, deviation) = MeanAndDeviation(values);
            _records.Add(new(run.Epoch, node.Name, mean, deviation, IsRectifier(node) ? DeadShare(values, ImageSize.Of(node.Shape)) : double.NaN));
        }
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("records", [.. _records.SelectMany(record => (double[])[record.Epoch, record.Mean, record.Deviation, record.DeadShare])]);
    }

    /// <inheritdoc/>
    public override void LoadState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var i = 0;
        foreach (var row in state.GetNumbers("records").Chunk(4))
        {
            _records.Add(new((int)row[0], _names[i++ % _names.Length], row[1], row[2], row[3]));
        }
    }

    private static bool IsRectifier(NetworkNode node) => node switch
    {
        DenseNode dense => dense.Activation.Kind is Activation.ReLU or Activation.ReLU6,
        ConvolutionNode convolution => convolution.Activation.Kind is Activation.ReLU or Activation.ReLU6,
        TransposedConvolutionNode convolution => convolution.Activation.Kind is Activation.ReLU or Activation.ReLU6,
        ActivationNode activation => activation.Activation.Kind is Activation.ReLU or Activation.ReLU6,
        _ => false,
    };

    private static (double Mean, double Deviation) MeanAndDeviation(float[] values)
    {
        var mean = values.Average(value => (double)value);
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }

    private static double DeadShare(float[] rows, ImageSize size)
    {
        var lives = new bool[size.Channels];
        for (var i = 0; i < rows.Length; i++)
        {
            lives[i / size.Plane % size.Channels] |= !(rows[i] <= 0);
        }

        return lives.Count(alive => !alive) / (double)size.Channels;
    }
}
