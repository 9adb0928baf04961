using NetGen.Benchmarks.Support;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Commands;

/// <summary>
/// Times predictions of many numbers of samples: whatever the number, a sample should take about as long as in a large group, but
/// for the few that run alone. Times are the shortest of many slices.
/// </summary>
internal static class SweepCommand
{
    private static readonly int[] Samples = [1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 31, 33, 64, 100, 256];

    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--seconds", "--only");
        var slices = Math.Max(1, (int)(options.Seconds("--seconds", 0.06) * 1000));
        foreach (var workload in Workload.Select(options.Text("--only")))
        {
            var calls = new WorkloadCalls(workload);
            foreach (var samples in Samples)
            {
                var us = Machine.BestNanoseconds(calls.NetGenPrediction(samples), slices) / 1000;
                JsonLine.Write(
                    ("peer", "netgen"), ("workload", workload.Name), ("mode", "predict"), ("batch", samples), ("threads", 1), ("bits", Machine.Bits),
                    ("us", Math.Round(us, 4)), ("us-per-sample", Math.Round(us / samples, 5)));
            }
        }

        return 0;
    }
}
