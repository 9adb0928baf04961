namespace NetGen.Benchmarks.Generic;

/// <summary>The textbook's loops in double precision: what the fast networks of the benchmarks are checked against.</summary>
/// <param name="sizes">The inputs of the first dense layer, then every layer's outputs.</param>
/// <param name="hidden">The activation of all dense layers but the last.</param>
/// <param name="last">The activation of the last layer.</param>
/// <param name="loss">What is minimised.</param>
/// <param name="optimizer">How the gradient changes the parameters.</param>
/// <param name="normalizes">Whether a normalisation stands before the activation of each hidden layer.</param>
/// <param name="images">The layers on images before the dense ones; null for none.</param>
internal sealed class ScalarNetwork(int[] sizes, Activation hidden, Activation last, Loss loss, ScalarOptimizer optimizer, bool normalizes = false, ScalarImages? images = null)
{
    /// <summary>Weight and bias of each layer that has them, in PyTorch's layouts.</summary>
    public IReadOnlyList<(double[] Weight, double[] Bias)> Parameters => [.. images?.Parameters ?? [], .. Weights.Zip(Biases)];

    /// <summary>The weights of each dense layer, [outputs, inputs].</summary>
    private double[][] Weights { get; } = [.. sizes.Zip(sizes.Skip(1), (inputs, outputs) => new double[inputs * outputs])];

    /// <summary>The biases of each dense layer.</summary>
    private double[][] Biases { get; } = [.. sizes.Skip(1).Select(outputs => new double[outputs])];

    /// <summary>What stands before the activation of each hidden layer, if anything.</summary>
    private ScalarNormalization[] Normalizations { get; } = [.. sizes.Skip(1).SkipLast(1).Where(_ => normalizes).Select(size => new ScalarNormalization(size))];

    /// <summary>The last layer's outputs for one sample.</summary>
    public double[] Predict(ReadOnlySpan<float> sample) => Forward([ThroughImages([.. sample])], trains: false)[^1][0];

    /// <summary>One step; <paramref name="targets"/> are rows of targets, one-hot for a cross-entropy. Returns the mean loss.</summary>
    public double TrainBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        var outputs = sizes[^1];
        var samples = targets.Length / outputs;
        var weightGradients = Array.ConvertAll(Weights, w => new double[w.Length]);
        var biasGradients = Array.ConvertAll(Biases, b => new double[b.Length]);
        var total = 0.0;
        var rows = Enumerable.Range(0, samples).ToArray();
        var inputRows = inputs.ToArray().Select(x => (double)x).Chunk(inputs.Length / samples).ToArray();
        var y = Forward(Array.ConvertAll(inputRows, ThroughImages), trains: true);
        var expected = targets.ToArray().Chunk(outputs).ToArray();
        var delta = rows.Select(n => LossGradient(y[^1][n], expected[n], samples, ref total)).ToArray();
        optimizer.BeginStep();
        for (var layer = Weights.Length - 1; layer >= 0; layer--)
        {
            for (var n = 0; n < samples; n++)
            {
                MultiplyBySlope(layer, y[layer + 1][n], delta[n]);
            }

            if (layer < Normalizations.Length)
            {
                var (gamma, beta) = Normalizations[layer].Backward(delta);
                optimizer.Step(Normalizations[layer].Gamma, gamma);
                optimizer.Step(Normalizations[layer].Beta, beta);
            }

            delta = [.. rows.Select(n => Backward(layer, y[layer][n], delta[n], weightGradients[layer], biasGradients[layer]))];
        }

        images?.Step(inputRows, delta, optimizer);
        for (var layer = 0; layer < Weights.Length; layer++)
        {
            optimizer.Step(Weights[layer], weightGradients[layer]);
            optimizer.Step(Biases[layer], biasGradients[layer]);
        }

        return total;
    }

    private double[] ThroughImages(double[] sample) => images is null ? sample : images.Forward(sample)[^1];

    /// <summary>What each layer gives for each sample; the first is the inputs.</summary>
    private double[][][] Forward(double[][] x, bool trains)
    {
        var y = new double[sizes.Length][][];
        y[0] = x;
        for (var layer = 0; layer < Weights.Length; layer++)
        {
            var z = Array.ConvertAll(y[layer], row => Product(layer, row));
            if (layer < Normalizations.Length && trains)
            {
                Normalizations[layer].Train(z);
            }
            else if (layer < Normalizations.Length)
            {
                Array.ForEach(z, Normalizations[layer].Predict);
            }

            y[layer + 1] = Array.ConvertAll(z, row => Array.ConvertAll(row, v => ActivationOf(layer) switch
            {
                Activation.Sigmoid => 1 / (1 + Math.Exp(-v)),
                Activation.Tanh => Math.Tanh(v),
                Activation.ReLU => Math.Max(0, v),
                _ => v,
            }));
        }

        return y;
    }

    private double[] Product(int layer, double[] x)
    {
        var z = Biases[layer].ToArray();
        for (var o = 0; o < z.Length; o++)
        {
            for (var i = 0; i < x.Length; i++)
            {
                z[o] += Weights[layer][o * x.Length + i] * x[i];
            }
        }

        return z;
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

    private void MultiplyBySlope(int layer, double[] y, double[] delta)
    {
        for (var o = 0; o < y.Length; o++)
        {
            delta[o] *= ActivationOf(layer) switch
            {
                Activation.Sigmoid => y[o] * (1 - y[o]),
                Activation.Tanh => 1 - y[o] * y[o],
                Activation.ReLU => y[o] > 0 ? 1 : 0,
                _ => 1,
            };
        }
    }

    private double[] Backward(int layer, double[] x, double[] delta, double[] weightGradient, double[] biasGradient)
    {
        var back = new double[x.Length];
        for (var o = 0; o < delta.Length; o++)
        {
            biasGradient[o] += delta[o];
            for (var i = 0; i < x.Length; i++)
            {
                weightGradient[o * x.Length + i] += delta[o] * x[i];
                back[i] += delta[o] * Weights[layer][o * x.Length + i];
            }
        }

        return back;
    }

    private Activation ActivationOf(int layer) => layer == Weights.Length - 1 ? last : hidden;
}
