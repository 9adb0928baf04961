namespace NetGen;

/// <summary>A copy of what a network has learnt (parameters and buffers), in memory that is taken once.</summary>
internal class WeightSnapshot
{
    private readonly IReadOnlyList<Parameter> _tensors;
    private readonly float[][] _copies;

    public WeightSnapshot(INetwork network)
        : this([.. network.Parameters, .. network.Buffers])
    {
    }

    protected WeightSnapshot(IReadOnlyList<Parameter> tensors) =>
        (_tensors, _copies) = (tensors, [.. tensors.Select(tensor => new float[tensor.Length])]);

    /// <summary>The copied tensors by their names.</summary>
    public IEnumerable<(Parameter Tensor, float[] Copy)> Tensors => _tensors.Zip(_copies);

    /// <summary>Copies the numbers as they are now.</summary>
    public virtual void Take()
    {
        for (var i = 0; i < _copies.Length; i++)
        {
            _tensors[i].CopyTo(_copies[i]);
        }
    }

    /// <summary>Puts the copied numbers back.</summary>
    public virtual void Restore()
    {
        for (var i = 0; i < _copies.Length; i++)
        {
            _tensors[i].CopyFrom(_copies[i]);
        }
    }

    /// <summary>The name of the first tensor of the first <paramref name="count"/> with a number that is not finite; null where all are.</summary>
    protected string? FirstNotFinite(int count)
    {
        for (var i = 0; i < count; i++)
        {
            foreach (var number in _copies[i])
            {
                if (!float.IsFinite(number))
                {
                    return _tensors[i].Name;
                }
            }
        }

        return null;
    }
}

/// <summary>A copy of all that training changes: what was learnt, and what the optimiser remembers.</summary>
internal sealed class StateSnapshot(ITrainableNetwork network)
    : WeightSnapshot([.. network.Parameters, .. network.Buffers, .. network.OptimizerState])
{
    private readonly int _learnt = network.Parameters.Count + network.Buffers.Count;
    private long _stepCount;

    /// <inheritdoc/>
    public override void Take()
    {
        base.Take();
        _stepCount = network.StepCount;
    }

    /// <inheritdoc/>
    public override void Restore()
    {
        base.Restore();
        network.StepCount = _stepCount;
    }

    /// <summary>The name of the first tensor of those that were learnt with a number that is not finite; null where all are.</summary>
    public string? FirstNotFinite() => FirstNotFinite(_learnt);
}
