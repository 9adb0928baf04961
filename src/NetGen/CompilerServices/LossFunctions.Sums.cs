using System.Buffers;

namespace NetGen.CompilerServices;

public static partial class LossFunctions
{
    /// <summary>The sum of several losses of given predictions, each times its weight.</summary>
    /// <param name="losses">The losses, and where their outputs and targets stand in a row.</param>
    /// <param name="outputs">n rows of <paramref name="outputSize"/> numbers.</param>
    /// <param name="targets">n rows of <paramref name="targetSize"/> numbers.</param>
    /// <param name="outputSize">The numbers of one prediction.</param>
    /// <param name="targetSize">The numbers of one row of targets.</param>
    /// <exception cref="ArgumentException">The lengths are no whole rows, do not fit each other, or are 0.</exception>
    public static float Sum(IReadOnlyList<OutputLoss> losses, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int outputSize, int targetSize)
    {
        ArgumentNullException.ThrowIfNull(losses);
        Check.Loss(outputs.Length, targets.Length, outputSize, targetSize, nameof(targets));
        var sum = 0.0;
        for (var k = 0; k < losses.Count; k++)
        {
            sum += losses[k].Weight * Of(losses[k], outputs, targets, outputSize, targetSize); // without an enumerator, which would be allocated
        }

        return (float)sum;
    }

    /// <summary>One of several losses, without its weight.</summary>
    internal static double Of(OutputLoss loss, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int outputSize, int targetSize)
    {
        var samples = outputs.Length / outputSize;
        var own = ArrayPool<float>.Shared.Rent(samples * (loss.OutputSize + loss.TargetSize));
        var y = own.AsSpan(0, samples * loss.OutputSize);
        var t = own.AsSpan(y.Length, samples * loss.TargetSize);
        for (var row = 0; row < samples; row++)
        {
            outputs.Slice(row * outputSize + loss.FirstOutput, loss.OutputSize).CopyTo(y[(row * loss.OutputSize)..]);
            targets.Slice(row * targetSize + loss.FirstTarget, loss.TargetSize).CopyTo(t[(row * loss.TargetSize)..]);
        }

        var value = loss.Value is { } function ? Mean(function, y, t) : Compute(loss.Loss, y, t, loss.OutputSize, loss.HuberDelta);
        ArrayPool<float>.Shared.Return(own);
        return value;
    }

    private static double Mean(Func<float, float, float> loss, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            sum += loss(outputs[i], targets[i]);
        }

        return sum / outputs.Length;
    }
}
