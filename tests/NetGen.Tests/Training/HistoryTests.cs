using System.Text.Json;
using NetGen.Tests.Support;

namespace NetGen.Tests.Training;

public class HistoryTests
{
    private static readonly Dataset Data = TestEnvironment.Clouds(24);

    [Fact]
    public void Columns_OfEverything_AreNamedAndFilled()
    {
        var network = new FakeClassifier(2, 2);
        var history = network.Fit(Data, new FitOptions
        {
            Epochs = 2,
            Validation = Data.Take(10),
            Metrics = [Metric.Accuracy, Metric.RocAuc],
            MetricsOnTrainingData = true,
        });
        Assert.Equal(
            ["epoch", "loss", "accuracy", "roc_auc", "validation_loss", "validation_accuracy", "validation_roc_auc", "learning_rate", "samples_per_second", "seconds"],
            history.Columns);
        Assert.Equal([1, 2], history["epoch"]);
        Assert.Equal(history.Epochs.Select(epoch => epoch.Loss), history["loss"]);
        Assert.Equal(network.Evaluate(Data).Accuracy, history["accuracy"][1]);
        Assert.Equal(network.Evaluate(Data.Take(10), Metric.RocAuc).Metrics[Metric.RocAuc], history["validation_roc_auc"][1]);
        Assert.Equal(network.Evaluate(Data.Take(10)).Accuracy, history["validation_accuracy"][1]);
        Assert.Equal(history.Epochs[1].Elapsed.TotalSeconds, history["seconds"][1]);
        Assert.Contains("loss, validation_loss", Assert.Throws<KeyNotFoundException>(() => new FakeClassifier(2, 2).Fit(Data, 1, Data)["f1"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_OfTheLeast_LeaveOutTheRest() =>
        Assert.Equal(["epoch", "loss", "learning_rate", "samples_per_second", "seconds"], new FakeClassifier(2, 2).Fit(Data, 1).Columns);

    [Fact]
    public void ToCsv_HostileCulture_HoldsEveryBit()
    {
        var history = new FakeClassifier(2, 2).Fit(Data, 3, Data);
        var lines = TestEnvironment.In(TestEnvironment.HostileCulture(), history.ToCsv).Split('\n');
        Assert.Equal(string.Join(',', history.Columns), lines[0]);
        Assert.Equal("", lines[4]);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var numbers = lines[epoch + 1].Split(',').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(history.Columns.Select(column => history[column][epoch]), numbers);
        }
    }

    [Fact]
    public void ToJson_WithNaN_IsNullThere()
    {
        var metric = new Metric("odd", p => p.Outputs[0] > 1e9 ? 0 : double.NaN);
        var history = new FakeClassifier(2, 2).Fit(Data, new FitOptions { Epochs = 2, Validation = Data, Metrics = [metric] });
        using var json = JsonDocument.Parse(TestEnvironment.In(TestEnvironment.HostileCulture(), history.ToJson));
        Assert.Equal(history.Columns, json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(history["loss"], json.RootElement.GetProperty("loss").EnumerateArray().Select(number => number.GetDouble()));
        Assert.All(json.RootElement.GetProperty("validation_odd").EnumerateArray(), number => Assert.Equal(JsonValueKind.Null, number.ValueKind));
        Assert.Contains(",NaN,", history.ToCsv(), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_ToFiles_WritesThem()
    {
        using var folder = new TemporaryFolder();
        var history = new FakeClassifier(2, 2).Fit(Data, 2);
        history.SaveCsv(folder.File("h.csv"));
        history.SaveJson(folder.File("h.json"));
        Assert.Equal(history.ToCsv(), File.ReadAllText(folder.File("h.csv")));
        Assert.Equal(history.ToJson(), File.ReadAllText(folder.File("h.json")));
        Assert.Throws<ArgumentException>("path", () => history.SaveCsv(""));
    }
}
