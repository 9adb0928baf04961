namespace NetGen;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy, 2015): y = γ·(x − μ)/√(σ² + ε) + β, feature by feature; of images and sequences channel by channel, over pixels too. When training, μ and σ² are the mean and the
/// variance of the feature over the samples of the batch; when predicting, the running figures gathered while training. Parameters:
/// <c>NAME.weight</c> (γ, starts at 1) and <c>NAME.bias</c> (β, starts at 0), buffers <c>NAME.running_mean</c> (starts at 0) and
/// <c>NAME.running_var</c> (starts at 1), each [features], as in PyTorch.
/// </summary>
/// <remarks>
/// A step gathers running ← (1 − <see cref="Momentum"/>)·running + <see cref="Momentum"/>·batch, with the batch's unbiased variance
/// (n/(n − 1)·σ²). One number has no variance: a batch of one sample (of images, of one pixel too) is normalised with the running figures, as constants, and leaves them as they are
/// (PyTorch reports an error). So the last batch of an epoch may have any size; <c>BatchSize = 1</c> is an error.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class BatchNormAttribute : LayerAttribute
{
    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }

    /// <summary>The share of a batch in the running figures, above 0 and at most 1: PyTorch's meaning (Keras' is 1 minus this). Default 0.1.</summary>
    public double Momentum { get; set; } = 0.1;

    /// <summary>The ε below the root, above 0. Default 1e-5.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>
    /// Whether steps leave the layer's parameters as they are, and its running figures too, with which they then normalise, as predictions do (Keras' meaning). Default: no. Gradients of a frozen layer are not computed in steps,
    /// and below the lowest layer that learns nothing runs backwards; <c>ComputeGradients</c> gives every gradient all the same. Some layer must learn.
    /// </summary>
    public bool Frozen { get; set; }
}
