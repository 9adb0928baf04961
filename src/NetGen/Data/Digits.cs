using System.IO.Compression;

namespace NetGen;

/// <summary>
/// Real handwritten digits that come with this library: 1,797 images of 8x8 pixels. Source: E. Alpaydin and C. Kaynak, "Optical
/// Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998 (https://doi.org/10.24432/C50P49), its test part; CC BY 4.0.
/// </summary>
public static class Digits
{
    private const int Pixels = 64;
    private const int Classes = 10;
    private const float Ink = 16;

    /// <summary>The digits in the order of the source: 64 inputs, the pixels row by row as bytes that stand for 0 (paper) … 1 (ink), scale 1/16; labels 0 … 9.</summary>
    public static Dataset Load()
    {
        using var resource = typeof(Digits).Assembly.GetManifestResourceStream("NetGen.digits.csv.gz")
            ?? throw new InvalidOperationException("The embedded digits are missing from the assembly.");
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        var inputs = new List<byte>();
        var labels = new List<int>();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var column = 0;
            foreach (var range in line.AsSpan().Split(','))
            {
                var number = int.Parse(line.AsSpan(range), provider: System.Globalization.CultureInfo.InvariantCulture);
                if (column++ < Pixels)
                {
                    inputs.Add((byte)number);
                }
                else
                {
                    labels.Add(number);
                }
            }
        }

        return Dataset.Own(inputs.ToArray(), Pixels, [.. labels], Classes, 1 / Ink);
    }
}
