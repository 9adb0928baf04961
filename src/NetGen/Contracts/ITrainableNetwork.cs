namespace NetGen;

/// <summary>A network that learns: implemented by the compiler in a class that has <see cref="TrainAttribute"/>.</summary>
public interface ITrainableNetwork : INetwork
{
    /// <summary>The largest number of samples of one step; the step is specialised for it, fewer cost the same.</summary>
    int BatchSize { get; }

    /// <summary>What training minimises.</summary>
    Loss Loss { get; }

    /// <summary>The learning rate of the next step: finite, at least 0.</summary>
    float LearningRate { get; set; }

    /// <summary>
    /// One training step: forward, loss, backward, update. A step whose loss is not finite changes nothing.
    /// One caller at a time; a second one gets an <see cref="InvalidOperationException"/>.
    /// </summary>
    /// <param name="inputs">1 to <see cref="BatchSize"/> samples of <see cref="INetwork.InputSize"/> numbers.</param>
    /// <param name="targets">As many rows of <see cref="INetwork.OutputSize"/> numbers.</param>
    /// <returns>The mean loss of these samples before the update.</returns>
    float TrainBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets);

    /// <summary>
    /// The gradient of the mean loss with respect to every parameter and to the inputs, without a step. One caller at a time, as with training.
    /// </summary>
    /// <param name="inputs">1 to <see cref="BatchSize"/> samples.</param>
    /// <param name="targets">As many rows of targets.</param>
    /// <param name="into">Takes the gradients; made by <see cref="CreateGradients"/>.</param>
    /// <returns>The mean loss of these samples.</returns>
    float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Gradients into);

    /// <summary>Room for this network's gradients.</summary>
    Gradients CreateGradients();

    /// <summary>The mean loss of given predictions: of what <see cref="INetwork.Predict"/> wrote for any number of samples.</summary>
    /// <param name="outputs">n predictions.</param>
    /// <param name="targets">n rows of <see cref="INetwork.OutputSize"/> targets.</param>
    float ComputeLoss(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets);
}
