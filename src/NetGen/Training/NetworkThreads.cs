namespace NetGen;

/// <summary>
/// How many threads a training step may use. Networks for which the compiler predicts that threads pay split a step's samples and
/// weights over them, as long as steps are measured to be sooner done so; the others, and a limit of 1, never start a thread. The
/// results are the same bits for any number.
/// </summary>
public static class NetworkThreads
{
    private static int _limit = Environment.ProcessorCount;

    /// <summary>The most threads of one step, the caller's included: from 1 to 64. Default: the processor's count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of that range.</exception>
    public static int Limit
    {
        get => Volatile.Read(ref _limit);
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
}
