using NetGen;

namespace MnistSample;

/// <summary>
/// The digits 0 and 1 as two numbers: the mean of all pixels, and the mean of the picture's middle, which a 1 fills and a 0 leaves empty.
/// </summary>
internal static class ZeroOneFeatures
{
    private const int Width = 28;
    private const int FirstRow = 10;
    private const int LastRow = 17;
    private const int FirstColumn = 11;
    private const int LastColumn = 16;

    public static Dataset From(Dataset images)
    {
        var features = new List<float>();
        var labels = new List<int>();
        for (var sample = 0; sample < images.Count; sample++)
        {
            if (images.Labels[sample] is 0 or 1)
            {
                var image = images.InputRow(sample);
                features.Add(Mean(image, 0, Width - 1, 0, Width - 1));
                features.Add(Mean(image, FirstRow, LastRow, FirstColumn, LastColumn));
                labels.Add(images.Labels[sample]);
            }
        }

        return new Dataset([.. features], 2, [.. labels], 2);
    }

    private static float Mean(ReadOnlySpan<float> image, int firstRow, int lastRow, int firstColumn, int lastColumn)
    {
        var sum = 0f;
        for (var row = firstRow; row <= lastRow; row++)
        {
            for (var column = firstColumn; column <= lastColumn; column++)
            {
                sum += image[row * Width + column];
            }
        }

        return sum / ((lastRow - firstRow + 1) * (lastColumn - firstColumn + 1));
    }
}
