namespace NetGen;

/// <summary>How well a network meets one of several losses. Figures that do not apply are NaN.</summary>
/// <param name="Node">The name of the output.</param>
/// <param name="Loss">Its mean loss, without its weight.</param>
/// <param name="Accuracy">
/// The share of samples whose class was found: of a loss over classes the largest output's, of a yes-or-no question of a single output whether it
/// lies above ½ (above 0 for the logits of <see cref="Loss.SigmoidCrossEntropy"/> and hinges).
/// </param>
/// <param name="Error">Of a loss on numbers, the root of the mean squared difference between output (of pairs the mean) and target.</param>
public sealed record OutputEvaluation(string Node, double Loss, double Accuracy, double Error)
{
    /// <summary>The figures that apply, in one line.</summary>
    public override string ToString()
    {
        var figure = double.IsNaN(Accuracy) ? Text.Of($"RMSE: {Error:F5}") : Text.Of($"Accuracy: {Accuracy:F5}");
        return Text.Of($"{Node}: Loss: {Loss:F5}, {figure}");
    }
}
