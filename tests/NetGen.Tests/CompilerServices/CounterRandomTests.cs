using NetGen.CompilerServices;

namespace NetGen.Tests.CompilerServices;

public class CounterRandomTests
{
    [Theory]
    [InlineData(0f, int.MinValue)]
    [InlineData(0.5f, 0)]
    [InlineData(0.25f, -1 << 30)]
    public void Threshold_OfRate_LeavesThatShareBelow(float rate, int expected) => Assert.Equal(expected, CounterRandom.Threshold(rate));

    [Fact]
    public void Threshold_OfLargestRateBelowOne_KeepsSomeNumbers() =>
        Assert.InRange(CounterRandom.Threshold(MathF.BitDecrement(1)), int.MaxValue - 300, int.MaxValue);

    [Fact]
    public void Keys_OfNearSeedsStepsAndLayers_AllDiffer()
    {
        var keys = new HashSet<uint>();
        foreach (var seed in (int[])[-1, 0, 1, 2])
        {
            for (var step = 0L; step < 20; step++)
            {
                for (var layer = 1; layer < 10; layer++)
                {
                    for (var which = 0; which < 4; which++)
                    {
                        keys.Add(CounterRandom.LayerKey(CounterRandom.StepKey(seed, step), layer, which));
                    }
                }
            }
        }

        Assert.Equal(4 * 20 * 9 * 4, keys.Count);
    }

    /// <summary>What a seed draws is part of what a user relies on: it changes with no version or platform.</summary>
    [Fact]
    public void Keys_OfASeed_ArePinned()
    {
        Assert.Equal(PinnedStepKey, CounterRandom.StepKey(1, 0));
        Assert.Equal(PinnedLayerKey, CounterRandom.LayerKey(CounterRandom.StepKey(1, 0), 1, 0));
    }

    private const ulong PinnedStepKey = 0x5E41AB087439611E;
    private const uint PinnedLayerKey = 0x2F44608C;
}
