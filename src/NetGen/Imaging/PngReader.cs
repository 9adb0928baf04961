using System.Buffers.Binary;
using System.Text;

namespace NetGen;

/// <summary>What the first chunk of a PNG file says (11.2.1).</summary>
internal readonly record struct PngHeader(int Width, int Height, int Depth, byte ColorType, bool Interlaced);

/// <summary>The chunks of a PNG file that make its picture, checked.</summary>
/// <param name="Header">Sizes and kind.</param>
/// <param name="Palette">Three bytes a colour; empty where there is none.</param>
/// <param name="Transparency">The transparent colour, or the opacity of the palette's first colours; empty where there is none.</param>
/// <param name="Data">The compressed rows.</param>
/// <param name="DataOffset">Where they start in the file.</param>
internal sealed record PngContents(PngHeader Header, byte[] Palette, byte[] Transparency, ReadOnlyMemory<byte> Data, int DataOffset);

/// <summary>Reads PNG files: the chunks here, the rows in <see cref="PngRows"/>.</summary>
internal static class PngReader
{
    private const int HeaderLength = 13;

    /// <summary>Bit 5 of a type's first letter: a reader may pass over such a chunk (5.4).</summary>
    private const uint AncillaryBit = 0x20000000;

    public static Image Read(ReadOnlyMemory<byte> file) => PngRows.Decode(ReadChunks(file.Span));

    public static InvalidDataException Damaged(long offset, FormattableString reason) => new(Text.Of($"offset {offset}: {Text.Of(reason)}."));

    private static PngContents ReadChunks(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(PngFormat.Signature))
        {
            throw Damaged(0, $"the file must start with the eight bytes of a PNG file, but does not");
        }

