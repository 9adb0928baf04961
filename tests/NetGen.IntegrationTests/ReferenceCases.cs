using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Generated networks against PyTorch's numbers: every case of the folder, those of features to come skipped by name.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class ReferenceCases
{
    public static TheoryData<string> Names { get; } = [.. CaseFile.Names.DefaultIfEmpty("(no cases)")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Network_OnCase_GivesPyTorchsNumbers(string name)
    {
        var reference = CaseOrSkip.Read(name);
        var network = Harness.Trainable(reference.Spec);
        var scale = Scale(reference.Spec);
        Assert.Equal(reference.InitialParameters.Keys, network.Parameters.Select(p => p.Name));
        foreach (var parameter in network.Parameters)
        {
            Assert.Equal(reference.InitialParameters[parameter.Name].Shape, parameter.Shape.ToArray());
            parameter.CopyFrom(TestData.ToFloats(reference.InitialParameters[parameter.Name].Data));
        }

        Assert.Equal(reference.InitialBuffers.Keys, network.Buffers.Select(b => b.Name));
        BuffersAre(reference.InitialBuffers, network, "at the start, ", scale);
        var predictsAsItTrains = !reference.Spec.Layers.Any(layer => layer is NormSpec { IsBatch: true });
        for (var s = 0; s < reference.Steps.Count; s++)
        {
            Step(network, reference.Steps[s], $"step {s + 1}, ", scale, predictsAsItTrains);
        }

        BuffersAre(reference.FinalBuffers, network, "at the end, ", scale);

        Near.Reference(reference.PredictOutput, network.Predict(TestData.ToFloats(reference.PredictInput)), "prediction", scale);
    }

    private static void BuffersAre(IReadOnlyDictionary<string, CaseTensor> expected, INetwork network, string where, double scale) =>
        Assert.All(network.Buffers, b => Near.Reference(expected[b.Name].Data, b.ToArray(), where + b.Name, scale));

    private static void Step(ITrainableNetwork network, CaseStep step, string where, double scale, bool predictsAsItTrains)
    {
        var x = TestData.ToFloats(step.X);
        var t = TestData.ToFloats(step.Targets);

        // What a case calls its output was computed by a step.
        var output = predictsAsItTrains ? network.Predict(x) : TestData.ToFloats(step.Output);
        Near.Reference(step.Output, output, where + "output", scale);
        Near.Reference([step.Loss], [network.ComputeLoss(output, t)], where + "loss of the predictions", scale);

        var gradients = network.CreateGradients();
        Near.Reference([step.Loss], [network.ComputeGradients(x, t, gradients)], where + "loss with gradients", scale);
        GradientsAre(step, gradients, where, scale);
        var classifier = network as IClassifierNetwork;
        if (step.Labels is not null)
        {
            Assert.NotNull(classifier);
            Near.Reference([step.Loss], [classifier.ComputeLoss(output, step.Labels)], where + "loss of the predictions, labels", scale);
            Near.Reference([step.Loss], [classifier.ComputeGradients(x, step.Labels, gradients)], where + "loss with gradients, labels", scale);
            GradientsAre(step, gradients, where + "labels, ", scale);
        }

        var loss = classifier is not null && step.Labels is not null ? classifier.TrainBatch(x, step.Labels) : network.TrainBatch(x, t);
        Near.Reference([step.Loss], [loss], where + "loss", scale);
        Assert.All(network.Parameters, p => Near.Reference(step.ParametersAfter[p.Name].Data, p.ToArray(), where + p.Name, scale));
    }

    private static void GradientsAre(CaseStep step, Gradients gradients, string where, double scale)
    {
        if (step.InputGradient is not null)
        {
            Near.Reference(step.InputGradient, gradients.Inputs, where + "input gradient", scale);
        }

        if (step.Gradients is not null)
        {
            Assert.All(gradients.Parameters, p => Near.Reference(step.Gradients[p.Name].Data, p.ToArray(), $"{where}{p.Name} gradient", scale));
        }
    }

    /// <summary>√(k/32) for the longest sum k, at least 1.</summary>
    private static double Scale(NetSpec spec) =>
        Math.Sqrt(Math.Max(1, spec.Layers.OfType<DenseSpec>().Select(d => d.Units).Append(spec.Inputs).Max() / 32.0));
}
