using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Generic;

/// <summary>
/// What a careful engineer writes in portable C# for any network of dense layers, with or without layers on images before them: sizes,
/// activations and loss are known only at run time, nothing is specialised for a layer, nothing is allocated in a step. Products and slopes
/// are written once, with <c>Vector&lt;T&gt;</c>; functions come from <c>TensorPrimitives</c>.
/// </summary>
/// <remarks>
/// By .NET's default <c>Vector&lt;T&gt;</c> has 256 bits on machines with AVX-512, where generated kernels use 512 (and so does
/// <c>TensorPrimitives</c>). On such a machine the ratio of the two therefore holds the vectors' width as well as specialisation. With the
/// environment variable <c>DOTNET_MaxVectorTBitWidth=512</c> both have 512 bits, with <c>DOTNET_EnableAVX512=0</c> both have 256.
/// </remarks>
internal sealed class GenericNetwork
{
    /// <summary>The samples that go forward at a time in <see cref="Predict"/>.</summary>
    private const int PredictionChunk = 256;

    private readonly IGenericLayer[] _layers;
    private readonly GenericLayer _last;
    private readonly bool _classifies;
    private readonly GenericOptimizer _optimizer;
    private readonly int _capacity;

    /// <param name="sizes">The inputs, then every dense layer's outputs.</param>
    /// <param name="hidden">The activation of all dense layers but the last.</param>
    /// <param name="last">The activation of the last layer.</param>
    /// <param name="loss">Mean squared error on targets or softmax cross-entropy on labels.</param>
    /// <param name="optimizer">How the gradient changes the parameters.</param>
    /// <param name="batchSize">The largest number of samples of a training step.</param>
    /// <param name="dropout">The rate of a dropout which, with a normalisation, stands before each hidden activation; null for neither.</param>
    /// <param name="images">The layers on images before the dense ones; null for none.</param>
    public GenericNetwork(
        ReadOnlySpan<int> sizes, Activation hidden, Activation last, Loss loss, GenericOptimizer optimizer, int batchSize, double? dropout = null, ImageStack? images = null)
    {
        if (loss is not (Loss.MeanSquaredError or Loss.SoftmaxCrossEntropy))
        {
            throw new ArgumentException($"The generic network knows no {loss}.", nameof(loss));
        }

        foreach (var activation in (ReadOnlySpan<Activation>)[hidden, last])
        {
            if (activation is not (Activation.Identity or Activation.Sigmoid or Activation.Tanh or Activation.ReLU))
            {
                throw new ArgumentException($"The generic network knows no {activation}.");
            }
        }

        BatchSize = batchSize;
        _classifies = loss == Loss.SoftmaxCrossEntropy;
        _optimizer = optimizer;
        _capacity = Math.Max(batchSize, PredictionChunk);
        List<IGenericLayer> layers = images is null ? [] : [.. OnImages(images, optimizer.States)];
        for (var i = 0; i < sizes.Length - 1; i++)
        {
            var isLast = i == sizes.Length - 2;
            layers.Add(new GenericLayer(
                i == 0 ? images?.Outputs ?? sizes[0] : sizes[i], sizes[i + 1], isLast ? last : hidden, batchSize, _capacity, optimizer.States, dropout is not null && !isLast));
        }

        _layers = [.. layers];
        _last = (GenericLayer)_layers[^1];
        DropoutRate = (float)(dropout ?? 0);
    }

    public int BatchSize { get; }

    /// <summary>The rate of all dropouts.</summary>
    public float DropoutRate
    {
        set
        {
            foreach (var layer in _layers)
            {
                if (layer is GenericLayer { Normalization: { } normalization })
                {
                    normalization.DropoutRate = value;
                }
            }
        }
    }

    /// <summary>The layers with parameters.</summary>
    public IReadOnlyList<IGenericParameters> Layers => [.. _layers.OfType<IGenericParameters>()];

    private GenericLayer Last => _last;

