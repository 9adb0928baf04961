using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NetGen.CompilerServices;

/// <summary>Bytes as numbers, x = scale·byte + offset: the same bits at every vector width. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ByteRows
{
    private const int CacheLine = 64;

    /// <summary>Converts bytes, as many as there are.</summary>
    /// <param name="bytes">What is converted.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="offset">What is added to the product, with a rounding of its own.</param>
    /// <param name="into">Takes the numbers; may be longer.</param>
    /// <exception cref="ArgumentException">There is no room for all numbers.</exception>
    public static void Convert(ReadOnlySpan<byte> bytes, float scale, float offset, Span<float> into)
    {
        if (into.Length < bytes.Length)
        {
            throw new ArgumentException($"into must have room for {bytes.Length} numbers, but has {into.Length}.", nameof(into));
        }

        ref var source = ref MemoryMarshal.GetReference(bytes);
        ref var result = ref MemoryMarshal.GetReference(into);
        if (bytes.Length < Vector128<byte>.Count)
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                Unsafe.Add(ref result, i) = Unsafe.Add(ref source, i) * scale + offset;
            }

            return;
        }

        // The last vector ends where the bytes end: it may convert some of the one before it once more, but nothing beyond.
        var last = bytes.Length - Vector128<byte>.Count;
        for (var i = 0; i < last; i += Vector128<byte>.Count)
        {
            Convert16(ref source, i, scale, offset, ref result);
        }

        Convert16(ref source, last, scale, offset, ref result);
    }

    /// <summary>Asks for memory that will be read soon; it may be anywhere.</summary>
    internal static unsafe void Prefetch(ReadOnlySpan<byte> bytes)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        // A prefetch of memory that moves meanwhile does no harm; pinning would cost more than it is worth.
        var start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
        for (var i = 0; i < bytes.Length; i += CacheLine)
        {
            Sse.Prefetch0(start + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Convert16(ref byte source, int start, float scale, float offset, ref float result)
    {
        var bytes = Vector128.LoadUnsafe(ref source, (nuint)start);
        ref var into = ref Unsafe.Add(ref result, start);
        if (Vector512.IsHardwareAccelerated)
        {
            var numbers = Vector512.WidenLower(Vector512.WidenLower(bytes.ToVector256Unsafe().ToVector512Unsafe())).AsInt32();
            (Vector512.ConvertToSingle(numbers) * scale + Vector512.Create(offset)).StoreUnsafe(ref into);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            var words = Vector256.WidenLower(bytes.ToVector256Unsafe());
            (Vector256.ConvertToSingle(Vector256.WidenLower(words).AsInt32()) * scale + Vector256.Create(offset)).StoreUnsafe(ref into);
            (Vector256.ConvertToSingle(Vector256.WidenUpper(words).AsInt32()) * scale + Vector256.Create(offset)).StoreUnsafe(ref into, 8);
        }
        else
        {
            var (low, high) = Vector128.Widen(bytes);
            Store4(Vector128.WidenLower(low), scale, offset, ref into, 0);
            Store4(Vector128.WidenUpper(low), scale, offset, ref into, 4);
            Store4(Vector128.WidenLower(high), scale, offset, ref into, 8);
            Store4(Vector128.WidenUpper(high), scale, offset, ref into, 12);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4(Vector128<uint> numbers, float scale, float offset, ref float into, nuint at) =>
        (Vector128.ConvertToSingle(numbers.AsInt32()) * scale + Vector128.Create(offset)).StoreUnsafe(ref into, at);
}
