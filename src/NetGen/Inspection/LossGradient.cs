using NetGen.CompilerServices;

namespace NetGen;

/// <summary>∂loss/∂y of a network's mean loss, in double precision; the formulas stand at <see cref="Loss"/>. Of several losses the sum, each times its weight.</summary>
internal sealed class LossGradient
{
    private readonly IReadOnlyList<OutputLoss> _losses;
    private readonly int _size;
    private readonly int _samples;

    /// <exception cref="InvalidOperationException">The network has no loss.</exception>
    public LossGradient(INetwork network, int samples)
    {
        if (network is not ITrainableNetwork trainable)
        {
            throw new InvalidOperationException($"{network.GetType()} has no loss: a class needs [Train] to have one.");
        }

        (_losses, _size, TargetSize, _samples) = (trainable.Losses, network.OutputSize, trainable.TargetSize, samples);
    }

    /// <summary>The numbers of one sample's target.</summary>
    public int TargetSize { get; }

    /// <summary>What targets hold for the classes that a label does not name.</summary>
    public float OtherClass => LossFunctions.IsHinge(_losses[0].Loss) ? -1 : 0;

    /// <summary>
    /// Whether the gradient with respect to the argument of the last activation is known too, and better: for it no probability is divided by.
    /// </summary>
    public bool TakesLogits(NodeActivation? last) => (_losses[0].Loss, last?.Kind) is (Loss.CrossEntropy, Activation.Softmax) or (Loss.BinaryCrossEntropy, Activation.Sigmoid);

    /// <summary>The gradient of some rows.</summary>
    /// <param name="y">What the network predicted.</param>
    /// <param name="targets">As many rows of <see cref="TargetSize"/> targets.</param>
    /// <param name="dy">Takes the gradient; zero before.</param>
    /// <param name="atLogits">Whether the gradient is taken with respect to the argument of the last activation.</param>
    public void Write(ReadOnlySpan<float> y, ReadOnlySpan<float> targets, Span<float> dy, bool atLogits)
    {
        for (var row = 0; row < y.Length / _size; row++)
        {
            foreach (var loss in _losses)
            {
                var first = row * _size + loss.FirstOutput;
                Write(
                    loss, y.Slice(first, loss.OutputSize), targets.Slice(row * TargetSize + loss.FirstTarget, loss.TargetSize), dy.Slice(first, loss.OutputSize), atLogits);
            }
        }
    }

    private void Write(OutputLoss loss, ReadOnlySpan<float> outputs, ReadOnlySpan<float> wanted, Span<float> gradient, bool atLogits)
    {
        var count = (loss.Loss is Loss.HalfSquaredError or Loss.SoftmaxCrossEntropy or Loss.CrossEntropy ? _samples : (double)_samples * loss.TargetSize) / loss.Weight;
        if (LossFunctions.IsOfPairs(loss.Loss))
        {
            OfPairs(loss.Loss, outputs, wanted, gradient, count);
        }
        else if (loss.Loss == Loss.SoftmaxCrossEntropy || (loss.Loss == Loss.CrossEntropy && atLogits))
        {
            OfSoftmax(loss.Loss, outputs, wanted, gradient, count);
        }
        else
        {
            for (var i = 0; i < outputs.Length; i++)
            {
                gradient[i] = (float)(Of(loss, outputs[i], wanted[i], atLogits) / count);
            }
        }
    }

    /// <summary>The first half of the outputs, and the second, each by its target.</summary>
    private static void OfPairs(Loss loss, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, Span<float> gradient, double count)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            var second = i + targets.Length;
            var (byFirst, bySecond) = loss == Loss.GaussianNLL
                ? PairLossGradient.GaussianNLL(outputs[i], outputs[second], targets[i])
                : PairLossGradient.NegativeBinomial(outputs[i], outputs[second], targets[i]);
            (gradient[i], gradient[second]) = ((float)(byFirst / count), (float)(bySecond / count));
        }
    }

    /// <summary>The gradient of −Σ t·ln p, p the softmax of the logits: p·Σt − t.</summary>
    private static void OfSoftmax(Loss loss, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, Span<float> gradient, double count)
    {
        if (loss == Loss.SoftmaxCrossEntropy)
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

    private static double Of(OutputLoss loss, float y, double t, bool atLogits) => loss.Loss switch
    {
        Loss.HalfSquaredError => y - t,
        Loss.MeanSquaredError => 2 * (y - t),
        Loss.MeanAbsoluteError => Math.Sign(y - t),
        Loss.Huber => Math.Clamp(y - t, -loss.HuberDelta, loss.HuberDelta),
        Loss.SigmoidCrossEntropy => 1 / (1 + Math.Exp(-y)) - t,
        Loss.CrossEntropy => t == 0 ? 0 : -t / y,
        Loss.BinaryCrossEntropy when atLogits => y - t,
        Loss.BinaryCrossEntropy => (t == 0 ? 0 : -t / y) + (t == 1 ? 0 : (1 - t) / (1 - y)),
        Loss.Poisson => 1 - t / (y + 1e-8),
        Loss.Hinge => t * y < 1 ? -t : 0,
        Loss.SquaredHinge => -2 * t * Math.Max(0, 1 - t * y),
        Loss.Custom when loss.Slope is { } slope => slope(y, (float)t),
        _ => throw new NotSupportedException($"An inspector does not know the gradient of {loss.Loss}."),
    };
}
