using System.Text;
using NetGen;

namespace MnistSample;

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
            Train(Options.Parse(arguments));
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

    private static void Train(Options options)
    {
        var images = Mnist.Load(options.Data);
        var (train, test) = (options.Run.Prepare(images.Train), options.Run.Prepare(images.Test));
        var net = options.Run.Create(options.Seed);

        // The lecture's table judges the network on its training data after each epoch, hence the training data as validation set.
        net.Fit(train, options.Epochs, validation: train, progress: new LectureTable(), seed: options.Seed);
        Console.WriteLine();
        LectureTable.Write("training", net.Evaluate(train));
        LectureTable.Write("testing", net.Evaluate(test));
    }
}
