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
        var outputs = ReferencePairs.Has(loss) ? 4 : 3;
        GradientIsTheLosssSlope(NetSpec.Of($"4-5:{activation}{constant}-{outputs}!:{activation}{constant}", loss, huberDelta: 0.4), Samples);
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
    [InlineData("4-6:Tanh-5-BatchNorm-Sigmoid-3", 2)]
    [InlineData("4-6:Softmax-5:GELU-LayerNorm-3", 1)]
    [InlineData("4-6-Softmax-5:ReLU-3", 1)]
    public void ReferenceNetwork_WithPenalties_GradientIsTheSlopeOfLossAndPenalties(string net, int layer)
    {
        var rules = new RuleSpec { WeightL1 = 0.2, WeightL2 = 0.3, BiasL1 = 0.1, BiasL2 = 0.4, ActivityL1 = 0.5, ActivityL2 = 0.6 };
        GradientIsTheLosssSlope(NetSpec.Of(net, Loss.MeanSquaredError).With((layer, rules)), samples: 5, penalized: true);
    }

    [Theory]
    [InlineData("4-6-BatchNorm-Tanh-3")]
    [InlineData("4-6-LayerNorm-Tanh-3")]
    public void ReferenceNetwork_FrozenNormalization_GradientIsTheLosssSlope(string net) =>
        GradientIsTheLosssSlope(NetSpec.Of(net, Loss.MeanSquaredError).With((2, new() { Frozen = true })), samples: 5);

    [Theory]
    [InlineData("2x5x4 Conv(3,3x2):Tanh 2", 3)]
    [InlineData("4x6x5 Conv(6,3,s2x1,p1x2,g2):SiLU Conv(4,2x3,same,d2,nobias):Tanh Conv(8,1,g4):Softplus 3", 2)]
    [InlineData("3x7 Conv1(4,3,s2,p1):Tanh Conv1(5,2,same,d2) Conv1(5,1,g5) 2", 3)]
    [InlineData("2x3x4 ConvT(3,3x2,s2,p1,o1):Tanh 2", 3)]
    [InlineData("4x3x2 ConvT(6,3x2,s2x3,p1x2,o1x2,g2):SiLU ConvT(4,2x3,same,nobias):Tanh ConvT(8,2,g4,d2):Softplus 3", 2)]
    [InlineData("3x4 ConvT1(4,3,s2,p1,o1):Tanh ConvT1(5,2,s2,same) ConvT1(5,1,g5,p1) 2", 3)]
    [InlineData("4 Linear(5) Bias Tanh Linear(3) Bias", 3)]
    [InlineData("2x3x4 Bias Conv(3,2,nobias) Bias ReLU AvgPool(2) a=Bias b=ConvT(3,2,nobias)@layer5 Flatten@a Flatten@b Concat(layer8,layer9) Bias Bias 2", 3)]
    [InlineData("2x6x7 MaxPool(3,s2,p1) AvgPool(2x3,s1,p1) MaxPool(1x2,s1) 3", 3)]
    [InlineData("3x9 AvgPool1(3,s2,p1) MaxPool1(2) 3", 3)]
    [InlineData("3x4x3 a=GlobalMaxPool b=GlobalAvgPool@input Multiply(a,b) 2", 3)]
    [InlineData("24 Reshape(2x3x4) Conv(2,2) Reshape(2x6) Conv1(3,2) Flatten LayerNorm Reshape(3x5x1) BatchNorm Flatten 2", 3)]
    [InlineData("3x4x4 BatchNorm Conv(4,3) BatchNorm Tanh GlobalAvgPool 3", 4)]
    [InlineData("3x4x4 Conv(4,3) BatchNorm Tanh GlobalAvgPool 3", 1)]
    [InlineData("2x1x1 BatchNorm Flatten 3:Tanh", 1)]
    [InlineData("2x5x5 Dropout(0.3) Conv(3,2) GaussianNoise(0.3) Dropout(0.2) GELU 2", 3)]
    [InlineData("5 a=4:Tanh b=4@a c=4:SiLU@a d=Add(a,b,c,a) Multiply(a,d,d) e=3:Softmax Concat(e,a,input,e) 2", 4)]
    [InlineData("2x5x5 a=Conv(4,3,same):Tanh BatchNorm Conv(4,3,same) b=Add(layer3,a) c=Conv(2,3,same)@a d=Concat(b,c,input) MaxPool(2) GlobalAvgPool 3", 3)]
    [InlineData("2x5x4 Conv(3,2):Swish Conv(3,2,same):Root Quotient Conv(2,2):LnSquare 2", 3)]
    [InlineData("2x3x4 a=Conv(3,2,same):Sigmoid b=Conv(3,3,same) Multiply(b,a)", 2)]
    public void ReferenceNetwork_OfImagesAndBranches_GradientIsTheLosssSlope(string net, int samples) =>
        GradientIsTheLosssSlope(GraphText.Of(net, Loss.MeanSquaredError, samples), samples);

    [Theory]
    [InlineData("Squares")]
    [InlineData("LogCosh")]
    [InlineData("Relative")]
    public void ReferenceNetwork_LossOfTheClass_GradientIsTheLosssSlope(string loss) =>
        GradientIsTheLosssSlope(NetSpec.OfOwnLoss("4-5:Tanh-3", loss), samples: 3);

    private static void GradientIsTheLosssSlope(NetSpec spec, int samples, bool penalized = false)
    {
        var loss = spec.Training!.Loss;
        var network = new ReferenceNetwork(spec);
        for (var p = 0; p < network.Parameters.Count; p++)
        {
            TestData.ToDoubles(TestData.Uniform(network.Parameters[p].Values.Length, 0.9f, 10 + p)).CopyTo(network.Parameters[p].Values, 0);
        }

        var x = TestData.ToDoubles(TestData.Inputs(samples, spec.Inputs, seed: 1));
        var t = TestData.ToDoubles(TestData.Targets(loss, samples, spec.Outputs, seed: 2));
        var gradients = penalized ? network.ComputePenalizedGradients(x, t) : network.ComputeGradients(x, t);

        SlopesAre(gradients.Inputs, x, Loss, "inputs");
        for (var p = 0; p < network.Parameters.Count; p++)
        {
            SlopesAre(gradients.Parameters[p], network.Parameters[p].Values, Loss, network.Parameters[p].Name);
        }

        double Loss() => penalized ? network.ComputePenalizedLoss(x, t) : network.ComputeLoss(network.PredictTraining(x), t);
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
