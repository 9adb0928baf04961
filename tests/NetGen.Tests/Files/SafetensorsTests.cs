using System.Buffers.Binary;
using System.Text;
using NetGen.Tests.Support;

namespace NetGen.Tests.Files;

public class SafetensorsTests
{
    [Fact]
    public void Write_ThenRead_GivesTheSame()
    {
        SafetensorsTensor[] tensors =
        [
            SafetensorsTensor.FromSingles("layer1.weight", [2, 3], [1, -2, 3.5f, float.MaxValue, float.Epsilon, -0f]),
            new("größe \"x\"", SafetensorsType.U8, [3], new byte[] { 1, 2, 3 }),
            SafetensorsTensor.FromSingles("scalar", [], [7]),
            SafetensorsTensor.FromSingles("empty", [0, 5], []),
        ];
        var stream = new MemoryStream();
        Safetensors.Write(stream, tensors, new Dictionary<string, string> { ["format"] = "pt", ["note"] = "é" });
        stream.Position = 0;
        var file = Safetensors.Read(stream);
        Assert.Equal(4, file.Tensors.Count);
        foreach (var tensor in tensors)
        {
            Assert.Equal(tensor.ToString(), file[tensor.Name].ToString());
            Assert.Equal(tensor.Bytes.ToArray(), file[tensor.Name].Bytes.ToArray());
        }

        Assert.Equal([1, -2, 3.5f, float.MaxValue, float.Epsilon, -0f], file["layer1.weight"].ToSingles());
        Assert.Equal(("pt", "é"), (file.Metadata["format"], file.Metadata["note"]));
        Assert.Throws<KeyNotFoundException>(() => file["other"]);
        Assert.Equal("F32 layer1.weight[2, 3]", tensors[0].ToString());
    }

    [Fact]
    public void Write_Header_IsAlignedAndStandsInTheDocumentedForm()
    {
        var stream = new MemoryStream();
        Safetensors.Write(stream, [SafetensorsTensor.FromSingles("a", [2], [1, 2])]);
        var bytes = stream.ToArray();
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal([0, 0, 128, 63, 0, 0, 0, 64], bytes[(8 + length)..]);
    }

    [Fact]
    public void Write_HostileCulture_IsTheSame()
    {
        static byte[] Write()
        {
            var stream = new MemoryStream();
            Safetensors.Write(stream, [SafetensorsTensor.FromSingles("a", [1500], new float[1500])]);
            return stream.ToArray();
        }

        Assert.Equal(Write(), TestEnvironment.In(TestEnvironment.HostileCulture(), Write));
    }

    [Fact]
    public void Write_SameNameTwice_ThrowsAndKeepsTheFile()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.safetensors");
        File.WriteAllText(path, "old");
        var tensor = SafetensorsTensor.FromSingles("a", [1], [1]);
        Assert.Throws<ArgumentException>("tensors", () => Safetensors.Write(path, [tensor, tensor]));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Tensor_WrongArguments_NameThem()
    {
        Assert.Throws<ArgumentException>("name", () => SafetensorsTensor.FromSingles("__metadata__", [1], [1]));
        Assert.Throws<ArgumentException>("bytes", () => SafetensorsTensor.FromSingles("a", [2], [1]));
        Assert.Throws<ArgumentException>("shape", () => SafetensorsTensor.FromSingles("a", [-1], [1]));
        Assert.Throws<ArgumentException>("shape", () => SafetensorsTensor.FromSingles("a", [long.MaxValue, 2], [1]));
        Assert.Throws<ArgumentOutOfRangeException>("type", () => new SafetensorsTensor("a", (SafetensorsType)99, [1], new byte[1]));
    }

