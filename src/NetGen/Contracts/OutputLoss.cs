namespace NetGen;

/// <summary>One of the losses that a network minimises: which node it is of, and where that and its targets stand in their rows.</summary>
/// <param name="Node">The name of the node.</param>
/// <param name="Loss">Which loss.</param>
/// <param name="FirstOutput">Where the node's numbers begin in a prediction.</param>
/// <param name="OutputSize">How many they are.</param>
/// <param name="FirstTarget">Where its targets begin in a row of targets.</param>
/// <param name="TargetSize">How many they are.</param>
public sealed record OutputLoss(string Node, Loss Loss, int FirstOutput, int OutputSize, int FirstTarget, int TargetSize)
{
    /// <summary>What it is multiplied with in the sum of all.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>δ of <see cref="Loss.Huber"/>.</summary>
    public double HuberDelta { get; init; } = 1;

    /// <summary>f(y, t), of <see cref="Loss.Custom"/> alone: the method of the network's class.</summary>
    public Func<float, float, float>? Value { get; init; }

    /// <summary>∂f/∂y, likewise.</summary>
    public Func<float, float, float>? Slope { get; init; }
}
