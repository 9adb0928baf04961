using NetGen.Benchmarks.Support;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Commands;

/// <summary>Times a training step and predictions of every workload, generated and generic side by side.</summary>
internal static class WorkloadsCommand
{
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--threads", "--seconds", "--only");

        // Steps may use so many threads, where that is sooner done; predictions and the generic network use one. Reported is what was asked for.
        var threads = options.Count("--threads", 1);
        NetworkThreads.Limit = threads;
        var seconds = options.Seconds("--seconds", 1);
        foreach (var workload in Workload.Select(options.Text("--only")))
        {
            var calls = new WorkloadCalls(workload);
            Measure("train", workload.BatchSize, calls.NetGenStep(), calls.GenericStep());
            foreach (var samples in (ReadOnlySpan<int>)[1, 256])
            {
                Measure("predict", samples, calls.NetGenPrediction(samples), calls.GenericPrediction(samples));
            }

            void Measure(string mode, int batch, Action netgen, Action generic)
            {
                var times = Measurement.MedianMicroseconds(seconds, netgen, generic);
                JsonLine.WriteTime("netgen", workload.Name, mode, batch, threads, times[0]);
                JsonLine.WriteTime("generic", workload.Name, mode, batch, threads, times[1]);
            }
        }

        return 0;
    }
}
