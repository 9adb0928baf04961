namespace LeNet5Sample;

/// <summary>Finds among rows of numbers those that are nearest to another row.</summary>
internal static class Neighbours
{
    /// <summary>The nearest rows, the nearest first; of equally near ones the earlier. A row's distance is √Σ(row − query)².</summary>
    /// <param name="rows">Rows of as many numbers as <paramref name="query"/> has.</param>
    /// <param name="query">What they are compared with.</param>
    /// <param name="count">How many to find, at least 1; all rows if there are fewer.</param>
    /// <exception cref="ArgumentException">The rows are not whole, or <paramref name="count"/> is below 1.</exception>
    public static IReadOnlyList<(int Row, double Distance)> Nearest(ReadOnlySpan<float> rows, ReadOnlySpan<float> query, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (query.IsEmpty || rows.Length % query.Length != 0)
        {
            throw new ArgumentException($"rows must hold whole rows of {query.Length} numbers, but has {rows.Length} numbers.", nameof(rows));
        }

        var nearest = new List<(int Row, double Distance)>();
        for (var row = 0; row < rows.Length / query.Length; row++)
        {
            var distance = Math.Sqrt(Squares(rows.Slice(row * query.Length, query.Length), query));
            if (nearest.Count == count && distance >= nearest[^1].Distance)
            {
                continue;
            }

            nearest.Insert(nearest.FindLastIndex(other => other.Distance <= distance) + 1, (row, distance));
            if (nearest.Count > count)
            {
                nearest.RemoveAt(count);
            }
        }

        return nearest;
    }

    private static double Squares(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return sum;
    }
}
