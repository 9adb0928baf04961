namespace NetGen;

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
    /// <summary>The learning rate of the epoch's last step.</summary>
    public double LearningRate { get; init; } = double.NaN;

    /// <summary>The metrics asked for, on the validation set after the epoch; empty where there is none.</summary>
    public MetricValues Metrics { get; init; } = MetricValues.None;

    /// <summary>The metrics asked for, on the training data after the epoch; empty unless they are asked for there too.</summary>
    public MetricValues TrainingMetrics { get; init; } = MetricValues.None;

    /// <summary>The figures that apply, as in <c>Epoch 1: loss 0.50000, validation loss 0.40000, accuracy 0.9000, 1,000 samples/s</c>.</summary>
    public override string ToString()
    {
        var validation = double.IsNaN(ValidationLoss) ? "" : Text.Of($", validation loss {ValidationLoss:F5}");
        var accuracy = double.IsNaN(ValidationAccuracy) ? "" : Text.Of($", accuracy {ValidationAccuracy:F4}");
        return Text.Of($"Epoch {Epoch}: loss {Loss:F5}{validation}{accuracy}, {SamplesPerSecond:N0} samples/s");
    }
}
