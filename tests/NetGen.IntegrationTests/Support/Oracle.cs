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
    public static void Agrees(NetSpec spec, int seed, int[]? batches = null, int[]? predictions = null) =>
        Agrees(Harness.Trainable(spec), spec, seed, batches, predictions);

    /// <summary>The same of a given network; <paramref name="scale"/> widens the tolerances, for deep nets.</summary>
    public static void Agrees(ITrainableNetwork network, NetSpec spec, int seed, int[]? batches = null, int[]? predictions = null, double scale = 1)
    {
        network.Randomize(seed);
        var reference = network.ToReference(spec);
        foreach (var samples in batches ?? [spec.Training!.Batch, Math.Min(3, spec.Training.Batch), spec.Training.Batch])
        {
            seed += 100;
            if (StepAgrees(network, reference, spec, samples, seed, scale) > Diverged)
            {
                return;
            }
        }

        foreach (var samples in predictions ?? [1, 5, 17])
        {
            PredictionAgrees(network, reference, samples, seed + samples, scale);
        }
    }

    public static void PredictionAgrees(INetwork network, ReferenceNetwork reference, int samples, int seed, double scale = 1)
    {
        var x = TestData.Inputs(samples, network.InputSize, seed);
        Near.Single(reference.Predict(TestData.ToDoubles(x)), network.Predict(x), $"predictions of {samples} samples", scale);
    }

    /// <summary>A loss that tells of nothing but that steps were too large; what follows would leave the range of single precision.</summary>
    private const double Diverged = 1e12;

    /// <summary>One step of both; the loss before it. Afterwards the oracle takes over the network's parameters, so that rounding does not pile up.</summary>
    private static double StepAgrees(ITrainableNetwork network, ReferenceNetwork reference, NetSpec spec, int samples, int seed, double scale)
    {
        var where = $"step {network.StepCount + 1}, of {samples} samples: ";
        var loss = spec.AllLosses[0].Loss;
        var x = TestData.Inputs(samples, spec.Inputs, seed);
        var labels = spec.IsClassifier && seed % 200 < 100 ? TestData.Labels(samples, spec.Outputs, seed + 1) : null;
        var t = labels is null ? spec.Targets(samples, seed + 1) : TestData.ToFloats(TestData.OneHot(labels, spec.Outputs, loss is Loss.Hinge or Loss.SquaredHinge ? -1 : 0));
        var (xs, ts) = (TestData.ToDoubles(x), TestData.ToDoubles(t));
        var expected = reference.ComputeGradients(xs, ts);
        var follow = reference.Following(xs);
        var output = network.Predict(x);
        var predicted = reference.Predict(xs);
        Near.Single(predicted, output, where + "predictions", scale);
        Near.Single(reference.ComputeLoss(TestData.ToDoubles(output), ts), network.ComputeLoss(output, t), where + "loss of the predictions", scale);

        var gradients = network.CreateGradients();
        var classifier = network as IClassifierNetwork;
        Near.Single(
            expected.Loss,
            labels is null ? network.ComputeGradients(x, t, gradients) : classifier!.ComputeGradients(x, labels, gradients),
            where + "loss with gradients", scale);

        // In deep nets gradients may vanish where terms cancel: what is left is measured by the others.
        var floor = scale > 1 ? 0.2 * expected.Parameters.Append(expected.Inputs).Max(gradient => gradient.Max(Math.Abs)) : 0;
        Near.Single(expected.Inputs, gradients.Inputs, where + "input gradient", scale, floor);
        for (var p = 0; p < expected.Parameters.Count; p++)
        {
            Near.Single(expected.Parameters[p], gradients.Parameters[p].ToArray(), $"{where}{gradients.Parameters[p].Name} gradient", scale, Math.Max(floor, Floor(p)));
        }

        // A bias before a normalisation has a gradient of zero: what is left of its sum is measured by the terms.
        double Floor(int p) => scale > 1 ? 0.02 * expected.Magnitudes[p] : 0;
        var before = network.Parameters.Select(p => p.ToArray()).ToArray();
        Near.Single(expected.Loss, labels is null ? network.TrainBatch(x, t) : classifier!.TrainBatch(x, labels), where + "loss", scale);
        var plain = spec.Training!.Optimizer == new OptimizerSpec(Optimizer.Sgd);
        if (!plain)
        {
            reference.TakeStep(expected.Parameters);
        }

        for (var p = 0; p < before.Length; p++)
        {
            if (plain)
            {
                UpdateAgrees(before[p], network.Parameters[p], expected.Parameters[p], spec.Training.Rate, samples, where, scale, Math.Max(floor, Floor(p)));
            }
            else
            {
                // An optimiser that divides by the gradient's size makes a step of what is left where gradients vanish.
                var slack = spec.Training.Rate * scale * 2e-4 * Math.Max(floor, Floor(p)) / (spec.Training.Optimizer.Epsilon ?? 1);
                ChangeAgrees(before[p], network.Parameters[p], reference.Parameters[p].Values, spec.Training.Rate, where, scale, slack);
            }

            TestData.ToDoubles(network.Parameters[p].ToArray()).CopyTo(reference.Parameters[p].Values, 0);
        }

        follow();
        for (var b = 0; b < reference.Buffers.Count; b++)
        {
            Near.Single(reference.Buffers[b].Values, network.Buffers[b].ToArray(), where + reference.Buffers[b].Name, scale);
            TestData.ToDoubles(network.Buffers[b].ToArray()).CopyTo(reference.Buffers[b].Values, 0);
        }

        return expected.Loss;
    }

    /// <summary>
    /// after = before − rate · gradient, within what <see cref="Near.Single(ReadOnlySpan{double}, ReadOnlySpan{float}, string, double, double)"/> leaves the
    /// gradient and the roundings of a weight to which one sample after the other is added.
    /// </summary>
    private static void UpdateAgrees(float[] before, Parameter parameter, double[] gradient, double rate, int samples, string where, double scale, double floor)
    {
        const double Rounding = 1.2e-7;
        var largest = Math.Max(floor, gradient.Max(Math.Abs));
        var expected = new double[before.Length];
        for (var i = 0; i < before.Length; i++)
        {
            expected[i] = before[i] - rate * gradient[i];
        }

        Near.Each(
            expected,
            parameter.ToArray(),
            where + parameter.Name,
            e => 1e-7 + Rounding * (1 + Math.Sqrt(samples)) * Math.Abs(e) + rate * scale * 2e-4 * largest);
    }

    /// <summary>The parameters after a step of any optimiser, within a share of the tensor's largest change.</summary>
    private static void ChangeAgrees(float[] before, Parameter parameter, double[] expected, double rate, string where, double scale, double slack)
    {
        var largest = Math.Max(0.05 * rate, expected.Zip(before, (after, old) => Math.Abs(after - old)).Max());
        Near.Each(expected, parameter.ToArray(), where + parameter.Name, e => 1e-7 + 5e-7 * Math.Abs(e) + scale * 5e-4 * largest + slack);
    }
}
