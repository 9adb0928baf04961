using System.Globalization;

namespace ResidualSample;

/// <summary>What the user asks for.</summary>
/// <param name="Data">The folder with MNIST's files.</param>
/// <param name="Epochs">How often to go over the training data.</param>
/// <param name="Seed">Where the networks' start and the samples' order come from.</param>
internal sealed record Options(string Data, int Epochs, int Seed)
{
    public const string Usage = """
        Trains a small residual network on MNIST's handwritten digits, and the same network without its shortcuts.

        usage: dotnet run -c Release --project samples/Residual -- [--data DIR] [--epochs N] [--seed S]

          --data DIR   the folder with train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and
                       t10k-labels-idx1-ubyte.gz, for example from https://storage.googleapis.com/cvdf-datasets/mnist/
                       (default ../shared/data/mnist)
          --epochs N   how often to go over the training data (default 4)
          --seed S     where the networks' start and the samples' order come from (default 1)
        """;

    /// <exception cref="FormatException">The arguments make no sense; the message says why.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments)
    {
        var options = new Options(Path.Combine("..", "shared", "data", "mnist"), 4, 1);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            if (name is not ("--data" or "--epochs" or "--seed"))
            {
                throw new FormatException($"'{name}' is none of --data, --epochs, --seed.");
            }

            if (i + 1 == arguments.Length)
            {
                throw new FormatException($"{name} needs a value.");
            }

            var value = arguments[i + 1];
            options = name switch
            {
                "--data" => options with { Data = value },
                "--epochs" => options with { Epochs = Number(name, value, least: 1) },
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
