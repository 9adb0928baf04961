using MnistSample;
using NetGen;

namespace LecturesSample;

/// <summary>One, two and four hidden layers with about as many weights.</summary>
internal static class DepthSection
{
    private const int Epochs = 20;

    public static void Write(Page page, LectureData data)
    {
        (string Name, ITrainableNetwork Network)[] networks =
        [
            ("784-30-10", new ScaledLectureNet(seed: 1)), ("784-29-29-10", new TwoHiddenNet(seed: 1)),
            ("784-27-27-27-27-10", new FourHiddenNet(seed: 1)),
        ];
        Comparison.Write(
            page,
            data,
            networks,
            Epochs,
            "Depth",
            "About 24,000 weights in one, two and four hidden layers: sigmoids, half squared error, learning rate 3, 10 samples a "
            + "step, scaled start.");
    }
}
