using NetGen;

namespace LecturesSample;

/// <summary>784-30-10 with several activation functions.</summary>
internal static class ActivationsSection
{
    private const int Epochs = 15;

    public static void Write(Page page, LectureData data)
    {
        (string Name, ITrainableNetwork Network)[] networks =
        [
            ("Sigmoid", new SigmoidNet(seed: 1)), ("Tanh", new TanhNet(seed: 1)), ("ReLU", new ReLUNet(seed: 1)), ("LeakyReLU", new LeakyReLUNet(seed: 1)),
            ("ELU", new ELUNet(seed: 1)), ("GELU", new GELUNet(seed: 1)), ("SiLU", new SiLUNet(seed: 1)),
        ];
        Comparison.Write(
            page,
            data,
            networks,
            Epochs,
            "Activation",
            "784-30-10 with one activation or another in the hidden layer: softmax cross-entropy, learning rate 0.1, 10 "
            + "samples a step, starts that suit each.");
    }
}
