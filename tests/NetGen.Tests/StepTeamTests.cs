using NetGen.CompilerServices;

namespace NetGen.Tests;

/// <summary>The limit is one for the process.</summary>
[CollectionDefinition(nameof(StepTeamTests), DisableParallelization = true)]
public sealed class StepTeamCollection;

[Collection(nameof(StepTeamTests))]
public sealed class StepTeamTests : IDisposable
{
    private readonly int _limit = NetworkThreads.Limit;

    public void Dispose() => NetworkThreads.Limit = _limit;

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65)]
    public void Limit_OutOfRange_IsRefused(int value)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => NetworkThreads.Limit = value);
        Assert.Contains("from 1 to 64", exception.Message, StringComparison.Ordinal);
        Assert.Equal(_limit, NetworkThreads.Limit);
    }

    [Fact]
    public void TryRun_WithLimitOfOne_LeavesTheStepToItsCaller()
    {
        NetworkThreads.Limit = 1;
        var step = new RecordingStep();
        Assert.False(Run(step, out _));
        Assert.Empty(step.Parts);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void TryRun_OnSeveralThreads_RunsEveryPartOnceAndReturnsTheLoss(int threads)
    {
        NetworkThreads.Limit = threads;
        for (var round = 0; round < 200; round++)
        {
            var step = new RecordingStep();
            Assert.True(Run(step, out var loss));
            Assert.Equal(Enumerable.Range(0, threads), step.Parts.Order());
            Assert.Equal(0.5f, loss);
        }
    }

    [Fact]
    public void Meet_OfAllParts_ShowsEachWhatTheOthersWrote()
    {
        NetworkThreads.Limit = 4;
        for (var round = 0; round < 500; round++)
        {
            var step = new SummingStep();
            Assert.True(Run(step, out _));
            Assert.All(step.Sums, sum => Assert.Equal(1 + 2 + 3 + 4, sum));
        }
    }

    [Fact]
    public void TryRun_AfterHelpersHaveParked_WakesThem()
    {
        NetworkThreads.Limit = 2;
        Assert.True(Run(new RecordingStep(), out _));
        Thread.Sleep(200);
        var step = new RecordingStep();
        Assert.True(Run(step, out _));
        Assert.Equal([0, 1], step.Parts.Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TryRun_WithPartThatThrows_ThrowsItAndSurvives(int failing)
    {
        NetworkThreads.Limit = 3;
        var exception = Assert.Throws<InvalidDataException>(() => Run(new FailingStep(failing), out _));
        Assert.Equal($"part {failing}", exception.Message);
        Assert.True(Run(new RecordingStep(), out _));
    }

    [Fact]
    public void TryRun_WithinAnother_LeavesTheStepToItsCaller()
    {
        NetworkThreads.Limit = 2;
        var outer = new NestedStep();
        Assert.True(Run(outer, out _));
        Assert.False(outer.InnerRan);
    }

    [Theory]
    [InlineData(100, 8, 3)]
    [InlineData(5, 8, 2)]
    [InlineData(784, 8, 5)]
    public void Share_OfAllParts_CoversTheCountInWholeUnits(int count, int unit, int parts)
    {
        Assert.Equal(0, StepTeam.Share(count, unit, 0, parts));
        Assert.Equal(count, StepTeam.Share(count, unit, parts, parts));
        for (var part = 1; part < parts; part++)
        {
            Assert.Equal(0, StepTeam.Share(count, unit, part, parts) % unit);
            Assert.True(StepTeam.Share(count, unit, part, parts) >= StepTeam.Share(count, unit, part - 1, parts));
        }
    }

    private static bool Run(IParallelStep step, out float loss)
    {
        var inputs = new float[1];
        var targets = new float[1];
        return StepTeam.TryRun(step, ref inputs[0], ref targets[0], 1, out loss);
    }

    private sealed class RecordingStep : IParallelStep
    {
        public System.Collections.Concurrent.ConcurrentBag<int> Parts { get; } = [];

        public void RunPart(StepTeam team, int part)
        {
            Parts.Add(part);
            if (part == 0)
            {
                team.Loss = 0.5f;
            }
        }
    }

    private sealed class SummingStep : IParallelStep
    {
        private readonly int[] _values = new int[4];

        public int[] Sums { get; } = new int[4];

        public void RunPart(StepTeam team, int part)
        {
            _values[part] = part + 1;
            team.Meet();
            Sums[part] = _values.Sum();
        }
    }

    private sealed class FailingStep(int failing) : IParallelStep
    {
        public void RunPart(StepTeam team, int part)
        {
            if (part == failing)
            {
                throw new InvalidDataException($"part {part}");
            }

            team.Meet();
        }
    }

    private sealed class NestedStep : IParallelStep
    {
        public bool InnerRan { get; private set; }

        public void RunPart(StepTeam team, int part)
        {
            if (part == 0)
            {
                InnerRan = Run(new RecordingStep(), out _);
            }
        }
    }
}
