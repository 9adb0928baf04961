using System.Diagnostics;
using NetGen.Benchmarks.Support;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Commands;

/// <summary>Times the generator for every workload: a fresh driver in a warm process, and after an unrelated edit.</summary>
internal static class GeneratorCommand
{
    private const int Runs = 31;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--only");
        foreach (var workload in Workload.Select(options.Text("--only")))
        {
            var run = new GeneratorRun(workload);
            Report("fresh", run.Fresh);
            Report("unrelated-edit", run.AfterUnrelatedEdit);

            void Report(string mode, Func<int> call) =>
                JsonLine.Write(
                    ("peer", "netgen"), ("workload", workload.Name), ("mode", $"generator-{mode}"), ("ms", Math.Round(MedianMilliseconds(call), 3)));
        }

        return 0;
    }

    private static double MedianMilliseconds(Func<int> call)
    {
        // The first runs go to compiling the compiler.
        for (var i = 0; i < Runs; i++)
        {
            call();
        }

        var times = new double[Runs];
        for (var i = 0; i < Runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            call();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return Measurement.Median(times);
    }
}
