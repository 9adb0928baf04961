using NetGen.Benchmarks.Generic;
using NetGen.Benchmarks.Support;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Commands;

/// <summary>
/// Checks that what is measured computes the same: from the same parameters, ten steps of the generic and of the generated network against scalar
/// loops in double precision, and against each other.
/// </summary>
internal static class VerifyCommand
{
    private const int Steps = 10;

    /// <summary>Relative to the largest number compared. Sums of hundreds of floats in another order differ by some 1e-6 a step.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>
    /// How much less weights and predictions count with BatchNorm. A bias before it has no gradient but rounding, and so have weights of units that
    /// are hardly alive; of that Adam makes whole steps, which differ from network to network. Losses hardly see it, and count in full.
    /// </summary>
    private const double Blind = 0.1;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--only");
        var failed = 0;
        foreach (var workload in Workload.Select(options.Text("--only")))
        {
            var (generic, netgen, both) = Differences(workload);
            Report("generic", "scalar", generic);
            Report("netgen", "scalar", netgen);
            Report("netgen", "generic", both);

            void Report(string peer, string against, double difference)
            {
                var passed = difference <= Tolerance;
                failed += passed ? 0 : 1;
                JsonLine.Write(
                    ("peer", peer), ("workload", workload.Name), ("mode", "verify"), ("against", against),
                    ("difference", double.IsFinite(difference) ? difference : double.MaxValue), ("passed", passed));
            }
        }

        return failed == 0 ? 0 : 1;
    }

    private static (double Generic, double NetGen, double Both) Differences(Workload workload)
    {
        var calls = new WorkloadCalls(workload);
        StartAlive(calls);
        calls.StopDropout();
        var scalar = workload.CreateScalar();
        for (var layer = 0; layer < calls.Generic.Layers.Count; layer++)
        {
            ToDouble(calls.Generic.Layers[layer].CopyWeight()).CopyTo(scalar.Parameters[layer].Weight, 0);
            ToDouble(calls.Generic.Layers[layer].CopyBias()).CopyTo(scalar.Parameters[layer].Bias, 0);
        }

        var (generic, netgen, both) = (0.0, 0.0, 0.0);
        var weight = workload.Dropout is null ? 1 : Blind;
        var start = scalar.Parameters[0].Weight.ToArray();
        for (var step = 0; step < Steps; step++)
        {
            // The last batch is a partial one.
            var samples = step == Steps - 1 ? (workload.BatchSize + 1) / 2 : workload.BatchSize;
            var data = new WorkloadData(workload, samples);
            var targets = workload.Classifies ? data.OneHot() : data.Targets;
            var scalarLoss = scalar.TrainBatch(data.Inputs, targets);
            var genericLoss = workload.Classifies
                ? calls.Generic.TrainBatch(data.Inputs, data.Labels)
                : calls.Generic.TrainBatch(data.Inputs, data.Targets);
            var netgenLoss = workload.Classifies
                ? ((IClassifierNetwork)calls.NetGen).TrainBatch(data.Inputs, data.Labels)
                : calls.NetGen.TrainBatch(data.Inputs, data.Targets);
            Compare([genericLoss], [netgenLoss], [scalarLoss]);
        }

        if (scalar.Parameters[0].Weight.AsSpan().SequenceEqual(start))
        {
            throw new InvalidOperationException($"{workload.Name} learned nothing, so that nothing can be compared.");
        }

        for (var layer = 0; layer < calls.Generic.Layers.Count; layer++)
        {
            var fast = calls.Generic.Layers[layer];
            Compare(fast.CopyWeight(), calls.Layers[layer].Weight.ToArray(), scalar.Parameters[layer].Weight, weight);
            if (fast is not GenericLayer { Normalization: not null })
            {
                Compare(fast.CopyBias(), calls.Layers[layer].Bias.ToArray(), scalar.Parameters[layer].Bias);
            }
        }

        foreach (var samples in (ReadOnlySpan<int>)[1, 3, 256, 300])
        {
            var data = new WorkloadData(workload, samples);
            var (genericOutputs, netgenOutputs) = (new float[data.Outputs.Length], new float[data.Outputs.Length]);
            calls.Generic.Predict(data.Inputs, genericOutputs);
            calls.NetGen.Predict(data.Inputs, netgenOutputs);
            var (inputSize, outputSize) = (workload.Sizes[0], workload.Sizes[^1]);
            var expected = new double[data.Outputs.Length];
            for (var sample = 0; sample < samples; sample++)
            {
                scalar.Predict(data.Inputs.AsSpan(sample * inputSize, inputSize)).CopyTo(expected, sample * outputSize);
            }

            Compare(genericOutputs, netgenOutputs, expected, weight);
        }

        return (generic, netgen, both);

        void Compare(float[] genericNumbers, float[] netgenNumbers, double[] scalarNumbers, double counts = 1)
        {
            generic = Math.Max(generic, counts * Difference(genericNumbers, scalarNumbers));
            netgen = Math.Max(netgen, counts * Difference(netgenNumbers, scalarNumbers));
            both = Math.Max(both, counts * Difference(netgenNumbers, ToDouble(genericNumbers)));
        }
    }

    /// <summary>A rectifier as last layer may start with zeros and no gradient, so that any code would pass: biases of about 1 prevent it.</summary>
    private static void StartAlive(WorkloadCalls calls)
    {
        var bias = calls.NetGen.Parameters[^1];
        bias.CopyFrom([.. Enumerable.Range(0, bias.Length).Select(i => 1 + 0.05f * (i % 7))]);
        calls.Generic.Layers[^1].SetParameters(calls.NetGen.Parameters[^2].ToArray(), bias.ToArray());
    }

    /// <summary>The largest difference, relative to the largest number; not-a-number counts as infinite.</summary>
    private static double Difference(float[] actual, double[] expected)
    {
        var (difference, largest) = (0.0, 1e-3);
        for (var i = 0; i < actual.Length; i++)
        {
            var d = Math.Abs(actual[i] - expected[i]);
            difference = double.IsNaN(d) ? double.PositiveInfinity : Math.Max(difference, d);
            largest = Math.Max(largest, Math.Abs(expected[i]));
        }

        return difference / largest;
    }

    private static double[] ToDouble(float[] values) => Array.ConvertAll(values, v => (double)v);
}
