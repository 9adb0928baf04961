using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <content>Rows of several inputs and outputs, and the sum of several losses.</content>
internal sealed partial class ReferenceNetwork
{
    /// <summary>The value of each output, and the numbers of one sample in it.</summary>
    private readonly IReadOnlyList<(int Value, int Size)> _outputs;

    private readonly IReadOnlyList<LossTerm> _terms;

    /// <summary>Some columns of the inputs' row.</summary>
    private sealed record SliceStep(int Row, int First, int Size) : Step(Row, Size);

    /// <summary>A loss: the columns of predictions and of targets that it compares.</summary>
    private sealed record LossTerm(LossSpec Loss, int First, int Size, int FirstTarget, int TargetSize);

    /// <summary>The mean loss of y[n, outputs] against t[n, targets]: Σ weight · loss.</summary>
    public double ComputeLoss(double[] y, double[] t) => _terms.Sum(term => term.Loss.Weight * Value(term.Loss, Columns(y, OutputSize, term.First, term.Size), Targets(t, term), term.Size));

    private int TargetSize => _terms.Sum(term => term.TargetSize);

    /// <summary>A step for each of several inputs; the values that they give.</summary>
    private List<int> AddInputs(IReadOnlyList<InputSpec> inputs)
    {
        if (inputs.Count == 1)
        {
            return [0];
        }

        var row = inputs.Sum(input => input.Size);
        foreach (var input in inputs)
        {
            _steps.Add(new SliceStep(row, inputs.TakeWhile(each => each != input).Sum(each => each.Size), input.Size) { From = [0] });
        }

        return [.. Enumerable.Range(1, inputs.Count)];
    }

    private LossTerm Term(LossSpec loss, (int Value, int Size)? of)
    {
        var first = of is null ? 0 : _outputs.TakeWhile(output => output != of).Sum(output => output.Size);
        var size = of?.Size ?? _outputs.Sum(output => output.Size);
        var before = _spec.AllLosses.TakeWhile(each => each != loss).Sum(each => TestData.TargetSize(each.Loss, _spec.SizeOf(each.Node)));
        return new(loss, first, size, before, TestData.TargetSize(loss.Loss, size));
    }

    /// <summary>y[n, outputs]: the outputs of each sample one after another.</summary>
    private double[] Outputs(List<double[]> values)
    {
        var samples = values[0].Length / _spec.Inputs;
        return ReferenceJoins.Join("Concat", [.. _outputs.Select(output => values[output.Value])], samples);
    }

    /// <summary>Adds the gradient of each loss to that of the value that it is of.</summary>
    private void AddLossGradients(double[] y, double[] t, double[][] deltas)
    {
        foreach (var term in _terms)
        {
            var gradient = Gradient(term.Loss, Columns(y, OutputSize, term.First, term.Size), Targets(t, term), term.Size);
            var start = 0;
            foreach (var (value, size) in _outputs)
            {
                for (var i = 0; i < deltas[value].Length && start >= term.First && start < term.First + term.Size; i++)
                {
                    deltas[value][i] += term.Loss.Weight * gradient[i / size * term.Size + start - term.First + i % size];
                }

                start += size;
            }
        }
    }

    private static double Value(LossSpec loss, double[] y, double[] t, int size) => loss.Own is { } own
        ? y.Zip(t, OwnFunctions.Losses[own].Value).Average()
        : ReferenceLosses.Value(loss.Loss, loss.HuberDelta, y, t, size);

    private static double[] Gradient(LossSpec loss, double[] y, double[] t, int size) => loss.Own is { } own
        ? [.. y.Zip(t, (output, target) => OwnFunctions.Losses[own].Slope(output, target) / t.Length)]
        : ReferenceLosses.Gradient(loss.Loss, loss.HuberDelta, y, t, size);

    private double[] Targets(double[] t, LossTerm term) => Columns(t, TargetSize, term.FirstTarget, term.TargetSize);

    /// <summary>rows[n, width][:, first .. first + size].</summary>
    private static double[] Columns(double[] rows, int width, int first, int size) =>
        [.. Enumerable.Range(0, rows.Length / width).SelectMany(n => rows.Skip(n * width + first).Take(size))];

    /// <summary>dy[n, size] where it stands among the inputs' columns, 0 elsewhere.</summary>
    private static double[] InputGradient(SliceStep step, double[] dy)
    {
        var dx = new double[dy.Length / step.Size * step.Row];
        for (var i = 0; i < dy.Length; i++)
        {
            dx[i / step.Size * step.Row + step.First + i % step.Size] = dy[i];
        }

        return dx;
    }
}
