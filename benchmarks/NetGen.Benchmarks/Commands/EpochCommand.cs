using NetGen.Benchmarks.Support;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Commands;

/// <summary>Times an epoch of MNIST through <c>Fit</c> beside as many bare steps: the difference is what shuffling and gathering cost.</summary>
internal static class EpochCommand
{
    /// <summary>The time for each of the two, after the warm-up; at least fifteen epochs run.</summary>
    private const double Seconds = 1;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--data");
        var folder = options.Required("--data", "the folder with MNIST's four files");
        var train = LoadTrainingData(folder).OneHot();
        var net = new Mnist784x30x10();
        var batch = Mnist784x30x10.BatchSize;
        var steps = train.Count / batch;
        var samples = train.Take(batch);
        var times = Measurement.MedianMicroseconds(Seconds, Fit, Steps);
        Report("fit", times[0]);
        Report("steps", times[1]);
        return 0;

        void Fit() => net.Fit(train, epochs: 1);

        void Steps()
        {
            var inputs = samples.Inputs;
            var targets = samples.Targets;
            for (var i = 0; i < steps; i++)
            {
                net.TrainBatch(inputs, targets);
            }
        }

        void Report(string mode, double microseconds) =>
            JsonLine.Write(
                ("peer", "netgen"), ("workload", "mnist-784-30-10"), ("mode", $"epoch-{mode}"), ("batch", batch), ("threads", 1),
                ("steps", steps), ("seconds", Math.Round(microseconds / 1e6, 5)), ("us", Math.Round(microseconds / steps, 3)));
    }

    private static Dataset LoadTrainingData(string folder)
    {
        try
        {
            return Mnist.Load(folder).Train;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UsageException($"--data: {error.Message}");
        }
    }
}
