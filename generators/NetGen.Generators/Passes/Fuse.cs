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
/// <item>a normalisation and the dropouts, noises and activations that follow it, or these without one, into one pass each way;</item>
/// <item>when predicting, a batch normalisation and the activation that follows it into the product before it (epilogue).</item>
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

        private readonly Dictionary<int, bool> _haveParameters = [];
        private readonly Dictionary<int, bool> _learn = [];
        private readonly HashSet<string> _names = [];
        private readonly List<Tensor> _tensors = [];
        private readonly List<Tensor> _states = [];
        private readonly List<Kernel> _forward = [];
        private readonly List<Kernel> _prediction = [];
        private readonly List<LossKernel> _losses = [];
        private readonly List<LossKernel> _lossesOfLabels = [];
        private readonly List<Kernel> _backward = [];
        private readonly List<Kernel> _descent = [];
        private readonly List<Kernel> _constraints = [];
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
                    DenseOperation or ConvolutionOperation or BiasOperation => _numbers.Values.Max() + 1,
                    JoinOperation or SumOperation or InputRowGradientOperation => node.Inputs.Max(id => _numbers[id]),
                    _ => _numbers[node.Inputs[0]],
                };
                switch (node.Operation)
                {
                    case InputOperation: Input(node); break;
                    case SliceOperation slice: Slice(node, slice.First); break;
                    case DenseOperation dense: Forward(node, dense); break;
                    case BiasOperation bias: Bias(node, bias); break;
                    case ActivationOperation activation: Activation(node, activation.Function); break;
                    case BatchNormOperation or LayerNormOperation or DropoutOperation or GaussianNoiseOperation: Pointwise(node); break;
                    case LossOperation loss: Loss(node, loss); break;
                    case ActivationGradientOperation activation: Gradient(node, activation.Function); break;
                    case DropoutGradientOperation or NormalizationGradientOperation: PointwiseGradient(node); break;
                    case ConvolutionOperation convolution: Convolution(node, convolution); break;
                    case PoolOperation pool: Pool(node, pool); break;
                    case ReshapeOperation: Reshape(node); break;
                    case JoinOperation join: Join(node, join.Joining); break;
                    case InputGradientOperation when graph[node.Inputs[1]].Operation is ConvolutionOperation: ConvolutionInputGradient(node); break;
                    case ActivityGradientOperation activity: ActivityGradient(node, activity.Penalty); break;
                    case InputGradientOperation: InputGradient(node); break;
                    case ParameterGradientOperation when graph[node.Inputs[1]].Operation is ConvolutionOperation: ConvolutionParameterGradient(node); break;
                    case ParameterGradientOperation when graph[node.Inputs[1]].Operation is BiasOperation: BiasGradient(node); break;
                    case PoolGradientOperation: PoolGradient(node); break;
                    case ReshapeGradientOperation: ReshapeGradient(node); break;
                    case JoinGradientOperation join: JoinGradient(node, join.Which); break;
                    case SumOperation sum: Sum(node, sum.Of); break;
                    case InputRowGradientOperation: InputRowGradient(node); break;
                    case ParameterGradientOperation when graph[node.Inputs[1]].Operation is DenseOperation: ParameterGradient(node); break;
                }
            }

            var inputGradient = graph.InputGradient is { } gradient ? GradientRows(_gradients[gradient]) : null;
            return new KernelProgram(
                declaration,
                new Buffer("x", Storage.RowMajor, 0, input.Size),
                _predicted[graph.Output],
                _tensors.ToEquatableArray(),
                _states.ToEquatableArray(),
                Predicting().ToEquatableArray(),
                _forward.ToEquatableArray(),
                Objectives().ToEquatableArray(),
                _backward.ToEquatableArray(),
                _track.ToEquatableArray(),
                _inputGradient.ToEquatableArray(),
                inputGradient)
            {
                Outputs = (graph[graph.Output] is { Operation: JoinOperation, Inputs: var outputs } && declaration.Outputs.Count > 1
                    ? outputs.Select(id => graph[id].Size) : [graph[graph.Output].Size]).ToEquatableArray(),
                Descent = _descent.ToEquatableArray(),
                Constraints = _constraints.ToEquatableArray(),
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
            if (TakesRows(node))
            {
                (_values[node.Id], _predicted[node.Id]) = (rows, rows);
                return;
            }

            if (!node.IsFlat)
            {
                var images = Value("a0", node);
                Always(new ToImagesKernel("Arrange", rows, images));
                (_values[node.Id], _predicted[node.Id]) = (images, images);
                return;
            }

            var arranged = Panels("a0", node.Size);
            Always(new ArrangeKernel("Arrange", rows, arranged));
            (_values[node.Id], _predicted[node.Id]) = (arranged, arranged);
        }

        /// <summary>One of several inputs, out of the rows that hold all.</summary>
        private void Slice(Node node, int first)
        {
            var rows = _values[node.Inputs[0]];
            var isRow = node.IsFlat || Consumers(node).All(consumer => consumer.Operation is ReshapeOperation && consumer.IsFlat);
            var result = isRow ? Panels("a0", node.Size) : Value("a0", node);
            Always(isRow ? new SliceKernel($"Take_{result.Name}", rows, first, result) : new ToImagesKernel($"Take_{result.Name}", rows, result) { First = first });
            (_values[node.Id], _predicted[node.Id]) = (result, result);
        }

        /// <summary>Whether a node's rows can stay as the caller gave them: for products, and for what changes them in place on the way to one.</summary>
        private bool TakesRows(Node node) => Consumers(node).Any() && Consumers(node).All(consumer => consumer.Operation switch
        {
            DenseOperation or SliceOperation => true,
            DropoutOperation or GaussianNoiseOperation => consumer.IsFlat && Consumer(node) is not null && TakesRows(consumer),
            ReshapeOperation => consumer.IsFlat ? TakesRows(consumer) : Consumer(node) is not null,
            _ => false,
        });

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
            var weights = new Buffer($"W{Owner(node)}", Storage.WeightPanels, source.Columns, node.Size);
            var bias = dense.Bias ? new Buffer($"b{Owner(node)}", Storage.Vector, 0, node.Size) : null;
            AddTensors(node, dense.WeightInitializer, dense.BiasInitializer, weights, bias, [node.Size, weights.Rows], weights.Rows, node.Size, dense.BiasOf);

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

            var result = Value($"a{_numbers[node.Id]}", node);
            (_values[node.Id], _predicted[node.Id]) = (result, result);
            var kernel = new ActivationKernel($"Activate_{result.Name}", function, _values[node.Inputs[0]], result);
            _prediction.Add(kernel with { Source = _predicted[node.Inputs[0]] });
            if (!TakesLogits(node) || IsPenalized(node) || Consumers(node).Any())
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

            // The slope of the last activation, when it is element-wise.
            var slope = GradientNodeOf(taken, node);
            var activation = slope is not null && ((ActivationGradientOperation)slope.Operation).Function is var f && f.IsElementwise() ? f : default;
            var operand = slope is null || activation.IsIdentity() ? null : SlopeOperand(taken);
            if (!activation.IsIdentity())
            {
                _gradients[slope!.Id] = gradient;
            }

            var declared = loss.Declaration;
            var kernel = new LossKernel("Loss", declared.Loss, declared.HuberDelta, false, _values[taken.Id], gradient, activation, operand)
            {
                Own = declared.Own,
                Node = declared.Node,
                Weight = declared.Weight,
                First = loss.First,
                RowLength = TargetRow,
            };
            if (declared.Node is not null)
            {
                _losses.Add(kernel with { Name = $"LossOf_{declared.Node}" });
                return;
            }

            _losses.Add(kernel);
            if (LossRules.TakesLabels(declared.Loss, output.Size))
            {
                _lossesOfLabels.Add(kernel with { Name = "LossOfLabels", Labels = true });
            }
        }

        /// <summary>The numbers of a row of targets.</summary>
        private int TargetRow => graph.Nodes.Sum(node => node.Operation is LossOperation loss ? LossRules.TargetSize(loss.Declaration.Loss, node.Size) : 0);

        /// <summary>What a step can minimise: the losses on rows of targets and, for a class loss, that on labels.</summary>
        private IEnumerable<Objective> Objectives() => new[] { (false, _losses), (true, _lossesOfLabels) }
            .Where(each => each.Item2.Count > 0).Select(each => new Objective(each.Item1, each.Item2.ToEquatableArray()));

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
            CarryGradient(node.Inputs[1], kernel);
        }

        private void InputGradient(Node node)
        {
            var dense = graph[node.Inputs[1]];
            var below = graph[dense.Inputs[0]];
            var number = _numbers[dense.Id];
            var gradient = _gradients[node.Inputs[0]];
            var result = Panels(GradientName(below), node.Size);
            var weights = _tensors.First(t => t.Buffer.Name == $"W{Owner(dense)}").Buffer;
            var transposed = new Buffer($"W{number}T", Storage.WeightPanels, weights.Columns, weights.Rows);

            var slope = GradientNodeOf(below, node);
            var activation = slope is not null && ((ActivationGradientOperation)slope.Operation).Function is var f && f.IsElementwise() ? f : default;
            var operand = slope is null || activation.IsIdentity() ? null : SlopeOperand(below);
            _gradients[node.Id] = result;
            if (!activation.IsIdentity())
            {
                _gradients[slope!.Id] = result;
            }

            CarryGradient(dense.Id, new TransposeKernel($"Transpose{number}", weights, transposed));
            CarryGradient(dense.Id, new ProductKernel($"InputGradient{number}", Product.InputGradient, gradient, transposed, result, null, activation, operand) { Hints = Hints(dense) });
        }

        private void ParameterGradient(Node node)
        {
            var dense = graph[node.Inputs[1]];
            var number = _numbers[dense.Id];
            var (left, right) = (_values[dense.Inputs[0]], _gradients[node.Inputs[0]]);
            var weights = _tensors.First(t => t.Buffer.Name == $"W{Owner(dense)}").Buffer;
            var bias = _tensors.FirstOrDefault(t => t.Buffer.Name == $"b{Owner(dense)}")?.Buffer;
            var update = new ProductKernel($"Update{number}", Product.WeightGradient, left, right, weights, bias, default, null) { Hints = Hints(dense) };
            _backward.Add(update);
            if (!IsFrozen(dense))
            {
                Descend(dense, update);
            }
        }

        /// <summary>The number in the names of the parameters that a node uses: its own, or that of the layer with which it shares them.</summary>
        private int Owner(Node node) => _numbers[graph.Owner(node).Id];

        /// <summary>The weights and biases of a product, [outputs, …] and [outputs].</summary>
        private void AddTensors(Node node, Initializer weightStart, Initializer biasStart, Buffer weights, Buffer? bias, int[] shape, int fanIn, int fanOut, string? biasOf)
        {
            if (node.Owner is not null)
            {
                return;
            }

            var start = weightStart == Initializer.Auto ? ActivationAfter(node).DefaultWeights() : weightStart;
            var (isFrozen, rules) = (IsFrozen(node), (node.Operation as DenseOperation)?.Rules);
            _tensors.Add(new Tensor($"{node.Name}.weight", weights, shape.ToEquatableArray(), start, fanIn, fanOut) { IsFrozen = isFrozen, Penalty = rules?.Weight });
            if (bias is not null)
            {
                // A bias that is a layer starts as it does alone.
                var (inputs, outputs) = biasOf is null ? (fanIn, fanOut) : (bias.Columns, bias.Columns);
                _tensors.Add(BiasTensor(biasOf ?? node.Name, bias, biasStart, inputs, outputs) with { IsFrozen = isFrozen, Penalty = rules?.Bias });
            }
        }

        /// <summary>The activation through which a layer's results pass before the next weights; none is the identity.</summary>
        private ActivationFunction ActivationAfter(Node node) => Consumers(node).FirstOrDefault() switch
        {
            { Operation: ActivationOperation activation } => activation.Function,
            { Operation: BiasOperation or BatchNormOperation or LayerNormOperation or DropoutOperation or GaussianNoiseOperation or PoolOperation or JoinOperation } next => ActivationAfter(next),
            _ => default,
        };

        /// <summary>The activation that follows a product, if it may run on the product's tiles.</summary>
        private ActivationFunction? FusedActivation(Node node) =>
            Consumer(node) is { Operation: ActivationOperation activation } next
                && activation.Function.IsElementwise() && !TakesLogits(next) && !IsPenalizedAlone(node)
                ? activation.Function
                : null;

        /// <summary>Whether a node is an activation and a loss is computed from its argument: softmax or sigmoid before its cross-entropy.</summary>
        private bool TakesLogits(Node node) =>
            graph.Losses.Select((id, k) => id == node.Id && LossRules.TakesArgument(declaration.Train!.Losses[k].Loss, node)).Any(takes => takes);

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

        /// <summary>The layer that takes a node's result; null where several do.</summary>
        private Node? Consumer(Node node) => Consumers(node).Count() == 1 ? Consumers(node).First() : null;

        /// <summary>All layers that take it.</summary>
        private IEnumerable<Node> Consumers(Node node) => graph.Nodes.Where(n => n.Id <= graph.Output && n.Inputs.Contains(node.Id));

        /// <summary>The node that takes a gradient through an activation, if it may be fused into what gives the gradient.</summary>
        /// <param name="node">The activation.</param>
        /// <param name="gradient">What gives the gradient; where others give a share of it too, the slope waits for their sum.</param>
        private Node? GradientNodeOf(Node node, Node gradient) => _chains.ContainsKey(node.Id) ? null : graph.Nodes.FirstOrDefault(
            n => n.Operation is ActivationGradientOperation && n.Inputs[1] == node.Id && n.Inputs[0] == gradient.Id);

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
