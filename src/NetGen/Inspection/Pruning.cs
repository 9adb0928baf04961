namespace NetGen;

/// <summary>
/// Finds neurons that a trained network can do without, and declares the smaller network. The network itself is not changed.
/// </summary>
/// <remarks>
/// <para>
/// A neuron is a unit of a dense layer all of whose takers are dense layers, directly or through element-wise activations, biases, dropout, noise
/// or batch normalisation; the output's units are none, nor are those that a softmax or a <see cref="LayerNormAttribute"/> takes, as these see
/// the whole layer. Filters of convolutions are none, nor are units of layers that share their weights, nor are units that a reshape or a join
/// takes: all that is left as it is, while dense layers behind it are pruned. Its cost is the rise of the mean loss on given data when what the
/// next layers take of it is held at a constant: at its
/// mean over the data (<see cref="PruningOptions.HoldMean"/>), which the exported network has in the next biases, or at 0.
/// </para>
/// <para>
/// Removal is greedy, in rounds: the cost of each neuron that is left is measured with those removed before held, the cheapest are removed
/// together (<see cref="PruningOptions.RoundShare"/>), and the loss without them is measured. Costs of one round do not know of each other,
/// so smaller rounds find better neurons and take longer: a round computes, for each neuron left, the layers behind it on all samples. The
/// last neuron of a layer stays.
/// </para>
/// </remarks>
public static class Pruning
{
    /// <summary>Measures what neurons cost and removes the cheapest, round by round.</summary>
    /// <param name="network">The trained network; it has a loss.</param>
    /// <param name="data">The samples that the loss is measured on: some thousand are enough. Not those that will judge the result.</param>
    /// <param name="options">How far, and in which steps; null for the defaults.</param>
    /// <returns>The costs, what each round left, and the way to export it.</returns>
    /// <exception cref="ArgumentException">The data does not fit the network, an option is out of range, or no neuron can be removed.</exception>
    public static PruningReport Run(ITrainableNetwork network, Dataset data, PruningOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        options.Check();
        var judge = new PruningJudge(network, data);
        var state = new PrunedLayers(network);
        if (state.Neurons == 0)
        {
            throw new ArgumentException(
                "network must have a dense layer whose units another dense layer takes, each unit apart (through a batch normalisation, say, but no softmax), but has none.",
                nameof(network));
        }

        var first = new List<NeuronCost>();
        var steps = new List<PruningStep>();
        var look = judge.Look([]);
        var (loss, accuracy) = judge.Measure(look.Predict());
        steps.Add(new(0, network.ParameterCount, loss, accuracy) { Layers = state.Copy() });
        while (state.Left > Math.Max(state.Layers.Count, options.KeptShare * state.Neurons))
        {
            var costs = Costs(state, look, judge, steps[^1].Loss, options.HoldMean);
            if (first.Count == 0)
            {
                first = [.. costs.Select(cost => cost.Cost)];
            }

            var wanted = Math.Max(1, (int)(options.RoundShare * state.Left));
            foreach (var (cost, held) in costs)
            {
                if (wanted > 0 && state.TryRemove(cost.Layer, cost.Neuron, held))
                {
                    wanted--;
                }
            }

            look = judge.Look(state.Masks());
            (loss, accuracy) = judge.Measure(look.Predict());
            steps.Add(new(state.Neurons - state.Left, state.ParameterCount, loss, accuracy) { Layers = state.Copy() });
        }

        return new(network, state.Neurons, first, steps);
    }

    /// <summary>The cost of each neuron that is left, the cheapest first, and at what its values are held.</summary>
    private static List<(NeuronCost Cost, float[] Held)> Costs(PrunedLayers state, Inspection look, PruningJudge judge, double loss, bool holdMean)
    {
        var costs = new List<(NeuronCost Cost, float[] Held)>();
        foreach (var layer in state.Layers)
        {
            var means = layer.Ends.Select(end => holdMean && end.TakersHaveBias
                ? Means(look.Values(end.Node), layer.Dense.Units)
                : new float[layer.Dense.Units]).ToArray();
            foreach (var neuron in layer.Left)
            {
                var held = Array.ConvertAll(means, mean => mean[neuron]);
                var masks = layer.Ends.Select((end, i) => NeuronMask.Hold(end.Node, neuron, held[i])).ToArray();
                costs.Add((new(layer.Dense.Name, neuron, judge.Measure(look.Predict(masks)).Loss - loss), held));
            }
        }

        return [.. costs.OrderBy(cost => cost.Cost.Cost)];
    }

    private static float[] Means(float[] rows, int size)
    {
        var sums = new double[size];
        for (var i = 0; i < rows.Length; i++)
        {
            sums[i % size] += rows[i];
        }

        return Array.ConvertAll(sums, sum => (float)(sum / (rows.Length / size)));
    }
}

/// <summary>How a network is pruned.</summary>
public sealed record PruningOptions
{
    /// <summary>The share of the neurons left that each round removes, at least one: from 0 to below 1. Default 0.05; 0 removes one at a time.</summary>
    public double RoundShare { get; init; } = 0.05;

    /// <summary>Rounds end when at most this share of the neurons is left: from 0 to 1. Default 0.1.</summary>
    public double KeptShare { get; init; } = 0.1;

    /// <summary>
    /// Whether a removed neuron's mean over the data, times the weights that lead on from it, goes into the next layers' biases, so that these see
    /// it on the average. Default: yes. Where one of these layers has no bias, the neuron's share is dropped.
    /// </summary>
    public bool HoldMean { get; init; } = true;

    internal void Check()
    {
        if (!(RoundShare is >= 0 and < 1))
        {
            throw new ArgumentException(Text.Of($"options.RoundShare must be from 0 to below 1, but is {RoundShare}."), "options");
        }

        if (!(KeptShare is >= 0 and <= 1))
        {
            throw new ArgumentException(Text.Of($"options.KeptShare must be from 0 to 1, but is {KeptShare}."), "options");
        }
    }
}

/// <summary>Loss and accuracy of a network's predictions for a data set.</summary>
internal sealed class PruningJudge
{
    private readonly ITrainableNetwork _network;
    private readonly Dataset _data;
    private readonly NetworkInspector _inspector;
    private readonly Predictions _predictions;
    private readonly TargetKind _kind;

    public PruningJudge(ITrainableNetwork network, Dataset data)
    {
        _kind = SampleReader.Choose(network, data.InputSize, data.TargetSize, data.Classes, nameof(data));
        (_network, _data) = (network, data);
        (_inspector, _predictions) = (new(network), new(network, data));
    }

    public Inspection Look(NeuronMask[] masks) => _inspector.Inspect(_data.Inputs, masks);

    public (double Loss, double Accuracy) Measure(float[] outputs)
    {
        var loss = _kind == TargetKind.Labels
            ? ((IClassifierNetwork)_network).ComputeLoss(outputs, _data.Labels)
            : _network.ComputeLoss(outputs, _predictions.Targets);
        if (!_predictions.HasClasses)
        {
            return (loss, double.NaN);
        }

        var right = 0;
        var labels = _predictions.Labels;
        for (var i = 0; i < labels.Length; i++)
        {
            right += _predictions.ClassOf(outputs.AsSpan(i * _network.OutputSize, _network.OutputSize)) == labels[i] ? 1 : 0;
        }

        return (loss, right / (double)labels.Length);
    }
}
