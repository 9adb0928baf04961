using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NetGen.Tests.Support;

namespace NetGen.Tests.Reports;

public class HtmlReportTests
{
    private const string Hostile = "<script>alert('x')</script> & \"q\"";

    [Fact]
    public void ToString_EveryKindOfContent_IsWellFormedAndNeedsNothingElse()
    {
        var html = Full().ToString();
        Parse(html);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);
        Assert.All(Regex.Matches(html, "src=\"(.{0,22})").Select(match => match.Groups[1].Value), source => Assert.Equal("data:image/png;base64,", source));
        Assert.DoesNotContain('\r', html);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_HostileText_IsTextEverywhere()
    {
        var html = Full().ToString();
        Assert.DoesNotContain("alert('x')", html, StringComparison.Ordinal);
        var document = Parse(html);
        Assert.Equal(Hostile, document.Descendants("h1").Single().Value);
        Assert.Equal(Hostile, document.Descendants("h2").First().Value);
        Assert.Contains(document.Descendants("td"), cell => cell.Value == Hostile);
        Assert.Contains(document.Descendants("img"), image => image.Attribute("alt")!.Value == Hostile);
        Assert.Contains(document.Descendants("li"), item => item.Value.Trim() == Hostile);
    }

    [Fact]
    public void ToString_AnyCultureAndTime_IsTheSame() =>
        Assert.Equal(Full().ToString(), TestEnvironment.In(TestEnvironment.HostileCulture(), () => Full().ToString()));

    [Fact]
    public void AddHeading_FourOfThem_AreListedWithTheirPlaces()
    {
        var report = new HtmlReport("t").AddHeading("a").AddHeading("b").AddHeading("c");
        Assert.Empty(Parse(report.ToString()).Descendants("nav"));
        var document = Parse(report.AddHeading("d").ToString());
        var targets = document.Descendants("nav").Single().Elements("a").Select(a => a.Attribute("href")!.Value);
        Assert.Equal(document.Descendants("h2").Select(h => "#" + h.Attribute("id")!.Value), targets);
    }

    [Fact]
    public void Add_OtherReports_KeepsTheOrderAndNumbersHeadings()
    {
        var part = new HtmlReport("part").AddHeading("a").AddText("x").AddHeading("b");
        var document = Parse(new HtmlReport("whole").AddHeading("first").Add(part).Add(part).ToString());
        Assert.Equal(["first", "a", "b", "a", "b"], document.Descendants("h2").Select(h => h.Value));
        Assert.Equal(["section-1", "section-2", "section-3", "section-4", "section-5"], document.Descendants("h2").Select(h => h.Attribute("id")!.Value));
        Assert.Equal(2, document.Descendants("p").Count());
        Assert.Equal("whole", document.Descendants("h1").Single().Value);
        Assert.Equal(["a", "b", "a", "b"], Parse(part.Add(part).ToString()).Descendants("h2").Select(h => h.Value));
    }

    [Fact]
    public void AddText_EmptyLine_BeginsAParagraph()
    {
        var paragraphs = Parse(new HtmlReport("t").AddText("one\r\nstill one\r\n\r\n two ").ToString()).Descendants("p");
        Assert.Equal(["one\nstill one", "two"], paragraphs.Select(p => p.Value));
    }

    [Fact]
    public void AddTable_ColumnsOfNumbers_AreFlushRight()
    {
        var document = Parse(new HtmlReport("t").AddTable(["what", "lecture", "ours"], [["2-5-2", "–", "−1.5 %"], ["5", "95 %", "2 of 3"]]).ToString());
        Assert.Equal([null, "n", "n"], document.Descendants("th").Select(cell => cell.Attribute("class")?.Value));
        Assert.Equal(["2-5-2", "–", "−1.5 %", "5", "95 %", "2 of 3"], document.Descendants("td").Select(cell => cell.Value));
        var error = Assert.Throws<ArgumentException>("rows", () => new HtmlReport("t").AddTable(["a", "b"], [["1", "2"], ["1"]]));
        Assert.Contains("rows[1] must have 2 cells", error.Message);
    }

    [Fact]
    public void Add_Network_IsATableOfItsLayers()
    {
        var report = new HtmlReport("t").Add(new Described(
            "Layer                    Output  Parameters  FLOPs\ninput (Input)               784           0      0\nTotal                                 23860  47640\n"));
        var document = Parse(report.ToString());
        Assert.Equal(["Layer", "Output", "Parameters", "FLOPs"], document.Descendants("th").Select(cell => cell.Value));
        Assert.Equal(["input (Input)", "784", "0", "0", "Total", "", "23860", "47640"], document.Descendants("td").Select(cell => cell.Value));
        Assert.Equal("some other text", Parse(new HtmlReport("t").Add(new Described("some other text")).ToString()).Descendants("pre").Single().Value);
    }

