using System.Buffers.Binary;
using NetGen.CompilerServices;

namespace NetGen.Tests.Support;

/// <summary>Damages files as disks, networks and people with bad intentions do; the same random numbers give the same damage.</summary>
internal static class Mutation
{
    private static readonly byte[] Extremes = [0, 1, 0x7F, 0x80, 0xFE, 0xFF, (byte)'"', (byte)',', (byte)'\n', (byte)'9', (byte)'-', (byte)'('];

    private static readonly string[] Words = ["99999999999999999999", "4294967296", "2147483648", "-1", "1e999", "NaN", "\"", "''", "{{", "\r\n", ",,,,", "é"];

    /// <summary>A copy of a file with one to three kinds of damage.</summary>
    public static byte[] Of(byte[] file, ref Xoshiro256 random)
    {
        for (var count = 1 + random.NextInt(3); count > 0; count--)
        {
            file = Once(file, ref random);
        }

        return file;
    }

    private static byte[] Once(byte[] file, ref Xoshiro256 random)
    {
        if (file.Length == 0)
        {
            return [(byte)random.NextInt(256)];
        }

        // Headers decide more than data: half of all damage is done there.
        var at = random.NextInt(random.NextInt(2) == 0 ? file.Length : Math.Min(file.Length, 128));
        var length = 1 + random.NextInt(Math.Min(64, file.Length - at));
        switch (random.NextInt(9))
        {
            case 0:
                return file.With(at, (byte)(file[at] ^ (1 << random.NextInt(8))));
            case 1:
                return file.With(at, Extremes[random.NextInt(Extremes.Length)]);
            case 2:
                return file[..at];
            case 3:
                return [.. file[..at], .. file[(at + length)..]];
            case 4:
                return [.. file[..(at + length)], .. file[at..]];
            case 5:
                var moved = random.NextInt(file.Length);
                return [.. file[..moved], .. file[at..(at + length)], .. file[moved..]];
            case 6:
                return [.. file[..at], .. System.Text.Encoding.UTF8.GetBytes(Words[random.NextInt(Words.Length)]), .. file[at..]];
            case 7:
                return HugeNumber(file, at, ref random);
            default:
                var bytes = new byte[length];
                foreach (ref var b in bytes.AsSpan())
                {
                    b = (byte)random.NextInt(256);
                }

                return [.. file[..at], .. bytes, .. file[Math.Min(file.Length, at + length)..]];
        }
    }

    /// <summary>A length or size, as binary formats have them, becomes a large one.</summary>
    private static byte[] HugeNumber(byte[] file, int at, ref Xoshiro256 random)
    {
        byte[] changed = [.. file];
        var number = (ulong)long.MaxValue >> random.NextInt(63);
        var bytes = new byte[8];
        if (random.NextInt(2) == 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
            bytes.AsSpan(0, Math.Min(2 << random.NextInt(3), changed.Length - at)).CopyTo(changed.AsSpan(at));
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
            bytes.AsSpan(4, Math.Min(4, changed.Length - at)).CopyTo(changed.AsSpan(at));
        }

        return changed;
    }
}
