namespace NetGen.IntegrationTests.Reference;

/// <summary>The losses of the oracle. Throughout, y and t are [samples, outputs], row by row.</summary>
internal static class ReferenceLosses
{
    private const double PoissonEpsilon = 1e-8;

    /// <summary>The mean loss.</summary>
    public static double Value(Loss loss, double huberDelta, double[] y, double[] t, int outputs)
    {
        if (ReferencePairs.Has(loss))
        {
            return ReferencePairs.Value(loss, y, t, outputs);
        }

        double sum = 0;
        if (loss == Loss.SoftmaxCrossEntropy)
        {
            for (var row = 0; row < y.Length; row += outputs)
            {
                sum += SoftmaxCrossEntropy(y.AsSpan(row, outputs), t.AsSpan(row, outputs));
            }
        }
        else
        {
            for (var i = 0; i < y.Length; i++)
            {
                sum += Element(loss, huberDelta, y[i], t[i]);
            }
        }

        return sum / Divisor(loss, y.Length, outputs);
    }

    /// <summary>dy[samples, outputs] = ∂(mean loss)/∂y.</summary>
    public static double[] Gradient(Loss loss, double huberDelta, double[] y, double[] t, int outputs)
    {
        if (ReferencePairs.Has(loss))
        {
            return ReferencePairs.Gradient(loss, y, t, outputs);
        }

        var dy = new double[y.Length];
        var divisor = Divisor(loss, y.Length, outputs);
        if (loss == Loss.SoftmaxCrossEntropy)
        {
            for (var row = 0; row < y.Length; row += outputs)
            {
                ReferenceFunctions.Softmax(y.AsSpan(row, outputs), dy.AsSpan(row, outputs));
            }
        }

        for (var i = 0; i < y.Length; i++)
        {
            dy[i] = (loss == Loss.SoftmaxCrossEntropy ? dy[i] - t[i] : ElementSlope(loss, huberDelta, y[i], t[i])) / divisor;
        }

        return dy;
    }

    /// <summary>Losses of a sample are means over samples, losses of an element means over all elements.</summary>
    private static double Divisor(Loss loss, int elements, int outputs) =>
        loss is Loss.HalfSquaredError or Loss.SoftmaxCrossEntropy or Loss.CrossEntropy ? elements / outputs : elements;

    /// <summary>−Σ t·ln softmax(y) over one row; y and t are [outputs].</summary>
    private static double SoftmaxCrossEntropy(ReadOnlySpan<double> y, ReadOnlySpan<double> t)
    {
        var max = double.NegativeInfinity;
        foreach (var value in y)
        {
            max = Math.Max(max, value);
        }

        double exponentials = 0;
        foreach (var value in y)
        {
            exponentials += Math.Exp(value - max);
        }

        double sum = 0;
        for (var i = 0; i < y.Length; i++)
        {
            sum += t[i] * (max + Math.Log(exponentials) - y[i]);
        }

        return sum;
    }

    private static double Element(Loss loss, double delta, double y, double t) => loss switch
    {
        Loss.HalfSquaredError => 0.5 * (y - t) * (y - t),
        Loss.MeanSquaredError => (y - t) * (y - t),
        Loss.MeanAbsoluteError => Math.Abs(y - t),
        Loss.Huber => Math.Abs(y - t) <= delta ? 0.5 * (y - t) * (y - t) : delta * (Math.Abs(y - t) - delta / 2),
        Loss.CrossEntropy => t == 0 ? 0 : -t * Log(y),
        Loss.SigmoidCrossEntropy => Math.Max(y, 0) - y * t + ReferenceFunctions.LogP1(Math.Exp(-Math.Abs(y))),
        Loss.BinaryCrossEntropy => (t == 0 ? 0 : -t * Log(y)) - (t == 1 ? 0 : (1 - t) * Log(1 - y)),
        Loss.Poisson => y - t * Math.Log(y + PoissonEpsilon),
        Loss.Hinge => t * y < 1 ? 1 - t * y : 0,
        Loss.SquaredHinge => t * y < 1 ? (1 - t * y) * (1 - t * y) : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(loss)),
    };

    private static double ElementSlope(Loss loss, double delta, double y, double t) => loss switch
    {
        Loss.HalfSquaredError => y - t,
        Loss.MeanSquaredError => 2 * (y - t),
        Loss.MeanAbsoluteError => Math.Sign(y - t),
        Loss.Huber => Math.Clamp(y - t, -delta, delta),
        Loss.CrossEntropy => t == 0 ? 0 : -t / y,
        Loss.SigmoidCrossEntropy => ReferenceFunctions.Sigmoid(y) - t,
        Loss.BinaryCrossEntropy => (y - t) / (y * (1 - y)),
        Loss.Poisson => 1 - t / (y + PoissonEpsilon),
        Loss.Hinge => t * y < 1 ? -t : 0,
        Loss.SquaredHinge => t * y < 1 ? -2 * t * (1 - t * y) : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(loss)),
    };

    /// <summary>PyTorch's logarithm of a probability: at least −100.</summary>
    private static double Log(double probability) => Math.Max(Math.Log(probability), -100);
}
