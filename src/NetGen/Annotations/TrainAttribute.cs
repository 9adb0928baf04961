namespace NetGen;

/// <summary>How the network learns. Without this attribute the class predicts only and no training code exists.</summary>
/// <param name="loss">What is minimised.</param>
/// <param name="optimizer">How the gradient changes the parameters.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrainAttribute(Loss loss, Optimizer optimizer = Optimizer.Sgd) : Attribute
{
    /// <summary>A loss of the network's own class: <c>[Train(nameof(LogCosh), Optimizer.Adam)]</c>.</summary>
    /// <param name="loss">
    /// The name of a static method of the class, <c>static float LogCosh(float prediction, float target)</c>: the loss of one output, whose mean
    /// over all outputs of all samples is minimised. Its derivative with respect to the prediction stands beside it,
    /// <c>static float LogCoshDerivative(float prediction, float target)</c>. <see cref="DenseAttribute.Function"/> says what they may contain.
    /// </param>
    /// <param name="optimizer">How the gradient changes the parameters.</param>
    public TrainAttribute(string loss, Optimizer optimizer = Optimizer.Sgd)
        : this(Loss.Custom, optimizer) => Function = loss;

    /// <summary>For a network whose losses stand in <see cref="LossAttribute"/>: <c>[Train(Optimizer.Adam)]</c>.</summary>
    /// <param name="optimizer">How the gradient changes the parameters.</param>
    public TrainAttribute(Optimizer optimizer)
        : this(Loss.WeightedSum, optimizer)
    {
    }

    /// <summary>What is minimised.</summary>
    public Loss Loss { get; } = loss;

    /// <summary>The name of the class's own loss; null where it is one of <see cref="NetGen.Loss"/>.</summary>
    public string? Function { get; }

    /// <summary>How the gradient changes the parameters.</summary>
    public Optimizer Optimizer { get; } = optimizer;

    /// <summary>The learning rate that training starts with, finite and above 0. By default the one named at the <see cref="NetGen.Optimizer"/>; for Sgd 0.01.</summary>
    public double LearningRate { get; set; }

    /// <summary>The number of samples of one step, at least 1; the code is specialised for it. Default 32.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>Where <see cref="Loss.Huber"/> turns from a square to a line, above 0. Default 1.</summary>
    public double HuberDelta { get; set; } = 1.0;

    /// <summary>
    /// The momentum μ of Sgd and RMSprop that training starts with, finite and at least 0. Without it there is none; with it (be it 0) the
    /// class has a property of that name, for the next step's.
    /// </summary>
    public double Momentum { get; set; }

    /// <summary>Whether the momentum of Sgd is Nesterov's. Needs a <see cref="Momentum"/> above 0.</summary>
    public bool Nesterov { get; set; }

    /// <summary>
    /// The weight decay λ that training starts with, finite and at least 0, on weights and biases alike. With it (be it 0), and always with
    /// AdamW, the class has a property of that name, for the next step's. The loss that is reported does not contain it.
    /// </summary>
    public double WeightDecay { get; set; }

    /// <summary>The β1 of Adam, AdamW, Adamax and NAdam: from 0 to below 1. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>The β2 of Adam, AdamW, Adamax and NAdam: from 0 to below 1. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>The ε of all but Sgd, finite and above 0. By default the one named at the <see cref="NetGen.Optimizer"/>.</summary>
    public double Epsilon { get; set; }

    /// <summary>The ρ of Adadelta: from 0 to below 1. Default 0.9.</summary>
    public double Rho { get; set; } = 0.9;

    /// <summary>The α of RMSprop: from 0 to below 1. Default 0.99.</summary>
    public double Alpha { get; set; } = 0.99;

    /// <summary>
    /// Where all parameters' gradients together have a 2-norm above this, they are scaled down to it before the step; finite, above 0.
    /// Without it they are not.
    /// </summary>
    public double ClipNorm { get; set; }

    /// <summary>Every number of a gradient is held between −this and this before the step, after <see cref="ClipNorm"/>; finite, above 0. Without it none is.</summary>
    public double ClipValue { get; set; }
}
