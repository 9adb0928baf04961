namespace NetGen;

/// <summary>How far <c>Fit</c> is: reported some ten times a second at most, at each epoch's end, and when it stops early.</summary>
public readonly record struct EpochProgress
{
    /// <summary>The epoch that runs, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The count of epochs asked for.</summary>
    public required int Epochs { get; init; }

    /// <summary>The samples trained on in this epoch.</summary>
    public required int Samples { get; init; }

    /// <summary>The samples of a whole epoch.</summary>
    public required int TotalSamples { get; init; }

    /// <summary>The mean training loss over <see cref="Samples"/>, each as seen before its step; NaN before the first step.</summary>
    public required double Loss { get; init; }

    /// <summary>The loss on the validation set after the epoch; NaN while it runs or where there is none.</summary>
    public double ValidationLoss { get; init; }

    /// <summary>The accuracy on the validation set after the epoch, 0 … 1; NaN while it runs or where there is none.</summary>
    public double ValidationAccuracy { get; init; }

    /// <summary>The metrics asked for on the validation set after the epoch; null while it runs.</summary>
    public MetricValues? Metrics { get; init; }

    /// <summary>The training samples a second in this epoch; validation is not counted in.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>The time that the remaining epochs will take, judged by those so far.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>Whether the epoch is finished.</summary>
    public bool IsDone { get; init; }

    /// <summary>Whether training stops here although epochs remain: it was cancelled, a callback stopped it, or the loss is not finite.</summary>
    public bool IsStopped { get; init; }
}
