using System.Buffers.Binary;
using NetGen.CompilerServices;
using NetGen.Tests.Support;

namespace NetGen.Tests.Imaging;

public class DamagedPngTests
{
    private static readonly byte[] Header = TestPng.Header(2, 2, 8, 0);
    private static readonly byte[] Data = TestPng.Chunk("IDAT", TestPng.Deflate([0, 1, 2, 0, 3, 4]));
    private static readonly byte[] End = TestPng.Chunk("IEND", []);

    public static TheoryData<byte[], string> Damaged() => new()
    {
        { [], "offset 0: the file must start with" },
        { "GIF89a: no such file"u8.ToArray(), "offset 0: the file must start with" },
        { TestPng.File(), "offset 8: a chunk of 12 bytes or more must stand here, but 0 byte(s) are left." },
        { TestPng.File(Header, Data), $"offset {8 + Header.Length + Data.Length}: a chunk of 12 bytes or more must stand here" },
        { TestPng.File(Data, End), "offset 8: the first chunk must be IHDR, but is IDAT." },
        { TestPng.File(Header, Header, Data, End), "offset 33: there must be one chunk IHDR, but this is the second." },
        { TestPng.File(Header, End), "offset 33: there must be a chunk IDAT before IEND" },
        { TestPng.File(Header, TestPng.Chunk("ABcd", [1]), Data, End), "offset 33: the chunk ABcd says that a reader must understand it" },
        { TestPng.File(Header, Data, TestPng.Chunk("tIME", []), Data, End), "chunks IDAT must follow one another" },
        { TestPng.File(TestPng.Chunk("IHDR", new byte[12]), Data, End), "offset 16: the chunk IHDR must have 13 bytes, but has 12." },
        { TestPng.File(TestPng.Header(0, 2, 8, 0), Data, End), "offset 16: the width must be from 1 to 2147483647, but is 0." },
        { TestPng.File(TestPng.Header(2, -1, 8, 0), Data, End), "offset 20: the height must be from 1 to 2147483647, but is 4294967295." },
        { TestPng.File(TestPng.Header(2, 2, 8, 5), Data, End), "offset 25: the colour type must be 0, 2, 3, 4 or 6, but is 5." },
        { TestPng.File(TestPng.Header(2, 2, 4, 2), Data, End), "offset 24: the bits a channel must be some that colour type 2 allows, but are 4." },
        { TestPng.File(TestPng.Header(2, 2, 16, 3), Data, End), "offset 24: the bits a channel" },
        { TestPng.File(TestPng.Header(2, 2, 8, 0, compression: 1), Data, End), "offset 26: compression, filter and interlacing" },
        { TestPng.File(TestPng.Header(2, 2, 8, 0, interlacing: 2), Data, End), "but are 0, 0 and 2." },
        { TestPng.File(Header, TestPng.Chunk("PLTE", new byte[3]), Data, End), "a grey picture must have no chunk PLTE" },
        { TestPng.File(TestPng.Header(2, 2, 8, 3), Data, End), "must have a chunk PLTE, but has none" },
        { TestPng.File(TestPng.Header(2, 2, 1, 3), TestPng.Chunk("PLTE", new byte[9]), Data, End), "must have 1 to 2 colours of 3 bytes, but has 9 byte(s)" },
        { TestPng.File(TestPng.Header(2, 2, 8, 3), Data, TestPng.Chunk("PLTE", new byte[9]), End), "the chunk PLTE must come before IDAT" },
        { TestPng.File(TestPng.Header(2, 2, 8, 3), TestPng.Chunk("PLTE", new byte[9]), Data, End), "row 1 (from 0) names colour 3, but the palette has 3." },
        { TestPng.File(TestPng.Header(2, 2, 8, 3), TestPng.Chunk("tRNS", [1]), Data, End), "the chunk tRNS must come after PLTE" },
        { TestPng.File(Header, TestPng.Chunk("tRNS", [1]), Data, End), "offset 41: the chunk tRNS must have 2 bytes for colour type 0, but has 1." },
        { TestPng.File(TestPng.Header(2, 2, 8, 4), TestPng.Chunk("tRNS", [1]), Data, End), "a picture with a channel of opacity must have no chunk tRNS" },
        { TestPng.File(Header, TestPng.Chunk("IDAT", TestPng.Deflate([0, 1, 2, 5, 3, 4])), End), "offset 41: the filter of row 1 (from 0) must be from 0 to 4, but is 5." },
        { TestPng.File(Header, TestPng.Chunk("IDAT", TestPng.Deflate([0, 1, 2, 0, 3])), End), "offset 41: 6 bytes of rows must be compressed here, but there are 5." },
        { TestPng.File(Header, TestPng.Chunk("IDAT", TestPng.Deflate([0, 1, 2, 0, 3, 4, 5])), End), "but there are more." },
        { TestPng.File(Header, TestPng.Chunk("IDAT", [1, 2, 3, 4]), End), "the compressed rows are damaged after 0 of 6 bytes." },
        { Changed(TestPng.File(Header, Data, End), 30), "offset 29: the check sum of chunk IHDR must be 0x" },
        { Changed(TestPng.File(Header, Data, End), 33), "offset 33: the chunk IDAT has 16777" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Load_DamagedFile_NamesOffsetAndReason(byte[] file, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.png"), file);
        var error = Assert.Throws<InvalidDataException>(() => Image.Load(folder.File("a.png")));
        Assert.StartsWith(folder.File("a.png") + ": offset ", error.Message);
        Assert.Contains(message, error.Message);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Image.Load(new MemoryStream(file))).Message);
    }

