using System.Text;
using NetGen;

namespace DigitsSample;

/// <summary>Digits as text: the lecture's grid of predictions, and pictures in shades.</summary>
internal static class DigitPrinter
{
    private const int Columns = 10;
    private const int PictureSize = 8;
    private const string Shades = " ░▒▓█";

    /// <summary>A prediction in the lecture's form: the digit where it is right, <c>5→6</c> where a 5 was taken for a 6.</summary>
    public static string Describe(int actual, int predicted) =>
        actual == predicted ? $"{(char)('0' + actual)}" : $"{(char)('0' + actual)}→{(char)('0' + predicted)}";

    /// <summary>Predictions in rows of ten.</summary>
    public static string Grid(ReadOnlySpan<int> actual, ReadOnlySpan<int> predicted)
    {
        var text = new StringBuilder();
        for (var i = 0; i < actual.Length; i++)
        {
            var cell = Describe(actual[i], predicted[i]);
            text.Append(actual[i] == predicted[i] ? $"  {cell}  " : $" {cell} ");
            if (i % Columns == Columns - 1 || i == actual.Length - 1)
            {
                text.Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Pictures side by side, two characters a pixel, with their predictions below.</summary>
    public static string Pictures(Dataset data, ReadOnlySpan<int> samples, ReadOnlySpan<int> predicted)
    {
        var text = new StringBuilder();
        for (var row = 0; row < PictureSize; row++)
        {
            foreach (var sample in samples)
            {
                foreach (var pixel in data.InputRow(sample).Slice(row * PictureSize, PictureSize))
                {
                    text.Append(Shades[(int)Math.Round(pixel * (Shades.Length - 1))], 2);
                }

                text.Append(' ');
            }

            text.Append('\n');
        }

        foreach (var sample in samples)
        {
            text.Append(Describe(data.Labels[sample], predicted[sample]).PadLeft(PictureSize + 1).PadRight(2 * PictureSize + 1));
        }

        return text.Append('\n').ToString();
    }
}
