using System.Globalization;

namespace LearnImageSample;

/// <summary>What the user asks for.</summary>
/// <param name="Image">The picture to learn; null for the drawn one.</param>
/// <param name="Output">The folder that takes the results.</param>
/// <param name="Samples">How many samples to learn from.</param>
/// <param name="Seed">Where the network's start and the places come from.</param>
internal sealed record Options(string? Image, string Output, long Samples, int Seed)
{
    public const string Usage = """
        A network learns a picture as a function from place to brightness, and shows it as it is learnt; then most of its neurons are switched off.

        usage: dotnet run -c Release --project samples/LearnImage -- [--image FILE] [--out DIR] [--samples N] [--seed S]

          --image FILE   a PNG file, taken in grey (default: a picture that the program draws)
          --out DIR      the folder that takes PNG files and report.html (default artifacts/learn-image)
          --samples N    how many samples to learn from (default 4000000)
          --seed S       where the network's start and the samples come from (default 1)
        """;

    /// <exception cref="FormatException">The arguments make no sense; the message says why.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments)
    {
        var options = new Options(null, Path.Combine("artifacts", "learn-image"), 4_000_000, 1);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            if (name is not ("--image" or "--out" or "--samples" or "--seed"))
            {
                throw new FormatException($"'{name}' is none of --image, --out, --samples, --seed.");
            }

            if (i + 1 == arguments.Length)
            {
                throw new FormatException($"{name} needs a value.");
            }

            var value = arguments[i + 1];
            options = name switch
            {
                "--image" => options with { Image = value },
                "--out" => options with { Output = value },
                "--samples" => options with { Samples = Number(name, value, least: 1000) },
                _ => options with { Seed = Number(name, value, least: 0) },
            };
        }

        return options;
    }

    private static int Number(string name, string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : throw new FormatException($"{name} takes a whole number from {least} to {int.MaxValue}, not '{text}'.");
}
