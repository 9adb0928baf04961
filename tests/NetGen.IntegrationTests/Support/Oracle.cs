using NetGen.IntegrationTests.Reference;

namespace NetGen.IntegrationTests.Support;

/// <summary>Holds a generated network against the oracle.</summary>
internal static class Oracle
{
    /// <summary>
    /// Random parameters and data; before each step predictions and all gradients, after it all parameters, at last
    /// predictions of several numbers of samples.
    /// </summary>
    /// <param name="spec">The net.</param>
    /// <param name="seed">Of all numbers.</param>
    /// <param name="batches">The samples of each step; by default a full batch, one sample and a full batch again.</param>
    /// <param name="predictions">The samples of the predictions at the end.</param>
    public static void Agrees(NetSpec spec, int seed, int[]? batches = null, int[]? predictions = null)
    {
        var network = Harness.Trainable(spec).Randomize(seed);
        var reference = network.ToReference(spec);
        foreach (var samples in batches ?? [spec.Training!.Batch, Math.Min(3, spec.Training.Batch), spec.Training.Batch])
        {
            seed += 100;
            StepAgrees(network, reference, spec, samples, seed);
        }

        foreach (var samples in predictions ?? [1, 5, 17])
        {
            PredictionAgrees(network, reference, samples, seed + samples);
        }
    }

    public static void PredictionAgrees(INetwork network, ReferenceNetwork reference, int samples, int seed)
    {
        var x = TestData.Inputs(samples, network.InputSize, seed);
        Near.Single(reference.Predict(TestData.ToDoubles(x)), network.Predict(x), $"predictions of {samples} samples");
    }

    /// <summary>One step of both. Afterwards the oracle takes over the network's parameters, so that rounding does not pile up.</summary>
    private static void StepAgrees(ITrainableNetwork network, ReferenceNetwork reference, NetSpec spec, int samples, int seed)
    {
        var where = $"a step of {samples} samples: ";
        var loss = spec.Training!.Loss;
        var x = TestData.Inputs(samples, spec.Inputs, seed);
        var labels = spec.IsClassifier && seed % 200 < 100 ? TestData.Labels(samples, spec.Outputs, seed + 1) : null;
        var t = labels is null ? TestData.Targets(loss, samples, spec.Outputs, seed + 1) : TestData.ToFloats(TestData.OneHot(labels, spec.Outputs, loss is Loss.Hinge or Loss.SquaredHinge ? -1 : 0));
        var (xs, ts) = (TestData.ToDoubles(x), TestData.ToDoubles(t));
        var expected = reference.ComputeGradients(xs, ts);
        var follow = reference.Following(xs);
        var output = network.Predict(x);
        var predicted = reference.Predict(xs);
        Near.Single(predicted, output, where + "predictions");
        Near.Single(reference.ComputeLoss(predicted, ts), network.ComputeLoss(output, t), where + "loss of the predictions");

        var gradients = network.CreateGradients();
        var classifier = network as IClassifierNetwork;
        Near.Single(
            expected.Loss,
            labels is null ? network.ComputeGradients(x, t, gradients) : classifier!.ComputeGradients(x, labels, gradients),
            where + "loss with gradients");
        Near.Single(expected.Inputs, gradients.Inputs, where + "input gradient");
        for (var p = 0; p < expected.Parameters.Count; p++)
        {
            Near.Single(expected.Parameters[p], gradients.Parameters[p].ToArray(), $"{where}{gradients.Parameters[p].Name} gradient");
        }

        var before = network.Parameters.Select(p => p.ToArray()).ToArray();
        Near.Single(expected.Loss, labels is null ? network.TrainBatch(x, t) : classifier!.TrainBatch(x, labels), where + "loss");
        for (var p = 0; p < before.Length; p++)
        {
            UpdateAgrees(before[p], network.Parameters[p], expected.Parameters[p], spec.Training.Rate, samples, where);
            TestData.ToDoubles(network.Parameters[p].ToArray()).CopyTo(reference.Parameters[p].Values, 0);
        }

        follow();
        for (var b = 0; b < reference.Buffers.Count; b++)
        {
            Near.Single(reference.Buffers[b].Values, network.Buffers[b].ToArray(), where + reference.Buffers[b].Name);
            TestData.ToDoubles(network.Buffers[b].ToArray()).CopyTo(reference.Buffers[b].Values, 0);
        }
    }

    /// <summary>
    /// after = before − rate · gradient, within what <see cref="Near.Single(ReadOnlySpan{double}, ReadOnlySpan{float}, string)"/> leaves the
    /// gradient and the roundings of a weight to which one sample after the other is added.
    /// </summary>
    private static void UpdateAgrees(float[] before, Parameter parameter, double[] gradient, double rate, int samples, string where)
    {
        const double Rounding = 1.2e-7;
        var largest = gradient.Max(Math.Abs);
        var expected = new double[before.Length];
        for (var i = 0; i < before.Length; i++)
        {
            expected[i] = before[i] - rate * gradient[i];
        }

        Near.Each(
            expected,
            parameter.ToArray(),
            where + parameter.Name,
            e => 1e-7 + Rounding * (1 + Math.Sqrt(samples)) * Math.Abs(e) + rate * 2e-4 * largest);
    }
}
