namespace NetGen;

/// <summary>How the network learns. Without this attribute the class predicts only and no training code exists.</summary>
/// <param name="loss">What is minimised.</param>
/// <param name="optimizer">How the gradient changes the parameters.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrainAttribute(Loss loss, Optimizer optimizer = Optimizer.Sgd) : Attribute
{
    /// <summary>What is minimised.</summary>
    public Loss Loss { get; } = loss;

    /// <summary>How the gradient changes the parameters.</summary>
    public Optimizer Optimizer { get; } = optimizer;

    /// <summary>The learning rate that training starts with, finite and above 0. Default 0.01.</summary>
    public double LearningRate { get; set; } = 0.01;

    /// <summary>The number of samples of one step, at least 1; the code is specialised for it. Default 32.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>Where <see cref="Loss.Huber"/> turns from a square to a line, above 0. Default 1.</summary>
    public double HuberDelta { get; set; } = 1.0;
}
