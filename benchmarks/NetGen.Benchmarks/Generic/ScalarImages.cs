using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Generic;

/// <summary>The textbook's loops over convolutions and poolings, sample by sample in double precision.</summary>
internal sealed class ScalarImages(ImageStack stack)
{
    private readonly (double[] Weight, double[] Bias)[] _parameters =
    [
        .. stack.Layers.Zip(stack.Sizes, (layer, source) => layer is Convolution c
            ? (new double[c.Filters * source.Channels * c.Kernel * c.Kernel], new double[c.Filters])
            : (Array.Empty<double>(), Array.Empty<double>())),
    ];

    /// <summary>Weight [filters, channels, height, width] and bias of each convolution.</summary>
    public IEnumerable<(double[] Weight, double[] Bias)> Parameters => _parameters.Where(parameter => parameter.Bias.Length > 0);

    /// <summary>What each layer gives for one sample; the first is the sample.</summary>
    public double[][] Forward(double[] sample)
    {
        List<double[]> y = [sample];
        for (var i = 0; i < stack.Layers.Count; i++)
        {
            var next = new double[stack.Sizes[i + 1].Length];
            var x = y[i];
            if (stack.Layers[i] is Convolution { Activation: var activation } && activation != Activation.Tanh)
            {
                throw new InvalidOperationException($"The scalar network knows no convolution with {activation}.");
            }

            var (weight, bias) = _parameters[i];
            for (var o = 0; o < bias.Length; o++)
            {
                Array.Fill(next, bias[o], o * stack.Sizes[i + 1].Area, stack.Sizes[i + 1].Area);
            }

            Each(i, (to, from, w, share) => next[to] += x[from] * (w < 0 ? share : weight[w]));
            y.Add(stack.Layers[i] is Convolution ? Array.ConvertAll(next, Math.Tanh) : next);
        }

        return [.. y];
    }

    /// <summary>The gradients over a batch, and the optimiser's step with them.</summary>
    public void Step(double[][] samples, double[][] deltas, ScalarOptimizer optimizer)
    {
        var gradients = Array.ConvertAll(_parameters, p => (Weight: new double[p.Weight.Length], Bias: new double[p.Bias.Length]));
        foreach (var (sample, last) in samples.Zip(deltas))
        {
            var y = Forward(sample);
            var delta = last;
            for (var i = stack.Layers.Count - 1; i >= 0; i--)
            {
                var (weight, (weightGradient, biasGradient), x) = (_parameters[i].Weight, gradients[i], y[i]);
                if (stack.Layers[i] is Convolution)
                {
                    delta = [.. delta.Zip(y[i + 1], (d, v) => d * (1 - v * v))];
                    for (var p = 0; p < delta.Length; p++)
                    {
                        biasGradient[p / stack.Sizes[i + 1].Area] += delta[p];
                    }
                }

                var (d, back) = (delta, new double[x.Length]);
                Each(i, (to, from, w, share) =>
                {
                    back[from] += d[to] * (w < 0 ? share : weight[w]);
                    if (w >= 0)
                    {
                        weightGradient[w] += d[to] * x[from];
                    }
                });
                delta = back;
            }
        }

        foreach (var (parameter, gradient) in _parameters.Zip(gradients))
        {
            optimizer.Step(parameter.Weight, gradient.Weight);
            optimizer.Step(parameter.Bias, gradient.Bias);
        }
    }

    /// <summary>Every term of a layer's sums: where it goes, whence it comes, and its weight's place, or −1 and its share of a mean.</summary>
    private void Each(int layer, Action<int, int, int, double> term)
    {
        var (source, result) = (stack.Sizes[layer], stack.Sizes[layer + 1]);
        var (kernel, stride, padding, isPooling) = stack.Layers[layer] switch
        {
            Convolution c => (c.Kernel, 1, c.Padding, false),
            AveragePooling p => (p.Size, p.Size, 0, true),
            var other => throw new InvalidOperationException(other.ToString()),
        };
        for (var to = 0; to < result.Length; to++)
        {
            var (o, i, j) = (to / result.Area, to / result.Width % result.Height, to % result.Width);
            for (var c = isPooling ? o : 0; c < (isPooling ? o + 1 : source.Channels); c++)
            {
                for (var tap = 0; tap < kernel * kernel; tap++)
                {
                    var (row, column) = (i * stride + tap / kernel - padding, j * stride + tap % kernel - padding);
                    if (row >= 0 && row < source.Height && column >= 0 && column < source.Width)
                    {
                        term(to, (c * source.Height + row) * source.Width + column, isPooling ? -1 : (o * source.Channels + c) * kernel * kernel + tap, 1.0 / (kernel * kernel));
                    }
                }
            }
        }
    }
}
