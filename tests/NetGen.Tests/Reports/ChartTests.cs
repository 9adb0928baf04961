using System.Xml.Linq;

namespace NetGen.Tests.Reports;

public class ChartTests
{
    [Fact]
    public void Line_OverOneTwoThree_GoesFromLeftToRight()
    {
        var svg = XElement.Parse(SvgChart.Draw(new Chart("t", "x", "y").Line("a", 0, 1, 0.5)));
        var points = Points(Path(svg, "s0 line"));
        Assert.Equal(3, points.Count);

        // Evenly spaced; 0 at the bottom, 1 at the top, ½ between.
        Assert.Equal(points[1].X - points[0].X, points[2].X - points[1].X, 0.2);
        Assert.True(points[0].X < points[1].X);
        Assert.Equal((points[0].Y + points[1].Y) / 2, points[2].Y, 0.2);
        Assert.True(points[0].Y > points[1].Y);
    }

    [Fact]
    public void Line_NotANumber_InterruptsIt()
    {
        var path = Path(XElement.Parse(SvgChart.Draw(new Chart("t", "x", "y").Line("a", 1, 2, double.NaN, 3, 4))), "s0 line");
        Assert.Equal([2, 2], path.Split('M', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('L').Length));
        var logarithmic = new Chart("t", "x", "y") { LogarithmicY = true }.Line("a", 1, 0, -1, 10);
        Assert.Equal(2, Path(XElement.Parse(SvgChart.Draw(logarithmic)), "s0 line").Count(c => c == 'M'));
    }

    [Fact]
    public void Series_MoreThanColours_AreDashed()
    {
        var chart = new Chart("t", "x", "y");
        for (var i = 0; i <= SvgChart.Colors; i++)
        {
            chart.Line($"{i}", 1, 2);
        }

        var svg = XElement.Parse(SvgChart.Draw(chart));
        Assert.NotEmpty(Path(svg, "s0 line"));
        Assert.NotEmpty(Path(svg, "s7 line"));
        Assert.NotEmpty(Path(svg, "s0 line dashed"));
    }

    [Fact]
    public void EqualUnits_Square_IsSquare()
    {
        var svg = XElement.Parse(SvgChart.Draw(new Chart("t", "x", "y") { EqualUnits = true }.Points("a", [0, 1, 1, 0], [0, 0, 1, 1])));
        var points = Points(Path(svg, "s0 points").Replace("h0", "", StringComparison.Ordinal));
        Assert.Equal(points[1].X - points[0].X, points[1].Y - points[2].Y, 0.2);
    }

    [Fact]
    public void Legend_OneSeries_IsLeftOut()
    {
        Assert.Equal("", SvgChart.Legend(new Chart("t", "x", "y").Line("a", 1, 2)));
        Assert.Equal(2, XElement.Parse(SvgChart.Legend(new Chart("t", "x", "y").Line("a", 1, 2).Line("", 1, 2).Points("b", [1], [2]))).Elements().Count());
    }

    [Fact]
    public void Arguments_Wrong_AreNamed()
    {
        Assert.Throws<ArgumentNullException>("title", () => new Chart(null!, "x", "y"));
        Assert.Throws<ArgumentException>("y", () => new Chart("t", "x", "y").Line("a", [1, 2], [1]));
        var chart = new Chart("Places", "x", "y") { EqualUnits = true, LogarithmicX = true };
        Assert.Contains("Places", Assert.Throws<ArgumentException>("charts", () => new HtmlReport("t").Add(chart)).Message);
    }

    private static string Path(XElement svg, string @class) =>
        svg.Elements("path").Single(path => path.Attribute("class")!.Value == @class).Attribute("d")!.Value;

    private static List<(double X, double Y)> Points(string path) =>
    [
        .. path.Split('M', 'L').Where(part => part.Length > 0).Select(part =>
        {
            var numbers = Array.ConvertAll(part.Split(' '), text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
            return (numbers[0], numbers[1]);
        }),
    ];
}
