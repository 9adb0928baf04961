using System.Reflection;
using NetGen.IntegrationTests.Reference;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Surface;

/// <summary>The members that a user sees on a generated class.</summary>
public class SurfaceTests
{
    private static readonly NetSpec Digits = NetSpec.Of("64-32:ReLU-Tanh-10!", Loss.SoftmaxCrossEntropy, batch: 32, rate: 0.125);

    [Fact]
    public void Constants_OfClass_AreTheDeclarations()
    {
        var type = Harness.Compile(Digits).Type("Net");
        var count = new ReferenceNetwork(Digits).ParameterCount;
        Assert.Equal(64, Constant(type, "InputSize"));
        Assert.Equal(10, Constant(type, "OutputSize"));
        Assert.Equal(count, Constant(type, "ParameterCount"));
        Assert.Equal(32, Constant(type, "BatchSize"));
    }

    [Fact]
    public void Interface_OfNetwork_GivesTheConstants()
    {
        var network = Harness.Trainable(Digits);
        Assert.Equal((64, 10, 32), (network.InputSize, network.OutputSize, network.BatchSize));
        Assert.Equal(64 * 32 + 32 + 32 * 10, network.ParameterCount);
        Assert.Equal(network.ParameterCount, network.Parameters.Sum(p => p.Length));
        Assert.Equal(Loss.SoftmaxCrossEntropy, network.Loss);
        Assert.Equal(0.125f, network.LearningRate);
        Assert.Empty(network.Buffers);
        Assert.Empty(network.OptimizerState);
    }

    [Fact]
    public void Summary_OfClass_NamesEveryLayerShapeAndCount()
    {
        var type = Harness.Compile(Digits).Type("Net");
        var summary = (string)type.GetProperty("Summary", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        var words = (string[])["layer1", "layer2", "layer3", "32", "10", "2080", "320", "2400"];
        var digits = summary.Replace(",", "", StringComparison.Ordinal).Replace(" ", " ", StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, digits, StringComparison.Ordinal));
        Assert.Equal(summary, Harness.Network(Digits).Summary);
        Assert.DoesNotContain("\r", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_WithoutSeed_TakesZero()
    {
        var type = Harness.Compile(Digits).Type("Net");
        var seed = Assert.Single(Assert.Single(type.GetConstructors()).GetParameters());
        Assert.Equal(("seed", typeof(int), 0), (seed.Name, seed.ParameterType, seed.DefaultValue));
    }

    [Fact]
    public void Seed_OfNetwork_IsTheConstructorsUnlessSet()
    {
        var network = Harness.Trainable(Digits, seed: 7);
        Assert.Equal(7, network.Seed);
        network.Seed = int.MinValue;
        Assert.Equal(int.MinValue, network.Seed);
    }

    [Fact]
    public void Parameters_OfNetwork_HavePyTorchsNamesAndShapes() =>
        Assert.Equal(
            ["layer1.weight[32, 64]", "layer1.bias[32]", "layer3.weight[10, 32]"],
            Harness.Network(Digits).Parameters.Select(p => p.ToString()));

    [Fact]
    public void Parameters_CopiedInAndOut_AreTheSameBits()
    {
        foreach (var (inputs, outputs) in ((int, int)[])[(1, 1), (3, 16), (5, 17), (2, 32), (7, 33), (4, 48), (9, 49), (11, 64), (6, 100)])
        {
            foreach (var parameter in Harness.Network(NetSpec.Of($"{inputs}-{outputs}")).Parameters)
            {
                var values = TestData.Uniform(parameter.Length, 1, seed: outputs);
                parameter.CopyFrom(values);
                Near.SameBits(values, parameter.ToArray(), $"{inputs}-{outputs} {parameter.Name}");
            }
        }
    }

    [Theory]
    [InlineData(Loss.HalfSquaredError, false)]
    [InlineData(Loss.SigmoidCrossEntropy, false)]
    [InlineData(Loss.SoftmaxCrossEntropy, true)]
    public void Network_OfLoss_TakesLabelsWhereTheLossComparesClasses(Loss loss, bool labels) =>
        Assert.Equal(labels, Harness.Trainable(NetSpec.Of("4-3", loss)) is IClassifierNetwork);

    [Fact]
    public void Network_WithoutTrain_HasNoTrainingCode()
    {
        var generated = Harness.Compile(NetSpec.Of("64-32:ReLU-10"));
        Assert.Null(generated.Type("Net").GetField("BatchSize"));
        Assert.DoesNotContain("TrainBatch", generated.AllSource, StringComparison.Ordinal);
        Assert.DoesNotContain("Gradient", generated.AllSource, StringComparison.Ordinal);
    }

    /// <summary>A user calls the members of the class itself, not those of the interfaces.</summary>
    [Fact]
    public void Members_OfClass_AreCallableAsInTheReadme()
    {
        var source = Digits.ToSource() + """

            /// <summary>What a user writes.</summary>
            public static class Use
            {
                /// <summary>Trains and predicts.</summary>
                public static float[] Run()
                {
                    var net = new Net();
                    System.ReadOnlySpan<float> inputs = new float[2 * Net.InputSize];
                    var gradients = net.CreateGradients();
                    net.LearningRate = 0.5f;
                    var total = net.TrainBatch(inputs, new[] { 1, 9 }) + net.TrainBatch(inputs, new float[2 * Net.OutputSize]);
                    total += net.ComputeGradients(inputs, new[] { 1, 9 }, gradients);
                    var outputs = new float[2 * Net.OutputSize];
                    net.Predict(inputs, outputs);
                    total += net.ComputeLoss(outputs, new[] { 1, 9 });
                    const int sizes = Net.BatchSize + Net.ParameterCount;
                    return new[] { total, sizes, net.Parameters.Count, Net.Summary.Length, gradients.Inputs.Length };
                }
            }
            """;
        var run = Harness.Compile(source).Type("Use").GetMethod("Run")!;
        var results = (float[])run.Invoke(null, null)!;
        Assert.All(results, r => Assert.True(float.IsFinite(r) && r > 0));
    }

    private static object? Constant(Type type, string name) => type.GetField(name, BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue();
}
