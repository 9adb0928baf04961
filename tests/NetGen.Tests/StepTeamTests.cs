using NetGen.CompilerServices;

namespace NetGen.Tests;

/// <summary>The limit is one for the process.</summary>
[CollectionDefinition(nameof(StepTeamTests), DisableParallelization = true)]
public sealed class StepTeamCollection;

[Collection(nameof(StepTeamTests))]
public sealed class StepTeamTests : IDisposable
{
    private readonly int _limit = NetworkThreads.Limit;

    /// <summary>These steps do nothing: one thread would always be sooner done.</summary>
    public StepTeamTests() => StepPace.IsIgnored = true;

    public void Dispose() => (NetworkThreads.Limit, StepPace.IsIgnored) = (_limit, false);

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
    public void TryRun_OnSeveralThreads_RunsEveryPartOfEveryStageOnceAndReturnsTheLoss(int threads)
    {
        NetworkThreads.Limit = threads;
        for (var round = 0; round < 200; round++)
        {
            var step = new RecordingStep();
            Assert.True(Run(step, out var loss));
            Assert.Equal(RecordingStep.All(threads), step.Parts.Order());
            Assert.Equal(0.5f, loss);
        }
    }

    /// <summary>A helper that comes too late for one step must not take a part of it from the next, whatever number of parts that has.</summary>
    [Fact]
    public void TryRun_WithLimitsThatChange_RunsEveryPartOnce()
    {
        for (var round = 0; round < 500; round++)
        {
            NetworkThreads.Limit = 2 + round * 7 % 5;
            var step = new RecordingStep();
            Assert.True(Run(step, out _));
            Assert.Equal(RecordingStep.All(NetworkThreads.Limit), step.Parts.Order());
        }
    }

    [Fact]
    public void Stage_OfAnyPart_SeesWhatAllPartsOfTheOneBeforeWrote()
    {
        NetworkThreads.Limit = 4;
        for (var round = 0; round < 500; round++)
        {
            var step = new SummingStep();
            Assert.True(Run(step, out _));
            Assert.Equal([10, 10, 10, 10], step.Sums);
        }
    }

