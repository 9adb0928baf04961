namespace NetGen;

/// <summary>One training of a search: a choice of hyper-parameters, and a fold of the data.</summary>
public sealed class Trial
{
    private readonly IReadOnlyList<HyperParameter> _parameters;
    private readonly double[] _values;

    internal Trial(int index, int seed, IReadOnlyList<HyperParameter> parameters, double[] values, int fold, Dataset train, Dataset validation)
    {
        (Index, Seed, _parameters, _values, Fold, Train, Validation) = (index, seed, parameters, values, fold, train, validation);
    }

    /// <summary>Which choice of hyper-parameters, from 0.</summary>
    public int Index { get; }

    /// <summary>A seed of the choice's own, the same for all folds: for the network's constructor and <see cref="FitOptions.Seed"/>.</summary>
    public int Seed { get; }

    /// <summary>Which fold, from 0.</summary>
    public int Fold { get; }

    /// <summary>The samples to learn from.</summary>
    public Dataset Train { get; }

    /// <summary>The samples by which the choice is judged: those that an early stop may look at, at the price that the score is too good then.</summary>
    public Dataset Validation { get; }

    /// <summary>A hyper-parameter that is a number.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    /// <exception cref="InvalidOperationException">It is a text.</exception>
    public double this[string name]
    {
        get
        {
            var index = IndexOf(name);
            return _parameters[index].IsText
                ? throw new InvalidOperationException($"{name} is a text: ask for Text(\"{name}\").")
                : _values[index];
        }
    }

    /// <summary>A hyper-parameter that is a whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    /// <exception cref="InvalidOperationException">It is a text, or not whole.</exception>
    public int Int(string name)
    {
        var value = this[name];
        return value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue
            ? (int)value
            : throw new InvalidOperationException(Invariant($"{name} must be a whole number, but is {value}."));
    }

    /// <summary>A hyper-parameter that is a text.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public string Text(string name)
    {
        var index = IndexOf(name);
        return _parameters[index].Describe(_values[index]);
    }

    /// <summary>As in <c>trial 3, fold 0: rate 0.1, net small</c>.</summary>
    public override string ToString() =>
        Invariant($"trial {Index}, fold {Fold}: {string.Join(", ", _parameters.Select((parameter, i) => $"{parameter.Name} {parameter.Describe(_values[i])}"))}");

    private static string Invariant(FormattableString text) => NetGen.Text.Of(text);

    private int IndexOf(string name)
    {
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (_parameters[i].Name == name)
            {
                return i;
            }
        }

        throw new KeyNotFoundException($"There is no {name}; there are {string.Join(", ", _parameters.Select(parameter => parameter.Name))}.");
    }
}
