using System.Globalization;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <summary>Is the oracle right? PyTorch's cases in double precision, and finite differences of its own loss.</summary>
public class ReferenceNetworkTests
{
    private const double Precision = 1e-9;

    /// <summary>PyTorch takes hard sigmoid's slope 1/6 in single precision, in float64 too: 3e-8 off, relatively.</summary>
    private const double HardSigmoidPrecision = 1e-7;

    public static TheoryData<string> Cases { get; } = [.. CaseFile.Names.DefaultIfEmpty("(no cases)")];

    public static TheoryData<Activation, Loss> ActivationsAndLosses { get; } = [.. Sensible.Pairs];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ReferenceNetwork_OnCase_GivesPyTorchsNumbers(string name)
    {
        var reference = CaseOrSkip.Read(name);
        var network = new ReferenceNetwork(reference.Spec);
        var precision = reference.Spec.Layers.Any(l => l is DenseSpec { Function.Kind: Activation.HardSigmoid }) ? HardSigmoidPrecision : Precision;
        foreach (var parameter in network.Parameters)
        {
            Assert.Equal(reference.InitialParameters[parameter.Name].Shape, parameter.Shape);
            reference.InitialParameters[parameter.Name].Data.CopyTo(parameter.Values, 0);
        }

        foreach (var step in reference.Steps)
        {
            Same(step.Output, network.PredictTraining(step.X), "output");
            var gradients = network.ComputeGradients(step.X, step.Targets);
            Same([step.Loss], [gradients.Loss], "loss");
            Same(step.InputGradient, gradients.Inputs, "input gradient");
            for (var p = 0; p < network.Parameters.Count && step.Gradients is not null; p++)
            {
                Same(step.Gradients[network.Parameters[p].Name].Data, gradients.Parameters[p], network.Parameters[p].Name + " gradient");
            }

            Same([step.Loss], [network.TrainBatch(step.X, step.Targets)], "loss of the step");
            Assert.All(network.Parameters, p => Same(step.ParametersAfter[p.Name].Data, p.Values, p.Name));
        }

        Assert.Equal(reference.FinalBuffers.Keys, network.Buffers.Select(b => b.Name));
        Assert.All(network.Buffers, b => Same(reference.FinalBuffers[b.Name].Data, b.Values, b.Name));
        Same(reference.PredictOutput, network.Predict(reference.PredictInput), "prediction");

        void Same(double[]? expected, double[] actual, string what)
        {
            Assert.NotNull(expected);
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(
                    Math.Abs(expected[i] - actual[i]) <= precision * (1 + Math.Abs(expected[i])),
                    string.Create(CultureInfo.InvariantCulture, $"{what}[{i}]: expected {expected[i]:R}, found {actual[i]:R}."));
            }
        }
    }

    [Theory]
    [MemberData(nameof(ActivationsAndLosses))]
    public void ReferenceNetwork_EveryActivationAndLoss_GradientIsTheLosssSlope(Activation activation, Loss loss)
    {
        const int Samples = 3;
        var constant = activation is Activation.ELU or Activation.LeakyReLU ? "(0.3)" : "";
        GradientIsTheLosssSlope(NetSpec.Of($"4-5:{activation}{constant}-3!:{activation}{constant}", loss, huberDelta: 0.4), Samples);
    }

    [Theory]
    [InlineData("4-6-BatchNorm-Tanh-3", 5)]
    [InlineData("4-6-BatchNorm-Tanh-3", 1)]
    [InlineData("4-BatchNorm-6:Tanh-BatchNorm-3", 4)]
    [InlineData("4-6-LayerNorm-Tanh-3", 5)]
    [InlineData("4-LayerNorm-6:Tanh-LayerNorm", 1)]
    [InlineData("4-Dropout(0.4)-6-Dropout(0.5)-Tanh-3", 5)]
    [InlineData("4-GaussianNoise(0.4)-6-GaussianNoise(2)-Tanh-3", 5)]
    [InlineData("4-6-BatchNorm-Dropout(0.3)-Softplus-5-LayerNorm-GaussianNoise(0.5)-Sigmoid-Dropout(0.2)-3", 7)]
    [InlineData("4-6:Swish-5:Mish-5:Ramp-3:Cubic", 3)]
    [InlineData("4-6:Root-5:LnSquare-3:Quotient", 3)]
    public void ReferenceNetwork_NormalizationDropoutNoise_GradientIsTheLosssSlope(string net, int samples) =>
        GradientIsTheLosssSlope(NetSpec.Of(net, Loss.MeanSquaredError), samples);

    [Theory]
    [InlineData("Squares")]
    [InlineData("LogCosh")]
    [InlineData("Relative")]
    public void ReferenceNetwork_LossOfTheClass_GradientIsTheLosssSlope(string loss) =>
        GradientIsTheLosssSlope(NetSpec.OfOwnLoss("4-5:Tanh-3", loss), samples: 3);

    private static void GradientIsTheLosssSlope(NetSpec spec, int samples)
    {
        var loss = spec.Training!.Loss;
        var network = new ReferenceNetwork(spec);
        for (var p = 0; p < network.Parameters.Count; p++)
        {
            TestData.ToDoubles(TestData.Uniform(network.Parameters[p].Values.Length, 0.9f, 10 + p)).CopyTo(network.Parameters[p].Values, 0);
        }

        var x = TestData.ToDoubles(TestData.Inputs(samples, spec.Inputs, seed: 1));
        var t = TestData.ToDoubles(TestData.Targets(loss, samples, spec.Outputs, seed: 2));
        var gradients = network.ComputeGradients(x, t);

        SlopesAre(gradients.Inputs, x, Loss, "inputs");
        for (var p = 0; p < network.Parameters.Count; p++)
        {
            SlopesAre(gradients.Parameters[p], network.Parameters[p].Values, Loss, network.Parameters[p].Name);
        }

        double Loss() => network.ComputeLoss(network.PredictTraining(x), t);
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(1.0, 0.84134474606854294859)]
    [InlineData(-2.5, -2.5 * 0.0062096653257761351670)]
    [InlineData(5.0, 5.0 * 0.99999971334842812080)]
    public void Gelu_AtPoint_IsTheExactForm(double z, double expected) =>
        Assert.Equal(expected, ReferenceFunctions.Value(new FunctionSpec(Activation.GELU), z), 1e-13);

    /// <summary>Central differences: (L(v + h) − L(v − h)) / 2h.</summary>
    private static void SlopesAre(double[] gradient, double[] values, Func<double> loss, string what)
    {
        const double H = 1e-6;
        for (var i = 0; i < values.Length; i++)
        {
            var kept = values[i];
            values[i] = kept + H;
            var above = loss();
            values[i] = kept - H;
            var below = loss();
            values[i] = kept;
            var slope = (above - below) / (2 * H);
            Assert.True(
                Math.Abs(slope - gradient[i]) <= 1e-8 + 1e-6 * Math.Abs(slope),
                string.Create(CultureInfo.InvariantCulture, $"{what}[{i}]: the loss's slope is {slope:R}, the gradient {gradient[i]:R}."));
        }
    }
}
