using System.Globalization;

namespace NetGen.IntegrationTests.Support;

/// <summary>Assertions that numbers are near each other; a failure names the place and both numbers.</summary>
internal static class Near
{
    /// <summary>The tolerance of the reference cases: 1e-5 + 2e-4·|expected|, times √k for sums of k terms.</summary>
    public static void Reference(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, string what, double scale = 1) =>
        Each(expected, actual, what, e => scale * (1e-5 + 2e-4 * Math.Abs(e)));

    /// <summary>
    /// What single precision keeps of a tensor against double: 2e-4 of each number, and 2e-5 of the largest, where terms
    /// that cancel leave small ones; <paramref name="floor"/> is the least that counts as the largest.
    /// </summary>
    public static void Single(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, string what, double scale = 1, double floor = 0)
    {
        var largest = floor;
        foreach (var value in expected)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        Each(expected, actual, what, e => scale * (1e-7 + 2e-5 * largest + 2e-4 * Math.Abs(e)));
    }

    public static void Single(double expected, float actual, string what, double scale = 1) => Single([expected], [actual], what, scale);

    /// <summary>Every number within a tolerance of its own.</summary>
    public static void Each(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, string what, Func<double, double> tolerance)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {expected.Length} numbers expected, {actual.Length} found.");
        var (worst, worstRatio, wrong) = (-1, 1.0, 0);
        for (var i = 0; i < expected.Length; i++)
        {
            var ratio = Math.Abs(expected[i] - actual[i]) / tolerance(expected[i]);
            if (!(ratio <= 1))
            {
                wrong++;
                (worst, worstRatio) = worst < 0 || !(ratio <= worstRatio) ? (i, ratio) : (worst, worstRatio);
            }
        }

        Assert.True(worst < 0, worst < 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {wrong} of {expected.Length} are wrong; worst at {worst}: expected {expected[worst]:R}, found {actual[worst]:R} ({worstRatio:G3} times the tolerance)."));
    }

    /// <summary>The same bits.</summary>
    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {expected.Length} numbers expected, {actual.Length} found.");
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{what}: at {i} expected {expected[i]:R}, found {actual[i]:R}."));
            }
        }
    }
}
