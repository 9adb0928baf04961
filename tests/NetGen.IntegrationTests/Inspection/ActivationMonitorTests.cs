using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Inspection;

/// <summary>What an <see cref="ActivationMonitor"/> finds in networks with several layers.</summary>
public class ActivationMonitorTests
{
    [Fact]
    public void DeadShare_OfRectifiers_CountsThoseThatNoSampleReaches()
    {
        var network = Harness.Trainable(NetSpec.Of("2-4:ReLU-Dropout(0.5)-3-ReLU6-2", Loss.HalfSquaredError, rate: 1e-6));
        network.Parameters.Single(p => p.Name == "layer1.weight").CopyFrom([1, 0, 0, 1, -1, 0, 0, 0]);
        network.Parameters.Single(p => p.Name == "layer1.bias").CopyFrom([0, -5, 0, 1]);
        network.Parameters.Single(p => p.Name == "layer3.weight").CopyFrom(new float[12]);
        network.Parameters.Single(p => p.Name == "layer3.bias").CopyFrom([-1, 2, -3]);

        // Of the first layer unit 0 is reached by the first sample, unit 3 by both, units 1 and 2 by none.
        var probe = new Dataset([[1f, 4], [0, 3]], [[0f, 0], [0, 0]]);
        var monitor = new ActivationMonitor(probe);
        var history = network.Fit(probe, new FitOptions { Epochs = 1, Callbacks = [monitor] }, TestContext.Current.CancellationToken);
        Assert.Equal(["layer1", "layer3", "layer4", "layer5"], monitor.Records.Select(record => record.Node));
        Assert.Equal([0.5, double.NaN, 2 / 3.0, double.NaN], monitor.Records.Select(record => record.DeadShare));
        Assert.Equal([0.5], history["layer1_dead"]);
        Assert.Equal(3 / 8.0, history["layer1_mean"][0], 1e-4);
        Assert.Equal(-2 / 3.0, history["layer3_mean"][0], 1e-4);
        Assert.Equal(Math.Sqrt(3 / 8.0 - 9 / 64.0), history["layer1_deviation"][0], 1e-4);
        Assert.DoesNotContain("layer3_dead", history.Columns);
        Assert.DoesNotContain("layer2_mean", history.Columns);
    }
}
