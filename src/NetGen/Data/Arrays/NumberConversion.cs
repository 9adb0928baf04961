using System.Numerics;
using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>Numbers of any type as floats and integers.</summary>
internal static class NumberConversion
{
    /// <summary>Numbers as floats, rounded where a float cannot hold them.</summary>
    /// <param name="bytes">The numbers, in this machine's byte order.</param>
    /// <param name="type">Their type.</param>
    /// <param name="into">At least as many.</param>
    /// <param name="first">The first number's index, for errors.</param>
    /// <exception cref="InvalidDataException">A finite number is too large for a float.</exception>
    public static void ToSingles(ReadOnlySpan<byte> bytes, NumberType type, Span<float> into, long first)
    {
        switch (type)
        {
            case NumberType.Boolean or NumberType.Byte:
                Singles<byte>(bytes, into, first);
                break;
            case NumberType.SByte:
                Singles<sbyte>(bytes, into, first);
                break;
            case NumberType.Int16:
                Singles<short>(bytes, into, first);
                break;
            case NumberType.UInt16:
                Singles<ushort>(bytes, into, first);
                break;
            case NumberType.Int32:
                Singles<int>(bytes, into, first);
                break;
            case NumberType.UInt32:
                Singles<uint>(bytes, into, first);
                break;
            case NumberType.Int64:
                Singles<long>(bytes, into, first);
                break;
            case NumberType.UInt64:
                Singles<ulong>(bytes, into, first);
                break;
            case NumberType.Half:
                Singles<Half>(bytes, into, first);
                break;
            case NumberType.Single:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(into);
                break;
            default:
                Singles<double>(bytes, into, first);
                break;
        }
    }

    /// <summary>Numbers as integers.</summary>
    /// <param name="bytes">The numbers, in this machine's byte order.</param>
    /// <param name="type">Their type.</param>
    /// <param name="into">At least as many.</param>
    /// <param name="first">The first number's index, for errors.</param>
    /// <exception cref="InvalidDataException">A number is not whole or too large.</exception>
    public static void ToInt32s(ReadOnlySpan<byte> bytes, NumberType type, Span<int> into, long first)
    {
        switch (type)
        {
            case NumberType.Boolean or NumberType.Byte:
                Integers<byte>(bytes, into, first);
                break;
            case NumberType.SByte:
                Integers<sbyte>(bytes, into, first);
                break;
            case NumberType.Int16:
                Integers<short>(bytes, into, first);
                break;
            case NumberType.UInt16:
                Integers<ushort>(bytes, into, first);
                break;
            case NumberType.Int32:
                MemoryMarshal.Cast<byte, int>(bytes).CopyTo(into);
                break;
            case NumberType.UInt32:
                Integers<uint>(bytes, into, first);
                break;
            case NumberType.Int64:
                Integers<long>(bytes, into, first);
                break;
            case NumberType.UInt64:
                Integers<ulong>(bytes, into, first);
                break;
            case NumberType.Half:
                Integers<Half>(bytes, into, first);
                break;
            case NumberType.Single:
                Integers<float>(bytes, into, first);
                break;
            default:
                Integers<double>(bytes, into, first);
                break;
        }
    }

    private static void Singles<T>(ReadOnlySpan<byte> bytes, Span<float> into, long first)
        where T : unmanaged, INumberBase<T>
    {
        var numbers = MemoryMarshal.Cast<byte, T>(bytes);
        for (var i = 0; i < numbers.Length; i++)
        {
            into[i] = float.CreateTruncating(numbers[i]);
            if (!float.IsFinite(into[i]) && T.IsFinite(numbers[i]))
            {
                throw new InvalidDataException(Text.Of($"Number {first + i} (from 0) must fit in a float, but is {numbers[i]}."));
            }
        }
    }

    private static void Integers<T>(ReadOnlySpan<byte> bytes, Span<int> into, long first)
        where T : unmanaged, INumberBase<T>
    {
        var numbers = MemoryMarshal.Cast<byte, T>(bytes);
        for (var i = 0; i < numbers.Length; i++)
        {
            // Saturated, a number that is too large stays too large for an int, and one that is not whole is not what it was.
            var whole = long.CreateSaturating(numbers[i]);
            into[i] = unchecked((int)whole);
            if (into[i] != whole || T.CreateSaturating(whole) != numbers[i])
            {
                throw new InvalidDataException(
                    Text.Of($"Number {first + i} (from 0) must be whole, from {int.MinValue} to {int.MaxValue}, but is {numbers[i]}."));
            }
        }
    }
}
