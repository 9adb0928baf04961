using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>Numbers of one type with a shape, as array files (<see cref="Npy"/>, <see cref="Npz"/>, <see cref="Idx"/>) hold them. It never changes.</summary>
public sealed class NumberArray
{
    /// <summary>The most dimensions, as many as NumPy has.</summary>
    internal const int MaxDimensions = 64;

    /// <summary>So many numbers at a time: the bytes of a whole array may be more than a span can hold.</summary>
    internal const int WindowSize = 1 << 16;

    private readonly Array _numbers;
    private readonly int[] _shape;

    /// <summary>Numbers with a shape.</summary>
    /// <param name="numbers">A one-dimensional array of one of <see cref="NumberType"/>'s types, the last dimension running fastest. Copied.</param>
    /// <param name="shape">The dimensions, each at least 0; their product is the count of numbers. None for a single number. Copied.</param>
    /// <exception cref="ArgumentException">The array holds something else, or the shape does not fit.</exception>
    public NumberArray(Array numbers, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (numbers.Rank != 1 || NumberTypes.Of(numbers.GetType().GetElementType()) is not { } type)
        {
            throw new ArgumentException(
                $"numbers must be a one-dimensional array of one of NumberType's types, but is {numbers.GetType()}.", nameof(numbers));
        }

        var count = (Int128)1;
        foreach (var size in shape)
        {
            // Stays negative, or too large to be right, whatever follows.
            count = count < 0 || size < 0 || count > long.MaxValue ? -1 : count * size;
        }

        if (count != numbers.Length || shape.Length > MaxDimensions)
        {
            throw new ArgumentException(
                Text.Of($"shape must have at most {MaxDimensions} dimensions whose product is {numbers.Length}, the count of numbers, but is {Describe(shape)}."),
                nameof(shape));
        }

        (_numbers, _shape, Type) = ((Array)numbers.Clone(), shape.ToArray(), type);
    }

    /// <summary>Takes what is already checked and nobody else writes.</summary>
    private NumberArray(NumberType type, Array numbers, int[] shape) => (Type, _numbers, _shape) = (type, numbers, shape);

    /// <summary>The type of its numbers.</summary>
    public NumberType Type { get; }

    /// <summary>The dimensions; none for a single number.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The count of numbers.</summary>
    public int Count => _numbers.Length;

    /// <summary>The numbers as they are, the last dimension running fastest.</summary>
    /// <typeparam name="T">Their type, exactly.</typeparam>
    /// <exception cref="InvalidOperationException">They are of another type.</exception>
    public ReadOnlySpan<T> Numbers<T>()
        where T : unmanaged => Memory<T>().Span;

    /// <inheritdoc cref="Numbers{T}"/>
    internal ReadOnlyMemory<T> Memory<T>()
        where T : unmanaged =>
        // An array of int passes for one of uint in a cast, hence the comparison.
        NumberTypes.Of(typeof(T)) == Type
            ? (T[])_numbers
            : throw new InvalidOperationException($"The numbers are of type {Type}, not {typeof(T).Name}.");

    /// <summary>The numbers as floats, in a new array, the last dimension running fastest: rounded where a float cannot hold them.</summary>
    /// <exception cref="InvalidDataException">A finite number is too large for a float.</exception>
    public float[] ToSingles()
    {
        var singles = new float[Count];
        for (var start = 0; start < Count; start += WindowSize)
        {
            var window = Window(_numbers, Type, start, Math.Min(WindowSize, Count - start));
            NumberConversion.ToSingles(window, Type, singles.AsSpan(start), start);
        }

        return singles;
    }

    /// <summary>The numbers as integers, in a new array, the last dimension running fastest.</summary>
    /// <exception cref="InvalidDataException">A number is not whole or too large.</exception>
    public int[] ToInt32s()
    {
        var integers = new int[Count];
        for (var start = 0; start < Count; start += WindowSize)
        {
            var window = Window(_numbers, Type, start, Math.Min(WindowSize, Count - start));
            NumberConversion.ToInt32s(window, Type, integers.AsSpan(start), start);
        }

        return integers;
    }

    /// <summary>Type and shape, as in <c>Single[30, 784]</c>.</summary>
    public override string ToString() => $"{Type}{Describe(_shape)}";

    /// <summary>For arrays made inside: they are taken, not copied, and must be right.</summary>
    internal static NumberArray Own(NumberType type, Array numbers, int[] shape) => new(type, numbers, shape);

    /// <summary>The memory of some numbers of an array, in this machine's byte order.</summary>
    internal static Span<byte> Window(Array numbers, NumberType type, int start, int count)
    {
        var size = type.Size();
        return MemoryMarshal.CreateSpan(
            ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(numbers), (nint)start * size), count * size);
    }

    /// <summary>Writes the numbers' bytes, little-endian.</summary>
    internal void WriteLittleEndian(Stream stream)
    {
        for (var start = 0; start < Count; start += WindowSize)
        {
            var window = Window(_numbers, Type, start, Math.Min(WindowSize, Count - start));
            if (!BitConverter.IsLittleEndian)
            {
                window = window.ToArray();
                NumberTypes.Reverse(window, Type.Size());
            }

            stream.Write(window);
        }
    }

    /// <summary>A shape as in <c>[30, 784]</c>.</summary>
    internal static string Describe(ReadOnlySpan<int> shape) =>
        $"[{string.Join(", ", Array.ConvertAll(shape.ToArray(), size => Text.Of($"{size}")))}]";
}
