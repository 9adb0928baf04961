extern alias compiler;

using System.Globalization;
using compiler::NetGen.Compiler.Passes;
using compiler::NetGen.Compiler.Targets;
using NetGen.Benchmarks.Support;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Commands;

/// <summary>Holds the compiler's predictions against measurement: for each workload a step, predictions of 1 and 256 samples, and kernels on images. Times are the shortest of many slices, since other work is no fault of a model.</summary>
internal static class ScheduleCommand
{
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--seconds", "--only");
        var seconds = options.Seconds("--seconds", 0.3);
        NetworkThreads.Limit = 1;
        var target = new VectorTarget(Machine.Bits);
        var clock = Machine.CyclesPerNanosecond();
        List<string> table =
        [
            string.Create(CultureInfo.InvariantCulture, $"{target.Bits} bits, {clock:F2} cycles a nanosecond"),
            "workload                 call              predicted us  measured us  predicted/measured",
        ];
        foreach (var workload in Workload.Select(options.Text("--only")))
        {
            var compiler = new GeneratorRun(workload);
            var program = compiler.Program();
            var layout = AssignLayout.Run(program, SplitStep.Run(program));
            var calls = new WorkloadCalls(workload);
            Report("train", workload.BatchSize, ProgramCost.Step(program, target), calls.NetGenStep());
            foreach (var samples in (ReadOnlySpan<int>)[1, 256])
            {
                Report("predict", samples, ProgramCost.Predict(program, layout, target, samples), calls.NetGenPrediction(samples));
            }

            // Kernels on images also one by one.
            foreach (var kernel in program.Forward.Concat(program.Descent).Where(ImageKernelRunner.Knows))
            {
                var chosen = ImageKernelRunner.Chosen(compiler, kernel, target, workload.BatchSize);
                Report(kernel.Name, workload.BatchSize, chosen.Cycles, chosen.Call);
            }

            void Report(string mode, int batch, double cycles, Action call)
            {
                var predicted = cycles / clock / 1000;
                var measured = Machine.BestNanoseconds(call, (int)(seconds * 1000)) / 1000;
                JsonLine.Write(
                    ("peer", "netgen"), ("workload", workload.Name), ("mode", mode), ("batch", batch), ("bits", target.Bits),
                    ("predicted-us", Math.Round(predicted, 4)), ("us", Math.Round(measured, 4)), ("ratio", Math.Round(predicted / measured, 3)));
                table.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{workload.Name,-24} {mode + " " + batch,-17} {predicted,12:F3} {measured,12:F3} {predicted / measured,19:F2}"));
            }
        }

        table.ForEach(Console.WriteLine);
        return 0;
    }
}
