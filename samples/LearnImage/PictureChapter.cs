using System.Globalization;
using NetGen;

namespace LearnImageSample;

/// <summary>Learns the picture, then shows what it becomes when only some neurons are on.</summary>
internal static class PictureChapter
{
    /// <summary>Half the side of the plane: wider planes are learnt faster in detail, until the step is too large for them.</summary>
    private const float Scale = 4;

    private const int LongestShownSide = 128;
    private const int LongestSmallSide = 48;
    private const int MostStarts = 20;

    public static double Run(Options options, HtmlReport report)
    {
        var picture = options.Image is null ? Subject.DrawPicture() : Image.Load(options.Image).ToGrey();
        var plane = new Plane(picture.Width, picture.Height, Scale);
        var shown = plane.Coarsen(LongestShownSide);
        float[] target = [.. picture.Pixels];
        picture.SavePng(Path.Combine(options.Output, "target.png"));

        Console.WriteLine("The picture");
        Console.WriteLine(PictureNet.Summary);
        var (network, lesson, stages) = Learn(options, plane, shown, target);
        var outputs = plane.Predict(network);
        var rSquared = RSquared(outputs, target);

        var grid = Image.Grid([.. stages.Select(stage => stage.Picture)], columns: 4);
        grid.SavePng(Path.Combine(options.Output, "stages.png"));
        report.AddHeading("The picture, learnt")
            .AddText("The network takes a place in the plane and gives the brightness there. It learns from random places of the picture, "
                + "1000 in each step of plain gradient descent with learning rate 0.1.")
            .Add(network)
            .AddImages([.. stages, (picture, "what is to be learnt")], scale: 2)
            .Add(new Chart("Mean squared error", "samples", "mean since the point before") { LogarithmicX = true, LogarithmicY = true }
                .Line("loss", [.. lesson.Stages.Select(s => (double)s.Samples)], [.. lesson.Stages.Select(s => s.Loss)]))
            .AddText(string.Create(CultureInfo.InvariantCulture, $"After {lesson.Stages[^1].Samples:N0} samples the network explains {rSquared:P1} of the picture's variance (R²)."));

        Console.WriteLine("Neurons switched off");
        for (var layer = 3; layer >= 1; layer--)
        {
            SwitchOff(options, report, network, layer, shown);
        }

        return rSquared;
    }

    /// <summary>
    /// Trains, from another start where need be: a rectified output that is 0 everywhere has no slope, so that it stays 0, and the first steps can
    /// lead there.
    /// </summary>
    private static (PictureNet Network, Lesson Lesson, List<(Image Picture, string Caption)> Stages) Learn(
        Options options, Plane plane, Plane shown, float[] target)
    {
        for (var seed = options.Seed; seed < options.Seed + MostStarts; seed++)
        {
            var network = new PictureNet(seed);
            var lesson = new Lesson(network, plane, target, seed);
            var stages = new List<(Image Picture, string Caption)>();
            var isDead = false;
            long[] all = [0, 20_000, 50_000, 150_000, 500_000, 1_500_000, options.Samples];
            lesson.Run(all.Where(n => n < options.Samples).Append(options.Samples).TakeWhile(_ => !isDead), samples =>
            {
                var outputs = shown.Predict(network);
                isDead = outputs.All(y => y == 0);
                var image = ColorMap.Grey(outputs, shown.Width);
                image.SavePng(Path.Combine(options.Output, string.Create(CultureInfo.InvariantCulture, $"stage-{samples:D9}.png")));
                stages.Add((image, string.Create(CultureInfo.InvariantCulture, $"after {samples:N0} samples")));
            });
            if (!isDead)
            {
                return (network, lesson, stages);
            }

            Console.WriteLine($"The output became 0 everywhere, where its rectifier has no slope: again, with seed {seed + 1}.");
        }

        throw new InvalidDataException($"From {MostStarts} starts the output became 0 everywhere, where its rectifier has no slope.");
    }

    private static void SwitchOff(Options options, HtmlReport report, PictureNet network, int layer, Plane shown)
    {
        var neurons = network.Parameters[2 * (layer - 1)].Shape[0];
        var half = neurons / 2;
        var inspector = new NetworkInspector(network);
        var look = inspector.Inspect(shown.Places());
        Image Picture(Func<int, bool> isOn) => ColorMap.Grey(look.Predict(NeuronMask.Where($"layer{layer}", isOn)), shown.Width);
        (Image, string)[] groups =
        [
            (Picture(_ => true), $"all {neurons} neurons on"),
            (Picture(neuron => neuron >= half), $"the first {half} deleted"),
            (Picture(neuron => neuron < half), $"the last {neurons - half} deleted"),
            (Picture(neuron => neuron < 10), "all but the first 10 deleted"),
        ];
        Image.Grid([.. groups.Select(group => group.Item1)], columns: 4).SavePng(Path.Combine(options.Output, $"layer{layer}-groups.png"));

        var small = shown.Coarsen(LongestSmallSide);
        var smallLook = inspector.Inspect(small.Places());

        // Before the output's rectifier: what a neuron takes away is then seen as well as what it adds.
        float[] Sums(params int[] neurons) => smallLook.Values("layer4.z", NeuronMask.Only($"layer{layer}", neurons));
        var none = Sums();
        var singles = new List<Image>();
        var silent = 0;
        for (var neuron = 0; neuron < neurons; neuron++)
        {
            var change = Sums(neuron);
            for (var i = 0; i < change.Length; i++)
            {
                change[i] -= none[i];
            }

            silent += change.All(c => c == 0) ? 1 : 0;
            singles.Add(ColorMap.Diverging(change, small.Width));
        }

        var grid = Image.Grid(singles, columns: neurons % 20 == 0 ? 20 : 15, gap: 2, background: 0.5f);
        grid.SavePng(Path.Combine(options.Output, $"layer{layer}-neurons.png"));
        Console.WriteLine($"  layer {layer}: {neurons} neurons, each alone; {silent} of them change nothing then");
        report.AddHeading($"Neurons of hidden layer {layer} switched off")
            .AddText("A neuron that is switched off counts for nothing in the next layer; all other layers are as they were learnt.")
            .AddImages(groups, scale: 2)
            .AddText("Each neuron alone, all others of its layer off: what it adds (red) or takes away (blue) from the picture with none of them, "
                + $"before the output's rectifier, each picture in its own scale. {silent} of {neurons} change nothing.")
            .AddImage(grid, $"The {neurons} neurons of hidden layer {layer}, each alone.");
    }

    /// <summary>1 − Σ(y − t)² / Σ(t − mean t)².</summary>
    private static double RSquared(float[] outputs, float[] target)
    {
        var mean = target.Average(t => (double)t);
        var variance = target.Sum(t => (t - mean) * (t - mean));
        return 1 - outputs.Zip(target).Sum(p => ((double)p.First - p.Second) * (p.First - p.Second)) / variance;
    }
}
