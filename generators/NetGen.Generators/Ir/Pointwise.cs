using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>One operation of several that a kernel applies to each number, one after the other, while it is in a register.</summary>
internal abstract record Stage;

/// <summary>f(v).</summary>
internal sealed record ActivationStage(ActivationFunction Function) : Stage;

/// <summary>v/(1 − rate), or 0 where the layer's random number says so.</summary>
/// <param name="Layer">The layer's number.</param>
/// <param name="Rate">One number: the rate, which may change from step to step.</param>
internal sealed record DropoutStage(int Layer, Buffer Rate) : Stage;

/// <summary>v + noise of a normal distribution.</summary>
/// <param name="Layer">The layer's number.</param>
/// <param name="Deviation">The distribution's standard deviation.</param>
internal sealed record NoiseStage(int Layer, double Deviation) : Stage;

/// <summary>What a normalisation takes its mean and variance over.</summary>
internal enum Figures
{
    /// <summary>The samples of a batch, feature by feature: BatchNorm when training.</summary>
    Batch,

    /// <summary>All batches so far: BatchNorm when predicting, and when training where it is frozen.</summary>
    Running,

    /// <summary>The features of a sample: LayerNorm.</summary>
    Sample,
}

/// <summary>γ·(z − μ)/√(σ² + ε) + β.</summary>
/// <param name="Figures">What μ and σ² are taken over.</param>
/// <param name="Weight">γ.</param>
/// <param name="Bias">β.</param>
/// <param name="Mean">μ: written when training, for the way back; read where it is a running figure. Null where nobody asks for it again.</param>
/// <param name="Variance">σ², likewise.</param>
/// <param name="RunningMean">With figures of a batch: what stands in where a batch of one sample has none.</param>
/// <param name="RunningVariance">The same for σ².</param>
/// <param name="Epsilon">ε.</param>
internal sealed record Normalization(
    Figures Figures,
    Buffer Weight,
    Buffer Bias,
    Buffer? Mean,
    Buffer? Variance,
    Buffer? RunningMean,
    Buffer? RunningVariance,
    double Epsilon)
{
    public IEnumerable<Buffer> Buffers => new[] { Weight, Bias, RunningMean, RunningVariance, Mean, Variance }.Where(b => b is not null).Select(b => b!);
}

/// <summary>
/// result = the stages applied to source, normalised first where there is a normalisation: one pass over memory for BatchNorm, Dropout and ReLU.
/// </summary>
/// <param name="Name">The method's name.</param>
/// <param name="Source">What is read; may be the result.</param>
/// <param name="Result">What is written.</param>
/// <param name="Normalization">What comes before the stages; null for none.</param>
/// <param name="Stages">What is applied, in order.</param>
internal sealed record PointwiseKernel(
    string Name, Buffer Source, Buffer Result, Normalization? Normalization, EquatableArray<Stage> Stages) : Kernel(Name);

/// <summary>
/// The way back through the same operations: gradient ← ∂loss/∂source from ∂loss/∂result, in place; what the forward pass had in registers is
/// computed again from its source. The gradients of γ and β, too.
/// </summary>
/// <param name="Name">The method's name.</param>
/// <param name="Source">What the forward pass read; null where nothing depends on it.</param>
/// <param name="Result">What it wrote, where the last stage's slope is a function of that; else null.</param>
/// <param name="Gradient">What is changed.</param>
/// <param name="Normalization">The forward pass's.</param>
/// <param name="Stages">The forward pass's.</param>
internal sealed record PointwiseGradientKernel(
    string Name, Buffer? Source, Buffer? Result, Buffer Gradient, Normalization? Normalization, EquatableArray<Stage> Stages) : Kernel(Name)
{
    /// <summary>The optimiser with whose step the gradients of γ and β end; null where they are added to what is there.</summary>
    public Optimizer? Update { get; init; }

    /// <summary>Whether the gradients of γ and β are left out.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Where LayerNorm keeps, for each sample, the two means of its gradient.</summary>
    public Buffer? GradientMean { get; init; }

    public Buffer? GradientProduct { get; init; }
}

/// <summary>running ← (1 − momentum)·running + momentum·batch, with the batch's unbiased variance.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Mean">The batch's mean.</param>
/// <param name="Variance">The batch's variance, divided by n.</param>
/// <param name="RunningMean">The running mean.</param>
/// <param name="RunningVariance">The running variance.</param>
/// <param name="Momentum">The batch's share.</param>
internal sealed record TrackKernel(
    string Name, Buffer Mean, Buffer Variance, Buffer RunningMean, Buffer RunningVariance, double Momentum) : Kernel(Name)
{
    /// <summary>The numbers of one sample that the figures are taken over: of features 1, of a channel its pixels.</summary>
    public int Positions { get; init; } = 1;
}
