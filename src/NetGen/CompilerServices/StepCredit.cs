namespace NetGen.CompilerServices;

/// <summary>
/// Whether it pays to let several threads share steps. A thread whose core is taken by another program stands still in the middle
/// of its part for milliseconds, and the others wait. What steps on several threads save is put by, what such waits cost is taken
/// from it; when nothing is left, the caller works alone for many times as long as was lost.
/// </summary>
/// <param name="ticksPerMillisecond">The clock's.</param>
internal struct StepCredit(long ticksPerMillisecond)
{
    /// <summary>What was saved long ago pays for no more than one such wait.</summary>
    private const int MostMilliseconds = 4;

    /// <summary>What one step can save: more would be the caller's own standing still, taken for work.</summary>
    private const int MostMillisecondsOfStep = 1;

    /// <summary>Working alone takes so many times as long as what was lost, which then is a small part of the whole.</summary>
    private const int Rest = 32;

    /// <summary>But no longer than this: a process that was stopped for a while is no sign of what comes.</summary>
    private const int MostMillisecondsOfRest = 1000;

    private long _saved;
    private long _restsUntil;

    /// <summary>Whether a step that begins now may be shared.</summary>
    public readonly bool Allows(long now) => now >= _restsUntil;

    /// <summary>Adds up what a shared step saved or lost.</summary>
    /// <param name="now">When it ended.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="waited">How much of that the caller stood waiting for others.</param>
    /// <param name="taken">The parts that the caller did.</param>
    /// <param name="parts">All parts.</param>
    public void Add(long now, long elapsed, long waited, int taken, int parts)
    {
        // A caller that found nothing left to do learns nothing about how long its own work takes.
        if (taken == 0)
        {
            return;
        }

        var alone = (elapsed - waited) * parts / taken;
        _saved = Math.Min(_saved + Math.Min(alone - elapsed, MostMillisecondsOfStep * ticksPerMillisecond), MostMilliseconds * ticksPerMillisecond);
        if (_saved < 0)
        {
            _restsUntil = now + Math.Min(-Rest * _saved, MostMillisecondsOfRest * ticksPerMillisecond);
            _saved = 0;
        }
    }
}
