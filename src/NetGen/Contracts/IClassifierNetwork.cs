namespace NetGen;

/// <summary>
/// A network whose loss compares classes (<see cref="Loss.SoftmaxCrossEntropy"/>, <see cref="Loss.CrossEntropy"/>; <see cref="Loss.Hinge"/>
/// and <see cref="Loss.SquaredHinge"/> of two outputs or more): it takes labels 0 … <see cref="INetwork.OutputSize"/> − 1 in place of rows of targets.
/// </summary>
public interface IClassifierNetwork : ITrainableNetwork
{
    /// <summary>One training step on labels; see <see cref="ITrainableNetwork.TrainBatch"/>.</summary>
    /// <param name="inputs">1 to <see cref="ITrainableNetwork.BatchSize"/> samples.</param>
    /// <param name="labels">The class of each.</param>
    /// <returns>The mean loss of these samples before the update.</returns>
    float TrainBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels);

    /// <summary>The gradients for labels; see <see cref="ITrainableNetwork.ComputeGradients"/>.</summary>
    /// <param name="inputs">1 to <see cref="ITrainableNetwork.BatchSize"/> samples.</param>
    /// <param name="labels">The class of each.</param>
    /// <param name="into">Takes the gradients.</param>
    /// <returns>The mean loss of these samples.</returns>
    float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Gradients into);

    /// <summary>The mean loss of given predictions; see <see cref="ITrainableNetwork.ComputeLoss"/>.</summary>
    /// <param name="outputs">n predictions.</param>
    /// <param name="labels">n labels.</param>
    float ComputeLoss(ReadOnlySpan<float> outputs, ReadOnlySpan<int> labels);
}