    [Fact]
    public void Add_NetworkThatTellsItsMemory_SaysSoBelowTheTable()
    {
        var report = new HtmlReport("t").Add(new Described(
            "Layer          Output  Parameters  FLOPs\ninput (Input)     784           0      0\n\nMemory in bytes: 64 of parameters.\n"));
        var document = Parse(report.ToString());
        Assert.Equal(["input (Input)", "784", "0", "0"], document.Descendants("td").Select(cell => cell.Value));
        Assert.Contains("Memory in bytes: 64 of parameters.", document.Descendants("p").Select(text => text.Value));
    }

    [Fact]
    public void Add_History_DrawsWhatAppliesAndNamesTheBestEpoch()
    {
        var document = Parse(new HtmlReport("t").Add(History((0.5, 0.6, 0.8), (0.3, 0.4, 0.9), (0.2, 0.5, 0.9))).ToString());
        Assert.Equal(["Loss", "Accuracy"], document.Descendants("h3").Select(title => title.Value));
        Assert.Equal(["training loss", "validation loss"], document.Descendants("li").Select(item => item.Value.Trim()));
        string[][] expected =
        [
            ["training loss", "0.20000", "0.20000", "3"], ["validation loss", "0.50000", "0.40000", "2"], ["validation accuracy", "90.00 %", "90.00 %", "2"],
        ];
        Assert.Equal(expected, document.Descendants("tbody").Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray()));

