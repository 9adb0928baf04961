namespace NetGen.IntegrationTests.Support;

/// <summary>
/// Valid declarations drawn at random: graphs of up to 30 layers over features, sequences and images in turn, every layer kind, nodes that
/// several take, and joins. The same seed draws the same declaration.
/// </summary>
internal sealed partial class RandomGraphs
{
    private const int MostLayers = 30;
    private const int MostNumbers = 700;
    private const int MostWeights = 12_000;

    private static readonly int[] Channels = [1, 2, 3, 3, 4, 5, 6, 6, 8, 16, 17];
    private static readonly Activation[] Functions =
        [Activation.Tanh, Activation.Sigmoid, Activation.SiLU, Activation.GELU, Activation.Softplus, Activation.ReLU, Activation.ELU, Activation.LeakyReLU, Activation.Softsign];

    private static readonly OptimizerSpec[] Optimizers =
    [
        new(Optimizer.Sgd),
        new(Optimizer.Sgd),
        new(Optimizer.Sgd) { Momentum = 0.9 },
        new(Optimizer.Sgd) { Momentum = 0.5, ClipNorm = 0.5, WeightDecay = 0.01 },
        new(Optimizer.Adam) { Epsilon = 0.01 },
        new(Optimizer.AdamW) { Epsilon = 0.01, ClipNorm = 1 },
        new(Optimizer.RMSprop) { Epsilon = 0.01 },
        new(Optimizer.Adagrad) { Epsilon = 0.01 },
    ];

    private readonly Random _random;
    private readonly List<LayerSpec> _layers = [];
    private readonly List<(string Name, int[] Shape)> _nodes = [];

    // The nodes that no layer takes yet.
    private readonly List<int> _open = [];
    private readonly List<InputSpec> _inputs = [];

    private RandomGraphs(int seed) => _random = new Random(seed);

    public static NetSpec Draw(int seed) => new RandomGraphs(seed).Draw();

    private NetSpec Draw()
    {
        AddInputs();
        var layers = _random.Next(2, MostLayers - 2);
        while (_layers.Count + 2 * _open.Count < layers)
        {
            // Most often the layer before is taken; else one that none takes yet, or any.
            var source = _random.Next(10) switch { < 6 => _nodes.Count - 1, < 8 => Of(_open), _ => _random.Next(_nodes.Count) };
            Grow(source);
        }

        if (_random.Next(4) == 0)
        {
            return WithHeads();
        }

        Gather();
        return Spec(_layers) with { Training = Training() };
    }

    /// <summary>Layers on the inputs.</summary>
    private NetSpec Spec(IReadOnlyList<LayerSpec> layers) => new(_inputs.Sum(input => input.Size), layers, null)
    {
        Shape = _inputs.Count == 1 && _inputs[0].Shape.Length > 1 ? _inputs[0].Shape : null,
        InputList = _inputs.Count > 1 ? _inputs : null,
    };

    private void AddInputs()
    {
        var count = _random.Next(5) == 0 ? _random.Next(2, 4) : 1;
        for (var k = 0; k < count; k++)
        {
            _inputs.Add(new(count == 1 ? "input" : $"x{k}", InputShape()));
            _nodes.Add((_inputs[k].Name, _inputs[k].Shape));
            _open.Add(k);
        }
    }

    private int[] InputShape() => _random.Next(4) switch
    {
        0 => [_random.Next(1, 40)],
        1 => [Of(Channels), _random.Next(1, 14)],
        _ => [_random.Next(1, 7), _random.Next(1, 10), _random.Next(1, 10)],
    };

    private TrainSpec Training()
    {
        var normalizes = _layers.Any(layer => layer is NormSpec { IsBatch: true });
        var batch = normalizes ? Of<int>([7, 16, 17, 33]) : Of<int>([1, 3, 7, 16, 17, 33]);
        return new TrainSpec(LossOf(_nodes.Count - 1), batch, 0.02, 1.0) { Optimizer = Of(Optimizers) };
    }

    /// <summary>A loss that fits what gives a node.</summary>
    private Loss LossOf(int node) => LayerOf(node) switch
    {
        DenseSpec { Function.Kind: Activation.Identity, Units: > 1 } => Of<Loss>([Loss.SoftmaxCrossEntropy, Loss.HalfSquaredError]),
        DenseSpec { Function.Kind: Activation.Identity } => Of<Loss>([Loss.SigmoidCrossEntropy, Loss.MeanSquaredError]),
        DenseSpec { Function.Kind: Activation.Softmax } or ActivationSpec { Function.Kind: Activation.Softmax } => Loss.CrossEntropy,
        DenseSpec { Function.Kind: Activation.Sigmoid } or ConvSpec { Function.Kind: Activation.Sigmoid } or ActivationSpec { Function.Kind: Activation.Sigmoid } => Loss.BinaryCrossEntropy,
        _ => Of<Loss>([Loss.HalfSquaredError, Loss.MeanSquaredError, Loss.Huber]),
    };

    private LayerSpec? LayerOf(int node) => node < _inputs.Count ? null : _layers[node - _inputs.Count];

