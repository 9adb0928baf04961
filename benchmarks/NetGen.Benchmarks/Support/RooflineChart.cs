using System.Globalization;
using System.Text;

namespace NetGen.Benchmarks.Support;

/// <summary>A call in the picture: how fast its useful operations got done.</summary>
internal sealed record RooflinePoint(string Workload, string Call, double Flops, double Microseconds)
{
    public double Gflops => Flops / Microseconds / 1000;
}

/// <summary>Draws calls as bars below the line of the core's peak, as an SVG that follows the reader's light or dark colours.</summary>
internal static class RooflineChart
{
    private const int Left = 190;
    private const int Right = 70;
    private const int Top = 64;
    private const int Plot = 520;
    private const int Bar = 15;
    private const int Group = 66;

    public static string Draw(IReadOnlyList<RooflinePoint> points, double peak, string title)
    {
        var groups = points.GroupBy(point => point.Workload).ToList();
        var calls = points.Select(point => point.Call).Distinct().ToList();
        var (width, bottom) = (Left + Plot + Right, Top + groups.Count * Group);
        var svg = new StringBuilder();
        void Line(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {bottom + 40}\" width=\"{width}\" height=\"{bottom + 40}\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">");
        Line($"<title>{title}</title>");
        svg.Append("""
            <style>
            text { fill: #24292f } .grid { stroke: #d0d7de } .peak { stroke: #cf222e; stroke-width: 2; stroke-dasharray: 6 3 }
            .c0 { fill: #0969da } .c1 { fill: #9a6700 } .c2 { fill: #1a7f37 }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 } .grid { stroke: #30363d } .peak { stroke: #ff7b72 }
              .c0 { fill: #58a6ff } .c1 { fill: #d29922 } .c2 { fill: #3fb950 }
            }
            </style>

            """.ReplaceLineEndings("\n"));
        Line($"<text x=\"{Left}\" y=\"20\" font-size=\"14\">{title}</text>");
        for (var i = 0; i < calls.Count; i++)
        {
            Line($"<rect class=\"c{i}\" x=\"{Left + i * 120}\" y=\"32\" width=\"12\" height=\"12\"/>");
            Line($"<text x=\"{Left + 18 + i * 120}\" y=\"42\">{calls[i]}</text>");
        }

        var step = peak > 150 ? 50 : peak > 60 ? 25 : 10;
        for (var tick = 0; tick <= peak; tick += step)
        {
            Line($"<line class=\"grid\" x1=\"{X(tick):F1}\" x2=\"{X(tick):F1}\" y1=\"{Top - 6}\" y2=\"{bottom}\"/>");
            Line($"<text x=\"{X(tick):F1}\" y=\"{bottom + 16}\" text-anchor=\"middle\">{tick}</text>");
        }

        for (var g = 0; g < groups.Count; g++)
        {
            var y = Top + g * Group;
            Line($"<text x=\"{Left - 8}\" y=\"{y + 30}\" text-anchor=\"end\">{groups[g].Key}</text>");
            foreach (var point in groups[g])
            {
                var row = calls.IndexOf(point.Call);
                Line($"<rect class=\"c{row}\" x=\"{Left}\" y=\"{y + row * (Bar + 3)}\" width=\"{X(point.Gflops) - Left:F1}\" height=\"{Bar}\"/>");
                Line($"<text x=\"{X(point.Gflops) + 4:F1}\" y=\"{y + row * (Bar + 3) + 12}\">{point.Gflops:F0}</text>");
            }
        }

        Line($"<line class=\"peak\" x1=\"{X(peak):F1}\" x2=\"{X(peak):F1}\" y1=\"{Top - 6}\" y2=\"{bottom}\"/>");
        Line($"<text x=\"{X(peak):F1}\" y=\"{Top - 10}\" text-anchor=\"end\">peak {peak:F0}</text>");
        Line($"<text x=\"{Left + Plot / 2}\" y=\"{bottom + 34}\" text-anchor=\"middle\">GFLOP/s on one core</text>");
        svg.Append("</svg>\n");
        return svg.ToString();

        double X(double gflops) => Left + Plot * gflops / peak;
    }
}
