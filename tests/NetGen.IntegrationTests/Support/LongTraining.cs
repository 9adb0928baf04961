namespace NetGen.IntegrationTests.Support;

/// <summary>
/// A thousand steps of a net whose steps are split over threads: long enough for any difference in a bit to spread. The same
/// parameters must come of it on every number of threads (<see cref="ThreadTests"/>) and at every width (<see cref="Fingerprints"/>).
/// </summary>
internal static class LongTraining
{
    public const int Steps = 1000;

    private const int Batches = 20;

    public static NetSpec Spec { get; } = NetSpec.Of("150-65:Tanh-47:SiLU-10", Loss.SoftmaxCrossEntropy, batch: 50);

    /// <summary>The parameters after the steps, on as many threads as the process is set to.</summary>
    public static float[] Run()
    {
        var network = Harness.Trainable(Spec, seed: 11);
        var inputs = Enumerable.Range(0, Batches).Select(b => TestData.Inputs(network.BatchSize, network.InputSize, seed: b)).ToArray();
        var labels = Enumerable.Range(0, Batches).Select(b => TestData.Labels(network.BatchSize, network.OutputSize, seed: 100 + b)).ToArray();
        for (var step = 0; step < Steps; step++)
        {
            // Every seventh batch is a partial one.
            var samples = step % 7 == 6 ? 1 + step % network.BatchSize : network.BatchSize;
            ((IClassifierNetwork)network).TrainBatch(
                inputs[step % Batches].AsSpan(0, samples * network.InputSize), labels[step % Batches].AsSpan(0, samples));
        }

        return network.AllParameters();
    }
}
