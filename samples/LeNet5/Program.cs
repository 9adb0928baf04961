using System.Globalization;
using System.Text;
using NetGen;

namespace LeNet5Sample;

internal static class Program
{
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
        Directory.CreateDirectory(options.Output);
        var network = options.Model.Create(options.Seed);
        Console.WriteLine(network.Summary);
        var history = network.Fit(train, new FitOptions
        {
            Epochs = options.Epochs,
            Seed = options.Seed,
            Validation = test,
            Schedule = LearningRateSchedule.OneCycle(),
            Progress = ConsoleProgress.Default,
        });

        var evaluation = network.Evaluate(test);
        new Page(options, network, train, test).Write(history, evaluation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Loss: {evaluation.Loss:F5}, Acc: {evaluation.Accuracy:F5}"));
    }
}
