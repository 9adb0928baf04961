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

    /// <summary>The order of the samples in this epoch.</summary>
    public ReadOnlySpan<int> Order => _order;

    /// <summary>Where the next orders come from, as text.</summary>
    public string RandomState
    {
        get
        {
            var (s0, s1, s2, s3) = _random.State;
            return Text.Of($"{s0:x16}{s1:x16}{s2:x16}{s3:x16}");
        }
    }

    /// <summary>Goes on from a checkpoint; both are checked before anything is changed.</summary>
    public void Restore(CheckpointFile file, string orderName, string randomKey)
    {
        var (order, state) = (file.Ints(orderName), file.Text(randomKey));
        var seen = new bool[_order.Length];
        if (order.Length != seen.Length || !Array.TrueForAll(order, row => (uint)row < (uint)seen.Length && !seen[row] && (seen[row] = true)))
        {
            throw file.Wrong(Text.Of($"{orderName} must hold each of {seen.Length} samples once"));
        }

        if (state.Length != 64 || !state.All(char.IsAsciiHexDigit))
        {
            throw file.Wrong($"{randomKey} must have 64 hexadecimal digits");
        }

        order.CopyTo(_order, 0);
        _random = new Xoshiro256(Number(0), Number(1), Number(2), Number(3));

        ulong Number(int index) => Convert.ToUInt64(state.Substring(16 * index, 16), 16);
    }

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
