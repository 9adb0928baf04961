using System.Text;
using NetGen.CompilerServices;
using NetGen.Tests.Support;

namespace NetGen.Tests.Files;

public sealed class SaveLoadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("net.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Save_ThenLoad_GivesTheSameWeights()
    {
        var saved = new FakeClassifier(3, 2, seed: 1);
        var loaded = new FakeClassifier(3, 2, seed: 2);
        saved.Save(Target);
        Assert.NotEqual(saved.Weights, loaded.Weights);
        loaded.Load(Target);
        Assert.Equal(saved.Weights, loaded.Weights);
        var file = Safetensors.Read(Target);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(["F32 layer1.weight[2, 3]", "F32 layer1.bias[2]"], file.Tensors.Select(t => t.ToString()));
    }

    [Fact]
    public void Save_Twice_ReplacesAndLeavesNothingElse()
    {
        new FakeClassifier(30, 20).Save(Target);
        var second = new FakeClassifier(3, 2);
        second.Save(Target);
        Assert.Equal(Target, Assert.Single(Directory.GetFileSystemEntries(_folder.Path)));
        new FakeClassifier(3, 2, seed: 9).Load(Target);
    }

    [Fact]
    public void Save_PlaceIsAFolder_FailsAndLeavesNothing()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "inside"), "old");
        var error = Record.Exception(() => new FakeClassifier(3, 2).Save(Target));
        Assert.True(error is IOException or UnauthorizedAccessException);
        Assert.Equal(Target, Assert.Single(Directory.GetFileSystemEntries(_folder.Path)));
    }

    [Fact]
    public void Save_WritingFails_KeepsTheOldFile()
    {
        File.WriteAllText(Target, "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Save_FolderIsMissing_SaysSo() =>
        Assert.Throws<DirectoryNotFoundException>(() => new FakeClassifier(3, 2).Save(Path.Combine(_folder.Path, "nowhere", "net.safetensors")));

    [Fact]
    public void Load_FileIsMissing_SaysWhich() =>
        Assert.Contains(Target, Assert.Throws<FileNotFoundException>(() => new FakeClassifier(3, 2).Load(Target)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_OtherShape_SaysWhatWasExpectedAndFound()
    {
        new FakeClassifier(4, 2).Save(Target);
        Refused("tensor layer1.weight[2, 3] is expected, but the file holds F32 layer1.weight[2, 4]");
    }

    [Fact]
    public void Load_MissingTensor_SaysWhich()
    {
        Safetensors.Write(Target, [Tensor("layer1.weight", 2, 3)]);
        Refused("tensor layer1.bias[2] is expected, but is missing; the file holds F32 layer1.weight[2, 3]");
        Safetensors.Write(Target, []);
        Refused("layer1.weight[2, 3] is expected, but is missing; the file holds no tensor");
    }

    [Fact]
    public void Load_UnexpectedTensor_SaysWhich()
    {
        Safetensors.Write(Target, [Tensor("layer1.weight", 2, 3), Tensor("layer1.bias", 2), Tensor("layer2.bias", 1)]);
        Refused("the file holds F32 layer2.bias[1], which the network does not have; it has layer1.weight[2, 3], layer1.bias[2]");
    }

    [Fact]
    public void Load_OtherType_SaysWhich()
    {
        Safetensors.Write(Target, [Tensor("layer1.weight", 2, 3), new("layer1.bias", SafetensorsType.I32, [2], new byte[8])]);
        Refused("layer1.bias: the numbers must be F32 (or F16, BF16, F64, which are converted), but are I32");
    }

    [Fact]
    public void Load_DoublesAndOtherOrder_AreConverted()
    {
        var doubles = new double[] { 1, 2, 3, 4, 5, 6 }.SelectMany(BitConverter.GetBytes).ToArray();
        Safetensors.Write(Target, [Tensor("layer1.bias", 2), new("layer1.weight", SafetensorsType.F64, [2, 3], doubles)]);
        var network = new FakeClassifier(3, 2);
        network.Load(Target);
        Assert.Equal([1, 2, 3, 4, 5, 6, 0, 0], network.Weights);
    }

    [Fact]
    public void Load_NotAFileOfTheFormat_NamesTheFile()
    {
        File.WriteAllText(Target, "this is no such file at all");
        Refused(Target);
    }

    [Fact]
    public void Load_HostileCulture_IsTheSame()
    {
        var saved = new FakeClassifier(3, 2);
        var loaded = new FakeClassifier(3, 2, seed: 5);
        TestEnvironment.In(TestEnvironment.HostileCulture(), () =>
        {
            saved.Save(Target);
            loaded.Load(Target);
            return 0;
        });
        Assert.Equal(saved.Weights, loaded.Weights);
    }

    /// <summary>
    /// Tens of thousands of damaged files: each is loaded or refused with the documented exception, and a refusal changes nothing.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Load_MutatedFile_LoadsOrIsRefusedWhole(int seed)
    {
        const int Mutations = 10_000;
        var memory = new MemoryStream();
        new FakeClassifier(3, 2).Save(memory);
        var original = memory.ToArray();
        var random = new Xoshiro256(seed);
        var network = new FakeClassifier(3, 2, seed: 77);
        var (loaded, refused) = (0, 0);
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = Mutate(original, ref random);
            var before = network.Weights;
            try
            {
                network.Load(new MemoryStream(bytes));
                loaded++;
                foreach (var weight in network.Weights)
                {
                    // What was loaded stood in the file.
                    Assert.True(bytes.AsSpan().IndexOf(BitConverter.GetBytes(weight)) >= 0);
                }
            }
            catch (InvalidDataException)
            {
                refused++;
                Assert.Equal(before.AsSpan(), network.Weights.AsSpan());
            }
        }

        // Both happen, or the mutations would be too tame or too wild to say anything.
        Assert.True(loaded > Mutations / 100 && refused > Mutations / 2, $"{loaded} loaded, {refused} refused");
    }

    [Fact]
    public void LoadMatching_PartsThatFit_TakesThemAndSaysWhich()
    {
        SafetensorsTensor[] tensors =
        [
            SafetensorsTensor.FromSingles("layer1.weight", [2, 3], [1, 2, 3, 4, 5, 6]),
            Tensor("layer1.bias", 5),
            Tensor("layer2.bias", 2),
        ];
        Safetensors.Write(Target, tensors);
        var network = new FakeClassifier(3, 2);
        network.Parameters[1].CopyFrom([7, 8]);
        var report = network.LoadMatching(Target);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], network.Weights);
        Assert.Equal(["layer1.weight"], report.Loaded);
        Assert.Equal(["layer1.bias[2]: the file has F32 layer1.bias[5]"], report.NotLoaded);
        Assert.Equal(["F32 layer1.bias[5]", "F32 layer2.bias[2]"], report.Unused);
        Assert.Equal(
            "Loaded:\n  layer1.weight\nNot loaded:\n  layer1.bias[2]: the file has F32 layer1.bias[5]\nNot used:\n  F32 layer1.bias[5]\n  F32 layer2.bias[2]",
            report.ToString());
    }

    [Fact]
    public void LoadMatching_NothingThatFits_ChangesNothing()
    {
        Safetensors.Write(Target, [new SafetensorsTensor("layer1.bias", SafetensorsType.I64, [2], new byte[16])]);
        var network = new FakeClassifier(3, 2);
        var before = network.Weights;
        var report = network.LoadMatching(Target);
        Assert.Equal(before, network.Weights);
        Assert.Equal(["layer1.weight[2, 3]: not in the file", "layer1.bias[2]: the file has I64 layer1.bias[2]"], report.NotLoaded);
        File.WriteAllText(Target, "no file of the format");
        Assert.Throws<InvalidDataException>(() => network.LoadMatching(Target));
    }

    [Fact]
    public void Save_NetworkWithBuffers_HoldsThem()
    {
        var network = new FakeClassifier(3, 2, momentum: 0.5f);
        network.Buffers[0].CopyFrom([0.25f, -3]);
        network.Save(Target);
        var loaded = new FakeClassifier(3, 2, momentum: 0.5f);
        loaded.Load(Target);
        Assert.Equal([0.25f, -3], loaded.Buffers[0].ToArray());
        Assert.Throws<InvalidDataException>(() => new FakeClassifier(3, 2).Load(Target));
    }

    private static byte[] Mutate(byte[] original, ref Xoshiro256 random)
    {
        const string Pieces = "{}[]\",:0123456789-.eE \\u/ntruefalsF6B1_";
        var bytes = new List<byte>(original);
        for (var edits = 1 + random.NextInt(3); edits > 0; edits--)
        {
            var place = random.NextInt(bytes.Count);
            switch (random.NextInt(8))
            {
                case 0:
                    bytes[place] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    bytes[place] = (byte)random.NextInt(256);
                    break;
                case 2:
                    bytes[place] = (byte)Pieces[random.NextInt(Pieces.Length)];
                    break;
                case 3:
                    bytes.Insert(place, (byte)Pieces[random.NextInt(Pieces.Length)]);
                    bytes[0]++; // the header's length, so that the JSON and not the length is what is tried
                    break;
                case 4 when bytes.Count > 16:
                    bytes.RemoveAt(place);
                    bytes[0]--;
                    break;
                case 5:
                    bytes.RemoveRange(Math.Max(place, 1), bytes.Count - Math.Max(place, 1));
                    break;
                case 6:
                    var piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Pieces[random.NextInt(Pieces.Length)], random.NextInt(30))));
                    bytes.InsertRange(place, piece);
                    bytes[0] += (byte)piece.Length;
                    break;
                default:
                    var from = random.NextInt(bytes.Count);
                    var length = Math.Min(random.NextInt(20), bytes.Count - Math.Max(place, from));
                    var copy = bytes.GetRange(from, length);
                    for (var i = 0; i < length; i++)
                    {
                        bytes[place + i] = copy[i];
                    }

                    break;
            }
        }

        return [.. bytes];
    }

    private void Refused(string expected)
    {
        var network = new FakeClassifier(3, 2);
        var before = network.Weights;
        var error = Assert.Throws<InvalidDataException>(() => network.Load(Target));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(Target, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, network.Weights);
    }

    private static SafetensorsTensor Tensor(string name, params long[] shape) =>
        SafetensorsTensor.FromSingles(name, shape, new float[shape.Aggregate(1L, (product, size) => product * size)]);
}
