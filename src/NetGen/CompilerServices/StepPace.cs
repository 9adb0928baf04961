using System.ComponentModel;
using System.Diagnostics;

namespace NetGen.CompilerServices;

/// <summary>
/// Whether a network's steps are done sooner by several threads than by one, as measured while it trains. What the compiler
/// predicts holds for cores that are free and near each other. Another program may take one of them, so that a thread stands still
/// in the middle of its part for milliseconds; and cores that share no cache exchange a layer's weights so slowly that a step of
/// 50 us can take longer on two of them than on one. For generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StepPace
{
    /// <summary>The steps of a trial on one thread; the quickest counts, since some may be disturbed or compiled.</summary>
    private const int TrialSteps = 3;

    private readonly long _window;
    private readonly long _trialInterval;
    private readonly long _shortestRest;
    private readonly long _longestRest;
    private int _threads;
    private bool _isShared;
    private int _steps;
    private long _sum;
    private long _alone;
    private long _nextTrial;
    private long _rest;
    private long _restsUntil;

    /// <summary>The pace of a network that has made no step yet.</summary>
    public StepPace()
        : this(Stopwatch.Frequency / 1000)
    {
    }

    /// <param name="ticksPerMillisecond">The clock's.</param>
    internal StepPace(long ticksPerMillisecond) => (_window, _trialInterval, _shortestRest, _longestRest) =
        (10 * ticksPerMillisecond, 1000 * ticksPerMillisecond, 50 * ticksPerMillisecond, 800 * ticksPerMillisecond);

    /// <summary>Whether steps are shared whatever is measured: for tests of the sharing.</summary>
    internal static bool IsIgnored { get; set; }

    /// <summary>Whether the network leaves the team alone for a while, since several threads were slower than one.</summary>
    /// <param name="now">When the next step begins.</param>
    /// <param name="threads">How many threads there would be: for another number all is measured anew.</param>
    internal bool Rests(long now, int threads)
    {
        if (threads != _threads)
        {
            (_threads, _rest, _restsUntil) = (threads, _shortestRest, 0);
            BeginTrial();
        }

        return now < _restsUntil && !IsIgnored;
    }

    /// <summary>Whether the next step is for several threads; else it is one of a trial on one.</summary>
    internal bool IsShared => _isShared || IsIgnored;

    /// <summary>Takes the time of a step that was shared or of a trial.</summary>
    /// <param name="now">When it ended.</param>
    /// <param name="elapsed">How long it took.</param>
    internal void Add(long now, long elapsed)
    {
        if (!_isShared)
        {
            _alone = Math.Min(_alone, elapsed);
            if (++_steps == TrialSteps)
            {
                // The helpers may have to be woken for the first step: it does not count.
                (_isShared, _steps, _sum, _nextTrial) = (true, -1, 0, now + _trialInterval);
            }

            return;
        }

        _sum += _steps++ < 0 ? 0 : elapsed;
        if (_sum < _window)
        {
            return;
        }

        // In the mean of many steps all counts that was waited for.
        if (_sum > _alone * _steps)
        {
            (_restsUntil, _rest) = (now + _rest, Math.Min(2 * _rest, _longestRest));
            BeginTrial();
            return;
        }

        (_rest, _steps, _sum) = (_shortestRest, 0, 0);
        if (now >= _nextTrial)
        {
            BeginTrial();
        }
    }

    private void BeginTrial() => (_isShared, _steps, _alone) = (false, 0, long.MaxValue);
}
