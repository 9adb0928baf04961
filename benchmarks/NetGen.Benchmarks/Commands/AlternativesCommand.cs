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
            foreach (var kernel in program.Forward.Concat(program.Descent).Where(ImageKernelRunner.Knows))
            {
                if (options.Text("--kernel") is not { } only || only == kernel.Name)
                {
                    Images(workload, compiler, kernel, target, list, clock);
                }
            }

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

    /// <summary>The same for the tiles of a convolution or a gradient of one.</summary>
    private static void Images(Workload workload, GeneratorRun compiler, Kernel kernel, VectorTarget target, int list, double clock)
    {
        var alternatives = ImageKernelRunner.All(compiler, kernel, target, workload.BatchSize);
        if (alternatives.Count == 0)
        {
            return;
        }

        var measured = alternatives.Select(a => (a.Tile, Predicted: a.Cycles, a.IsChosen, Cycles: Machine.BestNanoseconds(a.Call, 10, 0.5) * clock)).OrderBy(a => a.Cycles).ToList();
        var chosen = measured.First(a => a.IsChosen);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{workload.Name} {kernel.Name}: chosen {chosen.Tile}, predicted {chosen.Predicted:F0}, measured {chosen.Cycles:F0}, {chosen.Cycles / measured[0].Cycles:F2} of the best of {measured.Count}"));
        foreach (var (tile, predicted, _, cycles) in measured.Take(list))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {tile,-24} predicted {predicted,10:F0}  measured {cycles,10:F0}"));
        }
    }

    private static string Text(ProductSchedule schedule) => string.Create(
        CultureInfo.InvariantCulture,
        $"{schedule.Rows[0]}x{schedule.Vectors}{(schedule.RightInRegisters ? " held" : schedule.Unrolled ? " unrolled" : "")}");
}
