using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <content>The layers other than dense: each a step, forward and back.</content>
internal sealed partial class ReferenceNetwork
{
    /// <summary>y = f(x), both [n, size].</summary>
    private sealed record FunctionStep(int Size, FunctionSpec Function) : Step(Size, Size);

    /// <summary>
    /// y = γ·(x − μ)/√(σ² + ε) + β; of the samples, with running figures, or of the features. Of images γ, β and the figures belong to channels.
    /// </summary>
    private sealed record NormStep(int Size, int Pixels, int Weight, int? Running, double Momentum, double Epsilon, bool IsFrozen) : Step(Size, Size)
    {
        /// <summary>Which γ and β belong to a number.</summary>
        public int Channel(int place) => place % Size / Pixels;

        /// <summary>Which of the figures belongs to a sample and a feature.</summary>
        public int Figure(int sample, int feature) => Running is null ? sample : feature / Pixels;

        /// <summary>How many numbers share a figure over so many samples.</summary>
        public int Numbers(int samples) => samples * Pixels;
    }

    /// <summary>y = x/(1 − rate) or 0; when predicting y = x.</summary>
    private sealed record DropoutStep(int Size, int Layer, double Rate) : Step(Size, Size);

    /// <summary>y = x + noise; when predicting y = x.</summary>
    private sealed record NoiseStep(int Size, int Layer, double Deviation) : Step(Size, Size);

    /// <summary>y = w ∗ x + b over images.</summary>
    private sealed record ConvolutionStep(int Inputs, int Outputs, ReferenceWindow Window, int Channels, int Filters, int Groups, int Weight, int? Bias) : Step(Inputs, Outputs);

    /// <summary>y = wᵀ ∗ x + b over images.</summary>
    private sealed record TransposedStep(int Inputs, int Outputs, ReferenceTransposed Way, int Weight, int? Bias) : Step(Inputs, Outputs);

    /// <summary>y = x + b, b for each feature or channel.</summary>
    private sealed record BiasStep(int Size, int Pixels, int Bias) : Step(Size, Size)
    {
        /// <summary>Which b belongs to a number.</summary>
        public int Channel(int place) => place % Size / Pixels;
    }

    /// <summary>The largest number or the mean of each window.</summary>
    private sealed record PoolStep(int Inputs, int Outputs, ReferenceWindow Window, bool IsMaximum) : Step(Inputs, Outputs);

    /// <summary>Several values as one.</summary>
    private sealed record JoinStep(int Outputs, string Kind) : Step(Outputs, Outputs);

    private void AddNormalization(ReferenceNode node, NormSpec norm)
    {
        var (size, pixels) = (node.Shape[0], node.Size / node.Shape[0]);
        _parameters.Add(new ReferenceTensor($"{node.Name}.weight", [size], [.. Enumerable.Repeat(1.0, size)]));
        _parameters.Add(new ReferenceTensor($"{node.Name}.bias", [size], new double[size]));
        if (norm.IsBatch)
        {
            _buffers.Add(new ReferenceTensor($"{node.Name}.running_mean", [size], new double[size]));
            _buffers.Add(new ReferenceTensor($"{node.Name}.running_var", [size], [.. Enumerable.Repeat(1.0, size)]));
        }

        _steps.Add(new NormStep(node.Size, pixels, _parameters.Count - 2, norm.IsBatch ? _buffers.Count - 2 : null, norm.Momentum ?? 0.1, norm.Epsilon ?? 1e-5, norm.Frozen));
        if (norm.Frozen)
        {
            _frozen.UnionWith([_parameters.Count - 2, _parameters.Count - 1]);
        }
    }

    private FunctionSpec AddConvolution(ReferenceNode node, ReferenceNode source, ConvSpec layer)
    {
        var (window, channels) = (ReferenceWindow.Of(layer, source.Shape), source.Shape[0]);
        int[] kernel = window.IsSequence ? [window.Kernel.Width] : [window.Kernel.Height, window.Kernel.Width];
        int[] shape = [layer.Filters, channels / layer.Groups, .. kernel];
        var weight = AddTensors(node.Name, layer, shape, layer.Bias ? layer.Filters : 0);
        _steps.Add(new ConvolutionStep(source.Size, node.Size, window, channels, layer.Filters, layer.Groups, weight, layer.Bias ? weight + 1 : null));
        return layer.Function;
    }

