namespace NetGen;

/// <summary>What <see cref="TrainingExtensions.Fit"/> did: a line for each finished epoch.</summary>
public sealed class History
{
    internal History(IReadOnlyList<EpochResult> epochs, bool cancelled, TimeSpan elapsed) =>
        (Epochs, Cancelled, Elapsed) = (epochs, cancelled, elapsed);

    /// <summary>The finished epochs in order.</summary>
    public IReadOnlyList<EpochResult> Epochs { get; }

    /// <summary>Whether training was cancelled before the last epoch was finished.</summary>
    public bool Cancelled { get; }

    /// <summary>The time from start to end, validation included.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>One line an epoch.</summary>
    public override string ToString() => string.Join('\n', Epochs);
}

/// <summary>One finished epoch.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="Loss">The mean training loss over the epoch's samples, each as seen before its step.</param>
/// <param name="ValidationLoss">The loss on the validation set after the epoch; NaN where there is none.</param>
/// <param name="ValidationAccuracy">The accuracy on the validation set after the epoch, 0 … 1; NaN where there is none or where it does not apply.</param>
/// <param name="SamplesPerSecond">The training samples a second; validation is not counted in.</param>
/// <param name="Elapsed">The time that the epoch took, validation included.</param>
public sealed record EpochResult(
    int Epoch, double Loss, double ValidationLoss, double ValidationAccuracy, double SamplesPerSecond, TimeSpan Elapsed)
{
    /// <summary>The figures that apply, as in <c>Epoch 1: loss 0.50000, validation loss 0.40000, accuracy 0.9000, 1,000 samples/s</c>.</summary>
    public override string ToString()
    {
        var validation = double.IsNaN(ValidationLoss) ? "" : Text.Of($", validation loss {ValidationLoss:F5}");
        var accuracy = double.IsNaN(ValidationAccuracy) ? "" : Text.Of($", accuracy {ValidationAccuracy:F4}");
        return Text.Of($"Epoch {Epoch}: loss {Loss:F5}{validation}{accuracy}, {SamplesPerSecond:N0} samples/s");
    }
}
