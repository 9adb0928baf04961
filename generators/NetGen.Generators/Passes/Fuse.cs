using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>
/// Turns the graph's nodes into kernels, several nodes into one where that saves a pass over memory:
/// <list type="bullet">
/// <item>an element-wise activation into the product before it (epilogue);</item>
/// <item>the slope of an activation into the product, or the loss, that its gradient comes from (epilogue);</item>
/// <item>a softmax or sigmoid before its cross-entropy into the loss, which is computed from the logits;</item>
/// <item>the optimiser's step into the product of the weights' gradient (the tile starts from the weights);</item>
/// <item>a normalisation and the dropouts, noises and activations that follow it, or these without one, into one pass each way.</item>
/// </list>
/// </summary>
internal static partial class Fuse
{
    public static KernelProgram Run(Graph graph, NetworkDeclaration declaration, int unrollBudget) => new Fuser(graph, declaration, unrollBudget).Run();

    private sealed partial class Fuser(Graph graph, NetworkDeclaration declaration, int unrollBudget)
    {
        /// <summary>The buffer of each node's result.</summary>
        private readonly Dictionary<int, Buffer> _values = [];

        /// <summary>The same when predicting: where a layer does nothing then, what it takes.</summary>
        private readonly Dictionary<int, Buffer> _predicted = [];

        /// <summary>The buffer of z, for products into which an activation is fused whose slope takes it.</summary>
        private readonly Dictionary<int, Buffer> _arguments = [];

        /// <summary>The buffer of each gradient node; one that works in place shares its input's.</summary>
        private readonly Dictionary<int, Buffer> _gradients = [];

        /// <summary>The layer's number in the names: W1, a1, delta1. Layers without weights share that of the layer before.</summary>
        private readonly Dictionary<int, int> _numbers = [];

        private readonly HashSet<string> _names = [];
        private readonly List<Tensor> _tensors = [];
        private readonly List<Tensor> _states = [];
        private readonly List<Kernel> _forward = [];
        private readonly List<Kernel> _prediction = [];
        private readonly List<LossKernel> _losses = [];
        private readonly List<Kernel> _backward = [];
        private readonly List<Kernel> _track = [];
        private readonly List<Kernel> _inputGradient = [];

        public KernelProgram Run()
        {
            var input = graph.Nodes.First(n => n.Operation is InputOperation);
            foreach (var node in graph.Nodes)
            {
                _numbers[node.Id] = node.Operation switch
                {
                    InputOperation => 0,
                    DenseOperation => _numbers.Values.Max() + 1,
                    _ => _numbers[node.Inputs[0]],
                };
                switch (node.Operation)
                {
                    case InputOperation: Input(node); break;
                    case DenseOperation dense: Forward(node, dense); break;
                    case ActivationOperation activation: Activation(node, activation.Function); break;
                    case BatchNormOperation or LayerNormOperation or DropoutOperation or GaussianNoiseOperation: Pointwise(node); break;
                    case LossOperation loss: Loss(node, loss); break;
                    case ActivationGradientOperation activation: Gradient(node, activation.Function); break;
                    case DropoutGradientOperation or NormalizationGradientOperation: PointwiseGradient(node); break;
                    case InputGradientOperation: InputGradient(node); break;
                    case ParameterGradientOperation when graph[node.Inputs[1]].Operation is DenseOperation: ParameterGradient(node); break;
                }
            }

            return new KernelProgram(
                declaration,
                new Buffer("x", Storage.RowMajor, 0, input.Size),
                _predicted[graph.Output],
                _tensors.ToEquatableArray(),
                _states.ToEquatableArray(),
                _prediction.ToEquatableArray(),
                _forward.ToEquatableArray(),
                _losses.ToEquatableArray(),
                _backward.ToEquatableArray(),
                _track.ToEquatableArray(),
                _inputGradient.ToEquatableArray(),
                graph.InputGradient is { } gradient ? _gradients[gradient] : null)
            {
                Descent = _backward.ToEquatableArray(),
            };
        }

        private TileHints Hints(Node node)
        {
            var dense = declaration.Layers.OfType<DenseDeclaration>().First(layer => layer.Name == node.Name);
            return new(dense.Name, dense.Unroll, dense.TileRows, unrollBudget);
        }

        private bool Trains => declaration.Train is not null;

        private void Input(Node node)
        {
            var rows = new Buffer("x", Storage.RowMajor, 0, node.Size);
            if (TakesRows(Consumer(node)))
            {
                (_values[node.Id], _predicted[node.Id]) = (rows, rows);
                return;
            }

            var arranged = Panels("a0", node.Size);
            Always(new ArrangeKernel("Arrange", rows, arranged));
            (_values[node.Id], _predicted[node.Id]) = (arranged, arranged);
        }

        /// <summary>Whether rows can stay as the caller gave them: for a product, and for what changes them in place on the way to one.</summary>
        private bool TakesRows(Node? node) => node?.Operation switch
        {
            DenseOperation => true,
            DropoutOperation or GaussianNoiseOperation => TakesRows(Consumer(node)),
            _ => false,
        };