    /// <summary>A layer on a node.</summary>
    private void Grow(int source)
    {
        if (_random.Next(12) == 0 && Sharing() is var (again, on))
        {
            Add(again, on, MostNumbers);
            return;
        }

        var shape = _nodes[source].Shape;
        var layer = _random.Next(20) switch
        {
            0 => new NormSpec(IsBatch: true),
            1 => shape is [> 4] ? new NormSpec(IsBatch: false) : new NormSpec(IsBatch: true, Momentum: 0.3),
            2 => new ActivationSpec(Function()),
            3 => new DropoutSpec(0.25),
            4 => _random.Next(2) == 0 ? new NoiseSpec(0.1) : new BiasSpec(),
            5 or 6 => Reshape(shape),
            7 or 8 or 9 or 10 => Join(source),
            _ => shape.Length == 1 ? Dense(shape) : Window(shape),
        };
        Add(layer, source, MostNumbers);
    }

    private LayerSpec Dense(int[] shape)
    {
        var units = _random.Next(4) == 0 ? Of(Channels) : _random.Next(1, 40);
        units = units * shape[0] > MostWeights ? 1 : units;
        if (_random.Next(8) == 0)
        {
            return new LinearSpec(units);
        }

        return _random.Next(8) == 0 && units > 2
            ? new DenseSpec(units, new(Activation.Softmax))
            : new DenseSpec(units, _random.Next(3) == 0 ? new(Activation.Identity) : Function(), Bias: _random.Next(5) > 0);
    }

    /// <summary>A convolution or a pooling that fits.</summary>
    private LayerSpec Window(int[] shape)
    {
        var dimensions = shape.Length - 1;
        var (height, width) = (dimensions == 1 ? 1 : shape[1], shape[^1]);
        if (_random.Next(12) == 0)
        {
            return new GlobalPoolSpec(_random.Next(2) == 0);
        }

        if (_random.Next(3) == 0)
        {
            var (rows, columns) = (_random.Next(1, Math.Min(3, height) + 1), _random.Next(1, Math.Min(3, width) + 1));
            var zeros = _random.Next(4) == 0 ? Padding.Same : _random.Next(2) == 0 ? 0 : (dimensions == 1 ? columns : Math.Min(rows, columns)) / 2;
            return new PoolSpec(_random.Next(2) == 0, rows, columns, _random.Next(1, 4), zeros, dimensions);
        }

        if (_random.Next(4) == 0)
        {
            return Transposed(shape);
        }

        var groups = _random.Next(4) == 0 ? shape[0] : _random.Next(5) == 0 && shape[0] % 2 == 0 ? 2 : 1;
        var filters = groups == 1 ? Of(Channels) : groups * _random.Next(1, 3);
        var kernel = (Height: _random.Next(1, Math.Min(5, height) + 1), Width: _random.Next(1, Math.Min(6, width) + 1));
        var keeps = _random.Next(2) == 0;
        var dilation = keeps && _random.Next(4) == 0 ? 2 : 1;
        var stride = keeps && _random.Next(3) > 0 ? (1, 1) : (_random.Next(1, 4), _random.Next(1, 4));
        var padding = keeps ? (Padding.Same, Padding.Same) : (_random.Next(3), _random.Next(3));
        return new ConvSpec(filters, kernel.Height, kernel.Width, _random.Next(3) == 0 ? new(Activation.Identity) : Function(), dimensions)
        {
            Stride = dimensions == 1 ? (stride.Item2, stride.Item2) : stride,
            Padding = dimensions == 1 ? (padding.Item2, padding.Item2) : padding,
            Dilation = dilation,
            Groups = groups,
            Bias = _random.Next(5) > 0,
        };
    }

    /// <summary>A transposed convolution.</summary>
    private ConvTransposeSpec Transposed(int[] shape)
    {
        var dimensions = shape.Length - 1;
        var groups = _random.Next(4) == 0 ? shape[0] : _random.Next(5) == 0 && shape[0] % 2 == 0 ? 2 : 1;
        var kernel = (Height: _random.Next(1, 5), Width: _random.Next(1, 6));
        var dilation = _random.Next(4) == 0 ? 2 : 1;
        var isSame = _random.Next(3) == 0;
        int Stride(int kernel) => _random.Next(1, (isSame ? Math.Min(3, dilation * (kernel - 1) + 1) : 3) + 1);
        var stride = (Height: Stride(kernel.Height), Width: Stride(kernel.Width));
        stride = dimensions == 1 ? (stride.Width, stride.Width) : stride;
        var padding = isSame ? (Padding.Same, Padding.Same) : (_random.Next(3), _random.Next(3));
        var more = isSame ? (0, 0) : (_random.Next(Math.Max(stride.Height, dilation)), _random.Next(Math.Max(stride.Width, dilation)));
        return new(new(groups == 1 ? Of(Channels) : groups * _random.Next(1, 3), kernel.Height, kernel.Width, _random.Next(3) == 0 ? new(Activation.Identity) : Function(), dimensions)
        {
            Stride = stride,
            Padding = dimensions == 1 ? (padding.Item2, padding.Item2) : padding,
            Dilation = dilation,
            Groups = groups,
            Bias = _random.Next(3) > 0,
        })
        {
            OutputPadding = dimensions == 1 ? (more.Item2, more.Item2) : more,
        };
    }

