using System.Diagnostics;
using NetGen.Benchmarks.Support;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Commands;

/// <summary>Times what a user waits for before anything is learned: the process, the network, and the compilation of its code.</summary>
internal static class StartupCommand
{
    public static int Run(ReadOnlySpan<string> arguments)
    {
        _ = new Options(arguments);
        var random = new Random(1);
        var (inputs, targets) = (new float[Mnist784x30x10.BatchSize * Mnist784x30x10.InputSize], new float[Mnist784x30x10.BatchSize * Mnist784x30x10.OutputSize]);
        foreach (ref var input in inputs.AsSpan())
        {
            input = random.NextSingle();
        }

        var start = Stopwatch.GetTimestamp();
        var net = new Mnist784x30x10();
        var created = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        net.TrainBatch(inputs, targets);
        var called = Stopwatch.GetElapsedTime(start);
        var sinceStart = DateTime.Now - Process.GetCurrentProcess().StartTime;
        JsonLine.Write(
            ("peer", "netgen"), ("workload", "mnist-784-30-10"), ("mode", "startup"), ("batch", Mnist784x30x10.BatchSize), ("threads", 1),
            ("process_ms", Milliseconds(sinceStart)), ("constructor_ms", Milliseconds(created)), ("first_call_ms", Milliseconds(called)));
        return 0;
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