    /// <summary>Runs the network forward on any number of samples.</summary>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        var (inputSize, outputSize) = (_layers[0].Inputs, Last.Outputs);
        while (!inputs.IsEmpty)
        {
            var samples = Math.Min(inputs.Length / inputSize, _capacity);
            Forward(ref MemoryMarshal.GetReference(inputs), samples, trains: false);
            for (var sample = 0; sample < samples; sample++)
            {
                Last.Activations.Slice(sample * Last.RowStride, outputSize).CopyTo(outputs.Slice(sample * outputSize, outputSize));
            }

            inputs = inputs[(samples * inputSize)..];
            outputs = outputs[(samples * outputSize)..];
        }
    }

    /// <summary>One training step on targets; returns the mean loss.</summary>
    public float TrainBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        if (_classifies)
        {
            throw new InvalidOperationException("This network learns from labels.");
        }

        ref var x = ref MemoryMarshal.GetReference(inputs);
        var samples = inputs.Length / _layers[0].Inputs;
        Forward(ref x, samples, trains: true);
        var loss = SquaredErrorGradient(targets, samples);
        Learn(ref x, samples);
        return loss;
    }

    /// <summary>One training step on labels; returns the mean loss.</summary>
    public float TrainBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels)
    {
        if (!_classifies)
        {
            throw new InvalidOperationException("This network learns from targets.");
        }

        ref var x = ref MemoryMarshal.GetReference(inputs);
        var samples = inputs.Length / _layers[0].Inputs;
        Forward(ref x, samples, trains: true);
        var loss = CrossEntropyGradient(labels, samples);
        Learn(ref x, samples);
        return loss;
    }

    private IEnumerable<IGenericLayer> OnImages(ImageStack images, int states)
    {
        var plane = images.Input.Area;
        for (var i = 0; i < images.Layers.Count; i++)
        {
            var (source, result) = (images.Sizes[i], images.Sizes[i + 1]);
            if (images.Layers[i] is Convolution layer)
            {
                var convolution = new GenericConvolution(source, plane, result, layer, BatchSize, _capacity, states);
                plane = convolution.Plane;
                yield return convolution;
            }
            else
            {
                yield return new GenericPooling(source, plane, result, ((AveragePooling)images.Layers[i]).Size, BatchSize, _capacity);
                plane = result.Area;
            }
        }

        if (plane != images.Sizes[^1].Area)
        {
            throw new ArgumentException("The generic network knows no convolution right before a dense layer.", nameof(images));
        }
    }

    private void Forward(ref float x, int samples, bool trains)
    {
        var stride = _layers[0].Inputs;
        foreach (var layer in _layers)
        {
            layer.Forward(ref x, stride, samples, trains);
            x = ref layer.Activations.Origin;
            stride = layer.RowStride;
        }
    }

    private void Learn(ref float inputs, int samples)
    {
        _optimizer.BeginStep();
        for (var i = _layers.Length - 1; i >= 0; i--)
        {
            var layer = _layers[i];
            layer.MultiplyBySlope(samples, _optimizer);
            if (i == 0)
            {
                layer.Update(ref inputs, layer.Inputs, samples, _optimizer);
                return;
            }

            var previous = _layers[i - 1];
            layer.Backward(previous, samples);
            layer.Update(ref previous.Activations.Origin, previous.RowStride, samples, _optimizer);
        }
    }

    /// <summary>loss = mean of (y − t)² over all elements; δ = 2·(y − t) / elements.</summary>
    private float SquaredErrorGradient(ReadOnlySpan<float> targets, int samples)
    {
        var (outputs, stride) = (Last.Outputs, Last.RowStride);
        var scale = 2f / (samples * outputs);
        var sum = 0f;
        for (var sample = 0; sample < samples; sample++)
        {
            var y = Last.Activations.Slice(sample * stride, outputs);
            var delta = Last.Deltas.Slice(sample * stride, outputs);
            var target = targets.Slice(sample * outputs, outputs);
            for (var i = 0; i < delta.Length && i < y.Length && i < target.Length; i++)
            {
                var error = y[i] - target[i];
                sum += error * error;
                delta[i] = scale * error;
            }
        }

        return sum / (samples * outputs);
    }

    /// <summary>loss = mean over samples of −ln softmax(y)[label]; δ = (softmax(y) − one-hot) / samples.</summary>
    private float CrossEntropyGradient(ReadOnlySpan<int> labels, int samples)
    {
        var (outputs, stride) = (Last.Outputs, Last.RowStride);
        for (var sample = 0; sample < samples; sample++)
        {
            var y = Last.Activations.Slice(sample * stride, outputs);
            TensorPrimitives.Subtract(y, TensorPrimitives.Max(y), y);
        }

        // One call for all rows: short calls would cost more than the few exponentials of padding, which are put back to zero below.
        TensorPrimitives.Exp(Last.Activations.Slice(0, samples * stride), Last.Deltas.Slice(0, samples * stride));
        var (loss, share) = (0.0, 1f / samples);
        for (var sample = 0; sample < samples; sample++)
        {
            var row = Last.Deltas.Slice(sample * stride, stride);
            row[outputs..].Clear();
            var delta = row[..outputs];
            var sum = TensorPrimitives.Sum<float>(delta);
            var label = labels[sample];
            loss += Math.Log(sum) - Last.Activations.Span[sample * stride + label];
            TensorPrimitives.Multiply(delta, share / sum, delta);
            delta[label] -= share;
        }

        return (float)(loss / samples);
    }
}
