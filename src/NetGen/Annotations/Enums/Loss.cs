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
    /// A method of the network's own class, f(y, t). Written by naming the method, <c>[Train(nameof(LogCosh))]</c>, never by this member.
    /// Mean over all B·O elements.
    /// </summary>
    Custom,
}
