namespace NetGen;

/// <summary>The dense layers of a network whose units can be removed, and which of these are.</summary>
internal sealed class PrunedLayers
{
    private readonly INetwork _network;
    private readonly ILookup<string, NetworkNode> _takers;

    public PrunedLayers(INetwork network)
    {
        _network = network;
        _takers = network.Nodes.SelectMany(node => node.From.Select(from => (from, node))).ToLookup(pair => pair.from, pair => pair.node);
        Layers = [.. network.Nodes.OfType<DenseNode>().Select(TryLayer).OfType<PrunedLayer>()];
        Neurons = Left;
    }

    private PrunedLayers(PrunedLayers other) =>
        (_network, _takers, Neurons, Layers) = (other._network, other._takers, other.Neurons, [.. other.Layers.Select(layer => layer.Copy())]);

    public IReadOnlyList<PrunedLayer> Layers { get; }

    /// <summary>The neurons at the start.</summary>
    public int Neurons { get; }

    public int Left => Layers.Sum(layer => layer.Dense.Units - layer.Removed.Count);

    public int ParameterCount => Tensors().Take(_network.Parameters.Count).Sum(tensor => tensor.Numbers.Length);

    public PrunedLayers Copy() => new(this);

    /// <summary>Removes a neuron unless it is the layer's last.</summary>
    public bool TryRemove(string layer, int neuron, float[] held)
    {
        var found = Layers.Single(each => each.Dense.Name == layer);
        if (found.Removed.Count + 1 == found.Dense.Units)
        {
            return false;
        }

        found.Removed.Add(neuron, held);
        return true;
    }

    /// <summary>What the whole network needs to compute as the pruned one.</summary>
    public NeuronMask[] Masks() =>
    [
        .. Layers.SelectMany(layer => layer.Removed.SelectMany(removed =>
            layer.Ends.Select((end, i) => NeuronMask.Hold(end.Node, removed.Key, removed.Value[i])))),
    ];

    /// <summary>The units that are left of a layer; null for one that is whole.</summary>
    public int? UnitsOf(string layer) => Layers.FirstOrDefault(each => each.Dense.Name == layer) is { } pruned ? pruned.Left.Count() : null;

    /// <summary>The parameters, then the buffers, of the smaller network.</summary>
    public List<(string Name, int[] Shape, float[] Numbers)> Tensors()
    {
        // The units left of pruned layers and of what follows them up to the next dense layers; all others are whole.
        var left = new Dictionary<string, int[]>();
        var nodes = new Dictionary<string, NetworkNode>();
        foreach (var node in _network.Nodes)
        {
            nodes[node.Name] = node;
            var units = node is DenseNode ? Layers.FirstOrDefault(layer => layer.Dense == node)?.Left.ToArray()
                : KeepsUnits(node) ? left.GetValueOrDefault(node.From[0])
                : null;
            if (units is not null)
            {
                left[node.Name] = units;
            }
        }

        return [.. _network.Parameters.Concat(_network.Buffers).Select(parameter =>
        {
            var node = nodes[parameter.Name[..parameter.Name.LastIndexOf('.')]];
            var (shape, numbers) = (parameter.Shape.ToArray(), parameter.ToArray());
            if (node is DenseNode && shape.Length == 2)
            {
                var width = shape[1];
                int[] rows = left.GetValueOrDefault(node.Name) ?? [.. Enumerable.Range(0, shape[0])];
                int[] columns = left.GetValueOrDefault(node.From[0]) ?? [.. Enumerable.Range(0, width)];
                return (parameter.Name, new[] { rows.Length, columns.Length }, [.. rows.SelectMany(row => columns.Select(column => numbers[row * width + column]))]);
            }

            if (node is DenseNode)
            {
                AddHeld(node, numbers);
            }

            return left.TryGetValue(node.Name, out var units)
                ? (parameter.Name, new[] { units.Length }, Array.ConvertAll(units, i => numbers[i]))
                : (parameter.Name, shape, numbers);
        })];
    }

    /// <summary>What removed neurons are held at reaches the next layer by its bias.</summary>
    private void AddHeld(NetworkNode taker, float[] bias)
    {
        foreach (var layer in Layers)
        {
            var end = layer.Ends.FindIndex(each => each.Node == taker.From[0]);
            if (end < 0 || layer.Removed.Count == 0)
            {
                continue;
            }

            var weight = _network.Parameters.Single(parameter => parameter.Name == taker.Name + ".weight").ToArray();
            for (var unit = 0; unit < bias.Length; unit++)
            {
                bias[unit] += (float)layer.Removed.Sum(removed => (double)removed.Value[end] * weight[unit * layer.Dense.Units + removed.Key]);
            }
        }
    }

    private PrunedLayer? TryLayer(DenseNode dense)
    {
        var ends = new List<PrunedEnd>();
        return dense.Units > 1 && !IsShared(dense) && dense.Activation.Kind != Activation.Softmax && Follow(dense, ends) ? new(dense, ends, []) : null;
    }

    /// <summary>Finds the nodes at which dense layers take the units, if nothing else does.</summary>
    private bool Follow(NetworkNode node, List<PrunedEnd> ends)
    {
        var takers = _takers[node.Name].ToList();
        var dense = takers.OfType<DenseNode>().ToList();
        if (dense.Exists(IsShared))
        {
            return false;
        }

        if (dense.Count > 0)
        {
            ends.Add(new(node.Name, dense.All(taker => taker.Bias)));
        }

        return takers.Count > 0 && !_network.Outputs.Contains(node.Name) && takers.Except(dense).All(taker => KeepsUnits(taker) && Follow(taker, ends));
    }

    /// <summary>Whether other layers use the same weights: what is removed from one would be removed from all.</summary>
    private bool IsShared(NetworkNode node) => node.SharedWith is not null || _network.Nodes.Any(other => other.SharedWith == node.Name);

    /// <summary>Whether each number of a node's result is of one number that it takes, at the same place.</summary>
    private static bool KeepsUnits(NetworkNode node) =>
        node is ActivationNode { Activation.Kind: not Activation.Softmax } or BiasNode or BatchNormNode or DropoutNode or GaussianNoiseNode;
}

/// <summary>A dense layer that loses units.</summary>
/// <param name="Dense">The layer.</param>
/// <param name="Ends">Where dense layers take its units: the layer itself, or what follows it.</param>
/// <param name="Removed">The units removed, each with what it is held at, one number for each end.</param>
internal sealed record PrunedLayer(DenseNode Dense, List<PrunedEnd> Ends, SortedDictionary<int, float[]> Removed)
{
    public IEnumerable<int> Left => Enumerable.Range(0, Dense.Units).Where(unit => !Removed.ContainsKey(unit));

    public PrunedLayer Copy() => this with { Removed = new(Removed) };
}

/// <summary>A node that dense layers take.</summary>
/// <param name="Node">Its name.</param>
/// <param name="TakersHaveBias">Whether all of them have a bias.</param>
internal sealed record PrunedEnd(string Node, bool TakersHaveBias);
