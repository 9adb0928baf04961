using System.Reflection;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>∂loss/∂y of a network's mean loss, in double precision; the formulas stand at <see cref="Loss"/>.</summary>
internal sealed class LossGradient
{
    private readonly Loss _loss;
    private readonly double _huberDelta;
    private readonly int _size;
    private readonly int _samples;

    /// <exception cref="InvalidOperationException">The network has no loss.</exception>
    public LossGradient(INetwork network, int samples)
    {
        if (network is not ITrainableNetwork trainable)
        {
            throw new InvalidOperationException($"{network.GetType()} has no loss: a class needs [Train] to have one.");
        }

        (_loss, _size, TargetSize, _samples) = (trainable.Loss, network.OutputSize, trainable.TargetSize, samples);
        _huberDelta = network.GetType().GetCustomAttribute<TrainAttribute>()?.HuberDelta ?? 1;
    }

    /// <summary>The numbers of one sample's target.</summary>
    public int TargetSize { get; }

    /// <summary>What targets hold for the classes that a label does not name.</summary>
    public float OtherClass => LossFunctions.IsHinge(_loss) ? -1 : 0;

    /// <summary>
    /// Whether the gradient with respect to the argument of the last activation is known too, and better: for it no probability is divided by.
    /// </summary>
    public bool TakesLogits(NodeActivation? last) =>
        (_loss == Loss.CrossEntropy && last?.Kind == Activation.Softmax) || (_loss == Loss.BinaryCrossEntropy && last?.Kind == Activation.Sigmoid);

    /// <summary>The gradient of some rows.</summary>
    /// <param name="y">What the network predicted.</param>
    /// <param name="targets">As many rows of <see cref="TargetSize"/> targets.</param>
    /// <param name="dy">Takes the gradient.</param>
    /// <param name="atLogits">Whether the gradient is taken with respect to the argument of the last activation.</param>
    public void Write(ReadOnlySpan<float> y, ReadOnlySpan<float> targets, Span<float> dy, bool atLogits)
    {
        double count = _loss is Loss.HalfSquaredError or Loss.SoftmaxCrossEntropy or Loss.CrossEntropy ? _samples : (double)_samples * TargetSize;
        for (var row = 0; row < y.Length / _size; row++)
        {
            var outputs = y.Slice(row * _size, _size);
            var wanted = targets.Slice(row * TargetSize, TargetSize);
            var gradient = dy.Slice(row * _size, _size);
            if (LossFunctions.IsOfPairs(_loss))
            {
                OfPairs(outputs, wanted, gradient, count);
                continue;
            }

            if (_loss == Loss.SoftmaxCrossEntropy || (_loss == Loss.CrossEntropy && atLogits))
            {
                OfSoftmax(outputs, wanted, gradient, count);
                continue;
            }

            for (var i = 0; i < _size; i++)
            {
                gradient[i] = (float)(Of(outputs[i], wanted[i], atLogits) / count);
            }
        }
    }

    /// <summary>The first half of the outputs, and the second, each by its target.</summary>
    private void OfPairs(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, Span<float> gradient, double count)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            var second = i + targets.Length;
            var (byFirst, bySecond) = _loss == Loss.GaussianNLL
                ? PairLossGradient.GaussianNLL(outputs[i], outputs[second], targets[i])
                : PairLossGradient.NegativeBinomial(outputs[i], outputs[second], targets[i]);
            (gradient[i], gradient[second]) = ((float)(byFirst / count), (float)(bySecond / count));
        }
    }

    /// <summary>The gradient of −Σ t·ln p, p the softmax of the logits: p·Σt − t.</summary>
    private void OfSoftmax(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, Span<float> gradient, double count)
    {
        if (_loss == Loss.SoftmaxCrossEntropy)
        {
            ActivationMath.Softmax(outputs, gradient);
        }
        else
        {
            outputs.CopyTo(gradient);
        }

        var sum = 0.0;
        foreach (var target in targets)
        {
            sum += target;
        }

        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (float)((gradient[i] * sum - targets[i]) / count);
        }
    }

    private double Of(double y, double t, bool atLogits) => _loss switch
    {
        Loss.HalfSquaredError => y - t,
        Loss.MeanSquaredError => 2 * (y - t),
        Loss.MeanAbsoluteError => Math.Sign(y - t),
        Loss.Huber => Math.Clamp(y - t, -_huberDelta, _huberDelta),
        Loss.SigmoidCrossEntropy => 1 / (1 + Math.Exp(-y)) - t,
        Loss.CrossEntropy => t == 0 ? 0 : -t / y,
        Loss.BinaryCrossEntropy when atLogits => y - t,
        Loss.BinaryCrossEntropy => (t == 0 ? 0 : -t / y) + (t == 1 ? 0 : (1 - t) / (1 - y)),
        Loss.Poisson => 1 - t / (y + 1e-8),
        Loss.Hinge => t * y < 1 ? -t : 0,
        Loss.SquaredHinge => -2 * t * Math.Max(0, 1 - t * y),
        _ => throw new NotSupportedException($"An inspector does not know the gradient of {_loss}."),
    };
}
