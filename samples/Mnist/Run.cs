using NetGen;

namespace MnistSample;

/// <summary>A network of the lecture and the data that it takes.</summary>
/// <param name="Name">What <c>--net</c> names it.</param>
/// <param name="Description">One line for the help.</param>
/// <param name="Create">Makes the network from a seed.</param>
/// <param name="Prepare">Makes its samples from images of 28x28 pixels.</param>
internal sealed record Run(string Name, string Description, Func<int, ITrainableNetwork> Create, Func<Dataset, Dataset> Prepare)
{
    public static IReadOnlyList<Run> All { get; } =
    [
        new("2-5-2", "digits 0 against 1 on two features, sigmoid, half squared error", seed => new ZeroOneNet(seed), ZeroOneFeatures.From),
        new("784-30-10", "all digits, sigmoid, half squared error, standard normal start", seed => new LectureNet(seed), images => images),
        new("784-30-10-scaled", "the same with weights divided by √inputs", seed => new ScaledLectureNet(seed), images => images),
        new("784-30-10-entropy", "the same with cross-entropy and weights that shrink, on 50,000 of the 60,000", seed => new EntropyNet(seed), FirstImages),
        new("784-128-10", "all digits, ReLU, softmax cross-entropy", seed => new RectifierNet(seed), images => images),
        new("784-200-100-10", "two hidden layers of ReLU, softmax cross-entropy", seed => new DeepRectifierNet(seed), images => images),
    ];

    /// <summary>The textbook keeps the last 10,000 training images for validation.</summary>
    private static Dataset FirstImages(Dataset images) => images.Take(Math.Min(50_000, images.Count));

    public override string ToString() => Name;
}
