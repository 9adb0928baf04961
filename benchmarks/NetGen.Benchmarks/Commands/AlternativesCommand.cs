extern alias compiler;

using System.Globalization;
using compiler::NetGen.Compiler.Ir;
using compiler::NetGen.Compiler.Passes;
using compiler::NetGen.Compiler.Targets;
using NetGen.Benchmarks.Support;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Commands;

/// <summary>
/// Runs every product by every schedule that the compiler considers, and prints the cycles that the model predicts beside those
/// measured: whether the model finds the best, and what its choice loses against it.
/// </summary>
internal static class AlternativesCommand
{
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--only", "--kernel", "--bits", "--list");
        var target = new VectorTarget(options.Count("--bits", Machine.Bits));
        var list = options.Count("--list", 3);
        var clock = Machine.CyclesPerNanosecond();
        foreach (var workload in Workload.Select(options.Text("--only")))
        {
            var compiler = new GeneratorRun(workload);
            var program = compiler.Program();
            foreach (var product in program.Forward.Concat(program.Backward).OfType<ProductKernel>())
            {
                if (options.Text("--kernel") is { } only && only != product.Name)
                {
                    continue;
                }

                var candidates = Schedule.Candidates(product, target, workload.BatchSize).ToList();
                var calls = KernelRunner.Calls(compiler, product, candidates, target, workload.BatchSize);
                var chosen = candidates.IndexOf(Schedule.Run(product, target, workload.BatchSize));
                double[] measured = [.. calls.Select(call => Machine.BestNanoseconds(call, 20, 0.5) * clock)];
                var fastest = measured.Min();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{workload.Name} {product.Name}: chosen {Text(candidates[chosen])}, predicted {candidates[chosen].Cycles:F0}, measured {measured[chosen]:F0}, {measured[chosen] / fastest:F2} of the best of {candidates.Count}"));
                foreach (var i in Enumerable.Range(0, candidates.Count).OrderBy(i => measured[i]).Take(list))
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"    {Text(candidates[i]),-24} predicted {candidates[i].Cycles,10:F0}  measured {measured[i],10:F0}"));
                }
            }
        }

        return 0;
    }

    private static string Text(ProductSchedule schedule) => string.Create(
        CultureInfo.InvariantCulture,
        $"{schedule.Rows[0]}x{schedule.Vectors}{(schedule.RightInRegisters ? " held" : schedule.Unrolled ? " unrolled" : "")}");
}
