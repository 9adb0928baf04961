namespace NetGen.IntegrationTests.Support;

/// <summary>Seeded numbers for tests: the same in every run.</summary>
internal static class TestData
{
    /// <summary>Samples [n, features], uniform in ±√3 (variance 1).</summary>
    public static float[] Inputs(int n, int features, int seed) => Uniform(n * features, MathF.Sqrt(3), seed);

    /// <summary>Numbers, uniform in ±limit.</summary>
    public static float[] Uniform(int count, float limit, int seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = limit * (2 * random.NextSingle() - 1);
        }

        return values;
    }

    /// <summary>Labels 0 … classes − 1.</summary>
    public static int[] Labels(int n, int classes, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => random.Next(classes))];
    }

    /// <summary>Targets [n, outputs] such as a loss is for: distributions, 0 or 1, ±1, counts, or any numbers; of a loss of pairs [n, outputs/2].</summary>
    public static float[] Targets(Loss loss, int n, int outputs, int seed)
    {
        var random = new Random(seed);
        outputs = TargetSize(loss, outputs);
        var values = new float[n * outputs];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = loss switch
            {
                Loss.SoftmaxCrossEntropy or Loss.CrossEntropy => random.NextSingle() + 0.01f,
                Loss.SigmoidCrossEntropy or Loss.BinaryCrossEntropy => i % 5 == 4 ? random.NextSingle() : random.Next(2),
                Loss.Poisson => random.Next(5),
                Loss.Hinge or Loss.SquaredHinge => 2 * random.Next(2) - 1,
                Loss.NegativeBinomial => random.Next(i % 7 == 6 ? 400 : 6),
                _ => 2 * random.NextSingle() - 1,
            };
        }

        for (var row = 0; row < n && loss is Loss.SoftmaxCrossEntropy or Loss.CrossEntropy; row++)
        {
            var sum = values.AsSpan(row * outputs, outputs).ToArray().Sum();
            for (var i = row * outputs; i < (row + 1) * outputs; i++)
            {
                values[i] /= sum;
            }
        }

        return values;
    }

    /// <summary>The numbers of a row of targets.</summary>
    public static int TargetSize(Loss loss, int outputs) => loss is Loss.GaussianNLL or Loss.NegativeBinomial ? outputs / 2 : outputs;

    /// <summary>Labels as rows of 0, or of what else stands for no, and one 1: [n, classes].</summary>
    public static double[] OneHot(int[] labels, int classes, double no = 0)
    {
        var rows = new double[labels.Length * classes];
        Array.Fill(rows, no);
        for (var n = 0; n < labels.Length; n++)
        {
            rows[n * classes + labels[n]] = 1;
        }

        return rows;
    }

    public static double[] ToDoubles(ReadOnlySpan<float> values)
    {
        var copy = new double[values.Length];
        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = values[i];
        }

        return copy;
    }

    public static float[] ToFloats(ReadOnlySpan<double> values)
    {
        var copy = new float[values.Length];
        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = (float)values[i];
        }

        return copy;
    }
}
