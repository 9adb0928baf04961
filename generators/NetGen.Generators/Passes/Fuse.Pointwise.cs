using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>Layers that work on each number alone, and normalisations before them, as one kernel each way.</summary>
internal static partial class Fuse
{
    private sealed partial class Fuser
    {
        /// <summary>Of each node of a chain, the chain.</summary>
        private readonly Dictionary<int, Chain> _chains = [];

        /// <summary>Nodes that follow one another and run as one kernel: a normalisation, if there is one, then what works on each number.</summary>
        private sealed record Chain(
            IReadOnlyList<Node> Nodes, Buffer Source, Buffer Result, Normalization? Normalization, EquatableArray<Stage> Stages)
        {
            /// <summary>Whether nothing remains of it when predicting.</summary>
            public bool TrainsOnly => Normalization is null && !Stages.Any(stage => stage is ActivationStage);

            /// <summary>How its kernels' names begin.</summary>
            public string Verb => Normalization is not null ? "Normalize" : Stages[0] is NoiseStage ? "AddNoise" : "Drop";
        }

        /// <summary>A normalisation, dropout or noise, with the element-wise layers that follow.</summary>
        private void Pointwise(Node first)
        {
            if (_chains.ContainsKey(first.Id))
            {
                return;
            }

            List<Node> nodes = [first];
            while (Consumer(nodes[nodes.Count - 1]) is { } next && IsPointwise(next))
            {
                nodes.Add(next);
            }

            var source = _values[first.Inputs[0]];
            var predictedSource = _predicted[first.Inputs[0]];
            var number = _numbers[first.Id];
            var normalization = Normalization(first);
            if (normalization is { Figures: Figures.Batch } && IsFrozen(first))
            {
                normalization = Predicting(normalization);
            }

            var stages = nodes.Select(node => Stage(node.Operation)).Where(stage => stage is not null).Select(stage => stage!).ToEquatableArray();

            // Rows are changed in place: a step that does so has them copied.
            var result = source.Storage == Storage.RowMajor ? source : Value($"a{number}", nodes[nodes.Count - 1]);
            var chain = new Chain(nodes, source, result, normalization, stages);
            foreach (var node in nodes)
            {
                _chains[node.Id] = chain;
                _values[node.Id] = result;
                _predicted[node.Id] = chain.TrainsOnly ? predictedSource : result;
            }

            Training(new PointwiseKernel($"{chain.Verb}_{result.Name}", source, result, normalization, stages));
            if (!chain.TrainsOnly)
            {
                var functions = stages.Where(stage => stage is ActivationStage).ToEquatableArray();
                var predicting = normalization is null ? null : Predicting(normalization);
                if (!FoldsIntoProduct(first, predicting, functions, result))
                {
                    _prediction.Add(new PointwiseKernel($"{chain.Verb}Predicted_{result.Name}", predictedSource, result, predicting, functions));
                }
            }

            if (normalization is { Figures: Figures.Batch } batch && Trains)
            {
                var momentum = ((BatchNormOperation)first.Operation).Momentum;
                _track.Add(new TrackKernel($"Track_{batch.Mean!.Name}", batch.Mean, batch.Variance!, batch.RunningMean!, batch.RunningVariance!, momentum) { Positions = first.Size / first.Shape[0] });
            }
        }

        /// <summary>What a layer does to each number; null for nothing.</summary>
        private static Stage? Stage(Operation operation) => operation switch
        {
            ActivationOperation { Function.Kind: not NetGen.Activation.Identity } activation => new ActivationStage(activation.Function),
            DropoutOperation dropout => new DropoutStage(dropout.Layer, new Buffer($"rate{dropout.Layer}", Storage.Vector, 0, 1)),
            GaussianNoiseOperation noise => new NoiseStage(noise.Layer, noise.Deviation),
            _ => null,
        };

        private static bool IsNormalization(Node node) => node.Operation is BatchNormOperation or LayerNormOperation;

        private bool IsPointwise(Node node) => node.Operation switch
        {
            DropoutOperation or GaussianNoiseOperation => true,
            ActivationOperation activation => activation.Function.IsElementwise() && !TakesLogits(node),
            _ => false,
        };