    private FunctionSpec AddTransposed(ReferenceNode node, ReferenceNode source, ConvTransposeSpec layer)
    {
        var way = ReferenceTransposed.Of(layer, source.Shape);
        var weight = AddTensors(node.Name, layer, way.WeightShape, layer.Options.Bias ? way.Filters : 0);
        _steps.Add(new TransposedStep(source.Size, node.Size, way, weight, layer.Options.Bias ? weight + 1 : null));
        return layer.Options.Function;
    }

    private void AddBias(ReferenceNode node, BiasSpec layer)
    {
        _parameters.Add(new ReferenceTensor($"{node.Name}.bias", [node.Shape[0]], new double[node.Shape[0]]));
        _steps.Add(new BiasStep(node.Size, node.Size / node.Shape[0], _parameters.Count - 1));
        if (layer.Frozen)
        {
            _frozen.Add(_parameters.Count - 1);
        }
    }

    /// <summary>What a step adds to its results: the parameter, and which of its numbers belongs to a place; null for nothing.</summary>
    private static (int Parameter, Func<int, int> Channel)? Added(Step step) => step switch
    {
        DenseStep { Bias: { } bias } => (bias, place => place % step.Outputs),
        ConvolutionStep { Bias: { } bias } c => (bias, place => place / (step.Outputs / c.Filters) % c.Filters),
        TransposedStep { Bias: { } bias } t => (bias, place => place / (step.Outputs / t.Way.Filters) % t.Way.Filters),
        NormStep norm => (norm.Weight + 1, norm.Channel),
        BiasStep bias => (bias.Bias, bias.Channel),
        _ => null,
    };

    /// <summary>y[n, outputs] of a step, of the values that it takes.</summary>
    private double[] Result(Step step, IReadOnlyList<double[]> x, int samples, bool trains)
    {
        switch (step)
        {
            case DenseStep dense:
                return Dense(dense, x[0], samples);
            case FunctionStep function:
                return Result(function, x[0]);
            case NormStep norm:
                return Scaled(norm, Normal(norm, x[0], trains).Normal);
            case DropoutStep or NoiseStep when !trains:
                return x[0];
            case DropoutStep dropout:
                return Dropped(dropout, x[0]);
            case NoiseStep noise:
                var random = Random;
                return [.. x[0].Select((v, place) => v + (float)noise.Deviation * random.Normal(noise.Layer, place))];
            case ConvolutionStep c:
                return ReferenceImages.Convolve(c.Window, c.Channels, c.Filters, c.Groups, _parameters[c.Weight].Values, c.Bias is { } bias ? _parameters[bias].Values : null, x[0]);
            case TransposedStep t:
                return t.Way.Forward(_parameters[t.Weight].Values, t.Bias is { } added ? _parameters[added].Values : null, x[0]);
            case BiasStep b:
                return [.. x[0].Select((v, place) => v + _parameters[b.Bias].Values[b.Channel(place)])];
            case PoolStep pool:
                return pool.IsMaximum ? ReferenceImages.MaxPool(pool.Window, x[0]) : ReferenceImages.AveragePool(pool.Window, x[0]);
            case SliceStep slice:
                return Columns(x[0], slice.Row, slice.First, slice.Size);
            case JoinStep join:
                return ReferenceJoins.Join(join.Kind, x, samples);
            default:
                throw new NotSupportedException();
        }
    }

