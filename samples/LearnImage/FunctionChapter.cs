using NetGen;

namespace LearnImageSample;

/// <summary>Learns a function of two variables whose values are ½ and −½.</summary>
internal static class FunctionChapter
{
    private const int Size = 96;
    private const int Batches = 2000;

    public static void Run(Options options, HtmlReport report)
    {
        var plane = new Plane(Size, Size, scale: 1);
        var target = new float[plane.Count];
        for (var i = 0; i < target.Length; i++)
        {
            var (x, y) = plane.Place(i);
            target[i] = Subject.Signs(x, y);
        }

        Console.WriteLine();
        Console.WriteLine("A function of two variables");
        var network = new FunctionNet(options.Seed);
        var lesson = new Lesson(network, plane, target, options.Seed);
        var images = new List<(Image, string)>();
        lesson.Run(new[] { 0, 20, 100, 300, 800, Batches }.Select(batches => (long)batches * FunctionNet.BatchSize), samples =>
            images.Add((ColorMap.Diverging(plane.Predict(network), Size, limit: 0.5f), $"after {samples / FunctionNet.BatchSize} batches")));
        images.Add((ColorMap.Diverging(target, Size, limit: 0.5f), "the function"));
        Image.Grid([.. images.Select(image => image.Item1)], columns: 4).SavePng(Path.Combine(options.Output, "function.png"));
        report.AddHeading("A function of two variables")
            .AddText("½ (red) and −½ (blue) on the quarters of the plane, turned round within a disc; the output has no rectifier, since the function has both signs. "
                + $"Learning rate 0.1, {Batches} batches of 1000 random places.")
            .AddImages(images, scale: 2);
    }
}