    [Theory]
    [InlineData("""{}""", 0)]
    [InlineData("""{}      """, 0)]
    [InlineData("""{"__metadata__":{}}""", 0)]
    [InlineData("""{"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"x":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"x":{"dtype":"F32","shape":[9223372036854775807,0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[2,4]},"y":{"data_offsets":[0,2],"dtype":"I16","shape":[1]}}""", 4)]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[0],"data_offsets":[2,2]},"z":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", 3)]
    [InlineData("""{ "x" : { "dtype":"U8", "shape":[1,1,1] , "data_offsets" : [ 0 , 1 ] } }  """, 1)]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":[{"a":1}]}}""", 1)]
    public void Read_ValidHeader_IsAccepted(string header, int data) => Read(Bytes(header, data));

    [Theory]
    [InlineData("BOOL", 1)]
    [InlineData("U8", 1)]
    [InlineData("I8", 1)]
    [InlineData("F8_E5M2", 1)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("I16", 2)]
    [InlineData("U16", 2)]
    [InlineData("F16", 2)]
    [InlineData("BF16", 2)]
    [InlineData("I32", 4)]
    [InlineData("U32", 4)]
    [InlineData("F32", 4)]
    [InlineData("F64", 8)]
    [InlineData("I64", 8)]
    [InlineData("U64", 8)]
    public void Read_EveryType_HasItsSize(string type, int size)
    {
        var header = $$$"""{"x":{"dtype":"{{{type}}}","shape":[3],"data_offsets":[0,{{{3 * size}}}]}}""";
        Assert.Equal($"{type} x[3]", Read(Bytes(header, 3 * size))["x"].ToString());
        Assert.Throws<InvalidDataException>(() => Read(Bytes(header.Replace("[3]", "[2]", StringComparison.Ordinal), 3 * size)));
    }

    [Theory]
    [InlineData("", 0, "start with '{'")]
    [InlineData(" {}", 0, "start with '{'")]
    [InlineData("[]", 0, "start with '{'")]
    [InlineData("{", 0, "JSON")]
    [InlineData("{}x", 0, "JSON")]
    [InlineData("{}{}", 0, "JSON")]
    [InlineData("{,}", 0, "JSON")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},}""", 1, "JSON")]
    [InlineData("""{}/**/""", 0, "JSON")]
    [InlineData("""{"x":1}""", 0, "x must be an object, but is Number")]
    [InlineData("""{"x":null}""", 0, "x must be an object")]
    [InlineData("""{"x":{}}""", 0, "x must have dtype")]
    [InlineData("""{"x":{"dtype":"U8","data_offsets":[0,1]}}""", 1, "x must have shape")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1]}}""", 1, "x must have data_offsets")]
    [InlineData("""{"x":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "dtype once")]
    [InlineData("""{"x":{"dtype":"u8","shape":[1],"data_offsets":[0,1]}}""", 1, "but is 'u8'")]
    [InlineData("""{"x":{"dtype":8,"shape":[1],"data_offsets":[0,1]}}""", 1, "x.dtype must be a string")]
    [InlineData("""{"x":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}""", 1, "x.shape must be an array")]
    [InlineData("""{"x":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1, "x.shape must hold whole numbers")]
    [InlineData("""{"x":{"dtype":"U8","shape":[-0],"data_offsets":[0,0]}}""", 0, "x.shape must hold whole numbers")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}""", 1, "x.shape must hold whole numbers")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}}""", 1, "x.shape must hold whole numbers")]
    [InlineData("""{"x":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}""", 1, "x.shape must hold whole numbers")]
    [InlineData("""{"x":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,1]}}""", 1, "x.shape must hold whole numbers")]
    [InlineData("""{"x":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}}""", 1, "x.shape must hold whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "overflows")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}}""", 0, "overflows")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}""", 0, "overflows")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", 1, "must be [begin, end]")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}""", 1, "must be [begin, end]")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1, "must be [begin, end]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}}""", 3, "must have 4 bytes")]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 1, "end within the 1 bytes")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 2, "1 more byte(s) follow")]
    [InlineData("""{}""", 1, "1 more byte(s) follow")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "leaves a hole")]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "overlaps")]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 2, "overlaps")]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}""", 2, "overlaps")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "names x twice")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0078":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "names x twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "twice")]
    [InlineData("""{"__metadata__":{"a":"b","a":"c"}}""", 0, "names a twice")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__.a must be a string")]
    [InlineData("""{"__metadata__":[]}""", 0, "__metadata__ must be an object")]
    [InlineData("""{"__metadata__":{"a":{"b":"c"}}}""", 0, "__metadata__.a must be a string")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "no valid text")]
    public void Read_BrokenHeader_IsRefused(string header, int data, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Bytes(header, data)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HeaderNotUtf8_IsRefused()
    {
        var bytes = Bytes("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1);
        bytes[8 + 2] = 0xFF;
        Assert.Contains("UTF-8", Assert.Throws<InvalidDataException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000_001UL, "at most 100000000 bytes")]
    [InlineData(ulong.MaxValue, "at most 100000000 bytes")]
    [InlineData(3UL, "within the file")]
    [InlineData(99_999_999UL, "within the file")]
    public void Read_HeaderLengthTooLarge_IsRefusedWithoutMemory(ulong length, string expected)
    {
        var bytes = Bytes("{}", 0);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => Read(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileShorterThanItsLength_IsRefused()
    {
        for (var length = 0; length < 8; length++)
        {
            Assert.Throws<InvalidDataException>(() => Read(new byte[length]));
        }
    }

    [Fact]
    public void Read_StreamThatCannotSeekOrStartsLater_IsRead()
    {
        var bytes = Bytes("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 2);
        Assert.Single(Safetensors.Read(new OneWayStream(bytes)).Tensors);
        Assert.Single(Safetensors.Read(new MemoryStream([1, 2, 3, .. bytes]) { Position = 3 }).Tensors);
    }

    [Fact]
    public void ToSingles_OtherFloats_AreConverted()
    {
        Assert.Equal([1, -2, 65504], new SafetensorsTensor("a", SafetensorsType.F16, [3], new byte[] { 0, 0x3C, 0, 0xC0, 0xFF, 0x7B }).ToSingles());
        Assert.Equal([1, -2], new SafetensorsTensor("a", SafetensorsType.BF16, [2], new byte[] { 0x80, 0x3F, 0, 0xC0 }).ToSingles());
        Assert.Equal([0.1f, float.NaN], Double(0.1, double.NaN).ToSingles());
        var error = TestEnvironment.In(TestEnvironment.HostileCulture(), () => Assert.Throws<InvalidDataException>(() => Double(0, -1.5e300).ToSingles()));
        Assert.Contains("a: number 1 (from 0) must fit in a float, but is -1.5E+300", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => new SafetensorsTensor("a", SafetensorsType.I32, [1], new byte[4]).ToSingles());
    }

    private static SafetensorsTensor Double(params double[] numbers) =>
        new("a", SafetensorsType.F64, [numbers.Length], numbers.SelectMany(BitConverter.GetBytes).ToArray());

    private static SafetensorsFile Read(byte[] bytes) => Safetensors.Read(new MemoryStream(bytes));

    private static byte[] Bytes(string header, int data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. new byte[data]];
    }

    private sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
