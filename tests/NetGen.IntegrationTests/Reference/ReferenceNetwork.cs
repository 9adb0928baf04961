using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <summary>A tensor of the oracle: PyTorch's name and layout.</summary>
internal sealed record ReferenceTensor(string Name, int[] Shape, double[] Values);

/// <summary>What <see cref="ReferenceNetwork.ComputeGradients"/> finds: the tensors stand in the order of the network's parameters.</summary>
internal sealed record ReferenceGradients(double Loss, double[] Inputs, IReadOnlyList<double[]> Parameters);

/// <summary>
/// The oracle: the network of a declaration in double precision and plain loops, sharing nothing with the compiler. Rows of
/// samples follow one another; n is the number of samples, which no size here depends on.
/// </summary>
internal sealed class ReferenceNetwork
{
    private readonly NetSpec _spec;
    private readonly List<Step> _steps = [];
    private readonly List<ReferenceTensor> _parameters = [];
    private readonly List<ReferenceTensor> _buffers = [];
    private readonly ReferenceOptimizer _optimizer;

    public ReferenceNetwork(NetSpec spec)
    {
        _spec = spec;
        var size = spec.Inputs;
        for (var i = 0; i < spec.Layers.Count; i++)
        {
            var function = new FunctionSpec(Activation.Identity);
            switch (spec.Layers[i])
            {
                case DenseSpec dense:
                    function = AddDense($"layer{i + 1}", size, dense);
                    break;
                case ActivationSpec activation:
                    function = activation.Function;
                    break;
                case NormSpec norm:
                    AddNormalization($"layer{i + 1}", size, norm);
                    break;
                case DropoutSpec dropout:
                    _steps.Add(new DropoutStep(size, i + 1, dropout.Rate));
                    break;
                case NoiseSpec noise:
                    _steps.Add(new NoiseStep(size, i + 1, noise.Deviation));
                    break;
                default:
                    throw new NotSupportedException();
            }

            size = spec.Layers[i] is DenseSpec { Units: var units } ? units : size;
            if (function.Kind != Activation.Identity)
            {
                _steps.Add(new FunctionStep(size, function));
            }
        }

        OutputSize = size;
        _optimizer = new ReferenceOptimizer(spec.Training?.Optimizer ?? new(Optimizer.Sgd));
    }

    /// <summary>An operation: [n, Inputs] in, [n, Outputs] out.</summary>
    private abstract record Step(int Inputs, int Outputs);

    /// <summary>y[n, out] = x[n, in] · W[out, in]ᵀ + b[out].</summary>
    private sealed record DenseStep(int Inputs, int Outputs, int Weight, int? Bias) : Step(Inputs, Outputs);

    /// <summary>y = f(x), both [n, size].</summary>
    private sealed record FunctionStep(int Size, FunctionSpec Function) : Step(Size, Size);

    /// <summary>y = γ·(x − μ)/√(σ² + ε) + β; of the samples, with running figures, or of the features.</summary>
    private sealed record NormStep(int Size, int Weight, int? Running, double Momentum, double Epsilon) : Step(Size, Size)
    {
        /// <summary>Which of the figures belongs to a sample and a feature.</summary>
        public int Figure(int sample, int feature) => Running is null ? sample : feature;
    }

    /// <summary>y = x/(1 − rate) or 0; when predicting y = x.</summary>
    private sealed record DropoutStep(int Size, int Layer, double Rate) : Step(Size, Size);

    /// <summary>y = x + noise; when predicting y = x.</summary>
    private sealed record NoiseStep(int Size, int Layer, double Deviation) : Step(Size, Size);

    public IReadOnlyList<ReferenceTensor> Parameters => _parameters;

    /// <summary>Running means and variances.</summary>
    public IReadOnlyList<ReferenceTensor> Buffers => _buffers;

    /// <summary>What random numbers are drawn from.</summary>
    public int Seed { get; init; }

    /// <summary>The steps taken.</summary>
    public long StepCount { get; set; }

    public int OutputSize { get; }

    public int ParameterCount => _parameters.Sum(p => p.Values.Length);

