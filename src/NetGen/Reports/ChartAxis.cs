using System.Globalization;

namespace NetGen;

/// <summary>An axis: its range, its ticks, and where a number lies on it.</summary>
internal sealed class ChartAxis
{
    private const int MostTicks = 7;

    /// <summary>Larger numbers are left out as infinite ones are: the ends of their range could overflow.</summary>
    private const double Largest = 1e300;

    /// <summary>Numbers that lie nearer together count as one: their ticks could not be told apart.</summary>
    private const double SmallestRange = 1e-290;
    private const double SmallestShare = 1e-9;

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private readonly bool _logarithmic;

    private ChartAxis(double low, double high, bool logarithmic, IReadOnlyList<(double Value, string Label)> ticks) =>
        (Low, High, _logarithmic, Ticks) = (low, high, logarithmic, ticks);

    public double Low { get; }

    public double High { get; }

    public IReadOnlyList<(double Value, string Label)> Ticks { get; }

    /// <summary>Whether a number can be shown.</summary>
    public static bool Shows(double value, bool logarithmic) => Math.Abs(value) <= Largest && (!logarithmic || value >= SmallestRange);

    /// <summary>An axis for numbers that can all be shown.</summary>
    /// <param name="values">The numbers; an axis of none is that of 0 … 1.</param>
    /// <param name="logarithmic">Equal distances are equal factors.</param>
    /// <param name="percent">Labels are percentages.</param>
    /// <param name="rounded">Whether the range ends at ticks, and begins at 0 where that is near; else it is that of the numbers.</param>
    /// <param name="whole">Whether ticks are whole numbers only.</param>
    public static ChartAxis Of(IReadOnlyCollection<double> values, bool logarithmic, bool percent, bool rounded, bool whole = false)
    {
        var (low, high) = values.Count > 0 ? (values.Min(), values.Max()) : logarithmic ? (1.0, 10.0) : (0.0, 1.0);
        return logarithmic ? Logarithmic(low, high, percent) : Linear(low, high, percent, rounded, whole);
    }

    /// <summary>Where a number lies: 0 at the low end, 1 at the high one.</summary>
    public double Position(double value) =>
        _logarithmic ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low);

    /// <summary>The same ticks' spacing over a wider range around the same middle.</summary>
    public ChartAxis Widen(double factor)
    {
        var (middle, half) = ((Low + High) / 2, (High - Low) / 2 * factor);
        return Linear(middle - half, middle + half, percent: false, rounded: false, whole: false);
    }

    private static ChartAxis Linear(double low, double high, bool percent, bool rounded, bool whole)
    {
        if (!(high - low > Math.Max(SmallestRange, SmallestShare * Math.Max(Math.Abs(low), Math.Abs(high)))))
        {
            // One number, or as good as one: it comes to lie in the middle.
            var around = Math.Abs(low) < SmallestRange ? 1 : Math.Abs(low) / 10;
            (low, high) = (low - around, high + around);
        }

        if (rounded && low > 0 && low < high - low)
        {
            low = 0;
        }

        var step = Math.Max(Step((high - low) / MostTicks), whole ? 1 : 0);
        var (first, last) = (Math.Ceiling(low / step - 1e-9), Math.Floor(high / step + 1e-9));
        if (rounded)
        {
            (first, last) = (Math.Floor(low / step + 1e-9), Math.Ceiling(high / step - 1e-9));
            (low, high) = (first * step, last * step);
        }

        var ticks = new List<(double, string)>();
        for (var i = first; i <= last; i++)
        {
            // i + 0.0: no tick is minus zero.
            ticks.Add((i * step, Label((i + 0.0) * step, step, percent)));
        }

        return new(low, high, logarithmic: false, ticks);
    }

    /// <summary>The smallest of 1, 2 and 5 times a power of ten that is not below a length.</summary>
    private static double Step(double length)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(length)));
        var digit = length / power;
        return power * (digit <= 1 + 1e-9 ? 1 : digit <= 2 + 1e-9 ? 2 : digit <= 5 + 1e-9 ? 5 : 10);
    }

    private static ChartAxis Logarithmic(double low, double high, bool percent)
    {
        if (!(low < high))
        {
            (low, high) = (low / 2, high * 2);
        }

        var (first, last) = ((int)Math.Floor(Math.Log10(low) + 1e-9), (int)Math.Ceiling(Math.Log10(high) - 1e-9));

        // Powers of ten, of which some are left out where there are many; where there are few, twice and five times each as well.
        var decades = Math.Max(1, (last - first + MostTicks - 1) / MostTicks);
        int[] digits = last - first <= 2 ? [1, 2, 5] : [1];
        var candidates = new List<(double Value, string Label)>();
        for (var power = first; power <= last; power += decades)
        {
            foreach (var digit in digits)
            {
                var value = digit * Math.Pow(10, power);
                candidates.Add((value, percent ? Label(value, value, percent) : PowerLabel(digit, power, value)));
            }
        }

        // The range ends at the nearest of the candidates outside the numbers, or at the numbers where there is none.
        var from = candidates.Where(tick => tick.Value <= low * (1 + 1e-9)).Select(tick => tick.Value).DefaultIfEmpty(low).Max();
        var to = candidates.Where(tick => tick.Value >= high * (1 - 1e-9)).Select(tick => tick.Value).DefaultIfEmpty(high).Min();
        return new(from, to, logarithmic: true, [.. candidates.Where(tick => tick.Value >= from && tick.Value <= to)]);
    }

    private static string PowerLabel(int digit, int power, double value)
    {
        if (power is >= -4 and <= 5)
        {
            return Label(value, value, percent: false);
        }

        return (digit == 1 ? "" : Text.Of($"{digit}·")) + PowerOfTen(power);
    }

    private static string PowerOfTen(int power) =>
        $"10{(power < 0 ? "⁻" : "")}{string.Concat(Text.Of($"{Math.Abs(power)}").Select(c => Superscripts[c - '0']))}";

    /// <summary>A number with as many places as tell it from the next tick.</summary>
    private static string Label(double value, double step, bool percent)
    {
        if (percent)
        {
            (value, step) = (value * 100, step * 100);
        }

        var places = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        var text = Math.Abs(value) >= 1e6 || places > 5
            ? Scientific(value)
            : value.ToString("N" + places.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.Replace('-', '−') + (percent ? " %" : "");
    }

    /// <summary>As in 1.5·10⁻⁷.</summary>
    private static string Scientific(double value)
    {
        var parts = value.ToString("0.###e0", CultureInfo.InvariantCulture).Split('e');
        return value == 0 ? "0" : $"{parts[0]}·{PowerOfTen(int.Parse(parts[1], CultureInfo.InvariantCulture))}";
    }
}