        /// <summary>A kernel that runs when training and when predicting.</summary>
        private void Always(Kernel kernel)
        {
            _prediction.Add(kernel);
            Training(kernel);
        }

        private void Training(Kernel kernel)
        {
            if (Trains)
            {
                _forward.Add(kernel);
            }
        }

        private void Forward(Node node, DenseOperation dense)
        {
            var number = _numbers[node.Id];
            var source = _values[node.Inputs[0]];
            var weights = new Buffer($"W{number}", Storage.WeightPanels, source.Columns, node.Size);
            var bias = dense.Bias ? new Buffer($"b{number}", Storage.Vector, 0, node.Size) : null;
            AddTensors(node, dense, weights, bias);

            var fused = FusedActivation(node);
            var result = Panels($"{(fused is null ? "z" : "a")}{number}", node.Size);
            Buffer? argument = null;
            if (fused is { } activation)
            {
                (_values[Consumer(node)!.Id], _predicted[Consumer(node)!.Id]) = (result, result);
                argument = Trains && activation.SlopeTakesArgument() ? Panels($"z{number}", node.Size) : null;
                if (argument is not null)
                {
                    _arguments[Consumer(node)!.Id] = argument;
                }
            }

            (_values[node.Id], _predicted[node.Id]) = (result, result);
            var product = new ProductKernel($"Forward{number}", Product.Forward, source, weights, result, bias, fused ?? default, argument) { Hints = Hints(node) };
            Training(product);
            _prediction.Add(product with { Left = _predicted[node.Inputs[0]] });
        }

        private void Activation(Node node, ActivationFunction function)
        {
            if (_values.ContainsKey(node.Id))
            {
                return; // fused
            }

            var result = Panels($"a{_numbers[node.Id]}", node.Size);
            (_values[node.Id], _predicted[node.Id]) = (result, result);
            var kernel = new ActivationKernel($"Activate_{result.Name}", function, _values[node.Inputs[0]], result);
            _prediction.Add(kernel with { Source = _predicted[node.Inputs[0]] });
            if (!TakesLogits(node))
            {
                Training(kernel);
            }
        }

        private void Loss(Node node, LossOperation loss)
        {
            var output = graph[node.Inputs[0]];
            var taken = TakesLogits(output) ? graph[output.Inputs[0]] : output;
            var gradient = Panels($"delta{_numbers[taken.Id]}", node.Size);
            _gradients[node.Id] = gradient;
            if (TakesLogits(output))
            {
                _gradients[GradientNodeOf(output)!.Id] = gradient;
            }

            // The slope of the last activation, when it is element-wise and its gradient was not skipped above.
            var slope = GradientNodeOf(taken);
            var activation = slope is not null && ((ActivationGradientOperation)slope.Operation).Function is var f && f.IsElementwise() ? f : default;
            var operand = slope is null || activation.IsIdentity() ? null : SlopeOperand(taken);
            if (!activation.IsIdentity())
            {
                _gradients[slope!.Id] = gradient;
            }

            void Add(string name, bool labels) => _losses.Add(
                new LossKernel(name, loss.Loss, loss.HuberDelta, labels, _values[taken.Id], gradient, activation, operand) { Own = loss.Own });
            Add("Loss", labels: false);
            if (loss.Loss is NetGen.Loss.SoftmaxCrossEntropy or NetGen.Loss.CrossEntropy)
            {
                Add("LossOfLabels", labels: true);
            }
        }

        private void Gradient(Node node, ActivationFunction function)
        {
            if (_gradients.ContainsKey(node.Id))
            {
                return; // fused
            }

            if (_chains.ContainsKey(node.Inputs[1]))
            {
                PointwiseGradient(node);
                return;
            }

            var gradient = _gradients[node.Inputs[0]];
            var kernel = new ActivationGradientKernel(
                $"Slope_{_values[node.Inputs[1]].Name}", function, SlopeOperand(graph[node.Inputs[1]]), gradient);
            _gradients[node.Id] = gradient;
            GradientKernels(node.Inputs[1]).Add(kernel);
        }

        /// <summary>Where what carries a gradient to a node's inputs belongs: without parameters below, only to the inputs' gradient.</summary>
        private List<Kernel> GradientKernels(int node) => HasParameters(graph[graph[node].Inputs[0]]) ? _backward : _inputGradient;

        /// <summary>Whether a node, or one below it, has parameters.</summary>
        private bool HasParameters(Node node) =>
            node.Operation is DenseOperation or BatchNormOperation or LayerNormOperation || node.Inputs.Any(id => HasParameters(graph[id]));

