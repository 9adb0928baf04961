namespace LecturesSample;

/// <summary>What the user asks for.</summary>
/// <param name="Data">The folder with MNIST's files; null where no chosen section needs them.</param>
/// <param name="Output">The page.</param>
/// <param name="Sections">Which sections to run, in their order.</param>
internal sealed record Options(string? Data, string Output, IReadOnlyList<Section> Sections)
{
    public static string Usage { get; } = $"""
        Makes the figures of the lectures on neural networks again, as one HTML page.

        usage: dotnet run -c Release --project samples/Lectures -- --data DIR [--out FILE] [--only NAME,NAME,…]

          --data DIR    the folder with train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and
                        t10k-labels-idx1-ubyte.gz, for example from https://storage.googleapis.com/cvdf-datasets/mnist/
          --out FILE    the page (default artifacts/lectures.html)
          --only NAMES  some of the sections, with commas between them:
        {string.Join('\n', Section.All.Select(section => $"                          {section.Name,-12}{section.Title}{(section.NeedsDigits ? "" : " (needs no data)")}"))}
        """;

    /// <exception cref="FormatException">The arguments make no sense; the message says why.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments)
    {
        var options = new Options(null, Path.Combine("artifacts", "lectures.html"), Section.All);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            if (name is not ("--data" or "--out" or "--only"))
            {
                throw new FormatException($"'{name}' is none of --data, --out, --only.");
            }

            if (i + 1 == arguments.Length)
            {
                throw new FormatException($"{name} needs a value.");
            }

            var value = arguments[i + 1];
            options = name switch
            {
                "--data" => options with { Data = value },
                "--out" => options with { Output = value },
                _ => options with { Sections = Choose(value.Split(',', StringSplitOptions.TrimEntries)) },
            };
        }

        return options.Data is null && options.Sections.Any(section => section.NeedsDigits)
            ? throw new FormatException("--data is missing: the folder with MNIST's files.")
            : options;
    }

    private static List<Section> Choose(string[] names)
    {
        var unknown = names.FirstOrDefault(name => Section.All.All(section => section.Name != name));
        return unknown is null
            ? [.. Section.All.Where(section => names.Contains(section.Name))]
            : throw new FormatException(
                $"--only: there is no section '{unknown}'; there are {string.Join(", ", Section.All.Select(section => section.Name))}.");
    }
}
