namespace NetGen.IntegrationTests.Reference;

/// <summary>Several values [n, …] as one, and the gradient of each.</summary>
internal static class ReferenceJoins
{
    /// <summary>The sum or product, number by number, or each sample's numbers one after the other: features, or channels.</summary>
    public static double[] Join(string kind, IReadOnlyList<double[]> values, int samples) => kind switch
    {
        "Add" => [.. Enumerable.Range(0, values[0].Length).Select(i => values.Sum(value => value[i]))],
        "Multiply" => [.. Enumerable.Range(0, values[0].Length).Select(i => values.Aggregate(1.0, (product, value) => product * value[i]))],
        "Concat" => [.. Enumerable.Range(0, samples).SelectMany(n => values.SelectMany(value => Sample(value, n, samples)))],
        _ => throw new NotSupportedException(kind),
    };

    /// <summary>The gradient of the k-th value; where a value is joined twice, each place has its own.</summary>
    public static double[] Backward(string kind, IReadOnlyList<double[]> values, int samples, double[] dy, int k)
    {
        switch (kind)
        {
            case "Add":
                return dy;
            case "Multiply":
                return [.. dy.Select((d, i) => values.Where((_, other) => other != k).Aggregate(d, (product, value) => product * value[i]))];
            default:
                var before = values.Take(k).Sum(value => value.Length) / samples;
                return [.. Enumerable.Range(0, samples).SelectMany(n => Sample(dy, n, samples).Skip(before).Take(values[k].Length / samples))];
        }
    }

    private static IEnumerable<double> Sample(double[] value, int n, int samples) => value.Skip(n * (value.Length / samples)).Take(value.Length / samples);
}
