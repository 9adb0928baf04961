using System.Globalization;
using System.Text;
using NetGen;

namespace ResidualSample;

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
        Console.WriteLine(ResidualNet.Summary);
        var residual = new ResidualNet(options.Seed);
        var outcomes = new List<Outcome>();
        foreach (var (name, network) in new (string, ITrainableNetwork)[] { ("plain", new PlainNet(options.Seed)), ("residual", residual) })
        {
            Console.WriteLine($"\nThe {name} network");
            outcomes.Add(Outcome.Of(name, network, network.Fit(train, new FitOptions
            {
                Epochs = options.Epochs,
                Seed = options.Seed,
                Validation = test,
                Schedule = LearningRateSchedule.OneCycle(),
                Progress = ConsoleProgress.Default,
            })));
        }

        Console.WriteLine($"\nMean training loss during each epoch, and accuracy on the test data after it:\n{Comparison.Table(outcomes)}\n");
        var evaluation = residual.Evaluate(test);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Loss: {evaluation.Loss:F5}, Acc: {evaluation.Accuracy:F5}"));
    }
}
