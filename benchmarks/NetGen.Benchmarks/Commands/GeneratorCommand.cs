using System.Diagnostics;
using NetGen.Benchmarks.Support;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Commands;

/// <summary>Times the generator for every workload, and for one of AlexNet's size: a fresh driver in a warm process, and after an unrelated edit.</summary>
internal static class GeneratorCommand
{
    private const int Runs = 31;

    private const string AlexNetName = "alexnet";

    /// <summary>A network of 61 million weights, which is generated here but not run: Krizhevsky, 2014.</summary>
    private const string AlexNet = """
        using NetGen;

        [Network]
        [Input(3, 224, 224)]
        [Conv2D(64, 11, Activation.ReLU, Stride = 4, Padding = 2)]
        [MaxPool2D(3, Stride = 2)]
        [Conv2D(192, 5, Activation.ReLU, Padding = 2)]
        [MaxPool2D(3, Stride = 2)]
        [Conv2D(384, 3, Activation.ReLU, Padding = 1)]
        [Conv2D(256, 3, Activation.ReLU, Padding = 1)]
        [Conv2D(256, 3, Activation.ReLU, Padding = 1)]
        [MaxPool2D(3, Stride = 2)]
        [Flatten]
        [Dense(4096, Activation.ReLU)]
        [Dense(4096, Activation.ReLU)]
        [Dense(1000)]
        [Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.01, BatchSize = 8)]
        public partial class Net;
        """;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--only");
        var only = options.Text("--only");
        if (only != AlexNetName)
        {
            foreach (var workload in Workload.Select(only))
            {
                Measure(workload.Name, new GeneratorRun(workload));
            }
        }

        if (only is null or AlexNetName)
        {
            Measure(AlexNetName, new GeneratorRun(AlexNetName, AlexNet));
        }

        return 0;
    }

    private static void Measure(string name, GeneratorRun run)
    {
        Report("fresh", run.Fresh);
        Report("unrelated-edit", run.AfterUnrelatedEdit);

        void Report(string mode, Func<int> call) =>
            JsonLine.Write(("peer", "netgen"), ("workload", name), ("mode", $"generator-{mode}"), ("ms", Math.Round(MedianMilliseconds(call), 3)));
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
