using System.Globalization;
using System.Text;
using NetGen;

namespace LeNet5Sample;

/// <summary>Shows what a trained network has learnt: on the console, as PNG files and on one page.</summary>
/// <param name="options">What the user asks for.</param>
/// <param name="network">The trained network.</param>
/// <param name="train">What it learnt from.</param>
/// <param name="test">What it is judged by.</param>
internal sealed class Page(Options options, ITrainableNetwork network, Dataset train, Dataset test)
{
    private const int Width = 28;
    private const int Classes = 5;
    private const int Digits = 5;
    private const int Near = 8;
    private const string LastHidden = "f6";

    /// <summary>So many samples are looked into together: what one inspection keeps of them stays small.</summary>
    private const int Chunk = 2000;

    private readonly NetworkInspector _inspector = new(network);
    private readonly HtmlReport _report = new("LeNet-5");

    /// <summary>Writes everything into the options' folder.</summary>
    public void Write(History history, Evaluation evaluation)
    {
        var file = Path.Combine(options.Output, $"{options.Model.Name}.safetensors");
        network.Save(file);

        var logits = new float[test.Count * network.OutputSize];
        network.Predict(test.Inputs, logits);
        int[] shown = [.. Enumerable.Range(0, Math.Min(Digits, test.Count)), .. Mistakes(logits).Take(Digits)];

        _report.AddText($"{options.Model.Name}: {options.Model.Description}; seed {options.Seed}.").Add(network).Add(history).Add(evaluation);
        Filters();
        Maps();
        Predictions(logits, shown);
        NearestDigits(shown);
        _report.Save(Path.Combine(options.Output, "report.html"));
        Console.WriteLine($"\nPictures, report.html and {Path.GetFileName(file)} are in {options.Output}.\n");
    }

    /// <summary>The test digits that are taken for another.</summary>
    private IEnumerable<int> Mistakes(float[] logits) => Enumerable.Range(0, test.Count).Where(sample =>
        Likeliest.Of(logits.AsSpan(sample * network.OutputSize, network.OutputSize), 1)[0].Class != test.Labels[sample]);

    private void Filters()
    {
        _report.AddHeading("Filters").AddText("Weights: red positive, blue negative, white zero. A row of c3 is one of its 16 filters, a column one of the 6 maps of s2 that it sees.");
        foreach (var layer in (string[])["c1", "c3"])
        {
            var weight = network.Parameters.Single(parameter => parameter.Name == $"{layer}.weight");
            Add(Pictures.Filters(weight), $"{layer}-filters.png", weight.ToString(), scale: layer == "c1" ? 12 : 6);
        }
    }

    /// <summary>What each layer gives for the first test digit.</summary>
    private void Maps()
    {
        var digit = test.InputRow(0);
        var inspection = _inspector.Inspect(digit);
        _report.AddHeading("Feature maps").AddText("What the layers give for the first test digit: red positive, blue negative, white zero, each layer in a scale of its own.");
        Add(ColorMap.Grey(digit, Width), "digit.png", "the digit", scale: 4);
        foreach (var layer in network.Nodes.Where(node => node is ConvolutionNode or PoolNode))
        {
            var (channels, width) = (layer.Shape[0], layer.Shape[2]);
            Add(Pictures.Maps(inspection.Values(layer.Name), channels, width), $"{layer.Name}-maps.png", $"{layer.Name}: {channels} maps", scale: 4);
        }
    }

    /// <summary>The likeliest classes as bars: the first digits, and the first that are taken for another.</summary>
    private void Predictions(float[] logits, int[] shown)
    {
        var text = new StringBuilder();
        foreach (var sample in shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nTest digit {sample} shows {test.Labels[sample]} and is taken for\n");
            foreach (var (digit, p) in Likeliest.Of(logits.AsSpan(sample * network.OutputSize, network.OutputSize), Classes))
            {
                var bar = new string('█', (int)Math.Round(p * 40));
                text.Append(string.Create(CultureInfo.InvariantCulture, $"  {digit}  {p,7:P1}  {bar}").TrimEnd()).Append('\n');
            }
        }

        Console.Write(text);
        _report.AddHeading("What it says").AddText("The first test digits, and the first that it takes for another.")
            .AddPredictions(network, test, shown, Width).AddPreformatted(text.ToString().Trim());
    }

    /// <summary>The training digits whose numbers in the last hidden layer are nearest to a test digit's.</summary>
    private void NearestDigits(int[] shown)
    {
        var known = Features();
        _report.AddHeading("Nearest training digits")
            .AddText($"Left a test digit, then the {Near} training digits that are nearest to it by the {_inspector.SizeOf(LastHidden)} numbers of {LastHidden}, the nearest first.");
        var rows = new List<(Image, string)>();
        foreach (var sample in shown)
        {
            var nearest = Neighbours.Nearest(known, _inspector.Values(LastHidden, test.InputRow(sample)), Near);
            var images = nearest.Select(near => ColorMap.Grey(train.InputRow(near.Row), Width)).Prepend(ColorMap.Grey(test.InputRow(sample), Width));
            var labels = string.Join(' ', nearest.Select(near => train.Labels[near.Row].ToString(CultureInfo.InvariantCulture)));
            rows.Add((Image.Grid([.. images], columns: Near + 1, gap: 1, background: 0.5f), $"{test.Labels[sample]}; its neighbours: {labels}"));
        }

        Image.Grid([.. rows.Select(row => row.Item1)], columns: 1).SavePng(Path.Combine(options.Output, "neighbours.png"));
        _report.AddImages(rows, scale: 2);
    }

    /// <summary>What the last hidden layer gives for all training digits, row after row.</summary>
    private float[] Features()
    {
        var size = _inspector.SizeOf(LastHidden);
        var features = new float[train.Count * size];
        for (var start = 0; start < train.Count; start += Chunk)
        {
            var digits = train.Slice(start, Math.Min(Chunk, train.Count - start));
            _inspector.Values(LastHidden, digits.Inputs).CopyTo(features, start * size);
        }

        return features;
    }

    private void Add(Image image, string file, string caption, int scale)
    {
        image.Enlarge(scale).SavePng(Path.Combine(options.Output, file));
        _report.AddImage(image, caption, scale);
    }
}
