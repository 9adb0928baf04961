using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>Convolutions, poolings and changes of shape.</summary>
internal static partial class Fuse
{
    private sealed partial class Fuser
    {
        /// <summary>The most weights for each of which a step keeps 16 sums in memory: those of 512 KB.</summary>
        private const int MostSums = 8192;

        /// <summary>A buffer for a node's result: panels of features, or images with the frame that its consumers' windows reach into.</summary>
        private Buffer Value(string name, Node node)
        {
            if (node.IsFlat)
            {
                return Panels(name, node.Size);
            }

            return Images(name, FrameFor(node, new(ImageShape.Of(node.Shape))));
        }

        /// <summary>The frame into which the windows reach that go over a node's result.</summary>
        private Frame FrameFor(Node node, Frame frame)
        {
            foreach (var consumer in Consumers(node))
            {
                if (consumer.Operation is ConvolutionOperation { IsTransposed: true } transposed)
                {
                    frame = ConvolutionTaps.Around(frame, transposed.Window);
                    continue;
                }

                var window = consumer.Operation switch
                {
                    ConvolutionOperation convolution => convolution.Window,
                    PoolOperation { Pooling: Pooling.Average } pool => pool.Window,
                    _ => null,
                };
                frame = window is null ? frame : Around(frame, window.Top, window.Bottom, window.Left, window.Right);

                // When predicting, what takes a layer that only trains takes what that layer takes.
                frame = consumer.Operation is DropoutOperation or GaussianNoiseOperation or ActivationOperation ? FrameFor(consumer, frame) : frame;
            }

            return frame;
        }

        /// <summary>A buffer for the gradient of a node's result.</summary>
        private Buffer GradientBuffer(Node node)
        {
            var name = GradientName(node);
            return node.IsFlat ? Panels(name, node.Size) : Images(name, GradientFrame(node, new(ImageShape.Of(node.Shape))));
        }

        /// <summary>The frame of a gradient: over that of a transposed convolution's result its window goes, and what is between works in place.</summary>
        private Frame GradientFrame(Node node, Frame frame) => node.Operation switch
        {
            ConvolutionOperation { IsTransposed: true, Window: var window } => Around(frame, window.Top, window.Bottom, window.Left, window.Right),
            ActivationOperation or BiasOperation or BatchNormOperation or DropoutOperation or GaussianNoiseOperation => GradientFrame(graph[node.Inputs[0]], frame),
            _ => frame,
        };

        private string GradientName(Node node) =>
            !HasParameters(node) ? "dx" : node.Operation is PoolOperation or ReshapeOperation or JoinOperation ? $"d{_values[node.Id].Name}" : $"delta{_numbers[node.Id]}";

        private static Frame Around(Frame frame, int top, int bottom, int left, int right) => frame with
        {
            Top = Math.Max(frame.Top, top),
            Bottom = Math.Max(frame.Bottom, bottom),
            Left = Math.Max(frame.Left, left),
            Right = Math.Max(frame.Right, right),
        };

        private Buffer Images(string name, Frame frame) => new(Unique(name), Storage.Images, 0, frame.Shape.Size) { Frame = frame };

        private void Convolution(Node node, ConvolutionOperation convolution)
        {
            var (number, window) = (_numbers[node.Id], convolution.Window);
            var (filters, channels) = (window.Result.Channels, window.Source.Channels / convolution.Groups);
            var weights = new Buffer($"W{Owner(node)}", Storage.Vector, 0, filters * channels * window.Kernel.Area);
            var bias = convolution.Bias ? new Buffer($"b{Owner(node)}", Storage.Vector, 0, node.Shape[0]) : null;
            var (fanIn, fanOut) = convolution.IsTransposed
                ? (Math.Max(1, filters / convolution.Groups * window.Kernel.Area / window.Stride.Area), node.Shape[0] * window.Kernel.Area)
                : (channels * window.Kernel.Area, filters * window.Kernel.Area);
            AddTensors(node, convolution.WeightInitializer, convolution.BiasInitializer, weights, bias, Shape(), fanIn, fanOut, convolution.BiasOf);

            var fused = FusedActivation(node);
            var last = fused is null ? node : Consumer(node)!;
            var result = Value($"{(fused is null ? "z" : "a")}{number}", last);
            var argument = fused is { } activation && Trains && activation.SlopeTakesArgument() ? Images($"z{number}", new(ImageShape.Of(node.Shape))) : null;
            foreach (var each in new[] { node, last })
            {
                (_values[each.Id], _predicted[each.Id]) = (result, result);
            }

            if (argument is not null)
            {
                _arguments[last.Id] = argument;
            }

            Both(
                new ConvolutionKernel($"Convolve{number}", _values[node.Inputs[0]], weights, bias, result, window, convolution.Groups, fused ?? default, argument) { IsTransposed = convolution.IsTransposed },
                kernel => kernel with { Source = _predicted[node.Inputs[0]] });

            int[] Shape() => node.Shape.Count == 2
                ? [filters, channels, window.Kernel.Width]
                : [filters, channels, window.Kernel.Height, window.Kernel.Width];
        }

