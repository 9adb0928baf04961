using System.Globalization;
using System.Text;
using NetGen.Tests.Support;

namespace NetGen.Tests.Data;

public class NpyTests
{
    /// <summary>
    /// Written by NumPy 1.24: <c>numpy.savez_compressed(f, single=arange(6, dtype='&lt;f4').reshape(2, 3) / 4, big=array([1.5, -2.25e100],
    /// dtype='>f8'), fortran=asfortranarray(arange(24, dtype='&lt;i2').reshape(2, 3, 4)), flags=array([True, False, True]),
    /// scalar=uint64(2**64 - 1), empty=zeros((0, 5), '>u4'), half=array([[0.5], [65504]], dtype='&lt;f2'))</c>.
    /// </summary>
    internal const string NumPyArchive = """
        UEsDBBQAAAAIAAAAIQAKnACkVgAAAJgAAAAKABQAc2luZ2xlLm5weQEAEACYAAAAAAAAAFYAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNmoq6joJ6WX1RSlJgX
        n1+UkgoSd0vMKU4FihdnJBakAvkaRjoKxpo6CrUKZAMuBjBosAMS9gwMDkDcAMQL7AFQSwMEFAAAAAgAAAAhAJQrXTZSAAAAkAAAAAcAFABiaWcubnB5AQAQAJAAAAAA
        AAAAUgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBul2ahrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAu+x8MYHDlyKRHp9yj3wIAUEsD
        BBQAAAAIAAAAIQBvFG+OeAAAALAAAAALABQAZm9ydHJhbi5ucHkBABAAsAAAAAAAAAB4AAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaSuo6Cell9UUpSYF59f
        lJIKEg8pKk0FChdnJBakArkaRjoKxjoKJpo6CrUKZAIuBgYeBhYGAQYOBhEGRgZeBlYGQQZOBlEGJgY+BjYGIQYuBjEGZgZ+BnYGYQZuBnEGAFBLAwQUAAAACAAAACEA
        FpOMu0cAAACDAAAACQAUAGZsYWdzLm5weQEAEACDAAAAAAAAAEcAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXpNkqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4Fihdn
        JBakAvkaxjqaOgq1ChQALkYGRgBQSwMEFAAAAAgAAAAhAOjiU8pFAAAAiAAAAAoAFABzY2FsYXIubnB5AQAQAIgAAAAAAAAARQAAAAAAAACb7BfqGxDJyFDGUK2eklqc
        XKRupaBuU2qhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqaOgq1ChQBrv9QAABQSwMEFAAAAAgAAAAhAC56YJhGAAAAgAAAAAkAFABlbXB0eS5ucHkBABAA
        gAAAAAAAAABGAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG5XaqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GgY6CqaaOgq1CmQDLgBQSwMEFAAAAAgA
        AAAhANpv2ldKAAAAhAAAAAgAFABoYWxmLm5weQEAEACEAAAAAAAAAEoAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNmpK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4F
        ihdnJBakAvkaRjoKhpo6CrUKZAMuBov/1QBQSwECFAMUAAAACAAAACEACpwApFYAAACYAAAACgAAAAAAAAAAAAAAgAEAAAAAc2luZ2xlLm5weVBLAQIUAxQAAAAIAAAA
        IQCUK102UgAAAJAAAAAHAAAAAAAAAAAAAACAAZIAAABiaWcubnB5UEsBAhQDFAAAAAgAAAAhAG8Ub454AAAAsAAAAAsAAAAAAAAAAAAAAIABHQEAAGZvcnRyYW4ubnB5
        UEsBAhQDFAAAAAgAAAAhABaTjLtHAAAAgwAAAAkAAAAAAAAAAAAAAIAB0gEAAGZsYWdzLm5weVBLAQIUAxQAAAAIAAAAIQDo4lPKRQAAAIgAAAAKAAAAAAAAAAAAAACA
        AVQCAABzY2FsYXIubnB5UEsBAhQDFAAAAAgAAAAhAC56YJhGAAAAgAAAAAkAAAAAAAAAAAAAAIAB1QIAAGVtcHR5Lm5weVBLAQIUAxQAAAAIAAAAIQDab9pXSgAAAIQA
        AAAIAAAAAAAAAAAAAACAAVYDAABoYWxmLm5weVBLBQYAAAAABwAHAIIBAADaAwAAAAA=
        """;