        private void InputGradient(Node node)
        {
            var dense = graph[node.Inputs[1]];
            var below = graph[dense.Inputs[0]];
            var number = _numbers[dense.Id];
            var gradient = _gradients[node.Inputs[0]];
            var kernels = GradientKernels(dense.Id);
            var result = Panels(kernels == _inputGradient ? "dx" : $"delta{_numbers[below.Id]}", node.Size);
            var weights = _tensors.First(t => t.Buffer.Name == $"W{number}").Buffer;
            var transposed = new Buffer($"W{number}T", Storage.WeightPanels, weights.Columns, weights.Rows);

            var slope = GradientNodeOf(below);
            var activation = slope is not null && ((ActivationGradientOperation)slope.Operation).Function is var f && f.IsElementwise() ? f : default;
            var operand = slope is null || activation.IsIdentity() ? null : SlopeOperand(below);
            _gradients[node.Id] = result;
            if (!activation.IsIdentity())
            {
                _gradients[slope!.Id] = result;
            }

            kernels.Add(new TransposeKernel($"Transpose{number}", weights, transposed));
            kernels.Add(new ProductKernel($"InputGradient{number}", Product.InputGradient, gradient, transposed, result, null, activation, operand) { Hints = Hints(dense) });
        }

        private void ParameterGradient(Node node)
        {
            var dense = graph[node.Inputs[1]];
            var number = _numbers[dense.Id];
            var (left, right) = (_values[dense.Inputs[0]], _gradients[node.Inputs[0]]);
            var weights = _tensors.First(t => t.Buffer.Name == $"W{number}").Buffer;
            var bias = _tensors.FirstOrDefault(t => t.Buffer.Name == $"b{number}")?.Buffer;
            _backward.Add(new ProductKernel($"Update{number}", Product.WeightGradient, left, right, weights, bias, default, null) { Hints = Hints(dense) });
        }

        private void AddTensors(Node node, DenseOperation dense, Buffer weights, Buffer? bias)
        {
            var fanIn = weights.Rows;
            var activation = ActivationAfter(node);
            var start = dense.WeightInitializer == Initializer.Auto ? activation.DefaultWeights() : dense.WeightInitializer;
            int[] shape = [node.Size, fanIn];
            _tensors.Add(new Tensor($"{node.Name}.weight", weights, shape.ToEquatableArray(), start, fanIn, node.Size));
            if (bias is not null)
            {
                var biasStart = dense.BiasInitializer == Initializer.Auto ? Initializer.Zeros : dense.BiasInitializer;
                _tensors.Add(new Tensor($"{node.Name}.bias", bias, new[] { node.Size }.ToEquatableArray(), biasStart, fanIn, node.Size));
            }
        }

        /// <summary>The activation through which a layer's results pass before the next weights; none is the identity.</summary>
        private ActivationFunction ActivationAfter(Node node) => Consumer(node) switch
        {
            { Operation: ActivationOperation activation } => activation.Function,
            { Operation: BatchNormOperation or LayerNormOperation or DropoutOperation or GaussianNoiseOperation } next => ActivationAfter(next),
            _ => default,
        };

        /// <summary>The activation that follows a product, if it may run on the product's tiles.</summary>
        private ActivationFunction? FusedActivation(Node node) =>
            Consumer(node) is { Operation: ActivationOperation activation } next && activation.Function.IsElementwise() && !TakesLogits(next)
                ? activation.Function
                : null;

        /// <summary>Whether a node is the last activation and the loss is computed from its argument: softmax or sigmoid before its cross-entropy.</summary>
        private bool TakesLogits(Node node) =>
            node.Id == graph.Output && node.Operation is ActivationOperation && declaration.Train is { Loss: NetGen.Loss.CrossEntropy or NetGen.Loss.BinaryCrossEntropy };

        /// <summary>Where the slope of an activation node comes from: its result, or z.</summary>
        private Buffer SlopeOperand(Node node)
        {
            var function = ((ActivationOperation)node.Operation).Function;
            if (!function.SlopeTakesArgument())
            {
                return _values[node.Id];
            }

            return _arguments.TryGetValue(node.Id, out var argument) ? argument : _values[node.Inputs[0]];
        }

        /// <summary>The layer that takes a node's result.</summary>
        private Node? Consumer(Node node) => graph.Nodes.FirstOrDefault(n => n.Id <= graph.Output && n.Inputs.Contains(node.Id));

        /// <summary>The node that takes a gradient through an activation, if it may be fused into what gives the gradient.</summary>
        private Node? GradientNodeOf(Node node) => _chains.ContainsKey(node.Id) ? null : graph.Nodes.FirstOrDefault(
            n => n.Operation is ActivationGradientOperation && n.Inputs[1] == node.Id);

        /// <summary>A buffer of values under a name not yet taken: a1, a1b, a1c, …</summary>
        private Buffer Panels(string name, int columns) => new(Unique(name), Storage.Panels, 0, columns);

        private string Unique(string name)
        {
            var unique = name;
            for (var suffix = 'b'; !_names.Add(unique); suffix++)
            {
                unique = suffix <= 'z' ? name + suffix : $"{name}_{(int)suffix}";
            }

            return unique;
        }
    }
}
