using System.Diagnostics;

namespace NetGen.Benchmarks.Support;

/// <summary>How long a call takes: the median over slices of time, as the peers are measured.</summary>
internal static class Measurement
{
    private const int Slices = 15;

    /// <summary>Methods reach their last tier in two rounds of 30 calls and the 100 ms that the runtime waits for quiet; this leaves room.</summary>
    private const double WarmUpSeconds = 0.7;

    private const int WarmUpCalls = 40;

    /// <summary>Reading the clock takes some 25 ns: between two readings lie so many calls that this is below a thousandth.</summary>
    private const double SecondsBetweenReadings = 50e-6;

    /// <summary>
    /// Measures calls side by side: slice by slice in turn, so that whatever else the machine does falls on all alike.
    /// </summary>
    /// <param name="seconds">The time for each call, over all its slices.</param>
    /// <param name="calls">What is measured.</param>
    /// <returns>The microseconds of one call of each.</returns>
    public static double[] MedianMicroseconds(double seconds, params ReadOnlySpan<Action> calls)
    {
        var repeats = new long[calls.Length];
        for (var i = 0; i < calls.Length; i++)
        {
            repeats[i] = WarmUp(calls[i]);
        }

        var times = new double[calls.Length][];
        for (var i = 0; i < calls.Length; i++)
        {
            times[i] = new double[Slices];
        }

        for (var slice = 0; slice < Slices; slice++)
        {
            for (var i = 0; i < calls.Length; i++)
            {
                times[i][slice] = Slice(calls[i], repeats[i], seconds / Slices);
            }
        }

        return Array.ConvertAll(times, Median);
    }

    public static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>Calls until the runtime has compiled for good.</summary>
    /// <returns>How many calls go between two readings of the clock.</returns>
    private static long WarmUp(Action call)
    {
        var start = Stopwatch.GetTimestamp();
        long calls = 0;
        while (calls < WarmUpCalls || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds)
        {
            call();
            calls++;
        }

        long repeats = 1;
        while (true)
        {
            start = Stopwatch.GetTimestamp();
            for (long i = 0; i < repeats; i++)
            {
                call();
            }

            if (Stopwatch.GetElapsedTime(start).TotalSeconds >= SecondsBetweenReadings)
            {
                return repeats;
            }

            repeats *= 2;
        }
    }

    private static double Slice(Action call, long repeats, double seconds)
    {
        long calls = 0;
        double elapsed;
        var start = Stopwatch.GetTimestamp();
        do
        {
            for (long i = 0; i < repeats; i++)
            {
                call();
            }

            calls += repeats;
            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds);
        return elapsed / calls * 1e6;
    }
}
