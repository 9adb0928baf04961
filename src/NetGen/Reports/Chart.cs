namespace NetGen;

/// <summary>
/// A chart of lines and points over two axes, for an <see cref="HtmlReport"/>. Ticks and ranges follow from the numbers; each line or cloud of
/// points takes the next colour, and a legend says which is which.
/// </summary>
/// <param name="title">What stands above it.</param>
/// <param name="xLabel">What the horizontal axis says.</param>
/// <param name="yLabel">What the vertical axis says.</param>
public sealed class Chart(string title, string xLabel, string yLabel)
{
    private readonly List<ChartSeries> _series = [];

    /// <summary>What stands above it.</summary>
    public string Title { get; } = title ?? throw new ArgumentNullException(nameof(title));

    /// <summary>What the horizontal axis says.</summary>
    public string XLabel { get; } = xLabel ?? throw new ArgumentNullException(nameof(xLabel));

    /// <summary>What the vertical axis says.</summary>
    public string YLabel { get; } = yLabel ?? throw new ArgumentNullException(nameof(yLabel));

    /// <summary>Whether equal distances of the horizontal axis are equal factors; numbers that are not above 0 are then left out.</summary>
    public bool LogarithmicX { get; init; }

    /// <summary>Whether equal distances of the vertical axis are equal factors; numbers that are not above 0 are then left out.</summary>
    public bool LogarithmicY { get; init; }

    /// <summary>Whether the vertical axis shows shares, 0 … 1, as percentages.</summary>
    public bool PercentY { get; init; }

    /// <summary>Whether a unit is as long on both axes, as for places in a plane; then neither axis can be logarithmic.</summary>
    public bool EqualUnits { get; init; }

    internal IReadOnlyList<ChartSeries> Series => _series;

    /// <summary>Adds a line over 1, 2, 3, …, such as epochs.</summary>
    /// <param name="name">What the legend says; empty for no entry.</param>
    /// <param name="y">The heights; at one that is not finite the line is interrupted.</param>
    public Chart Line(string name, params ReadOnlySpan<double> y)
    {
        var x = new double[y.Length];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = i + 1;
        }

        return Line(name, x, y);
    }

    /// <summary>Adds a line through points in the order given.</summary>
    /// <param name="name">What the legend says; empty for no entry.</param>
    /// <param name="x">Where on the horizontal axis.</param>
    /// <param name="y">As many heights; at one that is not finite the line is interrupted.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Chart Line(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Add(name, x, y, isLine: true);

    /// <summary>Adds points without a line.</summary>
    /// <param name="name">What the legend says; empty for no entry.</param>
    /// <param name="x">Where on the horizontal axis.</param>
    /// <param name="y">As many heights; points that are not finite are left out.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Chart Points(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Add(name, x, y, isLine: false);

    private Chart Add(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y, bool isLine)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (x.Length != y.Length)
        {
            throw new ArgumentException(Text.Of($"y must hold {x.Length} numbers, one for each of x, but has {y.Length}."), nameof(y));
        }

        _series.Add(new(name, isLine, x.ToArray(), y.ToArray()));
        return this;
    }
}

/// <summary>A line or a cloud of points.</summary>
internal sealed record ChartSeries(string Name, bool IsLine, double[] X, double[] Y);
