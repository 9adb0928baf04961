namespace NetGen;

/// <summary>
/// The loss functions. <c>y</c> is what the last layer gives, <c>t</c> the target; B samples of O outputs each.
/// </summary>
#if NETGEN_COMPILER
internal
#else
public
#endif
enum Loss
{
    /// <summary>Mean over samples of ½ Σ over outputs (y − t)²: the quadratic cost of the lectures.</summary>
    HalfSquaredError,

    /// <summary>Mean over all B·O elements of (y − t)²: the mean squared error of Keras and PyTorch.</summary>
    MeanSquaredError,

    /// <summary>Mean over all B·O elements of |y − t|.</summary>
    MeanAbsoluteError,

    /// <summary>Mean over all elements of ½d² for |d| ≤ δ, else δ·(|d| − δ/2), d = y − t, δ the <c>HuberDelta</c> (default 1).</summary>
    Huber,

    /// <summary>Cross-entropy of softmax(y) against labels or soft targets; the last layer gives logits. Mean over samples.</summary>
    SoftmaxCrossEntropy,

    /// <summary>Cross-entropy −Σ t·ln y after a softmax layer; computed from the logits inside. Mean over samples.</summary>
    CrossEntropy,

    /// <summary>Binary cross-entropy of sigmoid(y), each output a question of its own; the last layer gives logits. Mean over all elements.</summary>
    SigmoidCrossEntropy,

    /// <summary>−t·ln y − (1 − t)·ln(1 − y) after a sigmoid layer; computed from the logits inside. Mean over all elements.</summary>
    BinaryCrossEntropy,

    /// <summary>y − t·ln(y + 1e-8), the negative log-likelihood of a Poisson rate y &gt; 0 but for a constant. Mean over all elements.</summary>
    Poisson,

    /// <summary>
    /// max(0, 1 − t·y), targets t = ±1: the loss of support vector machines (Cortes and Vapnik, 1995), as in Keras; a class is said by the
    /// sign. Labels are compared one class against the rest: t = 1 for the label's output, −1 for the others. Mean over all B·O elements.
    /// </summary>
    Hinge,

    /// <summary>max(0, 1 − t·y)², otherwise as <see cref="Hinge"/>: the L2 form of support vector machines. Mean over all B·O elements.</summary>
    SquaredHinge,

    /// <summary>
    /// ½·(s + (t − μ)²·e^−s), the negative log-likelihood of a normal distribution but for the constant ½·ln 2π (Nix and Weigend, 1994).
    /// A network of 2·K outputs predicts K numbers: first all K means μ, then all K logarithms s = ln σ² of their variances. A row of
    /// targets has K numbers. Mean over all B·K. PyTorch's GaussianNLLLoss takes the variance itself.
    /// </summary>
    GaussianNLL,

    /// <summary>
    /// The negative log-likelihood of counts t = 0, 1, 2, … that spread more than Poisson's, but for ln t!, which no parameter changes:
    /// ln Γ(r) − ln Γ(t + r) + (t + r)·ln(r + μ) − r·ln r − t·ln μ, a negative binomial of mean μ and variance μ + μ²/r (the NB2 model of
    /// Cameron and Trivedi, 1986). A network of 2·K outputs predicts K counts: first all K logarithms ln μ, then all K logarithms ln r.
    /// A row of targets has K numbers. Mean over all B·K.
    /// </summary>
    NegativeBinomial,

    /// <summary>
    /// A method of the network's own class, f(y, t). Written by naming the method, <c>[Train(nameof(LogCosh))]</c>, never by this member.
    /// Mean over all B·O elements.
    /// </summary>
    Custom,

    /// <summary>
    /// What a network minimises whose outputs have losses of their own: the sum over its <c>[Loss]</c> attributes of Weight · loss. Written by
    /// these and <c>[Train(Optimizer.Adam)]</c>, never by this member.
    /// </summary>
    WeightedSum,
}
