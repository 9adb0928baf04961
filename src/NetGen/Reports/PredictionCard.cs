using System.Text;

namespace NetGen;

/// <summary>A sample as a picture, and what a network says of it.</summary>
internal static class PredictionCard
{
    public static void Check(INetwork network, Dataset data, int width, IReadOnlyList<string>? classNames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (!data.HasLabels || data.Classes > network.OutputSize || network.OutputSize < 2 || data.InputSize != network.InputSize)
        {
            throw new ArgumentException(
                Text.Of($"data must have labels of at most {network.OutputSize} classes, two or more, and {network.InputSize} inputs, but is {data}."),
                nameof(data));
        }

        if (data.InputSize % width != 0)
        {
            throw new ArgumentException(Text.Of($"width must divide the {data.InputSize} inputs of a sample, but is {width}."), nameof(width));
        }

        if (classNames is not null && classNames.Count != network.OutputSize)
        {
            throw new ArgumentException(
                Text.Of($"classNames must hold {network.OutputSize} names, one an output, but has {classNames.Count}."), nameof(classNames));
        }
    }

    /// <summary>Logits become probabilities; what are no logits stays.</summary>
    public static double[] Probabilities(INetwork network, ReadOnlySpan<float> outputs)
    {
        var values = new double[outputs.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = outputs[i];
        }

        switch ((network as ITrainableNetwork)?.Loss)
        {
            case Loss.SoftmaxCrossEntropy:
                var largest = values.Max();
                var exponentials = Array.ConvertAll(values, z => Math.Exp(z - largest));
                var sum = exponentials.Sum();
                return Array.ConvertAll(exponentials, e => e / sum);
            case Loss.SigmoidCrossEntropy:
                return Array.ConvertAll(values, z => 1 / (1 + Math.Exp(-z)));
            default:
                return values;
        }
    }

    public static string Write(
        ReadOnlySpan<float> inputs, int width, int actual, double[] outputs, int shownOutputs, IReadOnlyList<string>? names)
    {
        string Name(int i) => Html.Encode(names?[i] ?? Text.Of($"{i}"));
        var order = Enumerable.Range(0, outputs.Length).OrderByDescending(i => outputs[i]).ThenBy(i => i).ToList();
        var predicted = order[0];
        var verdict = predicted == actual ? $"<span class=\"right\">{Name(actual)} ✓</span>" : $"<span class=\"wrong\">{Name(actual)} → {Name(predicted)} ✗</span>";
        var html = new StringBuilder($"<div class=\"card\">{Html.Picture(Picture(inputs, width), 1, names?[actual] ?? Text.Of($"{actual}"))}<div>{verdict}");
        foreach (var i in order.Take(shownOutputs))
        {
            // A bar is as long as a share of 1; outputs beyond are as long as the nearer end.
            html.Append(Text.Of($"<div class=\"bar\"><span>{Name(i)}</span><i style=\"width:{100 * Math.Clamp(outputs[i], 0, 1):0.#}%\"></i><b>{outputs[i]:F2}</b></div>"));
        }

        return html.Append("</div></div>\n").ToString();
    }

    /// <summary>Inputs within 0 … 1 as they are; others from the smallest to the largest.</summary>
    private static Image Picture(ReadOnlySpan<float> inputs, int width)
    {
        var (low, high) = (0f, 1f);
        foreach (var input in inputs)
        {
            (low, high) = (Math.Min(low, input), Math.Max(high, input));
        }

        return ColorMap.Grey(inputs, width, low, high);
    }
}
