namespace NetGen.Benchmarks.Generic;

/// <summary>The textbook's loops in double precision: what the fast networks of the benchmarks are checked against.</summary>
internal sealed class ScalarNetwork(int[] sizes, Activation hidden, Activation last, Loss loss, ScalarOptimizer optimizer)
{
    /// <summary>The weights of each layer, [outputs, inputs].</summary>
    public double[][] Weights { get; } = [.. sizes.Zip(sizes.Skip(1), (inputs, outputs) => new double[inputs * outputs])];

    /// <summary>The biases of each layer.</summary>
    public double[][] Biases { get; } = [.. sizes.Skip(1).Select(outputs => new double[outputs])];

    /// <summary>The last layer's outputs for one sample.</summary>
    public double[] Predict(ReadOnlySpan<float> sample) => Forward(sample)[^1];

    /// <summary>One step; <paramref name="targets"/> are rows of targets, one-hot for a cross-entropy. Returns the mean loss.</summary>
    public double TrainBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        var (samples, outputs) = (inputs.Length / sizes[0], sizes[^1]);
        var weightGradients = Array.ConvertAll(Weights, w => new double[w.Length]);
        var biasGradients = Array.ConvertAll(Biases, b => new double[b.Length]);
        var total = 0.0;
        for (var sample = 0; sample < samples; sample++)
        {
            var y = Forward(inputs.Slice(sample * sizes[0], sizes[0]));
            var delta = LossGradient(y[^1], targets.Slice(sample * outputs, outputs), samples, ref total);
            for (var layer = Weights.Length - 1; layer >= 0; layer--)
            {
                delta = Backward(layer, y[layer], y[layer + 1], delta, weightGradients[layer], biasGradients[layer]);
            }
        }

        optimizer.BeginStep();
        for (var layer = 0; layer < Weights.Length; layer++)
        {
            optimizer.Step(Weights[layer], weightGradients[layer]);
            optimizer.Step(Biases[layer], biasGradients[layer]);
        }

        return total;
    }

    private double[][] Forward(ReadOnlySpan<float> sample)
    {
        var y = new double[sizes.Length][];
        y[0] = [.. sample];
        for (var layer = 0; layer < Weights.Length; layer++)
        {
            var (inputs, outputs) = (sizes[layer], sizes[layer + 1]);
            y[layer + 1] = new double[outputs];
            for (var o = 0; o < outputs; o++)
            {
                var z = Biases[layer][o];
                for (var i = 0; i < inputs; i++)
                {
                    z += Weights[layer][o * inputs + i] * y[layer][i];
                }

                y[layer + 1][o] = ActivationOf(layer) switch
                {
                    Activation.Sigmoid => 1 / (1 + Math.Exp(-z)),
                    Activation.ReLU => Math.Max(0, z),
                    _ => z,
                };
            }
        }

        return y;
    }

    private double[] LossGradient(double[] y, ReadOnlySpan<float> targets, int samples, ref double total)
    {
        var delta = new double[y.Length];
        if (loss == Loss.SoftmaxCrossEntropy)
        {
            var largest = y.Max();
            var sum = y.Sum(v => Math.Exp(v - largest));
            for (var o = 0; o < y.Length; o++)
            {
                total -= targets[o] * (y[o] - largest - Math.Log(sum)) / samples;
                delta[o] = (Math.Exp(y[o] - largest) / sum - targets[o]) / samples;
            }

            return delta;
        }

        for (var o = 0; o < y.Length; o++)
        {
            var error = y[o] - targets[o];
            total += error * error / (samples * y.Length);
            delta[o] = 2 * error / (samples * y.Length);
        }

        return delta;
    }

    private double[] Backward(int layer, double[] x, double[] y, double[] delta, double[] weightGradient, double[] biasGradient)
    {
        var back = new double[x.Length];
        for (var o = 0; o < y.Length; o++)
        {
            var slope = ActivationOf(layer) switch
            {
                Activation.Sigmoid => y[o] * (1 - y[o]),
                Activation.ReLU => y[o] > 0 ? 1 : 0,
                _ => 1,
            };
            var d = delta[o] * slope;
            biasGradient[o] += d;
            for (var i = 0; i < x.Length; i++)
            {
                weightGradient[o * x.Length + i] += d * x[i];
                back[i] += d * Weights[layer][o * x.Length + i];
            }
        }

        return back;
    }

    private Activation ActivationOf(int layer) => layer == Weights.Length - 1 ? last : hidden;
}
