using System.Buffers.Binary;

namespace NetGen;

/// <summary>A named tensor of a safetensors file: its type, its shape and its bytes.</summary>
public sealed class SafetensorsTensor
{
    private readonly long[] _shape;

    /// <summary>A tensor of bytes as they stand in a file: little-endian, the last dimension runs fastest.</summary>
    /// <param name="name">Its name; not <c>__metadata__</c>, which the format keeps for itself.</param>
    /// <param name="type">The type of its numbers.</param>
    /// <param name="shape">Its dimensions, each at least 0; empty for a single number. Copied.</param>
    /// <param name="bytes">As many as type and shape ask for. Not copied.</param>
    /// <exception cref="ArgumentException">The name is reserved, there is no such type, a dimension is negative, or the count of bytes does not fit.</exception>
    public SafetensorsTensor(string name, SafetensorsType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == Safetensors.MetadataKey)
        {
            throw new ArgumentException($"A tensor's name must not be {name}, which the format keeps for itself.", nameof(name));
        }

        if (!Enum.IsDefined(type))
        {
            throw new ArgumentOutOfRangeException(nameof(type), type, $"type must be one of the format's, but is {type}.");
        }

        if (ByteLength(type, shape) is not { } length)
        {
            throw new ArgumentException(
                $"The shape of {name} must have dimensions of 0 or more whose bytes can be counted in 63 bits, but is {Describe(shape)}.", nameof(shape));
        }

        if (bytes.Length != length)
        {
            throw new ArgumentException(
                Text.Of($"{name} {type.Name()}{Describe(shape)} has {length} bytes, but bytes has {bytes.Length}."), nameof(bytes));
        }

        (Name, Type, _shape, Bytes) = (name, type, shape.ToArray(), bytes);
    }

    /// <summary>The name, such as <c>layer1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The type of its numbers.</summary>
    public SafetensorsType Type { get; }

    /// <summary>The dimensions; none for a single number.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>The numbers as they stand in the file: little-endian, the last dimension runs fastest.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A tensor of <see cref="SafetensorsType.F32"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="numbers">Its numbers, the last dimension fastest. Copied.</param>
    /// <exception cref="ArgumentException">As for the constructor.</exception>
    public static SafetensorsTensor FromSingles(string name, ReadOnlySpan<long> shape, ReadOnlySpan<float> numbers)
    {
        var bytes = new byte[checked(numbers.Length * sizeof(float))];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
        }

        return new(name, SafetensorsType.F32, shape, bytes);
    }

    /// <summary>The numbers as floats: exactly from F32, F16 and BF16, rounded from F64.</summary>
    /// <exception cref="InvalidDataException">The tensor has another type, or a finite number of it is too large for a float.</exception>
    public float[] ToSingles()
    {
        var size = Type.Size();
        if (!Type.IsFloat())
        {
            throw new InvalidDataException($"{Name}: the numbers must be F32 (or F16, BF16, F64, which are converted), but are {Type.Name()}.");
        }

        var bytes = Bytes.Span;
        var numbers = new float[bytes.Length / size];
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = bytes.Slice(i * size, size);
            numbers[i] = Type switch
            {
                SafetensorsType.F32 => BinaryPrimitives.ReadSingleLittleEndian(number),
                SafetensorsType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(number),
                SafetensorsType.BF16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(number) << 16),
                _ => Narrow(BinaryPrimitives.ReadDoubleLittleEndian(number), i),
            };
        }

        return numbers;
    }

    /// <summary>Type, name and shape, as in <c>F32 layer1.weight[30, 784]</c>.</summary>
    public override string ToString() => $"{Type.Name()} {Name}{Describe(_shape)}";

    /// <summary>A shape as in <c>[30, 784]</c>.</summary>
    internal static string Describe(ReadOnlySpan<long> shape) =>
        $"[{string.Join(", ", Array.ConvertAll(shape.ToArray(), size => Text.Of($"{size}")))}]";

    /// <summary>The bytes of a tensor; null where a dimension is negative or the product overflows.</summary>
    internal static long? ByteLength(SafetensorsType type, ReadOnlySpan<long> shape)
    {
        Int128 length = 1;
        foreach (var size in shape)
        {
            // As in the format's reference reader, the product overflows at 64 bits even where a later dimension is 0.
            length *= size;
            if (size < 0 || length > ulong.MaxValue)
            {
                return null;
            }
        }

        length *= type.Size();
        return length <= long.MaxValue ? (long)length : null;
    }

    private float Narrow(double number, int index)
    {
        var narrow = (float)number;
        return float.IsFinite(narrow) || !double.IsFinite(number)
            ? narrow
            : throw new InvalidDataException(Text.Of($"{Name}: number {index} (from 0) must fit in a float, but is {number}."));
    }
}
