namespace NetGen;

/// <summary>
/// What reading and writing of PNG files share: W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", 2025. Section numbers
/// are those of the specification.
/// </summary>
internal static class PngFormat
{
    /// <summary>A chunk's length, type and check sum.</summary>
    public const int ChunkOverhead = 12;

    public const byte Grey = 0;
    public const byte Rgb = 2;
    public const byte Palette = 3;
    public const byte GreyAlpha = 4;
    public const byte RgbAlpha = 6;

    public const byte FilterNone = 0;
    public const byte FilterSub = 1;
    public const byte FilterUp = 2;
    public const byte FilterAverage = 3;
    public const byte FilterPaeth = 4;

    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>The first eight bytes of every file (5.2).</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The numbers of one pixel as the file holds them (6.1).</summary>
    public static int SamplesPerPixel(byte colorType) => colorType switch
    {
        Rgb => 3,
        GreyAlpha => 2,
        RgbAlpha => 4,
        _ => 1,
    };

    /// <summary>CRC-32 (ISO 3309) of a chunk's type and data (5.5, annex D), a byte at a time.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc = CrcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>Whichever of left, above and above-left is nearest to left + above − above-left; ties in this order (9.4).</summary>
    public static byte Paeth(byte left, byte above, byte aboveLeft)
    {
        var estimate = left + above - aboveLeft;
        var (toLeft, toAbove, toAboveLeft) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - aboveLeft));
        return toLeft <= toAbove && toLeft <= toAboveLeft ? left : toAbove <= toAboveLeft ? above : aboveLeft;
    }

    private static uint[] MakeCrcTable()
    {
        const uint Polynomial = 0xEDB88320;
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var remainder = i;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) != 0 ? Polynomial ^ (remainder >> 1) : remainder >> 1;
            }

            table[i] = remainder;
        }

        return table;
    }
}
