using System.Globalization;

namespace LeNet5Sample;

/// <summary>What the user asks for.</summary>
/// <param name="Data">The folder with MNIST's files.</param>
/// <param name="Model">The network.</param>
/// <param name="Epochs">How often to go over the training data.</param>
/// <param name="Seed">Where the network's start and the samples' order come from.</param>
/// <param name="Output">The folder that takes the results.</param>
internal sealed record Options(string Data, Model Model, int Epochs, int Seed, string Output)
{
    public static string Usage { get; } = $"""
        Trains LeNet-5 on MNIST's handwritten digits and shows what its layers do.

        usage: dotnet run -c Release --project samples/LeNet5 -- [--data DIR] [--net NAME] [--epochs N] [--seed S] [--out DIR]

          --data DIR   the folder with train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and
                       t10k-labels-idx1-ubyte.gz, for example from https://storage.googleapis.com/cvdf-datasets/mnist/
                       (default ../shared/data/mnist)
          --net NAME   one of (default tanh)
        {string.Join('\n', Model.All.Select(model => $"                         {model.Name,-8}{model.Description}"))}
          --epochs N   how often to go over the training data (default 10)
          --seed S     where the network's start and the samples' order come from (default 1)
          --out DIR    the folder that takes PNG files, report.html and the trained network (default artifacts/lenet5)
        """;

    /// <exception cref="FormatException">The arguments make no sense; the message says why.</exception>
    public static Options Parse(ReadOnlySpan<string> arguments)
    {
        var options = new Options(Path.Combine("..", "shared", "data", "mnist"), Model.All[0], 10, 1, Path.Combine("artifacts", "lenet5"));
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            if (name is not ("--data" or "--net" or "--epochs" or "--seed" or "--out"))
            {
                throw new FormatException($"'{name}' is none of --data, --net, --epochs, --seed, --out.");
            }

            if (i + 1 == arguments.Length)
            {
                throw new FormatException($"{name} needs a value.");
            }

            var value = arguments[i + 1];
            options = name switch
            {
                "--data" => options with { Data = value },
                "--net" => options with { Model = Choose(value) },
                "--epochs" => options with { Epochs = Number(name, value, least: 1) },
                "--seed" => options with { Seed = Number(name, value, least: 0) },
                _ => options with { Output = value },
            };
        }

        return options;
    }

    private static Model Choose(string name) => Model.All.FirstOrDefault(model => model.Name == name)
        ?? throw new FormatException($"--net: there is no network '{name}'; there are {string.Join(", ", Model.All)}.");

    private static int Number(string name, string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : throw new FormatException($"{name} takes a whole number from {least} to {int.MaxValue}, not '{text}'.");
}
