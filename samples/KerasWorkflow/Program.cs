using System.Globalization;
using System.Text;
using NetGen;

namespace KerasWorkflowSample;

internal static class Program
{
    private const int Shown = 5;

    private static int Main(string[] arguments)
    {
        Console.OutputEncoding = Encoding.UTF8;
        if (arguments is ["--help" or "-h"])
        {
            Console.WriteLine(Options.Usage);
            return 0;
        }

        try
        {
            Run(Options.Parse(arguments));
            return 0;
        }
        catch (FormatException error)
        {
            Console.Error.WriteLine($"{error.Message}\n\n{Options.Usage}");
            return 2;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or TrainingDivergedException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    private static void Run(Options options)
    {
        var (train, test) = Mnist.Load(options.Data);
        var net = new KerasNet(options.Seed);
        Console.WriteLine(KerasNet.Summary);

        var history = net.Fit(train, new FitOptions
        {
            Epochs = options.Epochs,
            Seed = options.Seed,
            Validation = test,
            Progress = ConsoleProgress.Default,
        });

        // The same network predicts: dropout is off, normalisation takes the figures gathered in training.
        Predictions(net, test);
        if (options.Report is { } path)
        {
            new HtmlReport("Keras workflow").Add(net).Add(history).Add(net.Evaluate(test))
                .AddPredictions(net, test, [.. Enumerable.Range(0, Shown)], width: 28).Save(path);
            Console.WriteLine($"Report: {path}\n");
        }

        var evaluation = net.Evaluate(test);
        Console.WriteLine(evaluation.ConfusionMatrix);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nLoss: {evaluation.Loss:F5}, Acc: {evaluation.Accuracy:F5}"));
    }

    /// <summary>The probability of each digit as a bar, for the first samples.</summary>
    private static void Predictions(KerasNet net, Dataset data)
    {
        var probabilities = new float[Shown * KerasNet.OutputSize];
        net.Predict(data.InputBytes[..(Shown * KerasNet.InputSize)], probabilities);
        for (var sample = 0; sample < Shown; sample++)
        {
            Console.WriteLine($"\nA {data.Labels[sample]} of the test data is taken for");
            for (var digit = 0; digit < KerasNet.OutputSize; digit++)
            {
                var p = probabilities[sample * KerasNet.OutputSize + digit];
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {digit}  {p,7:P1}  {new string('█', (int)MathF.Round(p * 40))}").TrimEnd());
            }
        }

        Console.WriteLine();
    }
}
