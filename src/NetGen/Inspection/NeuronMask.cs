namespace NetGen;

/// <summary>
/// Neurons of one node that are switched off, or held at a value: what a <see cref="NetworkInspector"/> puts in place of what the node
/// gives, after its activation. Several masks of one node add up.
/// </summary>
public sealed class NeuronMask
{
    private readonly int[] _neurons;
    private readonly Func<int, bool, float?> _held;

    private NeuronMask(string node, int[] neurons, Func<int, bool, float?> held)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(neurons);
        (Node, _neurons, _held) = (node, [.. neurons], held);
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

    /// <summary>Adds what this mask holds of a value of given size.</summary>
    internal void AddTo(SortedDictionary<int, float> held, int size)
    {
        foreach (var neuron in _neurons)
        {
            if ((uint)neuron >= (uint)size)
            {
                throw new ArgumentOutOfRangeException(
                    "masks", Text.Of($"A mask's neuron of {Node} must be from 0 to {size - 1}, but is {neuron}."));
            }
        }

        var named = _neurons.ToHashSet();
        for (var neuron = 0; neuron < size; neuron++)
        {
            if (_held(neuron, named.Contains(neuron)) is { } value)
            {
                held[neuron] = value;
            }
        }
    }
}
