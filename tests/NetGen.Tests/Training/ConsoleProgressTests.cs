using NetGen.Tests.Support;

namespace NetGen.Tests.Training;

public class ConsoleProgressTests
{
    private static readonly EpochProgress Running = new()
    {
        Epoch = 2,
        Epochs = 3,
        Samples = 500,
        TotalSamples = 1000,
        Loss = 0.25,
        ValidationLoss = double.NaN,
        ValidationAccuracy = double.NaN,
        SamplesPerSecond = 123456.7,
        Remaining = TimeSpan.FromSeconds(2.5),
    };

    private static readonly EpochProgress Done = Running with
    {
        Samples = 1000,
        ValidationLoss = 0.125,
        ValidationAccuracy = 0.9,
        Remaining = TimeSpan.FromSeconds(61),
        IsDone = true,
    };

    [Fact]
    public void Report_Redirected_WritesOnePlainLineAnEpoch()
    {
        var text = Write(interactive: false, width: 80, Running, Running, Done, Done with { Epoch = 3 });
        Assert.Equal(
            "Epoch 2/3 loss 0.2500, validation 0.1250, accuracy 0.9000, 123,457 samples/s, 1:01 min left\n"
            + "Epoch 3/3 loss 0.2500, validation 0.1250, accuracy 0.9000, 123,457 samples/s\n",
            text);
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void Report_Terminal_RewritesTheLineAndEndsItWithTheEpoch()
    {
        var text = Write(interactive: true, width: 120, Running, Done);
        Assert.Equal(
            "\rEpoch 2/3 [##########..........] loss 0.2500, 123,457 samples/s, 3 s left"
            + "\rEpoch 2/3 [####################] loss 0.2500, validation 0.1250, accuracy 0.9000, 123,457 samples/s, 1:01 min left\n",
            text);
    }

    [Fact]
    public void Report_WithMetrics_NamesThem()
    {
        var writer = new StringWriter();
        var data = TestEnvironment.Clouds(8);
        var options = new FitOptions { Epochs = 1, Validation = data, Metrics = [Metric.Accuracy, Metric.MacroF1], Progress = new ConsoleProgress(writer, interactive: false) };
        var history = new FakeClassifier(2, 2).Fit(data, options);
        var f1 = history.Epochs[0].Metrics[Metric.MacroF1].ToString("F4", System.Globalization.CultureInfo.InvariantCulture);
        var accuracy = history.Epochs[0].ValidationAccuracy.ToString("F4", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains($", accuracy {accuracy}, macro_f1 {f1}, ", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_ShorterLine_CoversTheOneBefore()
    {
        var text = Write(interactive: true, width: 120, Running with { SamplesPerSecond = 1e12 }, Running);
        var lines = text.Split('\r');
        Assert.Equal(lines[1].Length, lines[2].Length);
        Assert.EndsWith("left" + new string(' ', lines[1].Length - lines[2].TrimEnd().Length), lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Report_NarrowTerminal_NeverFillsTheLine() =>
        Assert.All(Write(interactive: true, width: 30, Running, Done).Split('\r', '\n'), line => Assert.True(line.Length < 30));

    [Fact]
    public void Report_Stopped_EndsTheLine()
    {
        var text = Write(interactive: true, width: 120, Running with { IsStopped = true });
        Assert.EndsWith("samples/s, stopped\n", text, StringComparison.Ordinal);
        Assert.Equal("", Write(interactive: false, width: 120, Running with { IsStopped = true }));
    }

    [Fact]
    public void Report_LongTimes_ReadWell()
    {
        Assert.Contains(", 2:05 h left", Write(false, 80, Done with { Remaining = new TimeSpan(2, 5, 59) }), StringComparison.Ordinal);
        Assert.Contains(", 26:00 h left", Write(false, 80, Done with { Remaining = TimeSpan.FromHours(26) }), StringComparison.Ordinal);
        Assert.Contains(", 59:59 min left", Write(false, 80, Done with { Remaining = new TimeSpan(0, 59, 59) }), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_HostileCulture_WritesTheSame() => Assert.Equal(
        Write(interactive: true, width: 120, Running, Done),
        TestEnvironment.In(TestEnvironment.HostileCulture(), () => Write(interactive: true, width: 120, Running, Done)));

    [Fact]
    public void Constructor_WrongArguments_Throws()
    {
        Assert.Throws<ArgumentNullException>("writer", () => new ConsoleProgress(null!, true));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new ConsoleProgress(TextWriter.Null, true, 19));
    }

    [Fact]
    public void Default_InAFit_WritesWithoutFailing()
    {
        var network = new FakeClassifier(2, 2);
        network.Fit(TestEnvironment.Clouds(8), epochs: 1, progress: ConsoleProgress.Default);
        Assert.Equal(1, network.Steps);
    }

    private static string Write(bool interactive, int width, params EpochProgress[] reports)
    {
        var writer = new StringWriter();
        var progress = new ConsoleProgress(writer, interactive, width);
        foreach (var report in reports)
        {
            progress.Report(report);
        }

        return writer.ToString();
    }
}
