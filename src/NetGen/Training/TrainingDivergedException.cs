namespace NetGen;

/// <summary>
/// The loss became NaN or infinite: mostly the learning rate is too large. The network holds the last good weights: those at the start of
/// the epoch, or, where its very first step already failed, those at the start of the epoch before.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    internal TrainingDivergedException(string what, int epoch, int batch, double loss)
        : base(Text.Of($"{what} at epoch {epoch}, batch {batch}; the last good weights are restored. A smaller learning rate may help."))
    {
        (Epoch, Batch, Loss) = (epoch, batch, loss);
    }

    /// <summary>The epoch in which it happened, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The batch of that epoch at which it was seen, from 1; the last one where it was seen after the epoch.</summary>
    public int Batch { get; }

    /// <summary>The loss: NaN or infinite; the last finite one where weights were not finite.</summary>
    public double Loss { get; }
}
