using System.IO.Compression;
using NetGen.Tests.Support;

namespace NetGen.Tests.Data;

public class NumberArrayTests
{
    [Fact]
    public void Constructor_Numbers_AreCopied()
    {
        float[] numbers = [1, 2];
        var array = new NumberArray(numbers, 2, 1);
        numbers[0] = 9;
        Assert.Equal([1, 2], array.Numbers<float>().ToArray());
        Assert.Equal("Single[2, 1]", array.ToString());
    }

    [Fact]
    public void Constructor_WrongArguments_NamesThem()
    {
        Assert.Throws<ArgumentNullException>("numbers", () => new NumberArray(null!, 1));
        Assert.Throws<ArgumentException>("numbers", () => new NumberArray(new string[1], 1));
        Assert.Throws<ArgumentException>("numbers", () => new NumberArray(new float[1, 1], 1));
        Assert.Throws<ArgumentException>("shape", () => new NumberArray(new float[2], 3));
        Assert.Throws<ArgumentException>("shape", () => new NumberArray(new float[2], -1, -2));
        Assert.Throws<ArgumentException>("shape", () => new NumberArray(new float[2], []));
        Assert.Throws<ArgumentException>("shape", () => new NumberArray(new float[1], new int[65]));
        Assert.Throws<InvalidOperationException>(() => new NumberArray(new int[1], 1).Numbers<uint>().Length);
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(2147483648.0)]
    [InlineData(-2147483649.0)]
    [InlineData(1e300)]
    [InlineData(double.NaN)]
    public void ToInt32s_NotAnInteger_NamesIt(double number) => Assert.Contains(
        "Number 1 (from 0) must be whole",
        Assert.Throws<InvalidDataException>(() => new NumberArray((double[])[0, number], 2).ToInt32s()).Message, StringComparison.Ordinal);

    [Fact]
    public void ToInt32s_Limits_AreExact()
    {
        Assert.Equal([int.MaxValue, int.MinValue], new NumberArray((double[])[int.MaxValue, int.MinValue], 2).ToInt32s());
        Assert.Equal([int.MaxValue, int.MinValue], new NumberArray((long[])[int.MaxValue, int.MinValue], 2).ToInt32s());
        Assert.Throws<InvalidDataException>(() => new NumberArray((float[])[2147483648f], 1).ToInt32s());
        Assert.Throws<InvalidDataException>(() => new NumberArray((uint[])[2147483648], 1).ToInt32s());
        Assert.Throws<InvalidDataException>(() => new NumberArray((ulong[])[ulong.MaxValue], 1).ToInt32s());
        Assert.Throws<InvalidDataException>(() => new NumberArray((long[])[1L << 32], 1).ToInt32s());
        Assert.Equal([-3], new NumberArray((Half[])[(Half)(-3)], 1).ToInt32s());
    }

    [Fact]
    public void ToSingles_TooLarge_NamesIt()
    {
        var array = new NumberArray((double[])[1, 0.1, 1e39, double.PositiveInfinity], 4);
        Assert.Contains(
            "Number 2 (from 0) must fit in a float, but is 1E+39", Assert.Throws<InvalidDataException>(array.ToSingles).Message, StringComparison.Ordinal);
        Assert.Equal([0.1f, float.NaN, float.PositiveInfinity], new NumberArray((double[])[0.1, double.NaN, double.PositiveInfinity], 3).ToSingles());
        Assert.Equal([18446744073709551616f], new NumberArray((ulong[])[ulong.MaxValue], 1).ToSingles());
    }

