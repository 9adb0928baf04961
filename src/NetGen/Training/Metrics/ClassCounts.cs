namespace NetGen;

/// <summary>What precision, recall and F1 are made of.</summary>
internal sealed class ClassCounts
{
    private readonly int[] _found;
    private readonly int[] _predicted;
    private readonly int[] _actual;

    public ClassCounts(int classes) => (_found, _predicted, _actual) = (new int[classes], new int[classes], new int[classes]);

    public void Add(int actual, int predicted, int count = 1)
    {
        _predicted[predicted] += count;
        _actual[actual] += count;
        _found[actual] += actual == predicted ? count : 0;
    }

    public double[] Precision() => Each((found, predicted, _) => Share(found, predicted));

    public double[] Recall() => Each((found, _, actual) => Share(found, actual));

    public double[] F1() => Each((found, predicted, actual) => Share(2.0 * found, (double)predicted + actual));

    /// <summary>The mean over the classes that have a figure, or the share of samples whose class was found.</summary>
    public double Of(double[] figures, Average average) => average switch
    {
        Average.Macro => figures.Where(figure => !double.IsNaN(figure)).Average(),
        Average.Micro => (double)_found.Sum(count => (long)count) / _actual.Sum(count => (long)count),
        _ => throw new ArgumentOutOfRangeException(nameof(average), average, $"average must be Macro or Micro, but is {average}."),
    };

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;

    private double[] Each(Func<int, int, int, double> figure)
    {
        var figures = new double[_found.Length];
        for (var i = 0; i < figures.Length; i++)
        {
            figures[i] = _predicted[i] + _actual[i] == 0 ? double.NaN : figure(_found[i], _predicted[i], _actual[i]);
        }

        return figures;
    }
}
