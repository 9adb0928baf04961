using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <summary>A tensor of the oracle: PyTorch's name and layout.</summary>
internal sealed record ReferenceTensor(string Name, int[] Shape, double[] Values);

/// <summary>What <see cref="ReferenceNetwork.ComputeGradients"/> finds: the tensors stand in the order of the network's parameters.</summary>
internal sealed record ReferenceGradients(double Loss, double[] Inputs, IReadOnlyList<double[]> Parameters)
{
    /// <summary>Of each parameter that is added to values, the largest sum of |∂loss/∂value| that its gradient is without the bars; 0 for others.</summary>
    public IReadOnlyList<double> Magnitudes { get; init; } = [];
}

/// <summary>
/// The oracle: the network of a declaration in double precision and plain loops, sharing nothing with the compiler. Rows of
/// samples follow one another, images flat, the column running fastest; n is the number of samples, which no size here depends on.
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

    /// <summary>Where each layer's weight stands among the parameters.</summary>
    private readonly Dictionary<string, int> _weights = [];
    private readonly ReferenceOptimizer _optimizer;

    public ReferenceNetwork(NetSpec spec)
    {
        _spec = spec;
        var nodes = ReferenceShapes.Of(spec);

        // Of each node the value it gives: 0 is the row of the network's inputs, s + 1 the result of step s.
        var results = AddInputs(spec.AllInputs);
        for (var i = 0; i < spec.Layers.Count; i++)
        {
            var node = nodes[spec.AllInputs.Count + i];
            int[] from = [.. node.From.Select(k => results[k])];
            var function = new FunctionSpec(Activation.Identity);
            switch (spec.Layers[i])
            {
                case DenseSpec dense:
                    function = AddDense(node.Name, nodes[node.From[0]].Size, dense);
                    break;
                case LinearSpec linear:
                    AddDense(node.Name, nodes[node.From[0]].Size, new(linear.Units, function, Bias: false) { Rules = linear.Rules, SharedWith = linear.SharedWith });
                    break;
                case BiasSpec bias:
                    AddBias(node, bias);
                    break;
                case ConvTransposeSpec transposed:
                    function = AddTransposed(node, nodes[node.From[0]], transposed);
                    break;
                case ActivationSpec activation:
                    function = activation.Function;
                    break;
                case NormSpec norm:
                    AddNormalization(node, norm);
                    break;
                case DropoutSpec dropout:
                    _steps.Add(new DropoutStep(node.Size, i + 1, dropout.Rate));
                    break;
                case NoiseSpec noise:
                    _steps.Add(new NoiseStep(node.Size, i + 1, noise.Deviation));
                    break;
                case ConvSpec convolution:
                    function = AddConvolution(node, nodes[node.From[0]], convolution);
                    break;
                case PoolSpec pool:
                    _steps.Add(new PoolStep(nodes[node.From[0]].Size, node.Size, ReferenceWindow.Of(pool, nodes[node.From[0]].Shape), pool.IsMaximum));
                    break;
                case GlobalPoolSpec pool:
                    _steps.Add(new PoolStep(nodes[node.From[0]].Size, node.Size, ReferenceWindow.Whole(nodes[node.From[0]].Shape), pool.IsMaximum));
                    break;
                case JoinSpec join:
                    _steps.Add(new JoinStep(node.Size, join.Kind));
                    break;
                case ReshapeSpec:
                    break; // the same numbers
                default:
                    throw new NotSupportedException();
            }

            // What was added takes the node's sources; a function takes what was added, or these where nothing was.
            var result = from[0];
            if (_steps.Count > 0 && _steps[^1].From is { Count: 0 })
            {
                _steps[^1] = _steps[^1] with { From = from };
                (result, from) = (_steps.Count, [_steps.Count]);
            }

            if (function.Kind != Activation.Identity)
            {
                _steps.Add(new FunctionStep(node.Size, function) { From = from });
                result = _steps.Count;
            }

            if (spec.Layers[i] is DenseSpec { Rules: { } rules })
            {
                _penalties.Add(new PenaltyOf(null, result, rules.ActivityL1, rules.ActivityL2));
            }

            results.Add(result);
        }

        _outputs = [.. spec.AllOutputs.Select(name => (results[IndexOf(name)], nodes[IndexOf(name)].Size))];
        _terms = spec.Training is null ? [] : [.. spec.AllLosses.Select(loss => Term(loss, loss.Node.Length == 0 ? null : (results[IndexOf(loss.Node)], nodes[IndexOf(loss.Node)].Size)))];
        OutputSize = _outputs.Sum(output => output.Size);
        _optimizer = new ReferenceOptimizer(spec.Training?.Optimizer ?? new(Optimizer.Sgd));
        int IndexOf(string name) => nodes.ToList().FindIndex(node => node.Name == name);
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
    public double[] Predict(double[] x) => Outputs(Forward(x, trains: false));

    /// <summary>The same as the next step computes it: with the batch's figures and with random numbers.</summary>
    public double[] PredictTraining(double[] x) => Outputs(Forward(x, trains: true));

    /// <summary>The gradient of the mean loss over x[n, inputs], t[n, outputs] with respect to every parameter and x.</summary>
    public ReferenceGradients ComputeGradients(double[] x, double[] t) => Backward(x, t, rate: null);

    /// <summary>The same with the slopes of all penalties: the gradient of <see cref="ComputePenalizedLoss"/>.</summary>
    public ReferenceGradients ComputePenalizedGradients(double[] x, double[] t) => Backward(x, t, rate: null, inStep: true);

    /// <summary>What steps minimise: the mean loss and all penalties.</summary>
    public double ComputePenalizedLoss(double[] x, double[] t)
    {
        var values = Forward(x, trains: true);
        return ComputeLoss(Outputs(values), t) + _penalties.Sum(penalty => penalty.Parameter is { } p
            ? penalty.On(_parameters[p].Values)
            : penalty.On(values[penalty.Value]) / (x.Length / _spec.Inputs));
    }

    /// <summary>One step of the optimiser; the loss before it.</summary>
    public double TrainBatch(double[] x, double[] t) => TrainBatch(x, t, Training.Rate);

    /// <summary>The optimiser's step with given gradients.</summary>
    public void TakeStep(IReadOnlyList<double[]> gradients) => _optimizer.Step(_parameters, gradients, Training.Rate);

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
                if (_steps[s] is NormStep { Running: { } running, Momentum: var momentum, IsFrozen: false } step && step.Numbers(x.Length / _spec.Inputs) is > 1 and var numbers)
                {
                    var (mean, variance) = ReferenceNormalization.OverSamples(values[step.From[0]], step.Size, step.Pixels);
                    for (var f = 0; f < mean.Length; f++)
                    {
                        _buffers[running].Values[f] = (1 - momentum) * _buffers[running].Values[f] + momentum * mean[f];
                        _buffers[running + 1].Values[f] = (1 - momentum) * _buffers[running + 1].Values[f] + momentum * variance[f] * numbers / (numbers - 1.0);
                    }
                }
            }
        };
    }

    private TrainSpec Training => _spec.Training ?? throw new InvalidOperationException("This net predicts only.");

    private ReferenceGradients Backward(double[] x, double[] t, double? rate, bool inStep = false)
    {
        var values = Forward(x, trains: true);
        var loss = ComputeLoss(Outputs(values), t);
        var gradients = _parameters.Select(p => new double[p.Values.Length]).ToArray();
        var deltas = values.Select(value => new double[value.Length]).ToArray();
        var magnitudes = new double[_parameters.Count];
        AddLossGradients(Outputs(values), t, deltas);
        for (var s = _steps.Count - 1; s >= 0; s--)
        {
            // A node's gradient is the sum of what comes from all that take it, and all of these come later.
            var (step, delta) = (_steps[s], deltas[s + 1]);
            foreach (var penalty in _penalties.Where(penalty => inStep && penalty.Parameter is null && penalty.Value == s + 1))
            {
                penalty.AddSlope(values[s + 1], delta, 1.0 / (x.Length / _spec.Inputs));
            }

            if (Added(step) is { } added)
            {
                magnitudes[added.Parameter] = delta.Select((d, place) => (Size: Math.Abs(d), Channel: added.Channel(place))).GroupBy(d => d.Channel).Max(channel => channel.Sum(d => d.Size));
            }

            if (step is DenseStep dense)
            {
                AddWeightGradients(dense, values[dense.From[0]], delta, gradients);
                if (UpdateBeforeBackward && rate is { } early)
                {
                    Update(dense.Weight, gradients[dense.Weight], early);
                    Array.Clear(gradients[dense.Weight]);
                }
            }

            for (var k = 0; k < step.From.Count; k++)
            {
                var share = InputGradient(step, k, values, values[s + 1], delta, gradients);
                for (var i = 0; i < share.Length; i++)
                {
                    deltas[step.From[k]][i] += share[i];
                }
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

        return new ReferenceGradients(loss, deltas[0], gradients) { Magnitudes = magnitudes };
    }

    /// <summary>x[n, inputs] and the result of each step; the last is the prediction [n, outputs].</summary>
    private List<double[]> Forward(double[] x, bool trains)
    {
        List<double[]> values = [x];
        foreach (var step in _steps)
        {
            values.Add(Result(step, [.. step.From.Select(node => values[node])], x.Length / _spec.Inputs, trains));
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

    /// <summary>A weight and, behind it, a bias where there are numbers for it; for a layer that shares those of another, these. Where the weight stands.</summary>
    private int AddTensors(string name, LayerSpec layer, int[] weight, int biases)
    {
        if (layer.SharedWith is { } owner)
        {
            return _weights[name] = _weights[owner];
        }

        _weights[name] = _parameters.Count;
        _parameters.Add(new ReferenceTensor($"{name}.weight", weight, new double[ReferenceShapes.Size(weight)]));
        if (biases > 0)
        {
            _parameters.Add(new ReferenceTensor($"{name}.bias", [biases], new double[biases]));
        }

        return _weights[name];
    }

    private FunctionSpec AddDense(string name, int inputs, DenseSpec dense)
    {
        var weight = AddTensors(name, dense, [dense.Units, inputs], dense.Bias ? dense.Units : 0);
        _steps.Add(new DenseStep(inputs, dense.Units, weight, dense.Bias ? weight + 1 : null) { Rules = dense.Rules });
        if (dense.Rules is { } rules)
        {
            AddRules((DenseStep)_steps[^1], rules);
        }

        return dense.Function;
    }
}
