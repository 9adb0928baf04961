using NetGen.Tests.Support;

namespace NetGen.Tests.Training;

public class MetricTests
{
    private static readonly Metric[] All =
    [
        Metric.Accuracy, Metric.TopKAccuracy(2), Metric.MacroPrecision, Metric.MacroRecall, Metric.MacroF1, Metric.MicroF1, Metric.RocAuc,
        Metric.LogLoss, Metric.MeanSquaredError, Metric.MeanAbsoluteError, Metric.RSquared, Metric.Precision(2), Metric.Recall(2), Metric.F1(2),
    ];

    [Theory]
    [InlineData(7)]
    [InlineData(2500)]
    public void Evaluate_OfClasses_AgreesWithTheSpansFunctions(int count)
    {
        var network = new FakeClassifier(2, 3);
        network.Parameters[0].CopyFrom([1, 0, -1, 0.5f, 0.2f, -1]);
        var clouds = TestEnvironment.Clouds(count);
        var labels = clouds.Labels.ToArray().Select((label, i) => i % 5 == 0 ? 2 : label).ToArray();
        var data = new Dataset(clouds.Inputs.ToArray(), 2, labels, 3);
        var outputs = new float[count * 3];
        network.Predict(data.Inputs, outputs);
        var predicted = outputs.Chunk(3).Select(row => Array.IndexOf(row, row.Max())).ToArray();
        var probabilities = outputs.Chunk(3).SelectMany(row => row.Select(z => (float)(Math.Exp(z) / row.Sum(o => Math.Exp(o))))).ToArray();
        var oneHot = data.OneHot().Targets.ToArray();

        var evaluation = network.Evaluate(data, All);
        Assert.Equal(All.Select(metric => metric.Name), evaluation.Metrics.Keys);
        Assert.Equal(evaluation.Accuracy, evaluation.Metrics[Metric.Accuracy]);
        Assert.Equal(evaluation.Loss, evaluation.Metrics[Metric.LogLoss], 1e-5);
        Assert.Equal(Metrics.TopKAccuracy(outputs, labels, 2), evaluation.Metrics["top_2_accuracy"]);
        Assert.Equal(Metrics.Precision(predicted, labels, 3, Average.Macro), evaluation.Metrics[Metric.MacroPrecision]);
        Assert.Equal(Metrics.Recall(predicted, labels, 3, Average.Macro), evaluation.Metrics[Metric.MacroRecall]);
        Assert.Equal(Metrics.F1(predicted, labels, 3, Average.Macro), evaluation.Metrics[Metric.MacroF1]);
        Assert.Equal(Metrics.F1(predicted, labels, 3)[2], evaluation.Metrics["f1_of_2"]);
        Assert.Equal(Metrics.Recall(predicted, labels, 3)[2], evaluation.Metrics["recall_of_2"]);
        Assert.Equal(Metrics.Precision(predicted, labels, 3)[2], evaluation.Metrics["precision_of_2"]);
        Assert.Equal(Metrics.RocAucOneVersusRest(probabilities, labels), evaluation.Metrics[Metric.RocAuc], 1e-3);
        Assert.Equal(Metrics.MeanSquaredError(outputs, oneHot), evaluation.Metrics[Metric.MeanSquaredError]);
        Assert.Equal(Metrics.MeanAbsoluteError(outputs, oneHot), evaluation.Metrics[Metric.MeanAbsoluteError]);
        Assert.Equal(evaluation.Metrics.Values, network.Evaluate(data.OneHot(), All).Metrics.Values);
        Assert.Contains($"\nmacro_f1: {evaluation.Metrics[Metric.MacroF1].ToString("F5", System.Globalization.CultureInfo.InvariantCulture)}\n", evaluation.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OfOneOutput_AnswersYesOrNo()
    {
        var network = new FakeNetwork(1, 1, Loss.SigmoidCrossEntropy);
        network.Parameters[0].CopyFrom([1]);
        var data = new Dataset([-2f, -1, 1, 2, 3], 1, [0, 1, 0, 1, 1], 2);
        var metrics = network.Evaluate(data, Metric.RocAuc, Metric.LogLoss, Metric.Precision(1), Metric.MeanSquaredError).Metrics;
        Assert.Equal(5 / 6.0, metrics[Metric.RocAuc], 1e-12);
        Assert.Equal(2 / 3.0, metrics["precision_of_1"], 1e-12);
        Assert.Equal((4 + 4 + 1 + 1 + 4) / 5.0, metrics[Metric.MeanSquaredError], 1e-12);
        Assert.Equal(network.Evaluate(data).Loss, metrics[Metric.LogLoss], 1e-6);
    }

    [Fact]
    public void Evaluate_OwnMetric_SeesThePredictions()
    {
        var network = new FakeNetwork(1, 2, Loss.MeanSquaredError);
        network.Parameters[0].CopyFrom([2, 3]);
        var metric = new Metric("sum", p => p.Outputs[0] + p.Outputs[1] + 100 * p.Targets[3] + 1000 * p.Count + (p.HasClasses ? 0.5 : 0));
        var data = new Dataset([1f, 2], 1, [5f, 6, 7, 8], 2);
        Assert.Equal(2 + 3 + 800 + 2000, network.Evaluate(data, metric).Metrics[metric]);
    }

    [Fact]
    public void Evaluate_MetricsThatDoNotFit_NameTheArgument()
    {
        var data = new Dataset([1f, 2], 1, [5f, 6], 1);
        var network = new FakeNetwork(1, 1, Loss.MeanSquaredError);
        Assert.Contains("accuracy, which needs samples with classes", Error(Metric.Accuracy), StringComparison.Ordinal);
        Assert.Contains("must not hold r_squared twice", Error(Metric.RSquared, Metric.RSquared), StringComparison.Ordinal);
        Assert.Contains("metrics[1] must not be null", Error(Metric.RSquared, null!), StringComparison.Ordinal);
        var labels = new Dataset([1f, 2], 1, [0, 1], 2);
        Assert.Contains(
            "a cross-entropy", Assert.Throws<ArgumentException>("metrics", () => network.Evaluate(labels, Metric.LogLoss)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new FakeClassifier(1, 2).Evaluate(labels, Metric.F1(2)));
        Assert.Throws<ArgumentException>("name", () => new Metric("a,b", _ => 0));
        Assert.Throws<ArgumentException>("name", () => new Metric("", _ => 0));
        Assert.Throws<ArgumentNullException>("compute", () => new Metric("a", null!));
        Assert.Throws<ArgumentOutOfRangeException>("ofClass", () => Metric.F1(-1));
        Assert.Throws<ArgumentOutOfRangeException>("k", () => Metric.TopKAccuracy(0));
        Assert.Throws<KeyNotFoundException>(() => network.Evaluate(data, Metric.RSquared).Metrics[Metric.Accuracy]);

        string Error(params Metric[] metrics) => Assert.Throws<ArgumentException>("metrics", () => network.Evaluate(data, metrics)).Message;
    }
}
