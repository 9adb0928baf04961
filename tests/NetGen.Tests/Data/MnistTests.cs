using System.Buffers.Binary;
using System.IO.Compression;
using NetGen.Tests.Support;

namespace NetGen.Tests.Data;

public sealed class MnistTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MnistTests()
    {
        Write("train-images-idx3-ubyte", Idx(3, [3, 2, 2], 0, 255, 51, 0, 1, 2, 3, 4, 5, 6, 7, 8), zip: false);
        Write("train-labels-idx1-ubyte", Idx(1, [3], 7, 0, 9), zip: true);
        Write("t10k-images-idx3-ubyte", Idx(3, [1, 2, 2], 255, 0, 0, 0), zip: true);
        Write("t10k-labels-idx1-ubyte", Idx(1, [1], 4), zip: false);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_ZippedAndPlainFiles_GivesBothParts()
    {
        var (train, test) = Mnist.Load(_folder.Path);
        Assert.Equal((3, 4, 10), (train.Count, train.InputSize, train.Classes));
        Assert.Equal([0, 1, 51 * (1 / 255f), 0], train.InputRow(0).ToArray());
        Assert.Equal([0, 255, 51, 0], train.InputBytes[..4].ToArray());
        Assert.Equal([7, 0, 9], train.Labels.ToArray());
        Assert.Equal([4], test.Labels.ToArray());
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte")]
    [InlineData("t10k-labels-idx1-ubyte")]
    public void Load_MissingFile_SaysWhichAndWhereAndHow(string name)
    {
        File.Delete(_folder.File(name));
        File.Delete(_folder.File(name + ".gz"));
        var error = Assert.Throws<FileNotFoundException>(() => Mnist.Load(_folder.Path));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("https://", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFolder_SaysWhere()
    {
        var missing = _folder.File("nowhere");
        Assert.Contains(missing, Assert.Throws<FileNotFoundException>(() => Mnist.Load(missing)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("folder", () => Mnist.Load(null!));
    }

    public static TheoryData<string, byte[], string> DamagedFiles => new()
    {
        { "t10k-images-idx3-ubyte", [], "offset 0: the file ends here, but 4 more byte(s)" },
        { "t10k-images-idx3-ubyte", [0, 0, 8, 3, 0], "offset 5: the file ends here, but 11 more byte(s)" },
        { "t10k-images-idx3-ubyte", Idx(1, [4], 1, 2, 3, 4, 5, 6, 7, 8), "offset 0: the magic number must be 0x00000803" },
        { "t10k-images-idx3-ubyte", Idx(3, [1, 2, 2], 1, 2, 3), "offset 19: the file ends here, but 1 more byte(s)" },
        { "t10k-images-idx3-ubyte", Idx(3, [1, 2, 2], 1, 2, 3, 4, 5), "offset 20: the file must end here" },
        { "t10k-images-idx3-ubyte", Idx(3, [0, 2, 2]), "offset 4: a dimension's size" },
        { "t10k-images-idx3-ubyte", Idx(3, [-1, 2, 2], 1, 2, 3, 4), "offset 4: a dimension's size" },
        { "t10k-images-idx3-ubyte", Idx(3, [int.MaxValue, int.MaxValue, int.MaxValue], 1), "offset 8: the sizes" },
        { "t10k-images-idx3-ubyte", Idx(3, [2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8), "there must be 2 labels" },
        { "t10k-images-idx3-ubyte", Idx(3, [1, 1, 2], 1, 2), "must have 4 pixels" },
        { "t10k-labels-idx1-ubyte", Idx(1, [1], 10), "offset 8: a label must be from 0 to 9, but is 10" },
    };

    [Theory]
    [MemberData(nameof(DamagedFiles))]
    public void Load_DamagedFile_SaysWhereAndWhy(string name, byte[] content, string expected)
    {
        foreach (var zip in (bool[])[false, true])
        {
            File.Delete(_folder.File(name));
            File.Delete(_folder.File(name + ".gz"));
            Write(name, content, zip);
            var error = Assert.Throws<InvalidDataException>(() => Mnist.Load(_folder.Path));
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_DamagedZip_SaysSo()
    {
        var path = _folder.File("t10k-images-idx3-ubyte.gz");
        var bytes = File.ReadAllBytes(path);

        // In the last 10 bytes stand the end mark and gzip's own check of data that is complete by then.
        for (var length = 0; length < bytes.Length - 10; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => Mnist.Load(_folder.Path)).Message, StringComparison.Ordinal);
        }

        bytes[12] ^= 0xFF;
        File.WriteAllBytes(path, bytes);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => Mnist.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RealFiles_AreTheKnownSet()
    {
        var folder = TestEnvironment.SharedFolder("data/mnist");
        Assert.SkipWhen(folder is null, "The MNIST files are not there: ../shared/data/mnist.");
        var (train, test) = Mnist.Load(folder!);
        Assert.Equal((60_000, 784, 10_000, 784), (train.Count, train.InputSize, test.Count, test.InputSize));
        Assert.Equal([5, 0, 4, 1, 9], train.Labels[..5].ToArray());
        Assert.Equal([7, 2, 1, 0, 4], test.Labels[..5].ToArray());
        Assert.Equal(0.1307, train.Inputs.ToArray().Average(x => (double)x), 0.0001);
    }

    private void Write(string name, byte[] content, bool zip)
    {
        if (!zip)
        {
            File.WriteAllBytes(_folder.File(name), content);
            return;
        }

        using var stream = new GZipStream(File.Create(_folder.File(name + ".gz")), CompressionLevel.Optimal);
        stream.Write(content);
    }

    private static byte[] Idx(byte dimensions, int[] sizes, params byte[] data)
    {
        var header = new byte[4 + 4 * sizes.Length];
        (header[2], header[3]) = (8, dimensions);
        for (var i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), sizes[i]);
        }

        return [.. header, .. data];
    }
}
