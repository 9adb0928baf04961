using NetGen.CompilerServices;

namespace NetGen;

/// <summary>Gathers what one of several losses says of a data set, chunk by chunk.</summary>
internal sealed class OutputJudge(OutputLoss loss)
{
    private double _loss;
    private double _squares;
    private int _right;
    private int _samples;

    public OutputEvaluation Result => new(
        loss.Node, _loss / _samples, HasClasses ? (double)_right / _samples : double.NaN, HasClasses ? double.NaN : Math.Sqrt(_squares / ((double)_samples * loss.TargetSize)));

    public void Reset() => (_loss, _squares, _right, _samples) = (0, 0, 0, 0);

    /// <summary>Rows of all outputs and of all targets.</summary>
    public void Add(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int outputSize, int targetSize)
    {
        var count = outputs.Length / outputSize;
        _loss += LossFunctions.Of(loss, outputs, targets, outputSize, targetSize) * count;
        _samples += count;
        for (var row = 0; row < count; row++)
        {
            var y = outputs.Slice(row * outputSize + loss.FirstOutput, loss.OutputSize);
            var t = targets.Slice(row * targetSize + loss.FirstTarget, loss.TargetSize);
            if (HasClasses)
            {
                _right += Predictions.Class(y, Threshold) == Predictions.ClassOfTargets(t) ? 1 : 0;
                continue;
            }

            for (var i = 0; i < t.Length; i++)
            {
                var mean = loss.Loss == Loss.NegativeBinomial ? Math.Exp(y[i]) : y[i];
                _squares += (mean - t[i]) * (mean - t[i]);
            }
        }
    }

    /// <summary>Whether it compares classes, or answers a single question.</summary>
    private bool HasClasses => loss.Loss switch
    {
        Loss.SoftmaxCrossEntropy or Loss.CrossEntropy or Loss.Hinge or Loss.SquaredHinge => true,
        Loss.SigmoidCrossEntropy or Loss.BinaryCrossEntropy => loss.OutputSize == 1,
        _ => false,
    };

    private float Threshold => loss.Loss == Loss.BinaryCrossEntropy ? 0.5f : 0;
}
