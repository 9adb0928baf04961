using System.Globalization;
using System.Text;
using NetGen.Benchmarks.Support;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Commands;

/// <summary>
/// Measures the core's peak of multiply-adds, then a step and predictions of every workload, and writes how near each comes:
/// a picture and a table.
/// </summary>
internal static class RooflineCommand
{
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--out", "--seconds", "--only");
        var path = options.Required("--out", "the files' path without an ending, such as docs/roofline");
        NetworkThreads.Limit = 1;
        var slices = (int)Math.Max(20, options.Seconds("--seconds", 0.3) * 1000);
        var peak = Machine.PeakGflops();
        List<RooflinePoint> points = [];
        foreach (var workload in Workload.Select(options.Text("--only")))
        {
            var calls = new WorkloadCalls(workload);
            var forward = workload.ForwardFlops.Sum();
            Add("step", workload.BatchSize * workload.StepFlops, calls.NetGenStep());
            Add("predict 1", forward, calls.NetGenPrediction(1));
            Add("predict 256", 256 * forward, calls.NetGenPrediction(256));

            void Add(string call, double flops, Action action)
            {
                var point = new RooflinePoint(workload.Name, call, flops, Machine.BestNanoseconds(action, slices) / 1000);
                points.Add(point);
                JsonLine.Write(
                    ("peer", "netgen"), ("workload", workload.Name), ("mode", call), ("bits", Machine.Bits), ("us", Math.Round(point.Microseconds, 4)),
                    ("gflops", Math.Round(point.Gflops, 2)), ("peak", Math.Round(peak, 1)));
            }
        }

        File.WriteAllText(path + ".svg", RooflineChart.Draw(points, peak, $"NetGen against one core's peak of multiply-adds, {Machine.Bits} bits"));
        File.WriteAllText(path + ".md", Table(points, peak, Path.GetFileName(path)));
        return 0;
    }

    private static string Table(List<RooflinePoint> points, double peak, string name)
    {
        var text = new StringBuilder();
        text.Append("# How near the limit\n\n");
        text.Append(CultureInfo.InvariantCulture, $"![Bars of every network's speed below the line of the peak]({name}.svg)\n\n");
        text.Append(CultureInfo.InvariantCulture, $"The peak of one core, measured by a loop of multiply-adds on registers of {Machine.Bits} bits, was {peak:F0} GFLOP/s. Counted are the\n");
        text.Append("operations that the mathematics asks for: padding, activations, losses and calls take time and count nothing. Written by\n");
        text.Append("`dotnet run -c Release --project benchmarks/NetGen.Benchmarks -- roofline --out docs/roofline`; times are the shortest of many slices.\n\n");
        text.Append("| network | call | µs | GFLOP/s | of the peak |\n|---|---|---|---|---|\n");
        foreach (var point in points)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {point.Workload} | {point.Call} | {point.Microseconds:F3} | {point.Gflops:F1} | {point.Gflops / peak:P0} |\n");
        }

        text.Append("\nA single prediction reads each weight for one multiply-add, so that it is limited by the caches; the smallest networks are limited by\n");
        text.Append("calls and latencies. [How schedules are chosen](schedules.md) tells more.\n");
        return text.ToString();
    }
}
