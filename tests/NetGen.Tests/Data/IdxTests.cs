using System.IO.Compression;
using NetGen.Tests.Support;

namespace NetGen.Tests.Data;

public class IdxTests
{
    public static TheoryData<byte, NumberType, Array> AllTypes => new()
    {
        { 0x08, NumberType.Byte, (byte[])[0, 1, 255, 127, 5, 6] },
        { 0x09, NumberType.SByte, (sbyte[])[0, 1, -128, 127, 5, 6] },
        { 0x0B, NumberType.Int16, (short[])[0, 1, short.MinValue, 256, 5, 6] },
        { 0x0C, NumberType.Int32, (int[])[0, 1, int.MinValue, int.MaxValue, 5, 6] },
        { 0x0D, NumberType.Single, (float[])[0, 1, float.MinValue, 0.1f, 5, 6] },
        { 0x0E, NumberType.Double, (double[])[0, 1, double.MinValue, 0.1, 5, 6] },
    };

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void Read_EveryType_GivesItsNumbers(byte code, NumberType type, Array numbers)
    {
        var bytes = NpyTests.Bytes(numbers).Chunk(type.Size()).SelectMany(number => number.Reverse());
        byte[] file = [0, 0, code, 2, 0, 0, 0, 3, 0, 0, 0, 2, .. bytes];
        var expected = new NumberArray(numbers, 3, 2);
        foreach (var content in (byte[][])[file, Zipped(file)])
        {
            foreach (var stream in (Stream[])[new MemoryStream(content), new Unseekable(new MemoryStream(content))])
            {
                var read = Idx.Read(stream);
                Assert.Equal(expected.ToString(), read.ToString());
                using var written = new MemoryStream();
                using var wanted = new MemoryStream();
                Npy.Write(written, read);
                Npy.Write(wanted, expected);
                Assert.Equal(wanted.ToArray(), written.ToArray());
            }
        }
    }

    public static TheoryData<byte[], string> DamagedFiles => new()
    {
        { [], "offset 0: the file ends here, but 4 more byte(s) must follow" },
        { [0, 0, 8], "offset 3: the file ends here, but 1 more byte(s) must follow" },
        { [0, 0, 8, 2, 0, 0, 0, 1, 0], "offset 9: the file ends here, but 3 more byte(s) must follow" },
        { [0, 1, 8, 1, 0, 0, 0, 1, 0], "offset 0: the magic number must be two zero bytes, a type" },
        { [0, 0, 10, 1, 0, 0, 0, 1, 0], "but is 0x00000A01" },
        { [0, 0, 8, 0, 1], "1 to 64 dimensions, but is 0x00000800" },
        { [0, 0, 8, 65, 1], "but is 0x00000841" },
        { [0, 0, 8, 1, 0, 0, 0, 0], "offset 4: a dimension's size must be from 1" },
        { [0, 0, 8, 1, 255, 0, 0, 0], "but is 4278190080" },
        { [0, 0, 8, 3, .. Huge, .. Huge, .. Huge], "offset 8: the sizes 2147483647x2147483647 ask for more numbers" },
        { [0, 0, 8, 2, .. Huge, 0, 0, 0, 16], "numbers are read at once, but the sizes are 2147483647x16" },
        { [0, 0, 14, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9], "offset 17: the file ends here, but 7 more byte(s) must follow" },
        { [0, 0, 8, 1, 0, 0, 0, 1, 1, 2], "offset 9: the file must end here" },
    };

    private static byte[] Huge => [127, 255, 255, 255];

    [Theory]
    [MemberData(nameof(DamagedFiles))]
    public void Read_DamagedFile_SaysWhereAndWhy(byte[] content, string message)
    {
        using var folder = new TemporaryFolder();
        foreach (var bytes in (byte[][])[content, Zipped(content)])
        {
            var path = folder.File("bad.idx");
            File.WriteAllBytes(path, bytes);
            var error = Assert.Throws<InvalidDataException>(() => Idx.Read(path));
            Assert.StartsWith($"{path}: offset ", error.Message, StringComparison.Ordinal);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_SizesThatAreNotThere_TakeNoMemory()
    {
        byte[] file = [0, 0, 8, 1, 0x7F, 0, 0, 0, 1];
        foreach (var content in (byte[][])[file, Zipped(file)])
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InvalidDataException>(() => Idx.Read(new MemoryStream(content), maxExpansion: int.MaxValue));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        }
    }

    [Fact]
    public void Read_Bomb_IsRefusedUnlessAllowed()
    {
        var bomb = Zipped([0, 0, 8, 1, 0, 0x80, 0, 0, .. new byte[8 << 20]]);
        Assert.Contains(
            "at most 256 times the packed file's size", Assert.Throws<InvalidDataException>(() => Idx.Read(new MemoryStream(bomb))).Message,
            StringComparison.Ordinal);
        Assert.Equal(8 << 20, Idx.Read(new MemoryStream(bomb), maxExpansion: 1032).Count);
    }

    private static byte[] Zipped(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Optimal))
        {
            zip.Write(content);
        }

        return stream.ToArray();
    }
}