        private void ConvolutionInputGradient(Node node)
        {
            var (convolution, operation) = (graph[node.Inputs[1]], (ConvolutionOperation)graph[node.Inputs[1]].Operation);
            var below = graph[convolution.Inputs[0]];
            var number = _numbers[convolution.Id];
            var result = GradientBuffer(below);
            var (activation, operand) = FusedSlope(node, below, result);
            CarryGradient(below, new ConvolutionInputGradientKernel(
                $"InputGradient{number}", _gradients[node.Inputs[0]], WeightsOf(Owner(convolution)), result, operation.Window, operation.Groups, activation, operand)
            {
                IsTransposed = operation.IsTransposed,
            });
        }

        private void ConvolutionParameterGradient(Node node)
        {
            var (convolution, operation) = (graph[node.Inputs[1]], (ConvolutionOperation)graph[node.Inputs[1]].Operation);
            var number = _numbers[convolution.Id];
            var weights = WeightsOf(Owner(convolution));
            var sums = weights.Columns <= MostSums ? new Buffer($"sums{number}", Storage.Vector, 0, weights.Columns * Frame.Samples) : null;
            var (taken, given) = (_values[convolution.Inputs[0]], _gradients[node.Inputs[0]]);
            var (source, gradient) = operation.IsTransposed ? (given, taken) : (taken, given);
            var update = new ConvolutionParameterGradientKernel(
                $"Update{number}", source, gradient, weights, operation.Bias ? Parameter($"b{Owner(convolution)}") : null, sums, operation.Window, operation.Groups)
            {
                IsTransposed = operation.IsTransposed,
            };
            _backward.Add(update);
            if (!IsFrozen(convolution))
            {
                _descent.Add(update);
            }
        }

        private Buffer WeightsOf(int number) => Parameter($"W{number}");

        private Buffer Parameter(string name) => _tensors.Find(tensor => tensor.Buffer.Name == name)!.Buffer;

        /// <summary>The slope of the activation below, if what gives its gradient may multiply with it; the gradient is then that of its argument.</summary>
        private (ActivationFunction Activation, Buffer? Operand) FusedSlope(Node gradient, Node below, Buffer result)
        {
            _gradients[gradient.Id] = result;
            if (GradientNodeOf(below, gradient) is not { Operation: ActivationGradientOperation { Function: var function } } slope || !function.IsElementwise())
            {
                return (default, null);
            }

            _gradients[slope.Id] = result;
            return function.IsIdentity() ? (default, null) : (function, SlopeOperand(below));
        }

        private void Pool(Node node, PoolOperation pool)
        {
            var result = Value($"p{_numbers[node.Id]}", node);
            (_values[node.Id], _predicted[node.Id]) = (result, result);
            Both(
                new PoolKernel($"Pool_{result.Name}", pool.Pooling, _values[node.Inputs[0]], result, pool.Window),
                kernel => kernel with { Source = _predicted[node.Inputs[0]] });
        }

        private void PoolGradient(Node node)
        {
            var (pool, operation) = (graph[node.Inputs[1]], (PoolOperation)graph[node.Inputs[1]].Operation);
            var below = graph[pool.Inputs[0]];
            var result = GradientBuffer(below);
            _gradients[node.Id] = result;

            // Windows that overlap give a number several shares: its slope waits for their sum.
            var (activation, operand) = operation.Window.Tiles ? FusedSlope(node, below, result) : (default, null);
            var isMaximum = operation.Pooling == Pooling.Max;
            CarryGradient(below, new PoolGradientKernel(
                $"PoolGradient_{_values[pool.Id].Name}", operation.Pooling, _gradients[node.Inputs[0]], isMaximum ? _values[below.Id] : null, isMaximum ? _values[pool.Id] : null, result,
                operation.Window, activation, operand));
        }

        /// <summary>The same numbers otherwise arranged: nothing to do where both are rows of features.</summary>
        private void Reshape(Node node)
        {
            var source = _values[node.Inputs[0]];
            var predicted = _predicted[node.Inputs[0]];
            if (node.IsFlat && source.Storage != Storage.Images)
            {
                (_values[node.Id], _predicted[node.Id]) = (source, predicted);
                return;
            }

            var rows = source;
            if (source.Storage == Storage.Images)
            {
                rows = Panels($"f{_numbers[node.Id]}", node.Size);
                Both(new FromImagesKernel($"Flatten_{rows.Name}", source, rows), kernel => kernel with { Source = predicted });
                predicted = rows;
            }

            var result = rows;
            if (!node.IsFlat)
            {
                result = Value($"r{_numbers[node.Id]}", node);
                Both(new ToImagesKernel($"Reshape_{result.Name}", rows, result), kernel => kernel with { Source = predicted });
            }

            (_values[node.Id], _predicted[node.Id]) = (result, result);
        }