    /// <summary>
    /// For the tests of the tests: a backward pass that takes the weights from after the update, as a fused update done in
    /// the wrong order would.
    /// </summary>
    public bool UpdateBeforeBackward { get; init; }

    /// <summary>x[n, inputs] → y[n, outputs].</summary>
    public double[] Predict(double[] x) => Forward(x, trains: false)[^1];

    /// <summary>The same as the next step computes it: with the batch's figures and with random numbers.</summary>
    public double[] PredictTraining(double[] x) => Forward(x, trains: true)[^1];

    /// <summary>The mean loss of y[n, outputs] against t[n, outputs].</summary>
    public double ComputeLoss(double[] y, double[] t) => Training.OwnLoss is { } own
        ? y.Zip(t, OwnFunctions.Losses[own].Value).Average()
        : ReferenceLosses.Value(Training.Loss, Training.HuberDelta, y, t, OutputSize);

    /// <summary>The gradient of the mean loss over x[n, inputs], t[n, outputs] with respect to every parameter and x.</summary>
    public ReferenceGradients ComputeGradients(double[] x, double[] t) => Backward(x, t, rate: null);

    /// <summary>One step of the optimiser; the loss before it.</summary>
    public double TrainBatch(double[] x, double[] t) => TrainBatch(x, t, Training.Rate);

    public double TrainBatch(double[] x, double[] t, double rate)
    {
        var follow = Following(x);
        var gradients = Backward(x, t, rate);
        if (!UpdateBeforeBackward)
        {
            _optimizer.Step(_parameters, gradients.Parameters, rate);
        }

        follow();
        return gradients.Loss;
    }

    /// <summary>
    /// What a step over x[n, inputs] from the parameters as they are now does beside changing them: running figures, and the count of steps.
    /// </summary>
    public Action Following(double[] x)
    {
        var values = Forward(x, trains: true);
        return () =>
        {
            StepCount++;
            for (var s = 0; s < _steps.Count; s++)
            {
                if (_steps[s] is NormStep { Running: { } running, Momentum: var momentum } step && x.Length > _spec.Inputs)
                {
                    double samples = x.Length / _spec.Inputs;
                    var (mean, variance) = ReferenceNormalization.OverSamples(values[s], step.Size);
                    for (var f = 0; f < step.Size; f++)
                    {
                        _buffers[running].Values[f] = (1 - momentum) * _buffers[running].Values[f] + momentum * mean[f];
                        _buffers[running + 1].Values[f] = (1 - momentum) * _buffers[running + 1].Values[f] + momentum * variance[f] * samples / (samples - 1);
                    }
                }
            }
        };
    }

    private TrainSpec Training => _spec.Training ?? throw new InvalidOperationException("This net predicts only.");

    private ReferenceGradients Backward(double[] x, double[] t, double? rate)
    {
        var values = Forward(x, trains: true);
        var loss = ComputeLoss(values[^1], t);
        var gradients = _parameters.Select(p => new double[p.Values.Length]).ToArray();
        var delta = Training.OwnLoss is { } own
            ? [.. values[^1].Zip(t, (y, target) => OwnFunctions.Losses[own].Slope(y, target) / t.Length)]
            : ReferenceLosses.Gradient(Training.Loss, Training.HuberDelta, values[^1], t, OutputSize);
        for (var s = _steps.Count - 1; s >= 0; s--)
        {
            if (_steps[s] is DenseStep dense)
            {
                AddWeightGradients(dense, values[s], delta, gradients);
                if (UpdateBeforeBackward && rate is { } early)
                {
                    Update(dense.Weight, gradients[dense.Weight], early);
                    Array.Clear(gradients[dense.Weight]);
                }

                delta = InputGradient(dense, delta);
            }
            else
            {
                delta = _steps[s] switch
                {
                    FunctionStep function => InputGradient(function, values[s], values[s + 1], delta),
                    NormStep norm => Backward(norm, values[s], delta, gradients),
                    DropoutStep dropout => Dropped(dropout, delta),
                    NoiseStep => delta,
                    _ => throw new NotSupportedException(),
                };
            }
        }

        // What is left: the biases.
        for (var p = 0; UpdateBeforeBackward && rate is { } late && p < gradients.Length; p++)
        {
            Update(p, gradients[p], late);
        }

        return new ReferenceGradients(loss, delta, gradients);
    }

