using NetGen.CompilerServices;

namespace NetGen.Tests.Support;

/// <summary>
/// A linear network y = x·Wᵀ + b in plain scalar code, trained by gradient descent: what the training loop sees of a network. With a
/// momentum its optimiser has a state and, as Adam's, depends on the count of steps, and a buffer keeps the running mean of the outputs.
/// </summary>
internal class FakeNetwork : ITrainableNetwork
{
    private readonly float[] _block;
    private readonly int _bias;
    private readonly float _momentum;
    private readonly float[] _state;
    private readonly float[] _means;

    public FakeNetwork(int inputs, int outputs, Loss loss, int batchSize = 8, float learningRate = 0.1f, int seed = 1, float momentum = 0)
    {
        (InputSize, OutputSize, Loss, BatchSize, LearningRate) = (inputs, outputs, loss, batchSize, learningRate);
        Seed = seed;
        _bias = inputs * outputs;
        _block = new float[_bias + outputs];
        Parameters =
        [
            new Parameter("layer1.weight", [outputs, inputs], _block, 0, ParameterLayout.Vector(_bias)),
            new Parameter("layer1.bias", [outputs], _block, _bias, ParameterLayout.Vector(outputs)),
        ];
        (_momentum, _state, _means) = (momentum, new float[_block.Length], new float[outputs]);
        OptimizerState = momentum == 0 ? [] : [.. Parameters.Select(p => new Parameter(p.Name + ".momentum", p.Shape.ToArray(), _state, p.StartFrom(0), ParameterLayout.Vector(p.Length)))];
        Buffers = momentum == 0 ? [] : [new Parameter("layer1.mean", [outputs], _means, 0, ParameterLayout.Vector(outputs))];
        var random = new Xoshiro256(seed);
        Initialization.Initialize(Parameters[0], Initializer.GlorotUniform, inputs, outputs, ref random);
    }

    public int InputSize { get; }

    public int OutputSize { get; }

    public int ParameterCount => _block.Length;

    public string Summary => "a fake";

    public IReadOnlyList<NetworkNode> Nodes => [new InputNode("input", [InputSize]), new DenseNode("layer1", ["input"], OutputSize)];

    public IReadOnlyList<Parameter> Parameters { get; }

    public IReadOnlyList<Parameter> Buffers { get; }

    public IReadOnlyList<Parameter> OptimizerState { get; }

    public long StepCount { get; set; }

    public int Seed { get; set; }

    public int BatchSize { get; }

    public Loss Loss { get; }

    public float LearningRate { get; set; }

    /// <summary>All that training changes.</summary>
    public float[] State => [.. _block, .. _state, .. _means, StepCount, Seed];

    /// <summary>All weights: to see whether something changed them.</summary>
    public float[] Weights => [.. _block];

    /// <summary>The steps done.</summary>
    public int Steps { get; private set; }

    /// <summary>The samples of all steps.</summary>
    public long Samples { get; private set; }

