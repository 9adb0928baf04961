using NetGen.CompilerServices;

namespace NetGen;

/// <summary>What a network is compared with.</summary>
internal enum TargetKind
{
    /// <summary>Labels, as they are.</summary>
    Labels,

    /// <summary>A row for each label: 1 for its class, 0 for the other outputs.</summary>
    OneHot,

    /// <summary>Labels 0 and 1 as the numbers 0 and 1, for a single output.</summary>
    Binary,

    /// <summary>Labels 0 and 1 as the numbers −1 and 1, for a single output of a hinge.</summary>
    Sign,

    /// <summary>The data's own targets.</summary>
    Numbers,
}

/// <summary>
/// Reads samples of a data set as a network takes them: targets into buffers that are allocated once, inputs to wherever they are needed.
/// </summary>
internal sealed class SampleReader : IBatchRows
{
    private readonly Dataset _data;
    private readonly int _targetSize;
    private readonly int _capacity;
    private readonly float[] _targets;
    private readonly int[] _labels;
    private float[]? _inputs;
    private ReadOnlyMemory<int> _rows;
    private ReadOnlyMemory<int> _next;

    /// <summary>Checks that the data fits the network and takes the buffers.</summary>
    /// <param name="network">Takes the samples.</param>
    /// <param name="data">Where they come from.</param>
    /// <param name="capacity">The most samples that are read at once.</param>
    /// <param name="argument">The data's name in messages.</param>
    /// <exception cref="ArgumentException">The data does not fit.</exception>
    public SampleReader(INetwork network, Dataset data, int capacity, string argument)
    {
        Kind = Choose(network, data.InputSize, data.TargetSize, data.Classes, argument);
        (_data, _targetSize, _capacity) = (data, TargetSizeOf(network), capacity);
        _targets = Kind == TargetKind.Labels ? [] : new float[Checked.Size(capacity, _targetSize, "A batch")];
        _labels = data.HasLabels ? new int[capacity] : [];
    }

    /// <summary>Which of <see cref="Labels"/> and <see cref="Targets"/> holds, and what.</summary>
    public TargetKind Kind { get; }

    /// <summary>The samples read last.</summary>
    public int Count => _rows.Length;

    /// <summary>Their labels; empty where the data has none.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, _data.HasLabels ? Count : 0);

    /// <summary>Their rows of targets; empty where labels are taken as they are.</summary>
    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, Kind == TargetKind.Labels ? 0 : Count * _targetSize);

    /// <summary>Writes their inputs.</summary>
    public void CopyTo(Span<float> into) => _data.GatherInputs(_rows.Span, _next.Span, into);

    /// <summary>Their inputs in a buffer of the reader's, for networks that have no room of their own.</summary>
    public ReadOnlySpan<float> GatherInputs()
    {
        _inputs ??= new float[Checked.Size(_capacity, _data.InputSize, "A batch")];
        CopyTo(_inputs);
        return _inputs.AsSpan(0, Count * _data.InputSize);
    }

    /// <summary>Reads the targets of given rows; their inputs are read when they are asked for.</summary>
    /// <param name="read">The rows.</param>
    /// <param name="next">Those that will be read next, if that is known.</param>
    public void Read(ReadOnlyMemory<int> read, ReadOnlyMemory<int> next = default)
    {
        (_rows, _next) = (read, next);
        var rows = read.Span;
        if (Kind == TargetKind.Numbers)
        {
            _data.GatherTargets(rows, _targets);
            return;
        }

        _data.GatherLabels(rows, _labels);
        if (Kind == TargetKind.OneHot)
        {
            _targets.AsSpan(0, Count * _targetSize).Clear();
            for (var i = 0; i < Count; i++)
            {
                _targets[i * _targetSize + _labels[i]] = 1;
            }
        }
        else if (Kind is TargetKind.Binary or TargetKind.Sign)
        {
            for (var i = 0; i < Count; i++)
            {
                _targets[i] = _labels[i];
            }

            if (Kind == TargetKind.Sign)
            {
                ToSigns(_targets.AsSpan(0, Count));
            }
        }
    }

    /// <summary>The numbers of one row of targets; a network that only predicts has as many as outputs.</summary>
    public static int TargetSizeOf(INetwork network) => (network as ITrainableNetwork)?.TargetSize ?? network.OutputSize;

    /// <summary>0 becomes −1, and 1 stays: what a hinge is compared with.</summary>
    public static void ToSigns(Span<float> targets)
    {
        foreach (ref var target in targets)
        {
            target = 2 * target - 1;
        }
    }

    /// <summary>What a network is compared with.</summary>
    /// <param name="network">Takes the samples.</param>
    /// <param name="inputSize">The numbers of a sample.</param>
    /// <param name="targetSize">Its targets; 0 where samples have labels.</param>
    /// <param name="classes">The count of classes; 0 where samples have targets.</param>
    /// <param name="argument">The data's name in messages.</param>
    /// <exception cref="ArgumentException">The data does not fit.</exception>
    public static TargetKind Choose(INetwork network, int inputSize, int targetSize, int classes, string argument)
    {
        var outputs = network.OutputSize;
        if (inputSize != network.InputSize)
        {
            throw new ArgumentException(
                Text.Of($"{argument} must have {network.InputSize} inputs a sample as the network has, but has {inputSize}."), argument);
        }

        var targets = TargetSizeOf(network);
        var ofPairs = LossFunctions.IsOfPairs((network as ITrainableNetwork)?.Loss);
        if (classes == 0)
        {
            return targetSize == targets
                ? TargetKind.Numbers
                : throw new ArgumentException(
                    Text.Of($"{argument} must have {targets} targets a sample as the network {(ofPairs ? "has pairs of outputs" : "has outputs")}, but has {targetSize}."),
                    argument);
        }

        if (network is ITrainableNetwork { Loss: Loss.WeightedSum })
        {
            throw new ArgumentException(
                Text.Of($"{argument} must have {targets} targets a sample as the network has, whose outputs have losses of their own, but has labels of {classes} classes."), argument);
        }

        if (ofPairs)
        {
            throw new ArgumentException(
                Text.Of($"{argument} must have numbers as targets for a network that predicts means and spreads, but has labels of {classes} classes."), argument);
        }

        // One output that answers yes or no; a network that compares classes has an output for each.
        if (outputs == 1 && network is not IClassifierNetwork)
        {
            return classes == 2
                ? LossFunctions.IsHinge((network as ITrainableNetwork)?.Loss) ? TargetKind.Sign : TargetKind.Binary
                : throw new ArgumentException(
                    Text.Of($"{argument} must have 2 classes for a network with 1 output, but has {classes}."), argument);
        }

        if (classes > outputs)
        {
            throw new ArgumentException(
                Text.Of($"{argument} must have at most {outputs} classes as the network has outputs, but has {classes}."), argument);
        }

        return network is IClassifierNetwork ? TargetKind.Labels : TargetKind.OneHot;
    }
}
