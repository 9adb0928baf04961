namespace NetGen;

/// <summary>A network that learns: implemented by the compiler in a class that has <see cref="TrainAttribute"/>.</summary>
public interface ITrainableNetwork : INetwork
{
    /// <summary>
    /// The numbers of one row of targets: <see cref="INetwork.OutputSize"/>, or half as many where the loss takes two outputs for each target
    /// (<see cref="Loss.GaussianNLL"/>, <see cref="Loss.NegativeBinomial"/>). Of several losses, those of all, in their order.
    /// </summary>
    int TargetSize => OutputSize;

    /// <summary>The largest number of samples of one step; the step is specialised for it, fewer cost the same.</summary>
    int BatchSize { get; }

    /// <summary>What training minimises; <see cref="Loss.WeightedSum"/> where outputs have losses of their own.</summary>
    Loss Loss { get; }

    /// <summary>The losses whose sum is minimised, each times its weight; for a loss of the whole prediction this one.</summary>
    IReadOnlyList<OutputLoss> Losses => [new(Outputs.Count == 0 ? "" : Outputs[^1], Loss, 0, OutputSize, 0, TargetSize)];

    /// <summary>The learning rate of the next step: finite, at least 0.</summary>
    float LearningRate { get; set; }

    /// <summary>
    /// What the optimiser remembers from step to step: for each of its quantities and each parameter one tensor, shaped and laid out like
    /// the parameter and named after both, such as <c>layer1.weight.momentum</c>. Zero before the first step; empty for plain
    /// <see cref="Optimizer.Sgd"/>. A network that gets the parameters, buffers, optimiser's state and <see cref="StepCount"/> of another of
    /// its class, and has the same <see cref="Seed"/> and rates, goes on from there with the same bits.
    /// </summary>
    IReadOnlyList<Parameter> OptimizerState { get; }

    /// <summary>
    /// The steps taken, at least 0; a step whose loss was not finite was not taken. What changes from step to step, such as Adam's
    /// corrections or random numbers, depends on nothing else but <see cref="Seed"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number below 0.</exception>
    long StepCount { get; set; }

    /// <summary>What random numbers during training are drawn from: the constructor's seed, unless set.</summary>
    int Seed { get; set; }

    /// <summary>
    /// One training step: forward, loss, backward, update. A step whose loss is not finite changes nothing.
    /// One caller at a time; a second one gets an <see cref="InvalidOperationException"/>.
    /// </summary>
    /// <param name="inputs">1 to <see cref="BatchSize"/> samples of <see cref="INetwork.InputSize"/> numbers.</param>
    /// <param name="targets">As many rows of <see cref="TargetSize"/> numbers.</param>
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
    /// <param name="targets">n rows of <see cref="TargetSize"/> numbers.</param>
    float ComputeLoss(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets);
}
