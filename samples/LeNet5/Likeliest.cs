namespace LeNet5Sample;

/// <summary>Reads a classifier's outputs.</summary>
internal static class Likeliest
{
    /// <summary>The likeliest classes with their probabilities e^z / Σ e^z, the likeliest first; of equally likely ones the smaller.</summary>
    /// <param name="logits">An output for each class.</param>
    /// <param name="count">How many, at least 1; all classes if there are fewer.</param>
    public static IReadOnlyList<(int Class, double Probability)> Of(ReadOnlySpan<float> logits, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var largest = double.NegativeInfinity;
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        // From the largest on, so that no power is infinite.
        var powers = new double[logits.Length];
        for (var i = 0; i < logits.Length; i++)
        {
            powers[i] = Math.Exp(logits[i] - largest);
        }

        var sum = powers.Sum();
        return [.. powers.Select((power, i) => (Class: i, Probability: power / sum)).OrderByDescending(p => p.Probability).ThenBy(p => p.Class).Take(count)];
    }
}
