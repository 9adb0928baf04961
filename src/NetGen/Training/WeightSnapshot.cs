namespace NetGen;

/// <summary>A copy of a network's parameters, in memory that is taken once.</summary>
internal sealed class WeightSnapshot(INetwork network)
{
    private readonly IReadOnlyList<Parameter> _parameters = network.Parameters;
    private readonly float[][] _copies = [.. network.Parameters.Select(parameter => new float[parameter.Length])];

    /// <summary>Copies the weights as they are now.</summary>
    public void Take()
    {
        for (var i = 0; i < _copies.Length; i++)
        {
            _parameters[i].CopyTo(_copies[i]);
        }
    }

    /// <summary>Puts the copied weights back.</summary>
    public void Restore()
    {
        for (var i = 0; i < _copies.Length; i++)
        {
            _parameters[i].CopyFrom(_copies[i]);
        }
    }

    /// <summary>The name of the first parameter with a number that is not finite; null where all are.</summary>
    public string? FirstNotFinite()
    {
        for (var i = 0; i < _copies.Length; i++)
        {
            foreach (var number in _copies[i])
            {
                if (!float.IsFinite(number))
                {
                    return _parameters[i].Name;
                }
            }
        }

        return null;
    }
}
