using System.Globalization;

namespace KerasWorkflowSample;

/// <summary>What the user asks for.</summary>
/// <param name="Data">The folder with MNIST's files.</param>
/// <param name="Epochs">How often to go over the training data.</param>
/// <param name="Seed">Where the network's start, its dropout and the samples' order come from.</param>
/// <param name="Report">Where the HTML report goes; null for none.</param>
internal sealed record Options(string Data, int Epochs, int Seed, string? Report)
{
    public const string Usage = """
        The workflow of a Keras lecture: declare, train with validation data, look at the history, evaluate, predict.

        usage: dotnet run -c Release --project samples/KerasWorkflow -- --data DIR [--epochs N] [--seed S] [--report FILE]

          --data DIR     the folder with train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and
                         t10k-labels-idx1-ubyte.gz, for example from https://storage.googleapis.com/cvdf-datasets/mnist/
          --epochs N     how often to go over the training data (default 10)
          --seed S       where the network's start, its dropout and the samples' order come from (default 1)
          --report FILE  an HTML page of the run
        """;

    /// <exception cref="FormatException">The arguments make no sense; the message says why.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments)
    {
        var options = new Options("", 10, 1, null);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            if (name is not ("--data" or "--epochs" or "--seed" or "--report"))
            {
                throw new FormatException($"'{name}' is none of --data, --epochs, --seed, --report.");
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
                "--seed" => options with { Seed = Number(name, value, least: 0) },
                _ => options with { Report = value },
            };
        }

        return options.Data.Length > 0 ? options : throw new FormatException("--data is missing: the folder with MNIST's files.");
    }

    private static int Number(string name, string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : throw new FormatException($"{name} takes a whole number from {least} to {int.MaxValue}, not '{text}'.");
}
