using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <summary>The operations that layers consist of, forward and back.</summary>
internal sealed partial class ReferenceNetwork
{
    /// <summary>An operation: [n, Inputs] in, [n, Outputs] out.</summary>
    private abstract record Step(int Inputs, int Outputs);

    /// <summary>y[n, out] = x[n, in] · W[out, in]ᵀ + b[out].</summary>
    private sealed record DenseStep(int Inputs, int Outputs, int Weight, int? Bias) : Step(Inputs, Outputs)
    {
        public RuleSpec? Rules { get; init; }
    }

    /// <summary>y = f(x), both [n, size].</summary>
    private sealed record FunctionStep(int Size, FunctionSpec Function) : Step(Size, Size);

    /// <summary>y = γ·(x − μ)/√(σ² + ε) + β; of the samples, with running figures, or of the features.</summary>
    private sealed record NormStep(int Size, int Weight, int? Running, double Momentum, double Epsilon, bool IsFrozen) : Step(Size, Size)
    {
        /// <summary>Which of the figures belongs to a sample and a feature.</summary>
        public int Figure(int sample, int feature) => Running is null ? sample : feature;
    }

    /// <summary>y = x/(1 − rate) or 0; when predicting y = x.</summary>
    private sealed record DropoutStep(int Size, int Layer, double Rate) : Step(Size, Size);

    /// <summary>y = x + noise; when predicting y = x.</summary>
    private sealed record NoiseStep(int Size, int Layer, double Deviation) : Step(Size, Size);

    /// <summary>x/(1 − rate), or 0 where the next step drops the number.</summary>
    private double[] Dropped(DropoutStep step, double[] x)
    {
        var random = Random;
        return [.. x.Select((v, place) => random.Keeps(step.Layer, step.Rate, place) ? v / (1 - (float)step.Rate) : 0)];
    }

    /// <summary>x̂ with its variances; running figures when predicting, in a frozen layer, and for a batch of one sample.</summary>
    private (double[] Normal, double[] Variance, bool IsConstant) Normal(NormStep step, double[] x, bool trains)
    {
        var isConstant = step.Running is not null && (!trains || step.IsFrozen || x.Length == step.Size);
        var (mean, variance) = isConstant
            ? (_buffers[step.Running!.Value].Values, _buffers[step.Running.Value + 1].Values)
            : step.Running is null ? ReferenceNormalization.OverFeatures(x, step.Size) : ReferenceNormalization.OverSamples(x, step.Size);
        return (ReferenceNormalization.Normalize(x, step.Size, mean, variance, step.Epsilon, step.Figure), variance, isConstant);
    }

    private double[] Scaled(NormStep step, double[] normal)
    {
        var (gamma, beta) = (_parameters[step.Weight].Values, _parameters[step.Weight + 1].Values);
        return [.. normal.Select((v, i) => gamma[i % step.Size] * v + beta[i % step.Size])];
    }

    /// <summary>dγ = Σ dy·x̂ and dβ = Σ dy over the samples; dx[n, size].</summary>
    private double[] Backward(NormStep step, double[] x, double[] dy, double[][] gradients)
    {
        var (normal, variance, isConstant) = Normal(step, x, trains: true);
        for (var i = 0; i < dy.Length; i++)
        {
            gradients[step.Weight][i % step.Size] += dy[i] * normal[i];
            gradients[step.Weight + 1][i % step.Size] += dy[i];
        }

        return ReferenceNormalization.Backward(normal, dy, _parameters[step.Weight].Values, step.Size, variance, step.Epsilon, step.Figure, isConstant);
    }

    /// <summary>y[n, out] = x[n, in] · W[out, in]ᵀ + b[out].</summary>
    private void Dense(DenseStep step, double[] x, double[] y, int samples)
    {
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

    /// <summary>dx = dy · f'(x), all [n, size]; for softmax the product with the row's Jacobian.</summary>
    private static double[] InputGradient(FunctionStep step, double[] x, double[] y, double[] dy)
    {
        var dx = new double[dy.Length];
        for (var row = 0; row < dy.Length && step.Function.Kind == Activation.Softmax; row += step.Size)
        {
            ReferenceFunctions.SoftmaxBackward(y.AsSpan(row, step.Size), dy.AsSpan(row, step.Size), dx.AsSpan(row, step.Size));
        }

        for (var i = 0; i < dy.Length && step.Function.Kind != Activation.Softmax; i++)
        {
            dx[i] = dy[i] * ReferenceFunctions.Slope(step.Function, x[i]);
        }

        return dx;
    }
}