    [Theory]
    [InlineData(65_000, 65_000, 8, 2)]
    [InlineData(int.MaxValue, int.MaxValue, 16, 6)]
    [InlineData(30_000, 20_000, 1, 0)]
    public void Load_SizeThatTheDataCannotHold_AllocatesLittle(int width, int height, int depth, int colorType)
    {
        foreach (var interlacing in (int[])[0, 1])
        {
            var file = TestPng.File(TestPng.Header(width, height, depth, colorType, interlacing: interlacing), Data, End);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Assert.Throws<InvalidDataException>(() => Image.Load(new MemoryStream(file)));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
            Assert.Contains("compressed ones can hold", error.Message);
        }
    }

    /// <summary>
    /// Thousands of damaged files, most of them with check sums set right again: each is loaded or refused with the documented exception,
    /// and none costs more memory than its data can hold.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Load_MutatedFile_LoadsOrIsRefused(int seed)
    {
        const int Mutations = 10_000;
        var random = new Xoshiro256(seed);
        byte[][] originals =
        [
            new TestPng(9, 7, 2, 3) { Samples = [.. Enumerable.Repeat(1, 63)], Palette = new byte[9], Transparency = [1] }.ToBytes(),
            new TestPng(9, 7, 8, 2) { Samples = [.. Enumerable.Range(0, 189)], Interlaced = true }.ToBytes(),
            new TestPng(5, 4, 16, 0) { Samples = [.. Enumerable.Range(0, 20)], Transparency = [0, 3], FirstFilter = 4 }.ToBytes(),
        ];
        var (loaded, refused) = (0, 0);
        for (var i = 0; i < Mutations; i++)
        {
            var file = Mutate(originals[i % originals.Length], ref random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var image = Image.Load(new MemoryStream(file));
                loaded++;
                Assert.Equal(image.Width * image.Height * image.Channels, image.Pixels.Length);
                Assert.DoesNotContain(image.Pixels.ToArray(), pixel => !(pixel >= 0 && pixel <= 1));
            }
            catch (InvalidDataException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        }

        // Both happen, or the mutations would be too tame or too wild to say anything.
        Assert.True(loaded > Mutations / 100 && refused > Mutations / 2, $"{loaded} loaded, {refused} refused");
    }

    private static byte[] Changed(byte[] file, int place)
    {
        file[place] ^= 1;
        return file;
    }

    private static byte[] Mutate(byte[] original, ref Xoshiro256 random)
    {
        var file = new List<byte>(original);
        for (var edits = 1 + random.NextInt(3); edits > 0; edits--)
        {
            var place = random.NextInt(file.Count);
            switch (random.NextInt(6))
            {
                case 0:
                    file[place] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    file[place] = (byte)random.NextInt(256);
                    break;
                case 2:
                    file.Insert(place, (byte)random.NextInt(256));
                    break;
                case 3 when file.Count > 16:
                    file.RemoveAt(place);
                    break;
                case 4 when random.NextInt(4) == 0 && place > 0:
                    file.RemoveRange(place, file.Count - place);
                    break;
                default:
                    // A small number somewhere in the header: other sizes, depths and colour types.
                    file[Math.Min(16 + random.NextInt(13), file.Count - 1)] = (byte)random.NextInt(18);
                    break;
            }
        }

        var bytes = file.ToArray();
        if (random.NextInt(4) > 0)
        {
            RepairCheckSums(bytes);
        }

        return bytes;
    }

    /// <summary>Else nearly every change would be found by its chunk's check sum, and by nothing behind it.</summary>
    private static void RepairCheckSums(byte[] file)
    {
        for (var offset = 8; file.Length - offset >= 12;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(offset));
            if (length < 0 || length > file.Length - offset - 12)
            {
                return;
            }

            var type = System.Text.Encoding.Latin1.GetString(file, offset + 4, 4);
            TestPng.Chunk(type, file[(offset + 8)..(offset + 8 + length)]).CopyTo(file, offset);
            offset += 12 + length;
        }
    }
}
