namespace NetGen;

/// <summary>The samples of files, in an order drawn anew for each epoch.</summary>
internal sealed class StreamSource : IBatchSource
{
    private readonly ITrainableNetwork _network;
    private readonly StreamedDataset _data;
    private readonly TargetKind _kind;
    private readonly float[] _inputs;
    private readonly float[] _targets;
    private readonly int[] _labels;

    /// <summary>The samples read last.</summary>
    private int _rows;

    /// <exception cref="ArgumentException">The data does not fit the network, or has more samples than an epoch can count.</exception>
    public StreamSource(ITrainableNetwork network, StreamedDataset data, string argument)
    {
        _kind = SampleReader.Choose(network, data.InputSize, data.TargetSize, data.Classes, argument);
        if (data.Count > int.MaxValue)
        {
            throw new ArgumentException(
                Text.Of($"{argument} must have at most {int.MaxValue} samples, but has {data.Count}: train by Fill and a producer."), argument);
        }

        (_network, _data, Samples) = (network, data, (int)data.Count);
        var capacity = Math.Min(network.BatchSize, Samples);
        _inputs = new float[Checked.Size(capacity, network.InputSize, "A batch")];
        _targets = _kind == TargetKind.Labels ? [] : new float[Checked.Size(capacity, network.TargetSize, "A batch")];
        _labels = _kind == TargetKind.Labels ? new int[capacity] : [];
    }

    public int Batches => _data.Batches(_network.BatchSize);

    public int Samples { get; }

    private Span<float> Inputs => _inputs.AsSpan(0, _rows * _network.InputSize);

    private Span<float> Targets => _targets.AsSpan(0, _rows * _network.TargetSize);

    private Span<int> Labels => _labels.AsSpan(0, _rows);

    public void BeginEpoch() => _data.BeginEpoch();

    public int Read(int batch)
    {
        _rows = Math.Min(_network.BatchSize, Samples - batch * _network.BatchSize);
        if (_kind == TargetKind.Labels)
        {
            _data.FillLabels(Inputs, Labels);
        }
        else
        {
            _data.Fill(Inputs, Targets);
            if (_kind == TargetKind.Sign)
            {
                SampleReader.ToSigns(Targets);
            }
        }

        return _rows;
    }

    public float Step() => _kind == TargetKind.Labels
        ? ((IClassifierNetwork)_network).TrainBatch(Inputs, Labels)
        : _network.TrainBatch(Inputs, Targets);

    public float ComputeGradients(Gradients into)
    {
        if (_rows == 0)
        {
            throw new InvalidOperationException("There has been no step yet whose samples could have gradients.");
        }

        return _kind == TargetKind.Labels
            ? ((IClassifierNetwork)_network).ComputeGradients(Inputs, Labels, into)
            : _network.ComputeGradients(Inputs, Targets, into);
    }
}