    /// <summary>The share of the k-th value that a step takes in the gradient dy[n, outputs] of its result y; to those of parameters is added.</summary>
    private double[] InputGradient(Step step, int k, List<double[]> values, double[] y, double[] dy, double[][] gradients)
    {
        var x = values[step.From[k]];
        switch (step)
        {
            case DenseStep dense:
                return InputGradient(dense, dy);
            case FunctionStep function:
                return InputGradient(function, x, y, dy);
            case NormStep norm:
                return Backward(norm, x, dy, gradients);
            case SliceStep slice:
                return InputGradient(slice, dy);
            case DropoutStep dropout:
                return Dropped(dropout, dy);
            case NoiseStep:
                return dy;
            case ConvolutionStep c:
                return ReferenceImages.ConvolveBackward(
                    c.Window, c.Channels, c.Filters, c.Groups, _parameters[c.Weight].Values, x, dy, gradients[c.Weight], c.Bias is { } bias ? gradients[bias] : null);
            case TransposedStep t:
                return t.Way.Backward(_parameters[t.Weight].Values, x, dy, gradients[t.Weight], t.Bias is { } added ? gradients[added] : null);
            case BiasStep b:
                for (var i = 0; i < dy.Length; i++)
                {
                    gradients[b.Bias][b.Channel(i)] += dy[i];
                }

                return dy;
            case PoolStep pool:
                return pool.IsMaximum ? ReferenceImages.MaxPoolBackward(pool.Window, x, dy) : ReferenceImages.AveragePoolBackward(pool.Window, x, dy);
            case JoinStep join:
                return ReferenceJoins.Backward(join.Kind, [.. step.From.Select(node => values[node])], values[0].Length / _spec.Inputs, dy, k);
            default:
                throw new NotSupportedException();
        }
    }

    private static double[] Result(FunctionStep step, double[] x)
    {
        var y = new double[x.Length];
        for (var row = 0; row < x.Length && step.Function.Kind == Activation.Softmax; row += step.Size)
        {
            ReferenceFunctions.Softmax(x.AsSpan(row, step.Size), y.AsSpan(row, step.Size));
        }

        for (var i = 0; i < x.Length && step.Function.Kind != Activation.Softmax; i++)
        {
            y[i] = ReferenceFunctions.Value(step.Function, x[i]);
        }

        return y;
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

    /// <summary>x/(1 − rate), or 0 where the next step drops the number.</summary>
    private double[] Dropped(DropoutStep step, double[] x)
    {
        var random = Random;
        return [.. x.Select((v, place) => random.Keeps(step.Layer, step.Rate, place) ? v / (1 - (float)step.Rate) : 0)];
    }

    /// <summary>x̂ with its variances; running figures when predicting, in a frozen layer, and for a batch of one number of each channel.</summary>
    private (double[] Normal, double[] Variance, bool IsConstant) Normal(NormStep step, double[] x, bool trains)
    {
        var isConstant = step.Running is not null && (!trains || step.IsFrozen || step.Numbers(x.Length / step.Size) == 1);
        var (mean, variance) = isConstant
            ? (_buffers[step.Running!.Value].Values, _buffers[step.Running.Value + 1].Values)
            : step.Running is null ? ReferenceNormalization.OverFeatures(x, step.Size) : ReferenceNormalization.OverSamples(x, step.Size, step.Pixels);
        return (ReferenceNormalization.Normalize(x, step.Size, mean, variance, step.Epsilon, step.Figure), variance, isConstant);
    }

    private double[] Scaled(NormStep step, double[] normal)
    {
        var (gamma, beta) = (_parameters[step.Weight].Values, _parameters[step.Weight + 1].Values);
        return [.. normal.Select((v, i) => gamma[step.Channel(i)] * v + beta[step.Channel(i)])];
    }

    /// <summary>dγ = Σ dy·x̂ and dβ = Σ dy over the samples and pixels; dx[n, size].</summary>
    private double[] Backward(NormStep step, double[] x, double[] dy, double[][] gradients)
    {
        var (normal, variance, isConstant) = Normal(step, x, trains: true);
        for (var i = 0; i < dy.Length; i++)
        {
            gradients[step.Weight][step.Channel(i)] += dy[i] * normal[i];
            gradients[step.Weight + 1][step.Channel(i)] += dy[i];
        }

        return ReferenceNormalization.Backward(normal, dy, _parameters[step.Weight].Values, step.Size, step.Pixels, variance, step.Epsilon, step.Figure, isConstant);
    }
}