    /// <summary>Written by NumPy 1.24: <c>[[1, 2, 3], [4, 5, 6]]</c>, big-endian, Fortran order, version 3.</summary>
    private const string NumPyVersion3 =
        "k05VTVBZAwB0AAAAeydkZXNjcic6ICc+aTQnLCAnZm9ydHJhbl9vcmRlcic6IFRydWUsICdzaGFwZSc6ICgyLCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAABAAAABAAAAAIAAAAFAAAAAwAAAAY=";

    /// <summary>Written by NumPy 1.24: <c>[1, 2, -3]</c>, 64 bits, version 2.</summary>
    private const string NumPyVersion2 =
        "k05VTVBZAgB0AAAAeydkZXNjcic6ICc8aTgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMywpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAAAAAAAAAIAAAAAAAAA/f////////8=";

    [Fact]
    public void Npz_OfNumPy_GivesItsArrays()
    {
        var arrays = Npz.Read(new MemoryStream(Convert.FromBase64String(NumPyArchive)));
        Assert.Equal(["single", "big", "fortran", "flags", "scalar", "empty", "half"], arrays.Keys);
        Assert.Equal([0, 0.25f, 0.5f, 0.75f, 1, 1.25f], arrays["single"].Numbers<float>().ToArray());
        Assert.Equal([2, 3], arrays["single"].Shape.ToArray());
        Assert.Equal([1.5, -2.25e100], arrays["big"].Numbers<double>().ToArray());
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (short)i), arrays["fortran"].Numbers<short>().ToArray());
        Assert.Equal("Int16[2, 3, 4]", arrays["fortran"].ToString());
        Assert.Equal([true, false, true], arrays["flags"].Numbers<bool>().ToArray());
        Assert.Equal([1, 0, 1], arrays["flags"].ToInt32s());
        Assert.Equal([ulong.MaxValue], arrays["scalar"].Numbers<ulong>().ToArray());
        Assert.Equal((1, 0, "UInt64[]"), (arrays["scalar"].Count, arrays["scalar"].Shape.Length, arrays["scalar"].ToString()));
        Assert.Equal("UInt32[0, 5]", arrays["empty"].ToString());
        Assert.Equal([0.5f, 65504], arrays["half"].ToSingles());
    }

    [Fact]
    public void Read_LaterVersionsOfNumPy_GivesTheirArrays()
    {
        var third = Npy.Read(new MemoryStream(Convert.FromBase64String(NumPyVersion3)));
        Assert.Equal([1, 2, 3, 4, 5, 6], third.Numbers<int>().ToArray());
        Assert.Equal([2, 3], third.Shape.ToArray());
        Assert.Equal([1L, 2, -3], Npy.Read(new MemoryStream(Convert.FromBase64String(NumPyVersion2))).Numbers<long>().ToArray());
    }

    public static TheoryData<NumberType, Array> AllTypes => new()
    {
        { NumberType.Boolean, (bool[])[true, false, true, true, false, false] },
        { NumberType.SByte, (sbyte[])[0, 1, -128, 127, 5, 6] },
        { NumberType.Byte, (byte[])[0, 1, 255, 127, 5, 6] },
        { NumberType.Int16, (short[])[0, 1, short.MinValue, 256, 5, 6] },
        { NumberType.UInt16, (ushort[])[0, 1, ushort.MaxValue, 256, 5, 6] },
        { NumberType.Int32, (int[])[0, 1, int.MinValue, int.MaxValue, 5, 6] },
        { NumberType.UInt32, (uint[])[0, 1, uint.MaxValue, 256, 5, 6] },
        { NumberType.Int64, (long[])[0, 1, long.MinValue, 1L << 40, 5, 6] },
        { NumberType.UInt64, (ulong[])[0, 1, ulong.MaxValue, 256, 5, 6] },
        { NumberType.Half, (Half[])[(Half)0, (Half)1, Half.MinValue, (Half)0.25, (Half)5, (Half)6] },
        { NumberType.Single, (float[])[0, 1, float.MinValue, 0.1f, 5, 6] },
        { NumberType.Double, (double[])[0, 1, double.MinValue, 0.1, 5, 6] },
    };

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void ReadAndWrite_EveryTypeAndOrder_GivesTheSameNumbers(NumberType type, Array numbers)
    {
        var array = new NumberArray(numbers, 2, 3);
        using var written = new MemoryStream();
        Npy.Write(written, array);
        var little = written.ToArray();
        Assert.Equal(0, (little.Length - Bytes(numbers).Length) % 64);
        Check(little);

        var (name, size) = (type.Name(), type.Size());
        foreach (var version in (int[])[1, 2, 3])
        {
            var bytes = Bytes(numbers);
            Check(File(Header(size == 1 ? "|" : "<", name, "False", "(2, 3)"), bytes, version));
            Check(File(Header("<", name, "True", "(2, 3,)"), Transposed(bytes, size), version));
            var reversed = Reversed(bytes, size);
            Check(File(Header(">", name, "False", "(2L, 3L)"), reversed, version));
            Check(File(Header(">", name, "True", "(2, 3)"), Transposed(reversed, size), version));
        }

        void Check(byte[] file)
        {
            foreach (var stream in (Stream[])[new MemoryStream(file), new Unseekable(new MemoryStream(file))])
            {
                var read = Npy.Read(stream);
                Assert.Equal((type, 6), (read.Type, read.Count));
                Assert.Equal([2, 3], read.Shape.ToArray());
                using var again = new MemoryStream();
                Npy.Write(again, read);
                Assert.Equal(little, again.ToArray());
            }
        }
    }

    [Fact]
    public void Read_HeaderInOtherForms_IsTheSame()
    {
        foreach (var header in (string[])
        [
            "{\"shape\":(2,),\"descr\":\"<f4\",\"fortran_order\":True}\n",
            " { 'fortran_order' : False , 'shape' : ( 2 , ) , 'descr' : '<f4' , } \t \n",
        ])
        {
            Assert.Equal([1, 2], Npy.Read(new MemoryStream(File(header, Bytes((float[])[1, 2])))).Numbers<float>().ToArray());
        }
    }

    [Fact]
    public void Read_Stream_StopsBehindTheArray()
    {
        using var stream = new MemoryStream();
        Npy.Write(stream, new NumberArray((int[])[1, 2], 2));
        Npy.Write(stream, new NumberArray((float[])[3], []));
        stream.Position = 0;
        Assert.Equal([1, 2], Npy.Read(stream).ToInt32s());
        Assert.Equal([3], Npy.Read(stream).ToSingles());
        Assert.Equal(stream.Length, stream.Position);
    }

    public static TheoryData<byte[], string> DamagedFiles => new()
    {
        { [], "offset 0: the file must start with '\\x93NUMPY'" },
        { [0x93, (byte)'N'], "offset 0: the file must start" },
        { File("", []).With(0, 0x92), "offset 0: the file must start" },
        { File("", []).With(6, 4), "offset 6: the version must be 1.0, 2.0 or 3.0, but is 4.0" },
        { File("", []).With(7, 1), "offset 6: the version must be 1.0, 2.0 or 3.0, but is 1.1" },
        { File("", [])[..9], "offset 8: the header's length must follow" },
        { File("x", [])[..10], "offset 10: the header must have 1 bytes" },
        { [.. File("", [], 2)[..8], 0, 0, 0, 1], "offset 8: the header must have at most 65536 bytes, but the file says 16777216" },
        { File("(1,)\n", []), "offset 10: '{' must stand here, but '(' does" },
        { File("{'descr': '<f4'\n", []), "offset 26: '}' must stand here, but the header ends" },
        { File("{'descr': '<f4'}\n", []), "offset 10: the header must have 'fortran_order', but has not" },
        { File("{'fortran_order': False}\n", []), "must have 'descr'" },
        { File("{'descr': '<f4', 'fortran_order': False}\n", []), "must have 'shape'" },
        { File("{'descr': '<f4', 'descr': '<f4'}\n", []), "offset 27: each key must stand once, but 'descr' stands twice" },
        { File("{'order': 'C'}\n", []), "offset 11: the keys must be 'descr', 'fortran_order' and 'shape', but one is 'order'" },
        { File("{descr: 1}\n", []), "offset 11: a string must stand here, but 'd' does" },
        { File("{'descr': '<f\\x34'}\n", []), "a string must be plain ASCII" },
        { File("{'descr", []), "offset 12: a string must be plain ASCII up to its closing quote" },
        { File("{'fortran_order': 1}\n", []), "offset 28: True or False must stand here, but '1' does" },
        { File("{'shape': (-1,)}\n", []), "offset 21: a whole number from 0 to" },
        { File("{'shape': (99999999999999999999,)}\n", []), "offset 21: a whole number" },
        { File("{'shape': (3)}\n", []), "offset 22: ',' must stand here, but ')' does" },
        { File($"{{'shape': ({string.Join(",", Enumerable.Repeat("1", 65))})}}\n", []), "at most 64 dimensions" },
        { File(Header("<", "f4", "False", "(1,)").TrimEnd('\n'), new byte[4]), "must end with spaces and a line's end, but the header ends" },
        { File(Header("<", "f4", "False", "(1,)") + "x\n", new byte[4]), "must end with spaces and a line's end, but 'x' does" },
        { File(Header("<", "O", "False", "(1,)"), []), "Python objects, which are not read" },
        { File(Header("<", "f3", "False", "(1,)"), []), "but is '<f3'" },
        { File(Header("=", "f4", "False", "(1,)"), []), "but is '=f4'" },
        { File(Header("|", "f4", "False", "(1,)"), []), "but is '|f4'" },
        { File("{'descr': [('a', '<f4')]}\n", []), "offset 20: a string must stand here, but '[' does" },
        { File(Header("<", "f4", "False", "(2,)"), new byte[7]), "the file ends here, but 1 more byte(s) must follow" },
        { File(Header("<", "f4", "False", "()"), new byte[5]), "the file must end here, but more bytes follow" },
        { File(Header("<", "f4", "False", "(3000000000,)"), []), "numbers are read at once, but the shape is (3000000000)" },
        { File(Header("<", "f4", "False", "(2147483591,)"), []), "more byte(s) must follow" },
        { File(Header("<", "f8", "False", "(4294967296, 4294967296)"), []), "must be countable in 63 bits" },
        { File(Header("<", "f4", "False", "(0, 3000000000)"), []), "numbers are read at once" },
        { File(Header("|", "b1", "False", "(3,)"), [0, 1, 2]), "a Boolean must be 0 or 1, but is 2" },
    };

    [Theory]
    [MemberData(nameof(DamagedFiles))]
    public void Read_DamagedFile_SaysWhereAndWhy(byte[] content, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("bad.npy");
        System.IO.File.WriteAllBytes(path, content);
        var error = Assert.Throws<InvalidDataException>(() => Npy.Read(path));
        Assert.StartsWith($"{path}: offset ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A file with a given header and data.</summary>
    internal static byte[] File(string header, byte[] data, int version = 1)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[version == 1 ? 2 : 4];
        length[0] = (byte)text.Length;
        length[1] = (byte)(text.Length >> 8);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data];
    }

    internal static string Header(string order, string type, string isFortran, string shape) =>
        $"{{'descr': '{order}{type}', 'fortran_order': {isFortran}, 'shape': {shape}, }}   \n";

    /// <summary>The numbers' bytes, little-endian.</summary>
    internal static byte[] Bytes(Array numbers)
    {
        var bytes = new MemoryStream();
        foreach (var number in numbers)
        {
            bytes.Write(number switch
            {
                bool or sbyte or byte => [unchecked((byte)Convert.ToInt16(number, CultureInfo.InvariantCulture))],
                short s => BitConverter.GetBytes(s),
                ushort s => BitConverter.GetBytes(s),
                int i => BitConverter.GetBytes(i),
                uint i => BitConverter.GetBytes(i),
                long l => BitConverter.GetBytes(l),
                ulong l => BitConverter.GetBytes(l),
                Half f => BitConverter.GetBytes(f),
                float f => BitConverter.GetBytes(f),
                double f => BitConverter.GetBytes(f),
                _ => throw new ArgumentException($"No bytes are known of {number}.", nameof(numbers)),
            });
        }

        return bytes.ToArray();
    }

    private static byte[] Reversed(byte[] bytes, int size) => [.. bytes.Chunk(size).SelectMany(number => number.Reverse())];

    /// <summary>2x3 numbers in Fortran order.</summary>
    private static byte[] Transposed(byte[] bytes, int size)
    {
        var numbers = bytes.Chunk(size).ToArray();
        return [.. ((int[])[0, 3, 1, 4, 2, 5]).SelectMany(i => numbers[i])];
    }
}