    [Fact]
    public void TryRun_WhoseHelpersAreAllHeldUp_IsDoneByItsCaller()
    {
        NetworkThreads.Limit = 2;
        using var held = new HeldStep();
        var caller = new Thread(() => Run(held, out _)) { IsBackground = true };
        caller.Start();
        Assert.True(held.Done.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), "Nobody took the parts that were not begun.");
        held.Release.Set();
        Assert.True(caller.Join(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void TryRun_AfterHelpersHaveParked_RunsAllParts()
    {
        NetworkThreads.Limit = 2;
        Assert.True(Run(new RecordingStep(), out _));
        Thread.Sleep(200);
        var step = new RecordingStep();
        Assert.True(Run(step, out _));
        Assert.Equal(RecordingStep.All(2), step.Parts.Order());
    }

    [Theory]
    [InlineData(StepStage.Forward, 0)]
    [InlineData(StepStage.Forward, 2)]
    [InlineData(StepStage.Loss, 0)]
    [InlineData(StepStage.Backward, 1)]
    [InlineData(StepStage.Update, 1)]
    public void TryRun_WithPartThatThrows_ThrowsItAndSurvives(StepStage stage, int part)
    {
        NetworkThreads.Limit = 3;
        for (var round = 0; round < 100; round++)
        {
            var failing = new RecordingStep(stage, part);
            var exception = Assert.Throws<InvalidDataException>(() => Run(failing, out _));
            Assert.Equal($"part {part}", exception.Message);
            Assert.Equal(RecordingStep.All(3).Where(p => p.Stage <= stage), failing.Parts.Order());
            var next = new RecordingStep();
            Assert.True(Run(next, out _));
            Assert.Equal(RecordingStep.All(3), next.Parts.Order());
        }
    }

    [Fact]
    public void TryRun_WithinAnother_LeavesTheStepToItsCaller()
    {
        NetworkThreads.Limit = 2;
        var outer = new NestedStep();
        Assert.True(Run(outer, out _));
        Assert.False(outer.InnerRan);
    }

    /// <summary>A step that does nothing is sooner done by one thread: after a window of sharing, the team is left alone.</summary>
    [Fact]
    public void TryRun_OfStepsThatDoNothing_RestsAfterAWhile()
    {
        StepPace.IsIgnored = false;
        NetworkThreads.Limit = 2;
        var step = new QuickStep();
        var parts = new HashSet<int>();
        while (Run(step, out _))
        {
            parts.Add(step.Parts);
        }

        Assert.Equal([1, 2], parts.Order());
    }

    [Fact]
    public async Task TryRun_FromManyThreads_RunsEveryPartOfWhatItTakes()
    {
        NetworkThreads.Limit = 3;
        var ran = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                var count = 0;
                for (var round = 0; round < 500; round++)
                {
                    var step = new RecordingStep();
                    var shared = Run(step, out var loss);
                    Assert.Equal(shared ? 0.5f : 0f, loss);
                    Assert.Equal(shared ? RecordingStep.All(3) : [], step.Parts.Order());
                    count += shared ? 1 : 0;
                }

                return count;
            },
            TestContext.Current.CancellationToken)));
        Assert.True(ran.Sum() > 0);
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

    /// <summary>Notes what it is asked for, and fails where it is told to.</summary>
    private sealed class RecordingStep(StepStage? failing = null, int failingPart = 0) : IParallelStep
    {
        public System.Collections.Concurrent.ConcurrentBag<(StepStage Stage, int Part)> Parts { get; } = [];

        public static IEnumerable<(StepStage Stage, int Part)> All(int parts) =>
            from stage in Enum.GetValues<StepStage>()
            from part in Enumerable.Range(0, stage == StepStage.Loss ? 1 : parts)
            select (stage, part);

        public StepPace Pace { get; } = new();

        public void RunPart(StepTeam team, StepStage stage, int part)
        {
            Parts.Add((stage, part));
            if (stage == StepStage.Loss)
            {
                team.Loss = 0.5f;
            }

            if ((stage, part) == (failing, failingPart))
            {
                throw new InvalidDataException($"part {part}");
            }
        }
    }

    private sealed class QuickStep : IParallelStep
    {
        public StepPace Pace { get; } = new();

        public int Parts { get; private set; }

        public void RunPart(StepTeam team, StepStage stage, int part) => Parts = team.Parts;
    }

    private sealed class SummingStep : IParallelStep
    {
        private readonly int[] _values = new int[4];

        public int[] Sums { get; } = new int[4];

        public StepPace Pace { get; } = new();

        public void RunPart(StepTeam team, StepStage stage, int part)
        {
            switch (stage)
            {
                case StepStage.Forward:
                    _values[part] = part;
                    break;
                case StepStage.Backward:
                    _values[part]++;
                    break;
                case StepStage.Update:
                    Sums[part] = _values.Sum();
                    break;
            }
        }
    }

    /// <summary>The thread that comes first is held until the other has done all other parts of the stage.</summary>
    private sealed class HeldStep : IParallelStep, IDisposable
    {
        private int _begun;
        private int _ended;

        public ManualResetEventSlim Done { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public StepPace Pace { get; } = new();

        public void RunPart(StepTeam team, StepStage stage, int part)
        {
            if (stage != StepStage.Forward)
            {
                return;
            }

            if (Interlocked.Increment(ref _begun) == 1)
            {
                Release.Wait();
            }
            else if (Interlocked.Increment(ref _ended) == team.Parts - 1)
            {
                Done.Set();
            }
        }

        public void Dispose()
        {
            Done.Dispose();
            Release.Dispose();
        }
    }

    private sealed class NestedStep : IParallelStep
    {
        public bool InnerRan { get; private set; }

        public StepPace Pace { get; } = new();

        public void RunPart(StepTeam team, StepStage stage, int part) => InnerRan |= Run(new RecordingStep(), out _);
    }
}
