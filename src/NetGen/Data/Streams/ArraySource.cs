namespace NetGen;

/// <summary>Samples of two array files: a row of each is a sample.</summary>
internal sealed class ArraySource : ISampleSource
{
    private readonly ArrayRows _inputs;
    private readonly ArrayRows _answers;
    private readonly float _scale;
    private readonly float _offset;
    private readonly int[] _label = new int[1];

    /// <summary>Opens both files and checks that they fit.</summary>
    /// <param name="inputs">The file of inputs.</param>
    /// <param name="answers">The file of labels or targets.</param>
    /// <param name="classes">The count of classes; 0 for targets.</param>
    /// <param name="scale">What inputs are multiplied with.</param>
    /// <param name="offset">What is added to the product.</param>
    public ArraySource(string inputs, string answers, int classes, float scale, float offset)
    {
        (Classes, _scale, _offset) = (classes, scale, offset);
        _inputs = new ArrayRows(inputs);
        try
        {
            _answers = new ArrayRows(answers);
            if (_answers.Count != _inputs.Count)
            {
                throw new InvalidDataException(
                    Text.Of($"{answers}: there must be {_inputs.Count} rows as in {inputs}, but there are {_answers.Count}."));
            }

            if (classes > 0 && _answers.Size != 1)
            {
                throw new InvalidDataException(Text.Of($"{answers}: there must be one label a row, but there are {_answers.Size}."));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int InputSize => _inputs.Size;

    public int TargetSize => Classes > 0 ? 0 : _answers.Size;

    public int Classes { get; }

    public long Count => _inputs.Count;

    public void Rewind()
    {
        _inputs.Rewind();
        _answers.Rewind();
    }

    public bool Read(Span<float> inputs, Span<float> targets, out int label)
    {
        label = 0;
        if (_inputs.Position == Count)
        {
            return false;
        }

        _inputs.Read(inputs);
        if (_scale != 1 || _offset != 0)
        {
            foreach (ref var number in inputs)
            {
                number = _scale * number + _offset;
            }
        }

        _inputs.CheckFinite(inputs);
        if (Classes == 0)
        {
            _answers.Read(targets);
            _answers.CheckFinite(targets);
            return true;
        }

        _answers.Read(_label);
        label = _label[0];
        return (uint)label < (uint)Classes
            ? true
            : throw new InvalidDataException(
                Text.Of($"{_answers.Path}: row {_answers.Position - 1} (from 0): a label must be from 0 to {Classes - 1}, but is {label}."));
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _answers?.Dispose();
    }
}
