using System.IO.Compression;
using System.Text;
using NetGen.CompilerServices;
using NetGen.Tests.Support;

namespace NetGen.Tests.Data;

/// <summary>
/// A hundred thousand damaged files: each is read, or refused with the documented exception; nothing else is thrown, and no more memory is
/// taken than a multiple of the file's size and a constant.
/// </summary>
public class MutatedFileTests
{
    /// <summary>What readers take for any file: buffers of 64 KiB, and what unpacks.</summary>
    private const long Constant = 300_000;

    /// <summary>For each byte of a file: a field of a CSV file becomes four bytes, in lists that double; arrays that grow double too.</summary>
    private const long Multiple = 64;

    private static readonly CsvOptions TableOptions = new()
    {
        Label = "y",
        Categories = ["c"],
        Missing = MissingValues.Mean,
        MissingMarkers = ["?"],
    };

    private static readonly byte[] Table = Encoding.UTF8.GetBytes(
        "a,b,c,y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i}.5,{(i % 5 == 0 ? "?" : "-1e-3")},\"cat, {i % 3}\",{i % 2}\n")));

    public static TheoryData<string, int> Formats => new()
    {
        { "csv", 12_000 },
        { "csv by schema", 12_000 },
        { "npy", 20_000 },
        { "npz", 16_000 },
        { "idx", 16_000 },
        { "idx.gz", 12_000 },
        { "safetensors", 12_000 },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_MutatedFiles_AreReadOrRefused(string format, int count)
    {
        var (files, read) = Of(format);
        var random = new Xoshiro256(20_26);
        var (refused, largest) = (0, 0L);
        foreach (var file in files)
        {
            read(new MemoryStream(file));
        }

        for (var i = 0; i < count; i++)
        {
            var file = Mutation.Of(files[i % files.Length], ref random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(new MemoryStream(file));
            }
            catch (InvalidDataException e)
            {
                refused++;
                Assert.False(string.IsNullOrWhiteSpace(e.Message));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{format}, file {i}: {Convert.ToBase64String(file)}", e);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            largest = Math.Max(largest, allocated - Multiple * file.Length);
            Assert.True(
                allocated <= Constant + Multiple * file.Length,
                $"{format}, file {i} of {file.Length} bytes took {allocated} bytes of memory: {Convert.ToBase64String(file)}");
        }

        // Damage that nothing notices would be no test: most of it is noticed, and some of it makes another valid file.
        TestContext.Current.TestOutputHelper?.WriteLine($"{format}: {refused} of {count} refused, {largest} bytes beyond the multiple at most");
        Assert.InRange(refused, count / 3, count - 1);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("npy")]
    [InlineData("idx")]
    [InlineData("idx.gz")]
    public void Stream_MutatedFiles_AreReadOrRefused(string format)
    {
        using var folder = new TemporaryFolder();
        var (files, _) = Of(format);
        var schema = CsvSchema.Learn(new MemoryStream(Table), TableOptions);
        var random = new Xoshiro256(26_20);
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var path = folder.File($"{i}");
            File.WriteAllBytes(path, Mutation.Of(files[i % files.Length], ref random));
            try
            {
                using var data = format == "csv" ? StreamedDataset.FromCsv(path, schema) : StreamedDataset.FromTargets(path, path);
                var inputs = new float[data.InputSize];
                var targets = new float[data.HasLabels ? data.Classes : data.TargetSize];
                for (var sample = 0L; sample < data.Count; sample++)
                {
                    data.Fill(inputs, targets);
                }
            }
            catch (InvalidDataException e)
            {
                refused++;
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            }

            File.Delete(path);
        }

        Assert.InRange(refused, 100, 299);
    }

    private static (byte[][] Files, Action<Stream> Read) Of(string format)
    {
        switch (format)
        {
            case "csv":
                return ([Table], stream => Csv.Read(stream, TableOptions));
            case "csv by schema":
                var schema = CsvSchema.Learn(new MemoryStream(Table), TableOptions);
                return ([Table], stream => schema.Read(stream));
            case "npy":
                return (Arrays(), stream => Npy.Read(stream));
            case "npz":
                return ([Convert.FromBase64String(NpyTests.NumPyArchive), Archive(compress: false), Archive(compress: true)], stream => Npz.Read(stream));
            case "idx":
                return (IdxFiles(), stream => Idx.Read(stream));
            case "idx.gz":
                return (Array.ConvertAll(IdxFiles(), Zipped), stream => Idx.Read(stream));
            default:
                var tensors = new MemoryStream();
                Safetensors.Write(
                    tensors,
                    [SafetensorsTensor.FromSingles("a.weight", [2, 3], [1, 2, 3, 4, 5, 6]), SafetensorsTensor.FromSingles("a.bias", [2], [1, 2])],
                    new Dictionary<string, string> { ["made"] = "by a test" });
                return ([tensors.ToArray()], stream => Safetensors.Read(stream));
        }
    }

    private static byte[][] Arrays() =>
    [
        .. NpyTests.AllTypes.Select(row =>
        {
            using var stream = new MemoryStream();
            Npy.Write(stream, new NumberArray(row.Data.Item2, 3, 2));
            return stream.ToArray();
        }),
        NpyTests.File(NpyTests.Header(">", "f4", "True", "(2L, 3L)"), new byte[24], version: 2),
        NpyTests.File("{'descr':'>u2','shape':(2,1,2,),'fortran_order':True,}\n", new byte[8], version: 3),
    ];

    private static byte[] Archive(bool compress)
    {
        using var stream = new MemoryStream();
        Npz.Write(stream, new Dictionary<string, NumberArray> { ["x"] = new(new float[300], 100, 3), ["y"] = new((int[])[1, 2, 3], 3) }, compress);
        return stream.ToArray();
    }

    private static byte[][] IdxFiles() =>
    [
        [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        [0, 0, 11, 1, 0, 0, 0, 2, 1, 2, 3, 4],
        [0, 0, 14, 2, 0, 0, 0, 2, 0, 0, 0, 1, .. new byte[16]],
        [0, 0, 8, 2, 0, 0, 1, 0, 0, 0, 0, 2, .. new byte[512]],
    ];

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
