namespace NetGen;

/// <summary>A derivative that a network's class declares is not that of its function. The message names the point at which the two are furthest apart.</summary>
public sealed class DerivativeMismatchException : Exception
{
    internal DerivativeMismatchException(DerivativeCheck check)
        : base(check.ToString()) => Check = check;

    /// <summary>What was compared, and where it failed.</summary>
    public DerivativeCheck Check { get; }
}
