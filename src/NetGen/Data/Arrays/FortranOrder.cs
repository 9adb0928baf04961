using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>Arrays whose first dimension runs fastest.</summary>
internal static class FortranOrder
{
    /// <summary>The same numbers in C's order, in which the last dimension runs fastest.</summary>
    public static Array ToC(NumberType type, Array numbers, ReadOnlySpan<int> shape)
    {
        if (shape.Length < 2 || numbers.Length == 0)
        {
            return numbers;
        }

        // Only the numbers' size matters, not what they mean.
        var ordered = type.Allocate(numbers.Length);
        switch (type.Size())
        {
            case 1:
                Transpose(All<byte>(numbers), All<byte>(ordered), shape);
                break;
            case 2:
                Transpose(All<ushort>(numbers), All<ushort>(ordered), shape);
                break;
            case 4:
                Transpose(All<uint>(numbers), All<uint>(ordered), shape);
                break;
            default:
                Transpose(All<ulong>(numbers), All<ulong>(ordered), shape);
                break;
        }

        return ordered;
    }

    /// <summary>An array's numbers by their size alone.</summary>
    private static Span<T> All<T>(Array numbers) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(numbers)), numbers.Length);

    private static void Transpose<T>(ReadOnlySpan<T> from, Span<T> to, ReadOnlySpan<int> shape)
    {
        var strides = new int[shape.Length];
        strides[0] = 1;
        for (var d = 1; d < strides.Length; d++)
        {
            strides[d] = strides[d - 1] * shape[d - 1];
        }

        // Counts through the indices, the last one fastest; at is where the number of those indices stands.
        var index = new int[shape.Length];
        var at = 0;
        foreach (ref var number in to)
        {
            number = from[at];
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                at += strides[d];
                if (++index[d] < shape[d])
                {
                    break;
                }

                at -= shape[d] * strides[d];
                index[d] = 0;
            }
        }
    }
}
