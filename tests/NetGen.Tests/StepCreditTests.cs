using NetGen.CompilerServices;

namespace NetGen.Tests;

/// <summary>When several threads may share steps. The clock of these tests ticks a thousand times a millisecond.</summary>
public class StepCreditTests
{
    private const long Millisecond = 1000;

    [Fact]
    public void Allows_AtTheStart_IsTrue() => Assert.True(New().Allows(0));

    [Fact]
    public void Allows_AfterStepsThatWereShared_IsTrue()
    {
        var credit = New();
        for (var now = 0L; now < 1000; now += 30)
        {
            Assert.True(credit.Allows(now));
            credit.Add(now + 30, elapsed: 30, waited: 0, taken: 4, parts: 7);
        }
    }

    /// <summary>A helper that comes too late for all parts costs nothing.</summary>
    [Fact]
    public void Allows_AfterStepThatItsCallerDidAlone_IsTrue()
    {
        var credit = New();
        credit.Add(50, elapsed: 50, waited: 0, taken: 7, parts: 7);
        Assert.True(credit.Allows(50));
    }

    [Fact]
    public void Allows_AfterOneLongWaitWithoutSavings_IsFalseForManyTimesWhatWasLost()
    {
        var credit = New();

        // 50 alone, 4,050 so: lost are 4,000.
        credit.Add(now: 4050, elapsed: 4025 + 25, waited: 4025, taken: 3, parts: 6);
        Assert.False(credit.Allows(4050));
        Assert.False(credit.Allows(4050 + 32 * 4000 - 1));
        Assert.True(credit.Allows(4050 + 32 * 4000));
    }

    [Fact]
    public void Allows_AfterOneLongWaitThatSavingsPay_IsTrueAndAfterTheNextFalse()
    {
        var credit = New();
        for (var step = 0; step < 1000; step++)
        {
            credit.Add(now: 0, elapsed: 30, waited: 0, taken: 4, parts: 7);
        }

        credit.Add(now: 4000, elapsed: 4 * Millisecond, waited: 4 * Millisecond - 25, taken: 3, parts: 6);
        Assert.True(credit.Allows(4000));
        credit.Add(now: 8000, elapsed: 4 * Millisecond, waited: 4 * Millisecond - 25, taken: 3, parts: 6);
        Assert.False(credit.Allows(8000));
    }

    /// <summary>A caller that stood still itself took that for work: its step saved less than it seems.</summary>
    [Fact]
    public void Allows_AfterStepInWhichTheCallerStoodStill_PaysForOneMillisecondAtMost()
    {
        var credit = New();
        credit.Add(now: 9000, elapsed: 9 * Millisecond, waited: 0, taken: 3, parts: 6);
        credit.Add(now: 11_000, elapsed: 2 * Millisecond, waited: 2 * Millisecond - 25, taken: 3, parts: 6);
        Assert.False(credit.Allows(11_000));
    }

    [Fact]
    public void Add_OfStepWithoutPartsOfTheCaller_ChangesNothing()
    {
        var credit = New();
        credit.Add(now: 9000, elapsed: 9 * Millisecond, waited: 9 * Millisecond, taken: 0, parts: 6);
        Assert.True(credit.Allows(9000));
    }

    [Fact]
    public void Allows_AfterProcessThatWasStopped_IsTrueASecondLater()
    {
        var credit = New();
        credit.Add(now: 0, elapsed: 600_000 * Millisecond, waited: 600_000 * Millisecond - 25, taken: 3, parts: 6);
        Assert.False(credit.Allows(1000 * Millisecond - 1));
        Assert.True(credit.Allows(1000 * Millisecond));
    }

    private static StepCredit New() => new(Millisecond);
}
