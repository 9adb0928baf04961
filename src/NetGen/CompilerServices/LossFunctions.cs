using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// The mean loss of given predictions; the formulas stand at <see cref="Loss"/>. Sums are taken in double precision, in order.
/// For generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class LossFunctions
{
    /// <summary>Keeps the loss of a probability of 0 finite, as PyTorch does.</summary>
    private const double SmallestLog = -100;

    /// <summary>The mean loss of predictions against targets.</summary>
    /// <param name="loss">Which loss.</param>
    /// <param name="outputs">n rows of <paramref name="outputSize"/> numbers: logits for
    /// <see cref="Loss.SoftmaxCrossEntropy"/> and <see cref="Loss.SigmoidCrossEntropy"/>, probabilities for
    /// <see cref="Loss.CrossEntropy"/> and <see cref="Loss.BinaryCrossEntropy"/>.</param>
    /// <param name="targets">n rows of as many; of half as many for <see cref="Loss.GaussianNLL"/> and <see cref="Loss.NegativeBinomial"/>.</param>
    /// <param name="outputSize">The numbers of one prediction.</param>
    /// <param name="huberDelta">δ of <see cref="Loss.Huber"/>; the others ignore it.</param>
    /// <exception cref="ArgumentException">The lengths are no whole rows, do not fit each other, or are 0; or there is no such loss.</exception>
    public static float Compute(Loss loss, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int outputSize, double huberDelta)
    {
        var samples = Check.Loss(outputs.Length, targets.Length, outputSize, TargetSize(loss, outputSize), nameof(targets));
        double elements = targets.Length;
        return (float)(loss switch
        {
            Loss.HalfSquaredError => SquaredError(outputs, targets) / (2.0 * samples),
            Loss.MeanSquaredError => SquaredError(outputs, targets) / elements,
            Loss.MeanAbsoluteError => AbsoluteError(outputs, targets) / elements,
            Loss.Huber => Huber(outputs, targets, huberDelta) / elements,
            Loss.SoftmaxCrossEntropy => SoftmaxCrossEntropy(outputs, targets, outputSize) / samples,
            Loss.CrossEntropy => CrossEntropy(outputs, targets) / samples,
            Loss.SigmoidCrossEntropy => SigmoidCrossEntropy(outputs, targets) / elements,
            Loss.BinaryCrossEntropy => BinaryCrossEntropy(outputs, targets) / elements,
            Loss.Poisson => Poisson(outputs, targets) / elements,
            Loss.Hinge or Loss.SquaredHinge => Hinge(loss, outputs, targets) / elements,
            Loss.GaussianNLL => GaussianNLL(outputs, targets, outputSize) / elements,
            Loss.NegativeBinomial => NegativeBinomial(outputs, targets, outputSize) / elements,
            _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, $"loss must be one of the loss functions, but is {loss}."),
        });
    }

    /// <summary>The mean loss of predictions against labels.</summary>
    /// <param name="loss"><see cref="Loss.SoftmaxCrossEntropy"/> (outputs are logits), <see cref="Loss.CrossEntropy"/> (probabilities) or a hinge.</param>
    /// <param name="outputs">n rows of <paramref name="outputSize"/> numbers.</param>
    /// <param name="labels">n labels, 0 … <paramref name="outputSize"/> − 1.</param>
    /// <param name="outputSize">The numbers of one prediction: the classes.</param>
    /// <exception cref="ArgumentException">As for targets; or a label is out of range, or the loss compares numbers.</exception>
    public static float Compute(Loss loss, ReadOnlySpan<float> outputs, ReadOnlySpan<int> labels, int outputSize)
    {
        var samples = Check.Loss(outputs.Length, labels.Length, outputSize, 1, nameof(labels));
        Check.Labels(labels, outputSize);
        if (IsHinge(loss))
        {
            return (float)(Hinge(loss, outputs, labels, outputSize) / outputs.Length);
        }

        if (loss is not (Loss.SoftmaxCrossEntropy or Loss.CrossEntropy))
        {
            throw new ArgumentOutOfRangeException(
                nameof(loss), loss, $"Labels need a loss that compares classes (SoftmaxCrossEntropy, CrossEntropy, Hinge, SquaredHinge), but loss is {loss}.");
        }

        var sum = 0.0;
        for (var i = 0; i < samples; i++)
        {
            var row = outputs.Slice(i * outputSize, outputSize);
            sum += loss == Loss.SoftmaxCrossEntropy ? LogSumExp(row) - row[labels[i]] : -ClampedLog(row[labels[i]]);
        }

        return (float)(sum / samples);
    }

    private static double SquaredError(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            var difference = (double)outputs[i] - targets[i];
            sum += difference * difference;
        }

        return sum;
    }

    private static double AbsoluteError(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            sum += Math.Abs((double)outputs[i] - targets[i]);
        }

        return sum;
    }

    private static double Huber(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, double delta)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            var distance = Math.Abs((double)outputs[i] - targets[i]);
            sum += distance <= delta ? 0.5 * distance * distance : delta * (distance - 0.5 * delta);
        }

        return sum;
    }

    /// <summary>Σ t·(ln Σ e^y − y) over each row.</summary>
    private static double SoftmaxCrossEntropy(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int outputSize)
    {
        var sum = 0.0;
        for (var start = 0; start < outputs.Length; start += outputSize)
        {
            var logSumExp = LogSumExp(outputs.Slice(start, outputSize));
            for (var i = start; i < start + outputSize; i++)
            {
                sum += targets[i] * (logSumExp - outputs[i]);
            }
        }

        return sum;
    }

    private static double CrossEntropy(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            sum -= targets[i] * ClampedLog(outputs[i]);
        }

        return sum;
    }

    /// <summary>max(z, 0) − z·t + ln(1 + e^−|z|): the same as with sigmoid(z), but e^… never overflows.</summary>
    private static double SigmoidCrossEntropy(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            double z = outputs[i];
            sum += Math.Max(z, 0) - z * targets[i] + Math.Log(1 + Math.Exp(-Math.Abs(z)));
        }

        return sum;
    }

    private static double BinaryCrossEntropy(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            double t = targets[i];
            sum -= t * ClampedLog(outputs[i]) + (1 - t) * ClampedLog(1.0 - outputs[i]);
        }

        return sum;
    }

    private static double Poisson(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            sum += outputs[i] - targets[i] * Math.Log(outputs[i] + 1e-8);
        }

        return sum;
    }

    /// <summary>ln Σ e^y, the largest y taken out first so that e^… never overflows.</summary>
    private static double LogSumExp(ReadOnlySpan<float> row)
    {
        double largest = row[0];
        foreach (var y in row)
        {
            largest = Math.Max(largest, y);
        }

        var sum = 0.0;
        foreach (var y in row)
        {
            sum += Math.Exp(y - largest);
        }

        return largest + Math.Log(sum);
    }

    private static double ClampedLog(double probability) => Math.Max(Math.Log(probability), SmallestLog);
}
