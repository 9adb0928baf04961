namespace NetGen;

/// <summary>The optimisers: how a gradient changes a parameter.</summary>
#if NETGEN_COMPILER
internal
#else
public
#endif
enum Optimizer
{
    /// <summary>Stochastic gradient descent: w ← w − LearningRate · ∂loss/∂w.</summary>
    Sgd,
}
