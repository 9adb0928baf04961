namespace NetGen.Benchmarks.Workloads;

/// <summary>Fixed random samples of a workload: the same for every peer and every step.</summary>
internal sealed class WorkloadData
{
    public WorkloadData(Workload workload, int samples)
    {
        var random = new Random(20_260_101);
        var (inputSize, outputSize) = (workload.Sizes[0], workload.Sizes[^1]);
        Inputs = Uniform(random, samples * inputSize);
        Targets = Uniform(random, samples * outputSize);
        Labels = [.. Enumerable.Range(0, samples).Select(_ => random.Next(outputSize))];
        Outputs = new float[samples * outputSize];
    }

    /// <summary>Uniform in 0 … 1.</summary>
    public float[] Inputs { get; }

    /// <summary>Uniform in 0 … 1.</summary>
    public float[] Targets { get; }

    public int[] Labels { get; }

    /// <summary>Room for predictions.</summary>
    public float[] Outputs { get; }

    /// <summary>The labels as rows of targets, in which the label's own is 1.</summary>
    public float[] OneHot()
    {
        var outputSize = Outputs.Length / Labels.Length;
        var targets = new float[Outputs.Length];
        for (var sample = 0; sample < Labels.Length; sample++)
        {
            targets[sample * outputSize + Labels[sample]] = 1;
        }

        return targets;
    }

    private static float[] Uniform(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextSingle())];
}
