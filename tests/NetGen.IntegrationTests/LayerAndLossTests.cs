using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Every activation in every place, every loss after every activation that suits it, against the oracle.</summary>
public class LayerAndLossTests
{
    public static TheoryData<Loss> Losses { get; } = [.. Enum.GetValues<Loss>().Where(l => l is not (Loss.Custom or Loss.WeightedSum))];

    public static TheoryData<Activation> Activations { get; } = [.. Enum.GetValues<Activation>().Where(a => a != Activation.Custom)];

    public static TheoryData<Activation, int> ActivationsAndInputs
    {
        get
        {
            var rows = new TheoryData<Activation, int>();
            foreach (var activation in Enum.GetValues<Activation>().Where(a => a != Activation.Custom))
            {
                rows.Add(activation, (int)activation * 7 % 40 + 1);
            }

            return rows;
        }
    }

    public static TheoryData<Activation, Loss> ActivationsAndLosses { get; } = [.. Sensible.Pairs];

    [Theory]
    [MemberData(nameof(ActivationsAndLosses))]
    public void Loss_AfterActivation_AgreesWithReference(Activation last, Loss loss)
    {
        var outputs = loss is Loss.GaussianNLL or Loss.NegativeBinomial ? 6 : (int)loss % 3 == 0 ? 3 : (int)loss % 3 == 1 ? 18 : 5;
        Oracle.Agrees(NetSpec.Of($"6-{outputs}:{last}", loss, batch: 5, rate: 0.1, huberDelta: 0.4), seed: 3, batches: [5, 2], predictions: [2]);
    }

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(ActivationsAndInputs))]
    public void Activation_AsFirstLayer_AgreesWithReference(Activation kind, int inputs) =>
        Oracle.Agrees(NetSpec.Of($"{inputs}-{kind}-4", Loss.HalfSquaredError, batch: 6), seed: 13);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(Activations))]
    public void Activation_AsLastLayer_AgreesWithReference(Activation kind) =>
        Oracle.Agrees(NetSpec.Of($"5-19-{kind}", Loss.HalfSquaredError, batch: 6), seed: 23);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("7-Tanh-Softplus-5", Loss.HalfSquaredError)]
    [InlineData("7-33:ReLU-Tanh-SiLU-5", Loss.HalfSquaredError)]
    [InlineData("7-20:Softmax-Tanh-5", Loss.HalfSquaredError)]
    [InlineData("7-20-GELU-Softmax", Loss.CrossEntropy)]
    [InlineData("7-20:Tanh-Sigmoid", Loss.BinaryCrossEntropy)]
    [InlineData("7-20:Tanh-4-Softmax-3", Loss.HalfSquaredError)]
    [InlineData("7-20:Softmax-4:Softmax", Loss.MeanSquaredError)]
    [InlineData("7-20:Softmax-Softmax", Loss.HalfSquaredError)]
    [InlineData("40-ReLU-Identity-ReLU6-35-Identity-Sigmoid-Identity", Loss.HalfSquaredError)]
    [InlineData("6-5-Identity", Loss.SoftmaxCrossEntropy)]
    [InlineData("6-5-Softmax-Identity", Loss.HalfSquaredError)]
    public void Activations_InARow_AgreeWithReference(string net, Loss loss) =>
        Oracle.Agrees(NetSpec.Of(net, loss, batch: 9), seed: 33);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("9-16:Softmax", Loss.HalfSquaredError)]
    [InlineData("9-17:Softmax", Loss.MeanAbsoluteError)]
    [InlineData("9-32:Softmax", Loss.HalfSquaredError)]
    [InlineData("9-33:Softmax", Loss.Huber)]
    [InlineData("9-100:Softmax-6", Loss.HalfSquaredError)]
    [InlineData("9-150:Softmax", Loss.HalfSquaredError)]
    [InlineData("9-2", Loss.SoftmaxCrossEntropy)]
    [InlineData("9-15", Loss.SoftmaxCrossEntropy)]
    [InlineData("9-16", Loss.SoftmaxCrossEntropy)]
    [InlineData("9-17", Loss.SoftmaxCrossEntropy)]
    [InlineData("9-32", Loss.SoftmaxCrossEntropy)]
    [InlineData("9-33", Loss.SoftmaxCrossEntropy)]
    [InlineData("9-48", Loss.SoftmaxCrossEntropy)]
    [InlineData("9-100", Loss.SoftmaxCrossEntropy)]
    [InlineData("9-20:Tanh-1000", Loss.SoftmaxCrossEntropy)]
    [InlineData("9-16:Softmax", Loss.CrossEntropy)]
    [InlineData("9-17:Softmax", Loss.CrossEntropy)]
    [InlineData("9-33:Softmax", Loss.CrossEntropy)]
    [InlineData("9-100:Softmax", Loss.CrossEntropy)]
    [InlineData("9-33:Softmax", Loss.Poisson)]
    [InlineData("9-100", Loss.SigmoidCrossEntropy)]
    [InlineData("9-100:Sigmoid", Loss.BinaryCrossEntropy)]
    [InlineData("9-17", Loss.Hinge)]
    [InlineData("9-48", Loss.SquaredHinge)]
    [InlineData("9-100", Loss.Hinge)]
    [InlineData("9-2", Loss.GaussianNLL)]
    [InlineData("9-16", Loss.GaussianNLL)]
    [InlineData("9-34", Loss.GaussianNLL)]
    [InlineData("9-100", Loss.GaussianNLL)]
    [InlineData("9-2", Loss.NegativeBinomial)]
    [InlineData("9-34", Loss.NegativeBinomial)]
    [InlineData("9-64", Loss.NegativeBinomial)]
    public void Rows_OfManyOutputs_AgreeWithReference(string net, Loss loss) =>
        Oracle.Agrees(NetSpec.Of(net, loss, batch: 10, rate: 0.5), seed: 43, batches: [10, 10, 3]);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData("12-LeakyReLU(0)-3")]
    [InlineData("12-9:LeakyReLU(0.5)-3:LeakyReLU(1)")]
    [InlineData("12-9:LeakyReLU(2.5)-3:LeakyReLU(0.001)")]
    [InlineData("12-9:ELU(0.25)-3:ELU(3)")]
    [InlineData("12-ELU(1.5)-3")]
    public void Constants_OfActivations_AgreeWithReference(string net) =>
        Oracle.Agrees(NetSpec.Of(net, Loss.HalfSquaredError, batch: 5), seed: 53);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [InlineData(0.001)]
    [InlineData(0.5)]
    [InlineData(100.0)]
    public void HuberDelta_OfAnySize_AgreesWithReference(double delta) =>
        Oracle.Agrees(NetSpec.Of("12-3", Loss.Huber, batch: 5, huberDelta: delta), seed: 63);

    [Theory]
    [Trait(Widths.Trait, Widths.Every)]
    [MemberData(nameof(Losses))]
    public void Loss_AfterHiddenLayers_AgreesWithReference(Loss loss)
    {
        var last = Enum.GetValues<Activation>().First(a => Sensible.Together(a, loss));
        Oracle.Agrees(NetSpec.Of($"31-20!:Tanh-17:SiLU-12:{last}", loss, batch: 16), seed: 73, batches: [16, 16, 7]);
    }
}
