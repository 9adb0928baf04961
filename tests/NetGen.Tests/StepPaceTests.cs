using NetGen.CompilerServices;

namespace NetGen.Tests;

/// <summary>When steps are shared. The clock of these tests ticks a thousand times a millisecond.</summary>
[Collection(nameof(StepTeamTests))]
public class StepPaceTests
{
    private const long Millisecond = 1000;

    private readonly StepPace _pace = new(Millisecond);
    private long _now = 1_000_000;

    [Fact]
    public void Steps_ThatAreSoonerDoneByTwo_AreSharedButForTrials()
    {
        var alone = 0;
        for (var step = 0; step < 100_000; step++)
        {
            alone += Step(alone: 50, shared: 30) == Kind.Shared ? 0 : 1;
        }

        // The 3 s of these steps begin with a trial, and have one after each second.
        Assert.InRange(alone, 6, 12);
        Assert.False(_pace.Rests(_now, 2));
    }

    [Fact]
    public void Steps_ThatAreSoonerDoneByOne_AreSharedForLessThanAFiftieth()
    {
        var shared = 0L;
        var start = _now;
        for (var step = 0; step < 200_000; step++)
        {
            var before = _now;
            shared += Step(alone: 50, shared: 60) == Kind.Shared ? _now - before : 0;
        }

        Assert.True(shared > 0);
        Assert.True(shared < (_now - start) / 50, $"{shared} of {_now - start} were shared.");
    }

    /// <summary>Every hundredth shared step waits 4 ms for a thread that stands still.</summary>
    [Fact]
    public void Steps_WithLongWaits_CostLittle()
    {
        var start = _now;
        for (var (step, shares) = (0, 0); step < 100_000; step++)
        {
            shares += Step(alone: 50, shared: shares % 100 == 99 ? 4 * Millisecond : 30) == Kind.Shared ? 1 : 0;
        }

        Assert.True(_now - start < 100_000 * 50 * 1.04, $"{_now - start} in place of {100_000 * 50}.");
    }

    [Fact]
    public void Steps_WhoseCoreBecomesFree_AreSharedAgainWithinASecond()
    {
        for (var step = 0; step < 100_000; step++)
        {
            Step(alone: 50, shared: 60);
        }

        var start = _now;
        while (Step(alone: 50, shared: 30) != Kind.Shared)
        {
            Assert.True(_now - start < 1000 * Millisecond);
        }

        for (var step = 0; step < 1000; step++)
        {
            Assert.Equal(Kind.Shared, Step(alone: 50, shared: 30));
        }
    }

    /// <summary>The first calls compile: they are slow, and say nothing.</summary>
    [Fact]
    public void Steps_ThatAreSlowAtFirst_AreShared()
    {
        Assert.Equal(Kind.Trial, Step(alone: 100 * Millisecond, shared: 0));
        Assert.Equal(Kind.Trial, Step(alone: 50, shared: 0));
        Assert.Equal(Kind.Trial, Step(alone: 50, shared: 0));
        Assert.Equal(Kind.Shared, Step(alone: 50, shared: 100 * Millisecond));
        for (var step = 0; step < 1000; step++)
        {
            Assert.Equal(Kind.Shared, Step(alone: 50, shared: 30));
        }
    }

    [Fact]
    public void Steps_OnAnotherNumberOfThreads_AreMeasuredAnew()
    {
        while (Step(alone: 50, shared: 60) != Kind.Resting)
        {
        }

        Assert.Equal(Kind.Trial, Step(alone: 50, shared: 25, threads: 3));
        Step(alone: 50, shared: 25, threads: 3);
        Step(alone: 50, shared: 25, threads: 3);
        Assert.Equal(Kind.Shared, Step(alone: 50, shared: 25, threads: 3));
    }

    private enum Kind
    {
        Resting,
        Trial,
        Shared,
    }

    private Kind Step(long alone, long shared, int threads = 2)
    {
        if (_pace.Rests(_now, threads))
        {
            _now += alone;
            return Kind.Resting;
        }

        var kind = _pace.IsShared ? Kind.Shared : Kind.Trial;
        var elapsed = kind == Kind.Shared ? shared : alone;
        _now += elapsed;
        _pace.Add(_now, elapsed);
        return kind;
    }
}
