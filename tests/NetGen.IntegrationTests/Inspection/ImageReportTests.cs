using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Inspection;

/// <summary>Reports and monitors of networks with images.</summary>
public class ImageReportTests
{
    [Fact]
    public void HtmlReport_OfConvolutions_HasTheLayersAndTheFilters()
    {
        var network = ImageNets.Create("Classic", 1);
        var html = new HtmlReport("t").Add(network).AddWeights(network, width: 5).ToString();
        Assert.Contains("layer1.weight, 6 filters: red positive", html, StringComparison.Ordinal);
        Assert.All(network.Nodes.Skip(1), node => Assert.Contains($"<td>{node.Name}", html, StringComparison.Ordinal));
        Assert.Equal("13x13 pixels of 3", ColorMap.Weights(network.Parameters[0], width: 5, columns: 2, units: 4).ToString());

        // The channels' kernels stand one below the other.
        var weight = ImageNets.Create("Sequence", 1).Parameters[0];
        var values = weight.ToArray();
        var limit = values.Take(12).Max(Math.Abs);
        var expected = Image.Grid([ColorMap.Diverging(values.AsSpan(0, 12), 4, limit)], 1, gap: 1, background: 0.5f);
        Assert.Equal(expected.Pixels.ToArray(), ColorMap.Weights(weight, width: 4, columns: 1, units: 1).Pixels.ToArray());
        Assert.Contains(
            "of a convolution [filters, channels, …, 3]",
            Assert.Throws<ArgumentException>("weight", () => ColorMap.Weights(network.Parameters[0], 3, 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Monitors_OfConvolutions_RecordEachLayer()
    {
        var network = ImageNets.Create("Classic", 1);

        // Filters 1 and 3 of the first convolution give 0 everywhere, whatever comes in.
        network.Parameters[0].CopyFrom([.. network.Parameters[0].ToArray().Select((w, i) => i / 25 is 1 or 3 ? 0 : w)]);
        network.Parameters[1].CopyFrom([5, -1, 5, -1, 5, 5]);
        var data = new Dataset(TestData.Inputs(16, 144, seed: 1), 144, TestData.Labels(16, 5, seed: 2), 5);
        var (layers, activations) = (new LayerMonitor(everySteps: 1), new ActivationMonitor(data));
        network.Fit(data, new FitOptions { Epochs = 1, Callbacks = [layers, activations] }, TestContext.Current.CancellationToken);
        Assert.Equal(network.Parameters.Select(p => p.Name), layers.Records.Take(network.Parameters.Count).Select(record => record.Parameter));
        Assert.All(layers.Records, record => Assert.True(double.IsFinite(record.Gradient) && record.Update >= 0));
        Assert.Equal(["layer1", "layer2", "layer3", "layer4", "layer6", "layer7"], activations.Records.Select(record => record.Node));
        Assert.Equal(2 / 6.0, activations.Records[0].DeadShare);
        Assert.True(double.IsNaN(activations.Records[2].DeadShare));
        Assert.True(activations.Records[2].Deviation > 0);
    }
}