    /// <summary>Called before each step with its number, from 1; what it returns takes the place of the loss.</summary>
    public Func<int, float?>? OnStep { get; set; }

    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        var samples = Check.Prediction(inputs, outputs, InputSize, OutputSize);
        for (var i = 0; i < samples; i++)
        {
            for (var o = 0; o < OutputSize; o++)
            {
                var sum = _block[_bias + o];
                for (var j = 0; j < InputSize; j++)
                {
                    sum += inputs[i * InputSize + j] * _block[o * InputSize + j];
                }

                outputs[i * OutputSize + o] = sum;
            }
        }
    }

    public float TrainBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        var samples = Check.Batch(inputs.Length, targets.Length, InputSize, OutputSize, BatchSize);
        Steps++;
        Samples += samples;
        if (OnStep?.Invoke(Steps) is { } loss)
        {
            return loss;
        }

        Span<float> outputs = stackalloc float[samples * OutputSize];
        Predict(inputs, outputs);
        loss = ComputeLoss(outputs, targets);
        if (float.IsFinite(loss))
        {
            Update(inputs, outputs, targets, samples);
            StepCount++;
        }

        return loss;
    }

    public float ComputeLoss(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets) =>
        LossFunctions.Compute(Loss, outputs, targets, OutputSize, huberDelta: 1);

    public float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Gradients into)
    {
        var samples = Check.Batch(inputs.Length, targets.Length, InputSize, OutputSize, BatchSize);
        Span<float> outputs = stackalloc float[samples * OutputSize];
        Predict(inputs, outputs);
        var loss = ComputeLoss(outputs, targets);
        var gradients = into.Block.AsSpan(into.Origin, _block.Length);
        gradients.Clear();
        AddGradients(inputs, outputs, targets, samples, gradients);
        return loss;
    }

    public Gradients CreateGradients() => new(this, 0, _block.Length);

    private void Update(ReadOnlySpan<float> inputs, Span<float> outputs, ReadOnlySpan<float> targets, int samples)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            _means[i % OutputSize] += 0.1f * (outputs[i] - _means[i % OutputSize]);
        }

        Span<float> gradients = stackalloc float[_block.Length];
        gradients.Clear();
        AddGradients(inputs, outputs, targets, samples, gradients);
        var rate = _momentum == 0 ? LearningRate : LearningRate / (1 + 0.01f * StepCount);
        for (var i = 0; i < _block.Length; i++)
        {
            _state[i] = _momentum * _state[i] + gradients[i];
            _block[i] -= rate * _state[i];
        }
    }

    /// <summary>Turns outputs into deltas and adds their gradients.</summary>
    private void AddGradients(ReadOnlySpan<float> inputs, Span<float> outputs, ReadOnlySpan<float> targets, int samples, Span<float> gradients)
    {
        for (var i = 0; i < samples; i++)
        {
            var row = outputs.Slice(i * OutputSize, OutputSize);
            Normalize(row);
            for (var o = 0; o < OutputSize; o++)
            {
                var delta = (row[o] - targets[i * OutputSize + o]) / samples;
                gradients[_bias + o] += delta;
                for (var j = 0; j < InputSize; j++)
                {
                    gradients[o * InputSize + j] += delta * inputs[i * InputSize + j];
                }
            }
        }
    }

    private void Normalize(Span<float> row)
    {
        if (Loss == Loss.SigmoidCrossEntropy)
        {
            foreach (ref var y in row)
            {
                y = 1 / (1 + MathF.Exp(-y));
            }
        }
        else if (Loss == Loss.SoftmaxCrossEntropy)
        {
            var (largest, sum) = (float.NegativeInfinity, 0f);
            foreach (var y in row)
            {
                largest = MathF.Max(largest, y);
            }

            foreach (ref var y in row)
            {
                sum += y = MathF.Exp(y - largest);
            }

            foreach (ref var y in row)
            {
                y /= sum;
            }
        }
    }
}

/// <summary>Softmax regression: a <see cref="FakeNetwork"/> that takes labels.</summary>
internal sealed class FakeClassifier(int inputs, int classes, int batchSize = 8, float learningRate = 0.1f, int seed = 1, float momentum = 0)
    : FakeNetwork(inputs, classes, Loss.SoftmaxCrossEntropy, batchSize, learningRate, seed, momentum), IClassifierNetwork
{
    private readonly float[] _targets = new float[batchSize * classes];

    /// <summary>The steps done on labels.</summary>
    public int LabelSteps { get; private set; }

    public float TrainBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels)
    {
        LabelSteps++;
        return TrainBatch(inputs, OneHot(inputs, labels));
    }

    public float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Gradients into) =>
        ComputeGradients(inputs, OneHot(inputs, labels), into);

    public float ComputeLoss(ReadOnlySpan<float> outputs, ReadOnlySpan<int> labels) =>
        LossFunctions.Compute(Loss, outputs, labels, OutputSize);

    private ReadOnlySpan<float> OneHot(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels)
    {
        var samples = Check.Batch(inputs.Length, labels, InputSize, OutputSize, BatchSize);
        var targets = _targets.AsSpan(0, samples * OutputSize);
        targets.Clear();
        for (var i = 0; i < samples; i++)
        {
            targets[i * OutputSize + labels[i]] = 1;
        }

        return targets;
    }
}
