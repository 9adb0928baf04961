using System.Runtime.CompilerServices;
using NetGen.CompilerServices;
using NetGen.Tests.Support;

namespace NetGen.Tests.CompilerServices;

public class MemoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(30)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(150)]
    public void Panels_AnySize_RoundTripAndLeavePaddingZero(int outputs)
    {
        const int Inputs = 7;
        const int Start = 5;
        var lastWidth = outputs % 32 is >= 1 and <= 16 ? 16 : 32;
        var layout = ParameterLayout.Panels(Inputs, outputs, lastWidth);
        var padded = (outputs - 1) / 32 * 32 + lastWidth;
        Assert.Equal(padded * Inputs, layout.Size);

        var block = new float[Start + layout.Size + 3];
        var parameter = NetworkMemory.CreateParameter("layer1.weight", [outputs, Inputs], block, Start, layout);
        var numbers = Enumerable.Range(1, outputs * Inputs).Select(i => (float)i).ToArray();
        parameter.CopyFrom(numbers);

        Assert.Equal(numbers, parameter.ToArray());
        Assert.Equal(numbers.Length, block.Count(x => x != 0));
        Assert.All(block[..Start], x => Assert.Equal(0, x));
        Assert.All(block[(Start + layout.Size)..], x => Assert.Equal(0, x));
        for (var o = 0; o < outputs; o++)
        {
            var width = o / 32 == (outputs - 1) / 32 ? lastWidth : 32;
            for (var i = 0; i < Inputs; i++)
            {
                Assert.Equal(numbers[o * Inputs + i], block[Start + o / 32 * 32 * Inputs + i * width + o % 32]);
            }
        }
    }

    [Theory]
    [InlineData(10, 8)]
    [InlineData(17, 16)]
    [InlineData(64, 16)]
    public void Panels_WidthThatCannotHold_Throws(int outputs, int lastWidth) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(lastWidth), () => ParameterLayout.Panels(3, outputs, lastWidth));

    [Fact]
    public void Parameter_WrongLength_ThrowsAndChangesNothing()
    {
        var block = new float[] { 1, 2, 3 };
        var parameter = NetworkMemory.CreateParameter("layer1.bias", [3], block, 0, ParameterLayout.Vector(3));
        var error = Assert.Throws<ArgumentException>("source", () => parameter.CopyFrom([7, 7]));
        Assert.Contains("layer1.bias has 3 numbers, but source has 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("destination", () => parameter.CopyTo(new float[4]));
        Assert.Equal([1, 2, 3], block);
        Assert.Equal("layer1.bias[3]", parameter.ToString());
    }

    [Fact]
    public void CreateParameter_DoesNotFit_Throws()
    {
        var layout = ParameterLayout.Panels(2, 3, 16);
        Assert.Throws<ArgumentException>("shape", () => NetworkMemory.CreateParameter("w", [2, 2], new float[100], 0, layout));
        Assert.Throws<ArgumentOutOfRangeException>("start", () => NetworkMemory.CreateParameter("w", [3, 2], new float[31], 0, layout));
        Assert.Throws<ArgumentOutOfRangeException>("start", () => NetworkMemory.CreateParameter("w", [3, 2], new float[100], -1, layout));
    }

    [Fact]
    public unsafe void Allocate_ManyLengths_IsZeroAndAligned()
    {
        for (var length = 0; length < 200; length++)
        {
            var block = NetworkMemory.Allocate(length, out var origin);
            Assert.True(origin + length <= block.Length);
            Assert.All(block, x => Assert.Equal(0, x));
            fixed (float* start = block)
            {
                Assert.Equal(0u, (nuint)(start + origin) % 64);
            }
        }
    }

    [Fact]
    public void Prefetch_AnyPlace_TouchesNothing()
    {
        float[] block = [1, 2, 3];
        NetworkMemory.Prefetch(ref block[1]);
        NetworkMemory.Prefetch(ref Unsafe.Add(ref block[0], 1 << 24));
        NetworkMemory.Prefetch(ref Unsafe.NullRef<float>());
        Assert.Equal([1, 2, 3], block);
    }

    [Fact]
    public void ScratchCache_RentedTwice_GivesDifferentBlocksAndReusesThem()
    {
        var cache = new ScratchCache(10);
        var first = cache.Rent();
        var second = cache.Rent();
        Assert.NotSame(first, second);
        Assert.True(first.Block.Length - first.Origin >= 10);
        cache.Return(first);
        Assert.Same(first, cache.Rent());
        cache.Return(second);
        Assert.Same(second, cache.Rent());
    }

    [Fact]
    public void ScratchCache_WarmedUp_AllocatesNothing()
    {
        var cache = new ScratchCache(10);
        cache.Return(cache.Rent());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            cache.Return(cache.Rent());
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ScratchCache_ManyThreads_NeverShareABlock()
    {
        var cache = new ScratchCache(4);
        Parallel.For(0, 20_000, i =>
        {
            var scratch = cache.Rent();
            scratch.Block[scratch.Origin] = i;
            Thread.SpinWait(5);
            Assert.Equal((float)i, scratch.Block[scratch.Origin]);
            cache.Return(scratch);
        });
    }

    [Fact]
    public void Gradients_OfNetwork_MirrorItsParameters()
    {
        var network = new FakeNetwork(3, 2, Loss.MeanSquaredError, batchSize: 4);
        var gradients = new Gradients(network, parameterOrigin: 0, length: network.ParameterCount);
        Assert.Equal(network.Parameters.Select(p => p.ToString()), gradients.Parameters.Select(p => p.ToString()));
        gradients.Parameters[1].CopyFrom([5, 6]);
        Assert.Equal([5, 6], gradients.Block.AsSpan(gradients.Origin + 6, 2).ToArray());
        Assert.Equal(0, gradients.Inputs.Length);
        Assert.Equal(6, gradients.BeginInputs(2).Length);
        Assert.Equal(6, gradients.Inputs.Length);
        Check.Gradients(gradients, typeof(FakeNetwork));
        Assert.Throws<ArgumentException>("into", () => Check.Gradients(gradients, typeof(FakeClassifier)));
        Assert.Throws<ArgumentNullException>("into", () => Check.Gradients(null!, typeof(FakeClassifier)));
    }
}