    /// <summary>What each step takes: the first is x[n, inputs], the last the prediction [n, outputs].</summary>
    private List<double[]> Forward(double[] x, bool trains)
    {
        List<double[]> values = [x];
        foreach (var step in _steps)
        {
            var input = values[^1];
            var samples = input.Length / step.Inputs;
            var output = new double[samples * step.Outputs];
            switch (step)
            {
                case DenseStep dense:
                    Dense(dense, input, output, samples);
                    break;
                case FunctionStep { Function.Kind: Activation.Softmax, Size: var size }:
                    for (var row = 0; row < input.Length; row += size)
                    {
                        ReferenceFunctions.Softmax(input.AsSpan(row, size), output.AsSpan(row, size));
                    }

                    break;
                case NormStep norm:
                    Scaled(norm, Normal(norm, input, trains).Normal).CopyTo(output, 0);
                    break;
                case DropoutStep or NoiseStep when !trains:
                    input.CopyTo(output, 0);
                    break;
                case DropoutStep dropout:
                    Dropped(dropout, input).CopyTo(output, 0);
                    break;
                case NoiseStep noise:
                    for (var i = 0; i < input.Length; i++)
                    {
                        output[i] = input[i] + (float)noise.Deviation * Random.Normal(noise.Layer, i);
                    }

                    break;
                case FunctionStep { Function: var function }:
                    for (var i = 0; i < input.Length; i++)
                    {
                        output[i] = ReferenceFunctions.Value(function, input[i]);
                    }

                    break;
            }

            values.Add(output);
        }

        return values;
    }

    private ReferenceRandom Random => new(Seed, StepCount);

    /// <summary>x/(1 − rate), or 0 where the next step drops the number.</summary>
    private double[] Dropped(DropoutStep step, double[] x)
    {
        var random = Random;
        return [.. x.Select((v, place) => random.Keeps(step.Layer, step.Rate, place) ? v / (1 - (float)step.Rate) : 0)];
    }

    /// <summary>x̂ with its variances; running figures when predicting, and for a batch of one sample.</summary>
    private (double[] Normal, double[] Variance, bool IsConstant) Normal(NormStep step, double[] x, bool trains)
    {
        var isConstant = step.Running is not null && (!trains || x.Length == step.Size);
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

    private void Update(int parameter, double[] gradient, double rate)
    {
        var values = _parameters[parameter].Values;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] -= rate * gradient[i];
        }
    }

    private void AddNormalization(string name, int size, NormSpec norm)
    {
        _parameters.Add(new ReferenceTensor($"{name}.weight", [size], [.. Enumerable.Repeat(1.0, size)]));
        _parameters.Add(new ReferenceTensor($"{name}.bias", [size], new double[size]));
        if (norm.IsBatch)
        {
            _buffers.Add(new ReferenceTensor($"{name}.running_mean", [size], new double[size]));
            _buffers.Add(new ReferenceTensor($"{name}.running_var", [size], [.. Enumerable.Repeat(1.0, size)]));
        }

        _steps.Add(new NormStep(size, _parameters.Count - 2, norm.IsBatch ? _buffers.Count - 2 : null, norm.Momentum ?? 0.1, norm.Epsilon ?? 1e-5));
    }

    private FunctionSpec AddDense(string name, int inputs, DenseSpec dense)
    {
        _parameters.Add(new ReferenceTensor($"{name}.weight", [dense.Units, inputs], new double[dense.Units * inputs]));
        var weight = _parameters.Count - 1;
        if (dense.Bias)
        {
            _parameters.Add(new ReferenceTensor($"{name}.bias", [dense.Units], new double[dense.Units]));
        }

        _steps.Add(new DenseStep(inputs, dense.Units, weight, dense.Bias ? weight + 1 : null));
        return dense.Function;
    }
}
