using MnistSample;
using NetGen;

namespace LecturesSample;

/// <summary>One hidden layer of several widths.</summary>
internal static class WidthSection
{
    private const int Epochs = 20;

    public static void Write(Page page, LectureData data)
    {
        (string Name, ITrainableNetwork Network)[] networks =
        [
            ("784-10-10", new Width10Net(seed: 1)), ("784-30-10", new ScaledLectureNet(seed: 1)),
            ("784-100-10", new Width100Net(seed: 1)), ("784-300-10", new Width300Net(seed: 1)),
        ];
        foreach (var (_, network) in networks)
        {
            // At the lecture's rate of 3 the 300 units drive all outputs into saturation within the first epoch, and they stay there.
            network.LearningRate = 1;
        }

        Comparison.Write(
            page,
            data,
            networks,
            Epochs,
            "Width",
            "One hidden layer of several widths: sigmoids, half squared error, 10 samples a step, scaled start. The learning rate is 1 here: at the "
            + "lecture's 3 the outputs of 784-300-10 saturate at 0 in the first epoch and stay there.");
    }
}
