using System.Text;

namespace NetGen;

/// <summary>How often samples of each class were taken for each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[] _counts;

    internal ConfusionMatrix(int classes) => (Classes, _counts) = (classes, new int[classes * classes]);

    /// <summary>The count of classes.</summary>
    public int Classes { get; }

    /// <summary>The samples of class <paramref name="actual"/> that were taken for class <paramref name="predicted"/>.</summary>
    /// <param name="actual">0 … <see cref="Classes"/> − 1.</param>
    /// <param name="predicted">0 … <see cref="Classes"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such class.</exception>
    public int this[int actual, int predicted]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(actual);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(actual, Classes);
            ArgumentOutOfRangeException.ThrowIfNegative(predicted);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(predicted, Classes);
            return _counts[actual * Classes + predicted];
        }
    }

    /// <summary>A table: a row for each actual class, a column for each predicted one; lines end with LF.</summary>
    public override string ToString()
    {
        const string Corner = "actual \\ predicted";
        var width = Math.Max(Text.Of($"{_counts.Max()}").Length, Text.Of($"{Classes - 1}").Length) + 2;
        var table = new StringBuilder(Corner);
        for (var predicted = 0; predicted < Classes; predicted++)
        {
            table.Append(Text.Of($"{predicted}").PadLeft(width));
        }

        for (var actual = 0; actual < Classes; actual++)
        {
            table.Append('\n').Append(Text.Of($"{actual}").PadLeft(Corner.Length));
            for (var predicted = 0; predicted < Classes; predicted++)
            {
                table.Append(Text.Of($"{this[actual, predicted]}").PadLeft(width));
            }
        }

        return table.ToString();
    }

    internal void Add(int actual, int predicted) => _counts[actual * Classes + predicted]++;
}
