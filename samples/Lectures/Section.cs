using NetGen;

namespace LecturesSample;

/// <summary>A part of the page.</summary>
/// <param name="Name">What <c>--only</c> names it.</param>
/// <param name="Title">Its heading.</param>
/// <param name="NeedsDigits">Whether it needs MNIST.</param>
/// <param name="Write">Computes and writes it.</param>
internal sealed record Section(string Name, string Title, bool NeedsDigits, Action<Page, LectureData> Write)
{
    public static IReadOnlyList<Section> All { get; } =
    [
        new("steps", "2-5-2: step size, batch size, random start", true, StepsSection.Write),
        new("outputs", "2-5-2: how its two outputs part the digits", true, OutputsSection.Write),
        new("epochs", "784-30-10: training data and test data", true, EpochsSection.Write),
        new("scaling", "Unscaled and scaled start", true, ScalingSection.Write),
        new("samples", "Smaller training sets", true, SamplesSection.Write),
        new("width", "Larger networks", true, WidthSection.Write),
        new("depth", "Deep and shallow with one number of weights", true, DepthSection.Write),
        new("activations", "Activation functions", true, ActivationsSection.Write),
        new("rings", "Two rings: linear, and with a hidden layer", false, RingsSection.Write),
        new("gradient", "Gradient flow through (x + y)·z", false, GradientSection.Write),
    ];
}

/// <summary>MNIST, and its digits 0 and 1 as two features; there only where a section needs it.</summary>
internal sealed class LectureData(Dataset? train, Dataset? test)
{
    public Dataset Train { get; } = train!;

    public Dataset Test { get; } = test!;

    public Dataset ZeroOneTrain => field ??= MnistSample.ZeroOneFeatures.From(Train);

    public Dataset ZeroOneTest => field ??= MnistSample.ZeroOneFeatures.From(Test);
}
