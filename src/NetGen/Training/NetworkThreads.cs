namespace NetGen;

/// <summary>
/// How many threads a training step may use. Networks for which the compiler predicts that threads pay split a step's samples and
/// weights over them, as long as steps are measured to be sooner done so; the others, and a limit of 1, never start a thread. The
/// results are the same bits for any number.
/// </summary>
public static class NetworkThreads
{
    private static int _limit = Environment.ProcessorCount;

    /// <summary>Whether this thread is one of many that train a network each.</summary>
    [ThreadStatic]
    private static bool _isAlone;

    /// <summary>
    /// The most threads of one step, the caller's included: from 1 to 64. Default: the processor's count. Always 1 within the trials of a
    /// <see cref="Search"/>, which take the cores themselves.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of that range.</exception>
    public static int Limit
    {
        get => _isAlone ? 1 : Volatile.Read(ref _limit);
        set
        {
            if (value is < 1 or > CompilerServices.StepTeam.MostThreads)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, $"Limit must be from 1 to {CompilerServices.StepTeam.MostThreads}, but is {value}.");
            }

            Volatile.Write(ref _limit, value);
        }
    }

    /// <summary>Runs an action whose steps, on this thread, take no other threads.</summary>
    internal static void RunAlone(Action action)
    {
        var before = _isAlone;
        _isAlone = true;
        try
        {
            action();
        }
        finally
        {
            _isAlone = before;
        }
    }
}
