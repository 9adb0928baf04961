namespace NetGen;

/// <summary>
/// The loss of one output of a network that has several: training minimises the sum of all of them, each times its <see cref="Weight"/>. The
/// optimiser stands in <see cref="TrainAttribute(Optimizer)"/>. A row of targets is that of the first loss, then that of the second, and so on.
/// </summary>
/// <param name="node">The name of the node: one of the outputs.</param>
/// <param name="loss">What is minimised.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LossAttribute(string node, Loss loss) : Attribute
{
    /// <summary>A loss of the network's own class: <c>[Loss("angle", nameof(LogCosh))]</c>.</summary>
    /// <param name="node">The name of the node: one of the outputs.</param>
    /// <param name="loss">The name of a static method of the class, as <see cref="TrainAttribute(string, Optimizer)"/> takes it.</param>
    public LossAttribute(string node, string loss)
        : this(node, Loss.Custom) => Function = loss;

    /// <summary>The name of the node.</summary>
    public string Node { get; } = node;

    /// <summary>What is minimised.</summary>
    public Loss Loss { get; } = loss;

    /// <summary>The name of the class's own loss; null where it is one of <see cref="NetGen.Loss"/>.</summary>
    public string? Function { get; }

    /// <summary>What the loss is multiplied with in the sum: finite, above 0. Default 1.</summary>
    public double Weight { get; set; } = 1.0;

    /// <summary>Where <see cref="Loss.Huber"/> turns from a square to a line, above 0. Default 1.</summary>
    public double HuberDelta { get; set; } = 1.0;
}
