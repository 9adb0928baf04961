namespace NetGen;

/// <summary>
/// Neurons of one node that are switched off, or held at a value: what a <see cref="NetworkInspector"/> puts in place of what the node
/// gives, after its activation. Several masks of one node add up. The neurons of an image are its numbers, channel after channel, in each row
/// after row; whole channels (feature maps) have masks of their own.
/// </summary>
public sealed class NeuronMask
{
    private readonly int[] _neurons;
    private readonly Func<int, bool, float?> _held;
    private readonly bool _ofChannels;

    private NeuronMask(string node, int[] neurons, Func<int, bool, float?> held, bool ofChannels = false)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(neurons);
        (Node, _neurons, _held, _ofChannels) = (node, [.. neurons], held, ofChannels);
    }

    /// <summary>The node's name, such as <c>layer1</c>.</summary>
    public string Node { get; }

    /// <summary>Given neurons are off: they give 0.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="neurons">Their indices, from 0.</param>
    public static NeuronMask Off(string node, params int[] neurons) => new(node, neurons, (_, isNamed) => isNamed ? 0 : null);

    /// <summary>All neurons of the node but the given ones are off.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="neurons">Those that stay on.</param>
    public static NeuronMask Only(string node, params int[] neurons) => new(node, neurons, (_, isNamed) => isNamed ? null : 0);

    /// <summary>Those neurons are off for which a predicate says no.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="isOn">Whether a neuron, from 0, is on.</param>
    public static NeuronMask Where(string node, Func<int, bool> isOn)
    {
        ArgumentNullException.ThrowIfNull(isOn);
        return new(node, [], (neuron, _) => isOn(neuron) ? null : 0);
    }

    /// <summary>A neuron gives one number, whatever comes in.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="neuron">Its index.</param>
    /// <param name="value">What it gives.</param>
    public static NeuronMask Hold(string node, int neuron, float value) => new(node, [neuron], (_, isNamed) => isNamed ? value : null);

    /// <summary>Given channels of an image or a sequence are off: all their numbers are 0. Of features each is a channel.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="channels">Their indices, from 0: of a convolution the filters.</param>
    public static NeuronMask ChannelsOff(string node, params int[] channels)
    {
        ArgumentNullException.ThrowIfNull(channels);
        return new(node, channels, (_, isNamed) => isNamed ? 0 : null, ofChannels: true);
    }

    /// <summary>All channels of the node but the given ones are off.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="channels">Those that stay on.</param>
    public static NeuronMask OnlyChannels(string node, params int[] channels)
    {
        ArgumentNullException.ThrowIfNull(channels);
        return new(node, channels, (_, isNamed) => isNamed ? null : 0, ofChannels: true);
    }

    /// <summary>Adds what this mask holds of a value of given shape.</summary>
    internal void AddTo(SortedDictionary<int, float> held, ReadOnlySpan<int> shape)
    {
        // A unit is a neuron, or all places of a channel.
        var image = ImageSize.Of(shape);
        var (units, places) = _ofChannels ? (image.Channels, image.Plane) : (image.Size, 1);
        foreach (var unit in _neurons)
        {
            if ((uint)unit >= (uint)units)
            {
                throw new ArgumentOutOfRangeException(
                    "masks", Text.Of($"A mask's {(_ofChannels ? "channel" : "neuron")} of {Node} must be from 0 to {units - 1}, but is {unit}."));
            }
        }

        var named = _neurons.ToHashSet();
        for (var neuron = 0; neuron < units * places; neuron++)
        {
            var unit = neuron / places;
            if (_held(unit, named.Contains(unit)) is { } value)
            {
                held[neuron] = value;
            }
        }
    }
}