        PngHeader? header = null;
        byte[]? palette = null;
        byte[]? transparency = null;
        var (data, dataOffset, lastType) = (new MemoryStream(), 0, 0u);
        for (var offset = PngFormat.Signature.Length; ;)
        {
            var (type, body) = ReadChunk(file, offset);
            var bodyOffset = offset + 8;
            if (header is null && type != Type("IHDR"u8))
            {
                throw Damaged(offset, $"the first chunk must be IHDR, but is {Name(type)}");
            }

            if (type == Type("IHDR"u8))
            {
                header = header is null ? ReadHeader(body, bodyOffset) : throw Twice(type, offset);
            }
            else if (type == Type("PLTE"u8))
            {
                palette = palette is null ? ReadPalette(header!.Value, body, bodyOffset) : throw Twice(type, offset);
                RequireBeforeData(type, offset, dataOffset);
            }
            else if (type == Type("tRNS"u8))
            {
                transparency = transparency is null ? ReadTransparency(header!.Value, palette, body, bodyOffset) : throw Twice(type, offset);
                RequireBeforeData(type, offset, dataOffset);
            }
            else if (type == Type("IDAT"u8))
            {
                if (dataOffset > 0 && lastType != type)
                {
                    throw Damaged(offset, $"chunks IDAT must follow one another, but other chunks lie between");
                }

                dataOffset = dataOffset > 0 ? dataOffset : bodyOffset;
                data.Write(body);
            }
            else if (type == Type("IEND"u8))
            {
                if (dataOffset == 0)
                {
                    throw Damaged(offset, $"there must be a chunk IDAT before IEND, but there is none");
                }

                if (header!.Value.ColorType == PngFormat.Palette && palette is null)
                {
                    throw Damaged(offset, $"a picture of palette colours must have a chunk PLTE, but has none");
                }

                return new(header.Value, palette ?? [], transparency ?? [], data.GetBuffer().AsMemory(0, (int)data.Length), dataOffset);
            }
            else if ((type & AncillaryBit) == 0)
            {
                throw Damaged(offset, $"the chunk {Name(type)} says that a reader must understand it, but it is none of the specification");
            }

            lastType = type;
            offset += body.Length + PngFormat.ChunkOverhead;
        }
    }

    /// <summary>The chunk that starts at an offset, its check sum compared (5.3).</summary>
    private static (uint Type, byte[] Body) ReadChunk(ReadOnlySpan<byte> file, int offset)
    {
        var rest = file[offset..];
        if (rest.Length < PngFormat.ChunkOverhead)
        {
            throw Damaged(offset, $"a chunk of {PngFormat.ChunkOverhead} bytes or more must stand here, but {rest.Length} byte(s) are left");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        var type = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
        if (length > rest.Length - PngFormat.ChunkOverhead)
        {
            throw Damaged(
                offset, $"the chunk {Name(type)} has {length} bytes of data by its length, but {rest.Length - PngFormat.ChunkOverhead} are left for it");
        }

        var end = 8 + (int)length;
        var (stored, computed) = (BinaryPrimitives.ReadUInt32BigEndian(rest[end..]), PngFormat.Crc(rest[4..end]));
        return stored == computed
            ? (type, rest[8..end].ToArray())
            : throw Damaged(offset + end, $"the check sum of chunk {Name(type)} must be 0x{computed:X8}, but is 0x{stored:X8}");
    }

    private static PngHeader ReadHeader(ReadOnlySpan<byte> body, int offset)
    {
        if (body.Length != HeaderLength)
        {
            throw Damaged(offset, $"the chunk IHDR must have {HeaderLength} bytes, but has {body.Length}");
        }

        var (depth, colorType) = (body[8], body[9]);
        var depthFits = colorType switch
        {
            PngFormat.Grey => depth is 1 or 2 or 4 or 8 or 16,
            PngFormat.Palette => depth is 1 or 2 or 4 or 8,
            PngFormat.Rgb or PngFormat.GreyAlpha or PngFormat.RgbAlpha => depth is 8 or 16,
            _ => throw Damaged(offset + 9, $"the colour type must be 0, 2, 3, 4 or 6, but is {colorType}"),
        };
        if (!depthFits)
        {
            throw Damaged(offset + 8, $"the bits a channel must be some that colour type {colorType} allows, but are {depth}");
        }

        if (body[10] != 0 || body[11] != 0 || body[12] > 1)
        {
            throw Damaged(
                offset + 10,
                $"compression, filter and interlacing must be 0, 0, and 0 or 1, but are {body[10]}, {body[11]} and {body[12]}");
        }

        return new(ReadSize(body, 0, "width", offset), ReadSize(body, 4, "height", offset), depth, colorType, body[12] == 1);
    }

    private static int ReadSize(ReadOnlySpan<byte> body, int position, string subject, int offset)
    {
        var size = BinaryPrimitives.ReadUInt32BigEndian(body[position..]);
        return size is >= 1 and <= int.MaxValue
            ? (int)size
            : throw Damaged(offset + position, $"the {subject} must be from 1 to {int.MaxValue}, but is {size}");
    }

    private static byte[] ReadPalette(PngHeader header, byte[] body, int offset)
    {
        if (header.ColorType is PngFormat.Grey or PngFormat.GreyAlpha)
        {
            throw Damaged(offset, $"a grey picture must have no chunk PLTE, but has one");
        }

        var most = header.ColorType == PngFormat.Palette ? 1 << header.Depth : 256;
        return body.Length > 0 && body.Length % 3 == 0 && body.Length <= 3 * most
            ? body
            : throw Damaged(offset, $"the chunk PLTE must have 1 to {most} colours of 3 bytes, but has {body.Length} byte(s)");
    }

    private static byte[] ReadTransparency(PngHeader header, byte[]? palette, byte[] body, int offset)
    {
        switch (header.ColorType)
        {
            case PngFormat.Grey or PngFormat.Rgb:
                var expected = 2 * PngFormat.SamplesPerPixel(header.ColorType);
                return body.Length == expected
                    ? body
                    : throw Damaged(offset, $"the chunk tRNS must have {expected} bytes for colour type {header.ColorType}, but has {body.Length}");
            case PngFormat.Palette:
                var colors = palette?.Length / 3 ?? throw Damaged(offset, $"the chunk tRNS must come after PLTE, but comes before");
                return body.Length <= colors
                    ? body
                    : throw Damaged(offset, $"the chunk tRNS must have at most {colors} bytes, one a colour of the palette, but has {body.Length}");
            default:
                throw Damaged(offset, $"a picture with a channel of opacity must have no chunk tRNS, but has one");
        }
    }

    private static void RequireBeforeData(uint type, int offset, int dataOffset)
    {
        if (dataOffset > 0)
        {
            throw Damaged(offset, $"the chunk {Name(type)} must come before IDAT, but comes after");
        }
    }

    private static InvalidDataException Twice(uint type, int offset) => Damaged(offset, $"there must be one chunk {Name(type)}, but this is the second");

    private static uint Type(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);

    /// <summary>The four letters of a type; what is no letter as a number.</summary>
    private static string Name(uint type)
    {
        var name = new StringBuilder();
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            var letter = (char)(byte)(type >> shift);
            name.Append(char.IsAsciiLetter(letter) ? letter.ToString() : Text.Of($"\\x{(int)letter:X2}"));
        }

        return name.ToString();
    }
}
