using NetGen.CompilerServices;

namespace NetGen.Tests.CompilerServices;

public class ByteRowsTests
{
    [Theory]
    [InlineData(1f, 0f)]
    [InlineData(1 / 255f, 0f)]
    [InlineData(-0.0123f, 7.77f)]
    public void Convert_AnyLength_MultipliesThenAddsAndWritesNothingElse(float scale, float offset)
    {
        var bytes = new byte[300];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i * 37);
        }

        foreach (var length in Enumerable.Range(0, 100).Append(300))
        {
            var numbers = new float[length + 20];
            Array.Fill(numbers, 99);
            ByteRows.Convert(bytes.AsSpan(0, length), scale, offset, numbers);
            for (var i = 0; i < numbers.Length; i++)
            {
                var product = bytes[i % 300] * scale;
                Assert.Equal(i < length ? product + offset : 99, numbers[i]);
            }
        }
    }

    [Fact]
    public void Convert_WithoutRoom_IsRefused() =>
        Assert.Throws<ArgumentException>("into", () => ByteRows.Convert(new byte[17], 1, 0, new float[16]));
}