    [Fact]
    public void ToSingles_ManyNumbers_AreAllConverted()
    {
        var numbers = Enumerable.Range(0, 200_003).ToArray();
        Assert.Equal(numbers.Select(i => (float)i), new NumberArray(numbers, numbers.Length).ToSingles());
        Assert.Equal(numbers, new NumberArray(numbers.Select(i => (double)i).ToArray(), numbers.Length).ToInt32s());
        var message = Assert.Throws<InvalidDataException>(
            () => new NumberArray(numbers.Select(i => i == 150_000 ? 0.5 : i).ToArray(), numbers.Length).ToInt32s()).Message;
        Assert.Contains("Number 150000 ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dataset_FromArrays_TakesRows()
    {
        var inputs = new NumberArray((double[])[1, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2);
        var labelled = Dataset.FromLabels(inputs, new NumberArray((long[])[2, 0], 2));
        Assert.Equal((2, 4, 3), (labelled.Count, labelled.InputSize, labelled.Classes));
        Assert.Equal([5, 6, 7, 8], labelled.InputRow(1).ToArray());
        Assert.Equal([2, 0], labelled.Labels.ToArray());
        Assert.Equal(5, Dataset.FromLabels(inputs, new NumberArray((byte[])[2, 0], 2, 1), classes: 5).Classes);

        var scaled = Dataset.FromTargets(inputs, new NumberArray((Half[])[(Half)0.5, (Half)1, (Half)2, (Half)3], 2, 2), scale: 2, offset: -1);
        Assert.Equal([1, 3, 5, 7], scaled.InputRow(0).ToArray());
        Assert.Equal([2, 3], scaled.TargetRow(1).ToArray());
        Assert.Equal(1, Dataset.FromTargets(new NumberArray((float[])[1, 2], 2), new NumberArray((float[])[1, 2], 2)).TargetSize);
    }

    [Fact]
    public void Dataset_FromBytes_KeepsThem()
    {
        var data = Dataset.FromLabels(new NumberArray((byte[])[0, 255, 51, 0], 2, 2), new NumberArray((int[])[0, 1], 2), scale: 1 / 255f);
        Assert.True(data.HasByteInputs);
        Assert.Equal([51 * (1 / 255f), 0], data.InputRow(1).ToArray());
    }

    [Fact]
    public void Dataset_FromArraysThatDoNotFit_NamesThem()
    {
        var inputs = new NumberArray((float[])[1, 2, 3, 4], 2, 2);
        var labels = new NumberArray((int[])[0, 1], 2);
        Assert.Throws<ArgumentException>("labels", () => Dataset.FromLabels(inputs, new NumberArray((int[])[0, 1, 2], 3)));
        Assert.Throws<ArgumentException>("labels", () => Dataset.FromLabels(inputs, new NumberArray((float[])[0, 0.5f], 2)));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => Dataset.FromLabels(inputs, new NumberArray((int[])[0, -1], 2)));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => Dataset.FromLabels(inputs, labels, classes: 1));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => Dataset.FromLabels(inputs, labels, classes: 0));
        Assert.Throws<ArgumentException>("targets", () => Dataset.FromTargets(inputs, new NumberArray((float[])[1, 2, 3], 3)));
        Assert.Throws<ArgumentException>("inputs", () => Dataset.FromLabels(new NumberArray(Array.Empty<float>(), 0, 2), labels));
        Assert.Throws<ArgumentException>("inputs", () => Dataset.FromLabels(new NumberArray((double[])[1, 1e300], 2), labels));
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => Dataset.FromLabels(inputs, labels, scale: 0));
        Assert.Contains(
            "targets must hold finite numbers, but row 1, column 0",
            Assert.Throws<ArgumentException>(() => Dataset.FromTargets(inputs, new NumberArray((float[])[1, float.NaN], 2))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Npz_WrittenAndRead_IsTheSame(bool compress)
    {
        using var folder = new TemporaryFolder();
        var (path, again) = (folder.File("a.npz"), folder.File("b.npz"));
        var arrays = new Dictionary<string, NumberArray>
        {
            ["x"] = new((float[])[1, 2, 3, 4, 5, 6], 2, 3),
            ["labels of ä"] = new(Enumerable.Range(0, 100_000).ToArray(), 100_000),
        };
        Npz.Write(path, arrays, compress);
        Npz.Write(again, arrays, compress);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
        var read = Npz.Read(path);
        Assert.Equal(arrays.Keys, read.Keys);
        Assert.Equal([1, 2, 3, 4, 5, 6], read["x"].Numbers<float>().ToArray());
        Assert.Equal(Enumerable.Range(0, 100_000), read["labels of ä"].Numbers<int>().ToArray());
    }

    [Fact]
    public void Npz_Bomb_IsRefusedUnlessAllowed()
    {
        using var stream = new MemoryStream();
        Npz.Write(stream, new Dictionary<string, NumberArray> { ["zeros"] = new(new double[1 << 20], 1 << 20) }, compress: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        stream.Position = 0;
        var error = Assert.Throws<InvalidDataException>(() => Npz.Read(stream));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.StartsWith("'zeros.npy': the arrays must unpack to at most 256 times the file's size", error.Message, StringComparison.Ordinal);
        stream.Position = 0;
        Assert.Equal(1 << 20, Npz.Read(stream, maxExpansion: 1032)["zeros"].Count);
        Assert.Throws<ArgumentOutOfRangeException>("maxExpansion", () => Npz.Read(stream, 0));
    }

    [Fact]
    public void Npz_BombThatLiesAboutItsSize_TakesNoMemory()
    {
        // Both the archive's directory and the array's header say one number; the packed data is 8 MiB of zeros.
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("x.npy").Open();
            entry.Write(NpyTests.File(NpyTests.Header("<", "f4", "False", "(1,)"), new byte[8 << 20]));
        }

        var bytes = stream.ToArray();
        var length = BitConverter.GetBytes((8 << 20) + NpyTests.File(NpyTests.Header("<", "f4", "False", "(1,)"), []).Length);
        for (var at = bytes.AsSpan().IndexOf(length); at >= 0; at = bytes.AsSpan().IndexOf(length))
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(at), 84);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Npz.Read(new MemoryStream(bytes)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Npz_Damaged_NamesTheArray()
    {
        using var stream = new MemoryStream();
        Npz.Write(stream, new Dictionary<string, NumberArray> { ["x"] = new((int[])[1, 2, 3], 3) });
        var bytes = stream.ToArray();
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[2, 0, 0, 0, 3]);
        Assert.StartsWith("'x.npy': the checksum must be 0x", Message(bytes.With(at, 7)), StringComparison.Ordinal);

        using var other = new MemoryStream();
        using (var archive = new ZipArchive(other, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("readme.txt");
        }

        Assert.Equal("'readme.txt': the entries must be arrays, named *.npy, but this is not.", Message(other.ToArray()));

        using var twice = new MemoryStream();
        using (var archive = new ZipArchive(twice, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < 2; i++)
            {
                using var entry = archive.CreateEntry("x.npy").Open();
                Npy.Write(entry, new NumberArray((int[])[1], 1));
            }
        }

        Assert.Equal("'x.npy': each name must stand once, but this stands twice.", Message(twice.ToArray()));
        Assert.Throws<InvalidDataException>(() => Npz.Read(new MemoryStream([1, 2, 3])));

        static string Message(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Npz.Read(new MemoryStream(bytes))).Message;
    }
}
