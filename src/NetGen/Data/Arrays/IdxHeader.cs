using System.Buffers.Binary;

namespace NetGen;

/// <summary>The header of an IDX file.</summary>
/// <param name="Type">The type of the numbers.</param>
/// <param name="Shape">The dimensions' sizes, each at least 1.</param>
/// <param name="Count">The count of numbers.</param>
internal sealed record IdxHeader(NumberType Type, int[] Shape, long Count)
{
    public const int UnsignedByte = 8;

    /// <summary>The header's bytes: the numbers start there.</summary>
    public int Length => 4 + 4 * Shape.Length;

    /// <summary>Reads a header from a stream's position.</summary>
    /// <param name="stream">Readable.</param>
    /// <param name="expected">The magic number that it must have; null for any.</param>
    /// <exception cref="InvalidDataException">It breaks a rule of the format; the message says where and which.</exception>
    public static IdxHeader Read(Stream stream, int? expected = null)
    {
        Span<byte> buffer = stackalloc byte[4];
        NumberReader.Fill(stream, buffer, 0, 4);
        var magic = BinaryPrimitives.ReadInt32BigEndian(buffer);
        if (expected is not null && magic != expected)
        {
            throw Wrong(
                0, $"the magic number must be 0x{expected:X8} (unsigned bytes in {expected & 0xFF} dimension(s)), but is 0x{magic:X8}");
        }

        if (TypeOf(magic >> 8) is not { } type || (magic & 0xFF) is not (> 0 and <= NumberArray.MaxDimensions and var dimensions))
        {
            throw Wrong(
                0,
                $"the magic number must be two zero bytes, a type of 0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E and 1 to {NumberArray.MaxDimensions} dimensions, but is 0x{magic:X8}");
        }

        var shape = new int[dimensions];
        var count = 1L;
        for (var i = 0; i < dimensions; i++)
        {
            var offset = 4 + 4 * i;
            NumberReader.Fill(stream, buffer, offset, 4 + 4 * dimensions);
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(buffer);
            if (shape[i] < 1)
            {
                throw Wrong(offset, $"a dimension's size must be from 1 to {int.MaxValue}, but is {(uint)shape[i]}");
            }

            // Checked at each step, so that neither this product nor that with a number's size can overflow.
            if (count > (long.MaxValue >> 4) / shape[i])
            {
                throw Wrong(offset, $"the sizes {string.Join("x", shape[..(i + 1)])} ask for more numbers than any file can hold");
            }

            count *= shape[i];
        }

        return new(type, shape, count);
    }

    /// <summary>An error at an offset in the (unpacked) file.</summary>
    public static InvalidDataException Wrong(long offset, FormattableString reason) => new(Text.Of($"offset {offset}: {Text.Of(reason)}."));

    private static NumberType? TypeOf(int code) => code switch
    {
        UnsignedByte => NumberType.Byte,
        0x09 => NumberType.SByte,
        0x0B => NumberType.Int16,
        0x0C => NumberType.Int32,
        0x0D => NumberType.Single,
        0x0E => NumberType.Double,
        _ => null,
    };
}
