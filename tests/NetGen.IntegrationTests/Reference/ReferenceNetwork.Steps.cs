using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <content>What layers consist of, and the dense one, forward and back.</content>
internal sealed partial class ReferenceNetwork
{
    /// <summary>An operation: [n, Inputs] in, [n, Outputs] out.</summary>
    private abstract record Step(int Inputs, int Outputs)
    {
        /// <summary>The values that it takes: 0 is the network's input, s + 1 the result of step s.</summary>
        public IReadOnlyList<int> From { get; init; } = [];
    }

    /// <summary>y[n, out] = x[n, in] · W[out, in]ᵀ + b[out].</summary>
    private sealed record DenseStep(int Inputs, int Outputs, int Weight, int? Bias) : Step(Inputs, Outputs)
    {
        public RuleSpec? Rules { get; init; }
    }

    /// <summary>y[n, out] = x[n, in] · W[out, in]ᵀ + b[out].</summary>
    private double[] Dense(DenseStep step, double[] x, int samples)
    {
        var y = new double[samples * step.Outputs];
        var weight = _parameters[step.Weight].Values;
        for (var n = 0; n < samples; n++)
        {
            for (var o = 0; o < step.Outputs; o++)
            {
                var sum = step.Bias is { } bias ? _parameters[bias].Values[o] : 0;
                for (var i = 0; i < step.Inputs; i++)
                {
                    sum += x[n * step.Inputs + i] * weight[o * step.Inputs + i];
                }

                y[n * step.Outputs + o] = sum;
            }
        }

        return y;
    }

    /// <summary>dW[out, in] += dy[n, out]ᵀ · x[n, in]; db[out] += Σ over samples of dy[n, out].</summary>
    private static void AddWeightGradients(DenseStep step, double[] x, double[] dy, double[][] gradients)
    {
        for (var n = 0; n < dy.Length / step.Outputs; n++)
        {
            for (var o = 0; o < step.Outputs; o++)
            {
                var delta = dy[n * step.Outputs + o];
                for (var i = 0; i < step.Inputs; i++)
                {
                    gradients[step.Weight][o * step.Inputs + i] += delta * x[n * step.Inputs + i];
                }

                if (step.Bias is { } bias)
                {
                    gradients[bias][o] += delta;
                }
            }
        }
    }

    /// <summary>dx[n, in] = dy[n, out] · W[out, in].</summary>
    private double[] InputGradient(DenseStep step, double[] dy)
    {
        var weight = _parameters[step.Weight].Values;
        var samples = dy.Length / step.Outputs;
        var dx = new double[samples * step.Inputs];
        for (var n = 0; n < samples; n++)
        {
            for (var o = 0; o < step.Outputs; o++)
            {
                for (var i = 0; i < step.Inputs; i++)
                {
                    dx[n * step.Inputs + i] += dy[n * step.Outputs + o] * weight[o * step.Inputs + i];
                }
            }
        }

        return dx;
    }
}
