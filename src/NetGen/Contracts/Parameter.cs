using NetGen.CompilerServices;

namespace NetGen;

/// <summary>One tensor of trainable numbers: a view into its network, in PyTorch's name and layout.</summary>
public sealed class Parameter
{
    private readonly float[] _block;
    private readonly int _start;
    private readonly ParameterLayout _layout;
    private readonly int[] _shape;

    internal Parameter(string name, int[] shape, float[] block, int start, ParameterLayout layout)
    {
        (Name, _shape, _block, _start, _layout) = (name, shape, block, start, layout);
        Length = layout.Length;
    }

    /// <summary>The name, such as <c>layer1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The shape, such as [units, inputs] for the weight of a dense layer.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The count of numbers: the product of <see cref="Shape"/>.</summary>
    public int Length { get; }

    /// <summary>Whether training leaves it as it is, since its layer's attribute says <c>Frozen = true</c>.</summary>
    public bool IsFrozen { get; internal init; }

    /// <summary>Copies the numbers out, in PyTorch's order (the last dimension runs fastest).</summary>
    /// <param name="destination">Takes exactly <see cref="Length"/> numbers.</param>
    /// <exception cref="ArgumentException">The length differs.</exception>
    public void CopyTo(Span<float> destination)
    {
        Check.Length(destination.Length, Length, nameof(destination), Name);
        _layout.CopyOut(_block.AsSpan(_start), destination);
    }

    /// <summary>Replaces the numbers; they are in PyTorch's order.</summary>
    /// <param name="source">Exactly <see cref="Length"/> numbers.</param>
    /// <exception cref="ArgumentException">The length differs.</exception>
    public void CopyFrom(ReadOnlySpan<float> source)
    {
        Check.Length(source.Length, Length, nameof(source), Name);
        _layout.CopyIn(source, _block.AsSpan(_start));
    }

    /// <summary>The numbers as a new array, in PyTorch's order.</summary>
    public float[] ToArray()
    {
        var copy = new float[Length];
        CopyTo(copy);
        return copy;
    }

    /// <summary>A number by its place in PyTorch's order.</summary>
    internal ref float this[int index] => ref _block[_start + _layout.At(index)];

    /// <summary>The same tensor over another block of the same layout.</summary>
    internal Parameter Over(float[] block, int start) => new(Name, _shape, block, start, _layout) { IsFrozen = IsFrozen };

    internal int StartFrom(int origin) => _start - origin;

    /// <summary>The name and shape, as in <c>layer1.weight[30, 784]</c>.</summary>
    public override string ToString() => $"{Name}[{string.Join(", ", _shape)}]";
}