    /// <summary>Another shape of the same numbers: flat, or cut along divisors.</summary>
    private LayerSpec Reshape(int[] shape)
    {
        var size = Size(shape);
        var channels = Divisor(size);
        var rows = Divisor(size / channels);
        return _random.Next(3) switch
        {
            0 => new ReshapeSpec(),
            1 => new ReshapeSpec([channels, size / channels]),
            _ => new ReshapeSpec([channels, rows, size / channels / rows]),
        };
    }

    /// <summary>A node joined with others that fit it, with itself where there are none.</summary>
    private LayerSpec Join(int source)
    {
        var shape = _nodes[source].Shape;
        var concat = _random.Next(3) == 0;
        var fitting = Enumerable.Range(0, _nodes.Count)
            .Where(node => _nodes[node].Shape.Length == shape.Length && _nodes[node].Shape.Skip(concat ? 1 : 0).SequenceEqual(shape.Skip(concat ? 1 : 0)))
            .ToArray();
        var from = new List<int> { source, Of(fitting) };
        if (_random.Next(3) == 0)
        {
            from.Insert(_random.Next(3), Of(fitting));
        }

        // Products of products would grow beyond what single precision can be compared in: all factors but one are bounded.
        var multiplies = !concat && _random.Next(2) == 0 && from.Count(node => !IsBounded(node)) < 2;
        return new JoinSpec(concat ? "Concat" : multiplies ? "Multiply" : "Add") { From = [.. from.Select(node => _nodes[node].Name)] };
    }

    private bool IsBounded(int node) => LayerOf(node) switch
    {
        DenseSpec dense => dense.Function,
        ConvSpec convolution => convolution.Function,
        ConvTransposeSpec transposed => transposed.Options.Function,
        ActivationSpec activation => activation.Function,
        _ => null,
    } is { Kind: Activation.Tanh or Activation.Sigmoid or Activation.Softsign or Activation.Softmax };

    /// <summary>Joins all that no layer takes yet, as features or, where they fit one another, as images.</summary>
    private void Gather()
    {
        if (_open.Count == 1 && _layers.Count > 0 && _random.Next(4) == 0)
        {
            return;
        }

        for (var k = 0; k < _open.Count && _open.Count > 1;)
        {
            var open = _open[k];
            if (_nodes[open].Shape.Length == 1)
            {
                k++;
            }
            else
            {
                Add(Size(_nodes[open].Shape) > 100 || _random.Next(3) == 0 ? new GlobalPoolSpec(_random.Next(2) == 0) : new ReshapeSpec(), open);
            }
        }

        if (_open.Count > 1)
        {
            Add(new JoinSpec("Concat") { From = [.. _open.Select(node => _nodes[node].Name)] }, _open[0]);
        }

        if (_nodes[^1].Shape.Length > 1)
        {
            Add(new ReshapeSpec(), _nodes.Count - 1);
        }

        var last = _random.Next(6) switch { 0 => Activation.Softmax, 1 => Activation.Sigmoid, 2 => Activation.Tanh, _ => Activation.Identity };
        Add(new DenseSpec(_random.Next(last == Activation.Softmax ? 2 : 1, 12), new(last)), _nodes.Count - 1);
    }

    /// <summary>Adds a layer, unless what it gives would be too large or nothing.</summary>
    private void Add(LayerSpec layer, int source, int most = int.MaxValue)
    {
        if (layer is not JoinSpec && (source != _nodes.Count - 1 || _random.Next(10) == 0))
        {
            layer = layer with { From = [_nodes[source].Name] };
        }

        var name = $"layer{_layers.Count + 1}";
        if (_random.Next(3) == 0)
        {
            name = $"n{_layers.Count + 1}";
            layer = layer with { Name = name };
        }

        var shape = Shape(layer, source);
        if (shape.Any(size => size < 1) || Size(shape) > most)
        {
            return;
        }

        _layers.Add(layer);
        _nodes.Add((name, shape));
        _open.RemoveAll(node => node == source || (layer is JoinSpec && layer.From!.Contains(_nodes[node].Name)));
        _open.Add(_nodes.Count - 1);
    }

    private int[] Shape(LayerSpec layer, int source)
    {
        var shape = _nodes[source].Shape;
        var spec = Spec([.. _layers, layer with { From = layer.From ?? [_nodes[source].Name] }]);
        return (layer is ConvTransposeSpec transposed ? transposed.Options : layer) is ConvSpec { Groups: var groups, Filters: var filters } && filters / groups * shape[0] * 30 > MostWeights
            ? [0]
            : Reference.ReferenceShapes.Of(spec)[^1].Shape;
    }

    private FunctionSpec Function() => new(Of(Functions));

    private int Divisor(int number) => Of([.. Enumerable.Range(1, number).Where(divisor => number % divisor == 0)]);

    private static int Size(int[] shape) => shape.Aggregate(1, (size, dimension) => size * dimension);

    private T Of<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];
}