        /// <summary>A normalisation as it trains, with its tensors; null for another layer.</summary>
        private Normalization? Normalization(Node node)
        {
            if (!IsNormalization(node))
            {
                return null;
            }

            var number = _numbers[node.Id];
            var features = node.Shape[0]; // of images: the channels
            Buffer Figure(string name) => new(Unique($"{name}{number}"), Storage.Vector, 0, features);
            Buffer OfSamples(string name) => new(Unique($"{name}{number}"), Storage.RowMajor, 0, 1);
            Tensor Parameter(string name, Buffer buffer, Initializer start) =>
                new($"{node.Name}.{name}", buffer, new[] { features }.ToEquatableArray(), start, features, features) { IsFrozen = IsFrozen(node) };
            var (weight, bias) = (Figure("gamma"), Figure("beta"));
            _tensors.Add(Parameter("weight", weight, Initializer.Ones));
            _tensors.Add(Parameter("bias", bias, Initializer.Zeros));
            if (node.Operation is LayerNormOperation layer)
            {
                return new(Figures.Sample, weight, bias, OfSamples("sampleMean"), OfSamples("sampleVariance"), null, null, layer.Epsilon);
            }

            var (mean, variance) = (Figure("runningMean"), Figure("runningVariance"));
            _states.Add(Parameter("running_mean", mean, Initializer.Zeros));
            _states.Add(Parameter("running_var", variance, Initializer.Ones));
            return new(Figures.Batch, weight, bias, Figure("batchMean"), Figure("batchVariance"), mean, variance, ((BatchNormOperation)node.Operation).Epsilon);
        }

        /// <summary>The same when predicting.</summary>
        private static Normalization Predicting(Normalization normalization) => normalization.Figures switch
        {
            Figures.Batch => new(
                Figures.Running, normalization.Weight, normalization.Bias, normalization.RunningMean, normalization.RunningVariance, null, null, normalization.Epsilon),
            Figures.Sample => normalization with { Mean = null, Variance = null },
            _ => normalization,
        };

        /// <summary>The way back through a whole chain, met at its last node that has a gradient of its own.</summary>
        private void PointwiseGradient(Node node)
        {
            if (_gradients.ContainsKey(node.Id))
            {
                return; // with a later one of its chain
            }

            var chain = _chains[node.Inputs[1]];
            var gradient = _gradients[node.Inputs[0]];
            if (chain.Normalization is null && chain.Stages.All(stage => stage is NoiseStage))
            {
                _gradients[node.Id] = gradient; // of an identity
                return;
            }

            foreach (var each in graph.Nodes.Where(n => n.Id > graph.Output && n.Inputs.Count > 1 && chain.Nodes.Any(member => member.Id == n.Inputs[1])))
            {
                _gradients[each.Id] = gradient;
            }

            var operand = chain.Stages.LastOrDefault() is ActivationStage { Function: var function } && !function.SlopeTakesArgument() && !function.IsCheap();
            var needsSource = chain.Normalization is not null || chain.Stages.Take(chain.Stages.Count - (operand ? 1 : 0)).Any(stage => stage is ActivationStage);
            var kernel = new PointwiseGradientKernel(
                $"{chain.Verb}Gradient_{chain.Result.Name}",
                needsSource ? chain.Source : null,
                operand ? chain.Result : null,
                gradient,
                chain.Normalization,
                chain.Stages)
            {
                GradientMean = OfSamples("gradientMean"),
                GradientProduct = OfSamples("gradientProduct"),
            };
            if (chain.Normalization is null)
            {
                CarryGradient(chain.Nodes[0].Id, kernel);
                return;
            }

            _backward.Add(kernel);
            if (!IsFrozen(chain.Nodes[0]))
            {
                _descent.Add(kernel);
            }
            else if (Learns(graph[chain.Nodes[0].Inputs[0]]))
            {
                _descent.Add(kernel with { Name = $"{chain.Verb}Back_{chain.Result.Name}", IsFrozen = true });
            }

            Buffer? OfSamples(string name) => chain.Normalization is { Figures: Figures.Sample }
                ? new(Unique($"{name}{_numbers[chain.Nodes[0].Id]}"), Storage.RowMajor, 0, 1)
                : null;
        }
    }
}