        var alone = Parse(new HtmlReport("t").Add(History((0.5, double.NaN, double.NaN))).ToString());
        Assert.Single(alone.Descendants("h3"));
        Assert.Single(alone.Descendants("tbody").Elements("tr"));
        Assert.Contains("cancelled after 0 epochs", new HtmlReport("t").Add(new History([], cancelled: true, stopped: false, TimeSpan.Zero)).ToString());
    }

    [Fact]
    public void Add_ConfusionMatrix_ColoursByShareOfTheRow()
    {
        var matrix = Matrix(3, (0, 0, 9), (0, 1, 1), (1, 1, 4));
        var document = Parse(new HtmlReport("t").Add(matrix, ["cat", "dog", "cow"]).ToString());
        var rows = document.Descendants("tbody").Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray()).ToList();
        Assert.Equal(["cat", "9", "1", "0", "90.0 %"], rows[0]);
        Assert.Equal(["cow", "0", "0", "0", "–"], rows[2]);
        Assert.Equal(["precision", "100.0 %", "80.0 %", "–", ""], rows[3]);
        var colours = document.Descendants("td").Select(cell => cell.Attribute("style")?.Value).OfType<string>().ToList();
        Assert.Equal(["background:rgb(var(--hit)/0.68)", "background:rgb(var(--miss)/0.32)", "background:rgb(var(--hit)/0.70)"], colours);
        Assert.Throws<ArgumentException>("classNames", () => new HtmlReport("t").Add(matrix, ["cat"]));
        Assert.Single(Parse(new HtmlReport("t").Add(Matrix(31, (3, 4, 5))).ToString()).Descendants("img"));
    }

    [Fact]
    public void AddPredictions_Logits_AreShownAsProbabilities()
    {
        var network = new FakeClassifier(4, 3);
        network.Parameters[0].CopyFrom([10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0]);
        network.Parameters[1].CopyFrom(new float[3]);
        var data = new Dataset([[1, 0, 0, 0], [0, 0.1f, 0, 0]], [0, 2], 3);
        var document = Parse(new HtmlReport("t").AddPredictions(network, data, [0, 1], 2, ["a", "b", "c"]).ToString());
        Assert.Equal(["a ✓", "c → b ✗"], document.Descendants("span").Where(span => span.Attribute("class") is not null).Select(span => span.Value));

        // exp 1 / (exp 1 + 2) = 0.576 for logits 0, 1, 0; equal ones keep their order.
        Assert.Equal(["a1.00", "b0.00", "c0.00", "b0.58", "a0.21", "c0.21"], document.Descendants("div").Where(div => (string?)div.Attribute("class") == "bar").Select(bar => bar.Value));
        Assert.Equal("width:57.6%", document.Descendants("i").ElementAt(3).Attribute("style")!.Value);
    }

    [Fact]
    public void AddPredictions_WrongArguments_AreNamed()
    {
        var (report, network) = (new HtmlReport("t"), new FakeClassifier(4, 3));
        var data = new Dataset([[1, 0, 0, 0]], [0], 3);
        Assert.Throws<ArgumentException>("data", () => report.AddPredictions(network, new Dataset([[1f, 2]], [0], 3), [0], 2));
        Assert.Throws<ArgumentException>("data", () => report.AddPredictions(network, data.OneHot(), [0], 2));
        Assert.Throws<ArgumentException>("width", () => report.AddPredictions(network, data, [0], 3));
        Assert.Throws<ArgumentException>("classNames", () => report.AddPredictions(network, data, [0], 2, ["a"]));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => report.AddPredictions(network, data, [1], 2));
        Assert.DoesNotContain("card\"", report.ToString());
    }

    [Fact]
    public void AddWeights_Picture_IsTheWeightsOwn()
    {
        var network = new FakeNetwork(6, 4, Loss.HalfSquaredError);
        var image = Parse(new HtmlReport("t").AddWeights(network, width: 3).ToString()).Descendants("img").Single();
        var png = Image.Load(new MemoryStream(Convert.FromBase64String(image.Attribute("src")!.Value["data:image/png;base64,".Length..])));
        Assert.Equal("17x4 pixels of 3", png.ToString());
        Assert.Equal("136", image.Attribute("width")!.Value);
        Assert.Throws<ArgumentException>("weight", () => new HtmlReport("t").AddWeights(network, width: 4));
    }

    [Fact]
    public void Save_Report_IsTheText()
    {
        using var folder = new TemporaryFolder();
        var report = Full();
        report.Save(folder.File("a.html"));
        Assert.Equal(report.ToString(), File.ReadAllText(folder.File("a.html")));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static HtmlReport Full()
    {
        var network = new FakeClassifier(4, 3);
        var data = new Dataset([[1, 0, 0, 0], [0, 0.1f, -3, 0]], [0, 2], 3);
        var chart = new Chart(Hostile, Hostile, Hostile) { LogarithmicY = true };
        chart.Line(Hostile, 1, 0.1, double.NaN, 0, -1, 2).Points("p", [1.5, 2], [3, double.PositiveInfinity]);
        return new HtmlReport(Hostile)
            .AddHeading(Hostile).AddText(Hostile).AddPreformatted(Hostile).AddTable([Hostile, "n"], [[Hostile, "1"]])
            .Add(chart, new Chart("empty", "x", "y"), new Chart("plane", "x", "y") { EqualUnits = true }.Points("", [1, 2, 9], [3, 4, 5]))
            .Add(network).Add(History((0.5, 0.6, 0.8), (0.3, 0.4, 0.9))).Add(network.Evaluate(data)).Add(Matrix(2, (1, 0, 1000)), [Hostile, Hostile])
            .AddWeights(network, 2).AddPredictions(network, data, [0, 1], 2, [Hostile, "b", "c"])
            .AddImage(new Image(2, 2), Hostile, 3).AddImages([(new Image(1, 1, 3), "a"), (new Image(1, 1, 4), Hostile)]);
    }

    /// <summary>The page as XML, which it is but for its first line and for tags that HTML does not close.</summary>
    private static XElement Parse(string html)
    {
        const string Doctype = "<!DOCTYPE html>\n";
        Assert.StartsWith(Doctype, html);
        return XElement.Parse(Regex.Replace(html[Doctype.Length..], "<(meta|img)([^>]*)>", "<$1$2/>").Replace(" xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal), LoadOptions.PreserveWhitespace);
    }

    private static History History(params (double Loss, double ValidationLoss, double Accuracy)[] epochs) => new(
        [.. epochs.Select((e, i) => new EpochResult(i + 1, e.Loss, e.ValidationLoss, e.Accuracy, 1000, TimeSpan.FromSeconds(i)))],
        cancelled: false,
        stopped: false,
        TimeSpan.FromSeconds(7));

    private static ConfusionMatrix Matrix(int classes, params (int Actual, int Predicted, int Count)[] cells)
    {
        var matrix = new ConfusionMatrix(classes);
        foreach (var (actual, predicted, count) in cells)
        {
            for (var i = 0; i < count; i++)
            {
                matrix.Add(actual, predicted);
            }
        }

        return matrix;
    }

    private sealed class Described(string summary) : INetwork
    {
        public int InputSize => 1;

        public int OutputSize => 1;

        public int ParameterCount => 0;

        public string Summary => summary;

        public IReadOnlyList<NetworkNode> Nodes => [];

        public IReadOnlyList<Parameter> Parameters => [];

        public IReadOnlyList<Parameter> Buffers => [];

        public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => throw new NotSupportedException(CultureInfo.InvariantCulture.Name);
    }
}
