using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>What the parts of a training step do at the same time, in order. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum StepStage
{
    /// <summary>Some of the samples go through all layers.</summary>
    Forward,

    /// <summary>The loss of all samples, and its gradient: one part alone.</summary>
    Loss,

    /// <summary>The gradient of some of the samples goes back through all layers.</summary>
    Backward,

    /// <summary>Some of every layer's weights are changed; or, where the optimiser needs the whole gradient first, their gradients summed.</summary>
    Update,

    /// <summary>The norm of the whole gradient: one part alone.</summary>
    Norm,

    /// <summary>Some of all parameters are changed, when their gradients are there.</summary>
    Descent,

    /// <summary>Weights are held within their limits: each layer's by one part.</summary>
    Constraint,
}
