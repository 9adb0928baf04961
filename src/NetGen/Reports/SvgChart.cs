using System.Text;

namespace NetGen;

/// <summary>Draws a <see cref="Chart"/> as SVG; colours come from the page's style sheet, so that they suit light and dark.</summary>
internal static class SvgChart
{
    /// <summary>The colours of the style sheet; further series repeat them in dashes.</summary>
    public const int Colors = 8;

    private const int Width = 640;
    private const int Height = 380;
    private const int Top = 10;
    private const int SmallestRight = 18;
    private const int Bottom = 46;

    /// <summary>Of a line with more points they are not marked singly.</summary>
    private const int MostMarkedPoints = 40;

    /// <summary>The width of a digit of the labels, roughly.</summary>
    private const double Digit = 7.2;

    public static string Draw(Chart chart)
    {
        var shown = chart.Series.SelectMany(Places).ToList();
        var isScatter = chart.Series.All(series => !series.IsLine);
        var x = ChartAxis.Of([.. shown.Select(p => p.X)], chart.LogarithmicX, percent: false, rounded: isScatter && !chart.EqualUnits, whole: shown.All(p => double.IsInteger(p.X)));
        var y = ChartAxis.Of([.. shown.Select(p => p.Y)], chart.LogarithmicY, chart.PercentY, rounded: !chart.EqualUnits);
        var left = (int)Math.Ceiling(30 + Digit * y.Ticks.Select(tick => tick.Label.Length).DefaultIfEmpty(1).Max());
        var right = (int)Math.Ceiling(Math.Max(SmallestRight, Digit / 2 * x.Ticks.Select(tick => tick.Label.Length).DefaultIfEmpty(1).Max()));
        var plot = new Plot(left, Top, Width - left - right, Height - Top - Bottom);
        if (chart.EqualUnits)
        {
            (x, y) = Equalize(x, y, plot);
        }

        var svg = new StringBuilder();
        void Write(FormattableString text) => svg.Append(Text.Of(text));
        Write($"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\"><title>{Html.Encode(chart.Title)}</title>\n");
        foreach (var (value, label) in y.Ticks)
        {
            var at = plot.Y(y, value);
            Write($"<path class=\"grid\" d=\"M{plot.Left} {at:0.#}h{plot.Width}\"/>");
            Write($"<text x=\"{plot.Left - 8}\" y=\"{at + 4:0.#}\" text-anchor=\"end\">{label}</text>\n");
        }

        foreach (var (value, label) in x.Ticks)
        {
            var at = plot.X(x, value);
            Write($"<path class=\"grid\" d=\"M{at:0.#} {plot.Top}v{plot.Height}\"/>");
            Write($"<text x=\"{at:0.#}\" y=\"{plot.Bottom + 18}\" text-anchor=\"middle\">{label}</text>\n");
        }

        Write($"<path class=\"axis\" d=\"M{plot.Left} {plot.Top}v{plot.Height}h{plot.Width}\"/>\n");
        Write($"<text class=\"label\" x=\"{plot.Left + plot.Width / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">{Html.Encode(chart.XLabel)}</text>\n");
        Write($"<text class=\"label\" transform=\"translate(14 {plot.Top + plot.Height / 2}) rotate(-90)\" text-anchor=\"middle\">{Html.Encode(chart.YLabel)}</text>\n");
        for (var i = 0; i < chart.Series.Count; i++)
        {
            var series = chart.Series[i];
            Write($"<path class=\"{Class(series, i)}\" d=\"{(series.IsLine ? LinePath(series) : PointPath(series))}\"/>\n");
            if (series.IsLine && series.X.Length <= MostMarkedPoints)
            {
                Write($"<path class=\"s{i % Colors} marks\" d=\"{PointPath(series)}\"/>\n");
            }
        }

        return svg.Append("</svg>\n").ToString();

        IEnumerable<(double X, double Y)> Places(ChartSeries series) =>
            series.X.Zip(series.Y).Where(p => ChartAxis.Shows(p.First, chart.LogarithmicX) && ChartAxis.Shows(p.Second, chart.LogarithmicY));

        // A point without length, whose stroke's round end is a disc: many points make one short path.
        string PointPath(ChartSeries series)
        {
            var path = new StringBuilder();
            foreach (var (px, py) in Places(series))
            {
                path.Append(Text.Of($"M{plot.X(x, px):0.#} {plot.Y(y, py):0.#}h0"));
            }

            return path.ToString();
        }

        string LinePath(ChartSeries series)
        {
            var (path, isInterrupted) = (new StringBuilder(), true);
            for (var i = 0; i < series.X.Length; i++)
            {
                var isShown = ChartAxis.Shows(series.X[i], chart.LogarithmicX) && ChartAxis.Shows(series.Y[i], chart.LogarithmicY);
                if (isShown)
                {
                    path.Append(Text.Of($"{(isInterrupted ? 'M' : 'L')}{plot.X(x, series.X[i]):0.#} {plot.Y(y, series.Y[i]):0.#}"));
                }

                isInterrupted = !isShown;
            }

            return path.ToString();
        }
    }

    /// <summary>The legend: nothing where there is but one series, which title and axis describe.</summary>
    public static string Legend(Chart chart)
    {
        var named = chart.Series.Select((series, i) => (Series: series, Index: i)).Where(s => s.Series.Name.Length > 0).ToList();
        if (named.Count == 0 || chart.Series.Count == 1)
        {
            return "";
        }

        var items = named.Select(s =>
            $"<li><svg class=\"key\" viewBox=\"0 0 26 10\"><path class=\"{Class(s.Series, s.Index)}\" d=\"{(s.Series.IsLine ? "M1 5h24" : "M13 5h0")}\"/></svg> {Html.Encode(s.Series.Name)}</li>");
        return $"<ul class=\"legend\">{string.Concat(items)}</ul>\n";
    }

    private static string Class(ChartSeries series, int index) =>
        Text.Of($"s{index % Colors} {(series.IsLine ? index >= Colors ? "line dashed" : "line" : "points")}");

    /// <summary>The axis that would be too long for its numbers gets more of them.</summary>
    private static (ChartAxis X, ChartAxis Y) Equalize(ChartAxis x, ChartAxis y, Plot plot)
    {
        // Some room around, so that no point lies on the frame.
        (x, y) = (x.Widen(1.05), y.Widen(1.05));
        var (xUnit, yUnit) = (plot.Width / (x.High - x.Low), plot.Height / (y.High - y.Low));
        return xUnit > yUnit ? (x.Widen(xUnit / yUnit), y) : (x, y.Widen(yUnit / xUnit));
    }

    /// <summary>The rectangle between the axes.</summary>
    private readonly record struct Plot(int Left, int Top, int Width, int Height)
    {
        public int Bottom => Top + Height;

        public double X(ChartAxis axis, double value) => Left + axis.Position(value) * Width;

        public double Y(ChartAxis axis, double value) => Bottom - axis.Position(value) * Height;
    }
}
