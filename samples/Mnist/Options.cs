using System.Globalization;

namespace MnistSample;

/// <summary>What the user asks for.</summary>
/// <param name="Data">The folder with MNIST's files.</param>
/// <param name="Run">The network and its data.</param>
/// <param name="Epochs">How often to go over the training data.</param>
/// <param name="Seed">Where the network's start and the samples' order come from.</param>
internal sealed record Options(string Data, Run Run, int Epochs, int Seed)
{
    public static string Usage { get; } = $"""
        Trains one of the lecture's networks on MNIST's handwritten digits and prints the lecture's table.

        usage: dotnet run -c Release --project samples/Mnist -- --data DIR [--net NAME] [--epochs N] [--seed S]

          --data DIR   the folder with train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and
                       t10k-labels-idx1-ubyte.gz, for example from https://storage.googleapis.com/cvdf-datasets/mnist/
          --net NAME   one of (default 784-30-10)
        {string.Join('\n', Run.All.Select(run => $"                         {run.Name,-18}{run.Description}"))}
          --epochs N   how often to go over the training data (default 20)
          --seed S     where the network's start and the samples' order come from (default 1)
        """;

    /// <exception cref="FormatException">The arguments make no sense; the message says why.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments)
    {
        string? data = null;
        var (net, epochs, seed) = ("784-30-10", 20, 1);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            if (name is not ("--data" or "--net" or "--epochs" or "--seed"))
            {
                throw new FormatException($"'{name}' is none of --data, --net, --epochs, --seed.");
            }

            if (i + 1 == arguments.Length)
            {
                throw new FormatException($"{name} needs a value.");
            }

            var value = arguments[i + 1];
            switch (name)
            {
                case "--data":
                    data = value;
                    break;
                case "--net":
                    net = value;
                    break;
                case "--epochs":
                    epochs = Number(name, value, least: 1);
                    break;
                default:
                    seed = Number(name, value, least: 0);
                    break;
            }
        }

        var run = Run.All.FirstOrDefault(r => r.Name == net)
            ?? throw new FormatException($"--net: there is no network '{net}'; there are {string.Join(", ", Run.All)}.");
        return new Options(data ?? throw new FormatException("--data is missing: the folder with MNIST's files."), run, epochs, seed);
    }

    private static int Number(string name, string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : throw new FormatException($"{name} takes a whole number from {least} to {int.MaxValue}, not '{text}'.");
}
