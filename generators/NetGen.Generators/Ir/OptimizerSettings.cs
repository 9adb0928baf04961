namespace NetGen.Compiler.Ir;

/// <summary>
/// How a gradient changes the parameters: the optimiser with all its constants. Those that another optimiser would have are as good as not there.
/// </summary>
/// <param name="Optimizer">Which.</param>
/// <param name="LearningRate">η.</param>
internal sealed record OptimizerSettings(Optimizer Optimizer, double LearningRate)
{
    /// <summary>μ; null where there is none.</summary>
    public double? Momentum { get; init; }

    public bool Nesterov { get; init; }

    /// <summary>λ; null where there is none.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>β1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β2.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Adadelta's ρ.</summary>
    public double Rho { get; init; } = 0.9;

    /// <summary>RMSprop's α.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>The largest 2-norm of all gradients together; null for any.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The largest number of a gradient; null for any.</summary>
    public double? ClipValue { get; init; }

    /// <summary>
    /// Whether a step is w ← w − η·g and no more: then the gradient carries −η from its source on, and what adds it up adds the step.
    /// </summary>
    public bool IsPlain => Optimizer == Optimizer.Sgd && Momentum is null && WeightDecay is null && ClipNorm is null && ClipValue is null;
}
