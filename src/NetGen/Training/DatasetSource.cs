using NetGen.CompilerServices;

namespace NetGen;

/// <summary>The samples of a data set, in an order drawn anew for each epoch.</summary>
internal sealed class DatasetSource : IBatchSource
{
    private readonly ITrainableNetwork _network;
    private readonly SampleReader _reader;
    private readonly int[] _order;
    private Xoshiro256 _random;

    public DatasetSource(ITrainableNetwork network, Dataset data, int seed, string argument)
    {
        _network = network;
        _reader = new SampleReader(network, data, Math.Min(network.BatchSize, data.Count), argument);
        _order = new int[data.Count];
        for (var i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        _random = new Xoshiro256(seed);
        Batches = (data.Count - 1) / network.BatchSize + 1;
    }

    public int Batches { get; }

    public int Samples => _order.Length;

    public void BeginEpoch() => _random.Shuffle(_order);

    public int Read(int batch)
    {
        var start = batch * _network.BatchSize;
        var rows = Math.Min(_network.BatchSize, _order.Length - start);
        var after = start + rows;
        _reader.Read(_order.AsMemory(start, rows), _order.AsMemory(after, Math.Min(_network.BatchSize, _order.Length - after)));
        return rows;
    }

    /// <summary>Generated networks take the inputs without a copy in between.</summary>
    public float Step() => (_reader.Kind, _network) switch
    {
        (TargetKind.Labels, ITrainsOnRows<int> network) => network.TrainRows(_reader, _reader.Labels),
        (TargetKind.Labels, _) => ((IClassifierNetwork)_network).TrainBatch(_reader.GatherInputs(), _reader.Labels),
        (_, ITrainsOnRows<float> network) => network.TrainRows(_reader, _reader.Targets),
        _ => _network.TrainBatch(_reader.GatherInputs(), _reader.Targets),
    };

    public float ComputeGradients(Gradients into)
    {
        if (_reader.Count == 0)
        {
            throw new InvalidOperationException("There has been no step yet whose samples could have gradients.");
        }

        return _reader.Kind == TargetKind.Labels
            ? ((IClassifierNetwork)_network).ComputeGradients(_reader.GatherInputs(), _reader.Labels, into)
            : _network.ComputeGradients(_reader.GatherInputs(), _reader.Targets, into);
    }
}
