using System.Globalization;
using System.IO.Compression;
using NetGen.Tests.Support;

namespace NetGen.Tests.Data;

public sealed class StreamedDatasetTests : IDisposable
{
    private static readonly CsvOptions LabelLast = new() { HasHeader = false, Label = ^1 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Fill_EachEpoch_GivesEverySampleOnce(int buffer)
    {
        foreach (var data in All(100, buffer))
        {
            using var _ = data;
            var first = Epoch(data, 100);
            Assert.Equal(Enumerable.Range(0, 100), first.Order());
            var second = Epoch(data, 100);
            Assert.Equal(Enumerable.Range(0, 100), second.Order());
            Assert.Equal(buffer == 1, first.SequenceEqual(Enumerable.Range(0, 100)));
            Assert.Equal(buffer == 1, first.SequenceEqual(second));

            // What comes i-th stood at i + buffer − 1 at most.
            Assert.All(first, (sample, i) => Assert.InRange(sample, 0, i + buffer - 1));
        }
    }

    [Fact]
    public void Fill_Sources_GiveTheSameOrder()
    {
        var orders = All(50, buffer: 20).Select(data =>
        {
            using var _ = data;
            return Epoch(data, 120);
        }).ToArray();
        Assert.All(orders, order => Assert.Equal(orders[0], order));
    }

    [Fact]
    public void Fill_Seeds_DecideTheOrder()
    {
        var (inputs, labels) = WriteArrays(200);
        Assert.Equal(Order(seed: 1), Order(seed: 1));
        Assert.NotEqual(Order(seed: 1), Order(seed: 2));

        int[] Order(int seed)
        {
            using var data = StreamedDataset.FromLabels(inputs, labels, 3, buffer: 50, seed: seed);
            return Epoch(data, 400);
        }
    }

    [Fact]
    public void Fill_BufferOfAllSamples_GivesEachOrderAsOften()
    {
        var (inputs, labels) = WriteArrays(3);
        using var data = StreamedDataset.FromLabels(inputs, labels, 3, buffer: 3);
        var counts = Enumerable.Range(0, 6000).Select(_ => string.Join(",", Epoch(data, 3))).CountBy(order => order).ToArray();
        Assert.Equal(6, counts.Length);

        // Each 1000 times, with a standard deviation of 29.
        Assert.All(counts, order => Assert.InRange(order.Value, 850, 1150));
    }

    [Fact]
    public void Fill_LabelsAsTargets_AreOneHotOrBinary()
    {
        var path = Write("two.csv", "1,no\n2,yes\n");
        using var data = StreamedDataset.FromCsv(path, CsvSchema.Learn(path, LabelLast), buffer: 1);
        Assert.Equal((2, 1, 2, 0, true), (data.Count, data.InputSize, data.Classes, data.TargetSize, data.HasLabels));
        var inputs = new float[2];
        var rows = new float[6];
        Array.Fill(rows, 9);
        data.Fill(inputs, rows);
        Assert.Equal([1, 2], inputs);
        Assert.Equal([1, 0, 0, 0, 1, 0], rows);
        var numbers = new float[2];
        data.Fill(inputs, numbers);
        Assert.Equal([0, 1], numbers);
        var labels = new int[2];
        data.FillLabels(inputs, labels);
        Assert.Equal([0, 1], labels);
        Assert.Equal("2 samples of 1 inputs, 2 classes, 1 of them in the buffer", data.ToString());
    }

    [Fact]
    public void Fill_Targets_StayWithTheirInputs()
    {
        var (x, y) = (_folder.File("x.npy"), _folder.File("y.npy"));
        Npy.Write(x, new NumberArray(Enumerable.Range(0, 60).Select(i => (double)i).ToArray(), 20, 3));
        Npy.Write(y, new NumberArray(Enumerable.Range(0, 40).Select(i => (float)-(i / 2)).ToArray(), 20, 2));
        using var data = StreamedDataset.FromTargets(x, y, scale: 2, offset: 1, buffer: 8);
        Assert.Equal((20, 3, 2, 0, false), (data.Count, data.InputSize, data.TargetSize, data.Classes, data.HasLabels));
        var (inputs, targets) = (new float[21], new float[14]);
        for (var batch = 0; batch < 10; batch++)
        {
            data.Fill(inputs, targets);
            for (var i = 0; i < 7; i++)
            {
                Assert.Equal(inputs[3 * i], -6 * targets[2 * i] + 1);
                Assert.Equal(targets[2 * i], targets[2 * i + 1]);
            }
        }

        Assert.Throws<InvalidOperationException>(() => data.FillLabels(inputs, new int[7]));
    }

    [Fact]
    public void Fill_AfterTheFirstEpoch_AllocatesNothing()
    {
        var (images, labels) = WriteArrays(300);
        using var data = StreamedDataset.FromLabels(images, labels, 3, buffer: 50);
        var (inputs, classes) = (new float[2 * 30], new int[30]);
        for (var i = 0; i < 20; i++)
        {
            data.FillLabels(inputs, classes);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            data.FillLabels(inputs, classes);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Fill_LargeFile_TakesTheMemoryOfTheBuffer()
    {
        var path = _folder.File("large.csv");
        using (var writer = new StreamWriter(path))
        {
            for (var i = 0; i < 60_000; i++)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{i},0.123456789,0.987654321,class number {i % 3}\n"));
            }
        }

        var length = new FileInfo(path).Length;
        var schema = CsvSchema.Learn(path, LabelLast);
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var data = StreamedDataset.FromCsv(path, schema, buffer: 100);
        var (inputs, labels) = (new float[3 * 60], new int[60]);
        for (var i = 0; i < 3000; i++)
        {
            data.FillLabels(inputs, labels);
        }

        // Four passes over 2.8 MB: the buffers of the file, of the reader and of the samples are taken anew for each pass.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, length / 2);
    }

    [Fact]
    public void Fit_Stream_TrainsOnEverySampleOnceAnEpoch()
    {
        var clouds = TestEnvironment.Clouds(203);
        var path = _folder.File("clouds.csv");
        Csv.Write(path, clouds);
        var schema = CsvSchema.Learn(path, LabelLast);
        Assert.Equal(Weights(seed: 3), Weights(seed: 3));
        Assert.NotEqual(Weights(seed: 3), Weights(seed: 4));

        float[] Weights(int seed)
        {
            using var data = StreamedDataset.FromCsv(path, schema, buffer: 64, seed: seed);
            var net = new FakeClassifier(2, 2);

            // Samples given before belong to another epoch.
            data.FillLabels(new float[2], new int[1]);
            var history = net.Fit(data, epochs: 20, validation: clouds);
            Assert.Equal((20, 20 * 203, 20 * 26), (history.Epochs.Count, net.Samples, net.LabelSteps));
            Assert.True(history.Epochs[^1].ValidationAccuracy > 0.97);
            return net.Weights;
        }
    }

    [Fact]
    public void Fit_StreamInFileOrder_EqualsStepsOnTheFile()
    {
        var clouds = TestEnvironment.Clouds(40);
        var (x, y) = (_folder.File("x.npy"), _folder.File("y.npy"));
        Npy.Write(x, new NumberArray(clouds.Inputs.ToArray(), 40, 2));
        Npy.Write(y, new NumberArray(clouds.Labels.ToArray(), 40));
        var (expected, actual) = (new FakeNetwork(2, 1, Loss.SigmoidCrossEntropy), new FakeNetwork(2, 1, Loss.SigmoidCrossEntropy));
        for (var step = 0; step < 10; step++)
        {
            var start = step % 5 * 8;
            expected.TrainBatch(clouds.Inputs.Slice(2 * start, 16), clouds.Labels.Slice(start, 8).ToArray().Select(label => (float)label).ToArray());
        }

        // One output and two classes: the labels become the numbers 0 and 1.
        using var data = StreamedDataset.FromLabels(x, y, 2, buffer: 1);
        actual.Fit(data, epochs: 2);
        Assert.Equal(expected.Weights, actual.Weights);
    }

    [Fact]
    public void Fit_StreamAsProducer_LearnsTheSame()
    {
        var (x, y) = WriteArrays(48);
        using var first = StreamedDataset.FromLabels(x, y, 3, scale: 0.01f, buffer: 10);
        using var second = StreamedDataset.FromLabels(x, y, 3, scale: 0.01f, buffer: 10);
        var (stream, producer) = (new FakeClassifier(2, 3), new FakeClassifier(2, 3));
        stream.Fit(first, epochs: 3);
        producer.Fit(second.FillLabels, second.Batches(producer.BatchSize), epochs: 3);
        Assert.Equal(stream.Weights, producer.Weights);
        new FakeNetwork(2, 3, Loss.MeanSquaredError).Fit(second.Fill, second.Batches(8));
    }

    [Fact]
    public void Fit_StreamThatDoesNotFit_ChangesNothing()
    {
        var (x, y) = WriteArrays(10);
        using var data = StreamedDataset.FromLabels(x, y, 3);
        Assert.Throws<ArgumentException>("data", () => new FakeClassifier(3, 3).Fit(data, 1));
        Assert.Throws<ArgumentException>("data", () => new FakeClassifier(2, 2).Fit(data, 1));
        Assert.Throws<ArgumentException>("data", () => new FakeNetwork(2, 1, Loss.MeanSquaredError).Fit(data, 1));
        Assert.Throws<ArgumentNullException>("data", () => new FakeClassifier(2, 3).Fit((StreamedDataset)null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => new FakeClassifier(2, 3).Fit(data, 0));
        var options = new FitOptions { Epochs = 1 };
        Assert.Contains("MetricsOnTrainingData needs training data in memory", Refused(options with { MetricsOnTrainingData = true }), StringComparison.Ordinal);
        Assert.Contains(
            "Checkpoint needs training data in memory", Refused(options with { Checkpoint = new CheckpointOptions(_folder.File("c")) }), StringComparison.Ordinal);

        string Refused(FitOptions options) =>
            Assert.Throws<ArgumentException>("options", () => new FakeClassifier(2, 3).Fit(data, options)).Message;
    }

    [Fact]
    public void Arguments_Wrong_AreNamed()
    {
        var (images, labels) = WriteArrays(10);
        using var data = StreamedDataset.FromLabels(images, labels, 3);
        Assert.Throws<ArgumentException>("inputs", () => data.FillLabels(new float[3], new int[1]));
        Assert.Throws<ArgumentException>("inputs", () => data.FillLabels([], []));
        Assert.Throws<ArgumentException>("labels", () => data.FillLabels(new float[4], new int[1]));
        Assert.Throws<ArgumentException>("targets", () => data.Fill(new float[4], new float[4]));
        Assert.Throws<ArgumentException>("targets", () => data.Fill(new float[4], new float[7]));
        Assert.Throws<ArgumentOutOfRangeException>("batchSize", () => data.Batches(0));
        Assert.Equal((4, 5, 1), (data.Batches(3), data.Batches(2), data.Batches(100)));
        Assert.Throws<ArgumentOutOfRangeException>("buffer", () => StreamedDataset.FromLabels(images, labels, 3, buffer: 0));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => StreamedDataset.FromLabels(images, labels, 0));
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => StreamedDataset.FromLabels(images, labels, 3, scale: 0));
        Assert.Throws<ArgumentNullException>("schema", () => StreamedDataset.FromCsv(images, null!));
        Assert.Throws<FileNotFoundException>(() => StreamedDataset.FromLabels(_folder.File("none"), labels, 3));
    }

    [Fact]
    public void Files_ThatDoNotFit_AreNamed()
    {
        var (images, labels) = WriteArrays(10);
        Assert.Contains("there must be 10 rows", Message(() => StreamedDataset.FromTargets(images, WriteArray("few.npy", new float[9], 9))), StringComparison.Ordinal);
        Assert.Contains("one label a row", Message(() => StreamedDataset.FromLabels(images, WriteArray("wide.npy", new int[20], 10, 2), 3)), StringComparison.Ordinal);
        Assert.Contains("at least one row", Message(() => StreamedDataset.FromTargets(WriteArray("none.npy", new float[0], 0, 2), labels)), StringComparison.Ordinal);
        Assert.Contains("at least one row", Message(() => StreamedDataset.FromTargets(WriteArray("scalar.npy", new float[1]), labels)), StringComparison.Ordinal);
        var fortran = _folder.File("fortran.npy");
        File.WriteAllBytes(fortran, NpyTests.File(NpyTests.Header("<", "f4", "True", "(2, 2)"), new byte[16]));
        Assert.StartsWith($"{fortran}: The numbers must stand row after row", Message(() => StreamedDataset.FromTargets(fortran, labels)), StringComparison.Ordinal);
        var huge = _folder.File("huge.npy");
        File.WriteAllBytes(huge, NpyTests.File(NpyTests.Header("<", "f4", "False", "(2, 2000000000)"), new byte[16]));
        Assert.Contains("there must be 2 rows of 2000000000 numbers", Message(() => StreamedDataset.FromTargets(huge, labels)), StringComparison.Ordinal);
        var packed = _folder.File("huge.gz");
        File.WriteAllBytes(packed, Zipped([0, 0, 8, 2, 0, 0, 0, 2, 127, 255, 255, 255, 0]));
        Assert.Contains("there must be 2 rows of 2147483647 numbers", Message(() => StreamedDataset.FromTargets(packed, labels)), StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_DamagedFile_NamesItAndStartsAnew()
    {
        var (images, _) = WriteArrays(4);
        var labels = WriteArray("bad.npy", (int[])[0, 1, 5, 2], 4);
        using var data = StreamedDataset.FromLabels(images, labels, 3, buffer: 1);
        var (inputs, classes) = (new float[2], new int[1]);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            // The sample that takes the place of the one that is given is read at once.
            data.FillLabels(inputs, classes);
            Assert.Equal([0, 0], inputs);
            Assert.Equal(
                $"{labels}: row 2 (from 0): a label must be from 0 to 2, but is 5.", Message(() => Fill(data)));
        }

        var infinite = WriteArray("infinite.npy", (float[])[1, 2, float.NaN, 4], 4);
        using var other = StreamedDataset.FromTargets(infinite, infinite);
        Assert.StartsWith($"{infinite}: row 2, column 0", Message(() => other.Fill(new float[1], new float[1])), StringComparison.Ordinal);

        var csv = Write("bad.csv", "1,a\n2,b\n");
        var schema = CsvSchema.Learn(csv, LabelLast);
        Write("bad.csv", "1,a\nx,b\n");
        Assert.StartsWith($"{csv}: line 2, column 0", Message(() => StreamedDataset.FromCsv(csv, schema)), StringComparison.Ordinal);

        static object? Fill(StreamedDataset data)
        {
            data.FillLabels(new float[2], new int[1]);
            return null;
        }
    }

    /// <summary>The same samples from each kind of file: sample i has the inputs i and 0 and the label i mod 3.</summary>
    private IEnumerable<StreamedDataset> All(int count, int buffer)
    {
        var (images, labels) = WriteArrays(count);
        yield return StreamedDataset.FromLabels(images, labels, 3, buffer: buffer);
        var csv = Write($"{count}.csv", string.Concat(Enumerable.Range(0, count).Select(i => $"{i},0,{i % 3}\n")));
        yield return StreamedDataset.FromCsv(csv, CsvSchema.Learn(csv, LabelLast), buffer);
        byte[] idx = [0, 0, 11, 2, 0, 0, 0, (byte)count, 0, 0, 0, 2, .. Enumerable.Range(0, count).SelectMany(i => (byte[])[0, (byte)i, 0, 0])];
        byte[] classes = [0, 0, 8, 1, 0, 0, 0, (byte)count, .. Enumerable.Range(0, count).Select(i => (byte)(i % 3))];
        var (plain, packed) = (_folder.File("plain.idx"), _folder.File("packed.gz"));
        File.WriteAllBytes(plain, idx);
        File.WriteAllBytes(packed, Zipped(classes));
        yield return StreamedDataset.FromLabels(plain, packed, 3, buffer: buffer);
    }

    /// <summary>The numbers of the next samples.</summary>
    private static int[] Epoch(StreamedDataset data, int count)
    {
        var (inputs, labels) = (new float[2 * count], new int[count]);

        // In steps of 1 and of the rest: where a batch ends makes no difference.
        data.FillLabels(inputs.AsSpan(0, 2), labels.AsSpan(0, 1));
        data.FillLabels(inputs.AsSpan(2), labels.AsSpan(1));
        var samples = Enumerable.Range(0, count).Select(i => (int)inputs[2 * i]).ToArray();
        Assert.Equal(samples.Select(i => i % 3), labels);
        return samples;
    }

    private (string Inputs, string Labels) WriteArrays(int count) => (
        WriteArray($"x{count}.npy", Enumerable.Range(0, count).SelectMany(i => (short[])[(short)i, 0]).ToArray(), count, 2),
        WriteArray($"y{count}.npy", Enumerable.Range(0, count).Select(i => (long)(i % 3)).ToArray(), count));

    private string WriteArray(string name, Array numbers, params int[] shape)
    {
        var path = _folder.File(name);
        Npy.Write(path, new NumberArray(numbers, shape));
        return path;
    }

    private string Write(string name, string text)
    {
        var path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
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

    private static string Message(Func<object?> action) => Assert.Throws<InvalidDataException>(action).Message;

    private static string Message(Action action) => Assert.Throws<InvalidDataException>(action).Message;
}
