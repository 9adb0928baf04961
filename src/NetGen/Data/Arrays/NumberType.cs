using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>The types of numbers that array files hold.</summary>
public enum NumberType
{
    /// <summary><see cref="bool"/>, a byte that is 0 or 1.</summary>
    Boolean,

    /// <summary><see cref="sbyte"/>.</summary>
    SByte,

    /// <summary><see cref="byte"/>.</summary>
    Byte,

    /// <summary><see cref="short"/>.</summary>
    Int16,

    /// <summary><see cref="ushort"/>.</summary>
    UInt16,

    /// <summary><see cref="int"/>.</summary>
    Int32,

    /// <summary><see cref="uint"/>.</summary>
    UInt32,

    /// <summary><see cref="long"/>.</summary>
    Int64,

    /// <summary><see cref="ulong"/>.</summary>
    UInt64,

    /// <summary><see cref="System.Half"/>.</summary>
    Half,

    /// <summary><see cref="float"/>.</summary>
    Single,

    /// <summary><see cref="double"/>.</summary>
    Double,
}

/// <summary>What is known of the types of numbers.</summary>
internal static class NumberTypes
{
    /// <summary>In the order of <see cref="NumberType"/>; NumPy's name without the byte order.</summary>
    private static readonly (Type Type, string Name, int Size)[] All =
    [
        (typeof(bool), "b1", 1), (typeof(sbyte), "i1", 1), (typeof(byte), "u1", 1), (typeof(short), "i2", 2), (typeof(ushort), "u2", 2),
        (typeof(int), "i4", 4), (typeof(uint), "u4", 4), (typeof(long), "i8", 8), (typeof(ulong), "u8", 8),
        (typeof(Half), "f2", 2), (typeof(float), "f4", 4), (typeof(double), "f8", 8),
    ];

    /// <summary>The bytes of one number.</summary>
    public static int Size(this NumberType type) => All[(int)type].Size;

    /// <summary>NumPy's name without the byte order, as in <c>f4</c>.</summary>
    public static string Name(this NumberType type) => All[(int)type].Name;

    /// <summary>The type of NumPy's name; null where there is none.</summary>
    public static NumberType? Parse(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < All.Length; i++)
        {
            if (name.SequenceEqual(All[i].Name))
            {
                return (NumberType)i;
            }
        }

        return null;
    }

    /// <summary>The type that .NET calls so; null where arrays of it are none of numbers.</summary>
    public static NumberType? Of(Type? type)
    {
        var index = Array.FindIndex(All, known => known.Type == type);
        return index < 0 ? null : (NumberType)index;
    }

    /// <summary>An array for so many numbers.</summary>
    public static Array Allocate(this NumberType type, int count) => type switch
    {
        NumberType.Boolean => new bool[count],
        NumberType.SByte => new sbyte[count],
        NumberType.Byte => new byte[count],
        NumberType.Int16 => new short[count],
        NumberType.UInt16 => new ushort[count],
        NumberType.Int32 => new int[count],
        NumberType.UInt32 => new uint[count],
        NumberType.Int64 => new long[count],
        NumberType.UInt64 => new ulong[count],
        NumberType.Half => new Half[count],
        NumberType.Single => new float[count],
        NumberType.Double => new double[count],
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"type must be one of NumberType's members, but is {type}."),
    };

    /// <summary>Turns numbers of the other byte order into this machine's.</summary>
    public static void Reverse(Span<byte> numbers, int size)
    {
        switch (size)
        {
            case 2:
                var two = MemoryMarshal.Cast<byte, ushort>(numbers);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                var four = MemoryMarshal.Cast<byte, uint>(numbers);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            case 8:
                var eight = MemoryMarshal.Cast<byte, ulong>(numbers);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
        }
    }

    /// <summary>The index of the first byte that is no <see cref="bool"/>; −1 where all are.</summary>
    public static int FirstNotBoolean(this NumberType type, ReadOnlySpan<byte> bytes) =>
        type == NumberType.Boolean ? bytes.IndexOfAnyExcept((byte)0, (byte)1) : -1;
}
