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
internal sealed partial class ReferenceNetwork
{
    private readonly NetSpec _spec;
    private readonly List<Step> _steps = [];
    private readonly List<ReferenceTensor> _parameters = [];
    private readonly List<ReferenceTensor> _buffers = [];
    private readonly List<PenaltyOf> _penalties = [];
    private readonly List<DenseStep> _constrained = [];
    private readonly HashSet<int> _frozen = [];
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

            if (spec.Layers[i] is DenseSpec { Rules: { } rules })
            {
                _penalties.Add(new PenaltyOf(null, _steps.Count, rules.ActivityL1, rules.ActivityL2));
            }
        }

        OutputSize = size;
        _optimizer = new ReferenceOptimizer(spec.Training?.Optimizer ?? new(Optimizer.Sgd));
    }

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
    public double ComputeLoss(double[] y, double[] t) =>
        ReferenceLosses.Value(Training.Loss, Training.HuberDelta, y, t, OutputSize);

    /// <summary>The gradient of the mean loss over x[n, inputs], t[n, outputs] with respect to every parameter and x.</summary>
    public ReferenceGradients ComputeGradients(double[] x, double[] t) => Backward(x, t, rate: null);

    /// <summary>The same with the slopes of all penalties: the gradient of <see cref="ComputePenalizedLoss"/>.</summary>
    public ReferenceGradients ComputePenalizedGradients(double[] x, double[] t) => Backward(x, t, rate: null, inStep: true);

    /// <summary>What steps minimise: the mean loss and all penalties.</summary>
    public double ComputePenalizedLoss(double[] x, double[] t)
    {
        var values = Forward(x, trains: true);
        return ComputeLoss(values[^1], t) + _penalties.Sum(penalty => penalty.Parameter is { } p
            ? penalty.On(_parameters[p].Values)
            : penalty.On(values[penalty.Value]) / (x.Length / _spec.Inputs));
    }

    /// <summary>One step of the optimiser; the loss before it.</summary>
    public double TrainBatch(double[] x, double[] t) => TrainBatch(x, t, Training.Rate);

    public double TrainBatch(double[] x, double[] t, double rate)
    {
        var follow = Following(x);
        var gradients = Backward(x, t, rate, inStep: true);
        if (!UpdateBeforeBackward)
        {
            var learning = Enumerable.Range(0, _parameters.Count).Where(p => !_frozen.Contains(p)).ToArray();
            _optimizer.Step([.. learning.Select(p => _parameters[p])], [.. learning.Select(p => gradients.Parameters[p])], rate);
        }

        _constrained.ForEach(Constrain);

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
                if (_steps[s] is NormStep { Running: { } running, Momentum: var momentum, IsFrozen: false } step && x.Length > _spec.Inputs)
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

    private ReferenceGradients Backward(double[] x, double[] t, double? rate, bool inStep = false)
    {
        var values = Forward(x, trains: true);
        var loss = ComputeLoss(values[^1], t);
        var gradients = _parameters.Select(p => new double[p.Values.Length]).ToArray();
        var delta = ReferenceLosses.Gradient(Training.Loss, Training.HuberDelta, values[^1], t, OutputSize);
        for (var s = _steps.Count - 1; s >= 0; s--)
        {
            foreach (var penalty in _penalties.Where(penalty => inStep && penalty.Parameter is null && penalty.Value == s + 1))
            {
                penalty.AddSlope(values[s + 1], delta, 1.0 / (x.Length / _spec.Inputs));
            }

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

        foreach (var penalty in _penalties.Where(penalty => inStep && penalty.Parameter is not null))
        {
            penalty.AddSlope(_parameters[penalty.Parameter!.Value].Values, gradients[penalty.Parameter.Value], 1);
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

        _steps.Add(new NormStep(size, _parameters.Count - 2, norm.IsBatch ? _buffers.Count - 2 : null, norm.Momentum ?? 0.1, norm.Epsilon ?? 1e-5, norm.Frozen));
        if (norm.Frozen)
        {
            _frozen.UnionWith([_parameters.Count - 2, _parameters.Count - 1]);
        }
    }

    private FunctionSpec AddDense(string name, int inputs, DenseSpec dense)
    {
        _parameters.Add(new ReferenceTensor($"{name}.weight", [dense.Units, inputs], new double[dense.Units * inputs]));
        var weight = _parameters.Count - 1;
        if (dense.Bias)
        {
            _parameters.Add(new ReferenceTensor($"{name}.bias", [dense.Units], new double[dense.Units]));
        }

        _steps.Add(new DenseStep(inputs, dense.Units, weight, dense.Bias ? weight + 1 : null) { Rules = dense.Rules });
        if (dense.Rules is { } rules)
        {
            AddRules((DenseStep)_steps[^1], rules);
        }

        return dense.Function;
    }
}