        /// <summary>A kernel that runs when training and, as it is changed, when predicting.</summary>
        private void Both<T>(T kernel, Func<T, T> predicting)
            where T : Kernel
        {
            Training(kernel);
            _prediction.Add(predicting(kernel));
        }

        private void ReshapeGradient(Node node)
        {
            var reshape = graph[node.Inputs[1]];
            var below = graph[reshape.Inputs[0]];
            var gradient = _gradients[node.Inputs[0]];
            if (gradient.Storage == Storage.Images)
            {
                var rows = Panels($"flat_{gradient.Name}", node.Size);
                CarryGradient(below, new FromImagesKernel($"Flatten_{rows.Name}", gradient, rows));
                gradient = rows;
            }

            if (_values[below.Id].Storage == Storage.Images)
            {
                var images = GradientBuffer(below);
                CarryGradient(below, new ToImagesKernel($"Reshape_{images.Name}", gradient, images));
                gradient = images;
            }

            _gradients[node.Id] = gradient;
        }

        /// <summary>
        /// The kernels of predictions. They share their methods with the step's, and are called with other buffers; where these have other frames, or
        /// are the same one twice, they have methods of their own.
        /// </summary>
        private IEnumerable<Kernel> Predicting() => _prediction.Select(
            kernel => _forward.Find(each => each.Name == kernel.Name) is { } training && !Arrangement(training).SequenceEqual(Arrangement(kernel)) ? kernel with { Name = $"{kernel.Name}Predicted" } : kernel);

        /// <summary>What a kernel's method assumes of the images that it takes: their frames, and which are one and the same.</summary>
        private static IEnumerable<(Frame? Frame, int First)> Arrangement(Kernel kernel)
        {
            IReadOnlyList<Buffer> sources = kernel switch
            {
                ToImagesKernel k => [k.Source],
                FromImagesKernel k => [k.Source],
                ConvolutionKernel k => [k.Source],
                PoolKernel k => [k.Source],
                ActivationKernel k => [k.Source],
                JoinKernel k => k.Sources.ToList(),
                BiasKernel k => [k.Source],
                _ => [],
            };
            return sources.Select(source => (source.Frame, sources.TakeWhile(each => each.Name != source.Name).Count()));
        }

        /// <summary>An input's gradient as rows in panels.</summary>
        private Buffer GradientRows(Buffer gradient)
        {
            if (gradient.Storage != Storage.Images)
            {
                return gradient;
            }

            var rows = Panels($"{gradient.Name}Flat", gradient.Columns);
            _inputGradient.Add(new FromImagesKernel($"Flatten_{gradient.Name}", gradient, rows));
            return rows;
        }

        /// <summary>The gradients of several inputs as one row.</summary>
        private void InputRowGradient(Node node)
        {
            var parts = node.Inputs.Select(id => GradientRows(_gradients[id])).ToEquatableArray();
            var result = Panels("dxOfAll", node.Size);
            _gradients[node.Id] = result;
            _inputGradient.Add(new JoinKernel($"Join_{result.Name}", Joining.Concat, parts, result));
        }

        private void Join(Node node, Joining joining)
        {
            var stem = joining switch { Joining.Add => "added", Joining.Multiply => "multiplied", _ => "joined" };
            var result = Value($"{stem}{_numbers[node.Id]}", node);
            (_values[node.Id], _predicted[node.Id]) = (result, result);
            var kernel = new JoinKernel($"Join_{result.Name}", joining, Buffers(_values), result);
            if (node.Id != graph.Output || graph.Losses.Contains(node.Id))
            {
                Training(kernel); // what only joins the outputs of a prediction no step needs
            }

            _prediction.Add(kernel with { Sources = Buffers(_predicted) });
            EquatableArray<Buffer> Buffers(Dictionary<int, Buffer> values) => node.Inputs.Select(id => values[id]).ToEquatableArray();
        }

        private void JoinGradient(Node node, int which)
        {
            var join = graph[node.Inputs[1]];
            var joining = ((JoinOperation)join.Operation).Joining;
            var below = graph[join.Inputs[which]];
            var result = GradientBuffer(below);
            _gradients[node.Id] = result;
            var gradient = _gradients[node.Inputs[0]];
            if (joining == Joining.Concat)
            {
                CarryGradient(below, new SliceKernel($"Part_{result.Name}", gradient, join.Inputs.Take(which).Sum(id => graph[id].Shape[0]), result));
                return;
            }

            var others = joining == Joining.Multiply ? join.Inputs.Where((_, k) => k != which).Select(id => _values[id]) : [];
            CarryGradient(below, new JoinGradientKernel($"Part_{result.Name}", gradient, others.ToEquatableArray(), result));
        }

        /// <summary>What comes to a node from all that take it.</summary>
        private void Sum(Node node, int of)
        {
            var result = GradientBuffer(graph[of]);
            _gradients[node.Id] = result;
            CarryGradient(graph[of], new JoinKernel($"Sum_{result.Name}", Joining.Add, node.Inputs.Select(id => _gradients[id]).ToEquatableArray(), result));
        }
    }
}
