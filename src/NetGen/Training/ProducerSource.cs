namespace NetGen;

/// <summary>Samples that are made for each step, in buffers that are taken once.</summary>
internal sealed class ProducerSource : IBatchSource
{
    private readonly ITrainableNetwork _network;
    private readonly BatchProducer? _producer;
    private readonly LabeledBatchProducer? _labeledProducer;
    private readonly float[] _inputs;
    private readonly float[] _targets;
    private readonly int[] _labels;
    private bool _hasRead;

    public ProducerSource(ITrainableNetwork network, BatchProducer producer, int batches)
        : this(network, batches, labeled: false) => _producer = producer;

    public ProducerSource(IClassifierNetwork network, LabeledBatchProducer producer, int batches)
        : this(network, batches, labeled: true) => _labeledProducer = producer;

    private ProducerSource(ITrainableNetwork network, int batches, bool labeled)
    {
        var largest = int.MaxValue / network.BatchSize;
        if (batches < 1 || batches > largest)
        {
            throw new ArgumentOutOfRangeException(nameof(batches), batches, Text.Of($"batches must be from 1 to {largest}, but is {batches}."));
        }

        (_network, Batches) = (network, batches);
        _inputs = new float[Checked.Size(network.BatchSize, network.InputSize, "A batch")];
        _targets = labeled ? [] : new float[Checked.Size(network.BatchSize, network.TargetSize, "A batch")];
        _labels = labeled ? new int[network.BatchSize] : [];
    }

    public int Batches { get; }

    public int Samples => Batches * _network.BatchSize;

    public void BeginEpoch()
    {
    }

    public int Read(int batch)
    {
        _producer?.Invoke(_inputs, _targets);
        _labeledProducer?.Invoke(_inputs, _labels);
        _hasRead = true;
        return _network.BatchSize;
    }

    public float Step() => _labeledProducer is null
        ? _network.TrainBatch(_inputs, _targets)
        : ((IClassifierNetwork)_network).TrainBatch(_inputs, _labels);

    public float ComputeGradients(Gradients into)
    {
        if (!_hasRead)
        {
            throw new InvalidOperationException("There has been no step yet whose samples could have gradients.");
        }

        return _labeledProducer is null
            ? _network.ComputeGradients(_inputs, _targets, into)
            : ((IClassifierNetwork)_network).ComputeGradients(_inputs, _labels, into);
    }
}
