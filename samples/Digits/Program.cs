using System.Globalization;
using System.Text;
using NetGen;

namespace DigitsSample;

internal static class Program
{
    private const string Usage = """
        Trains a small network on 1,797 real handwritten digits, judges it, shows what it reads, saves it and loads it again.

        usage: dotnet run -c Release --project samples/Digits -- [--save FILE]

          --save FILE   where the trained network goes (safetensors); without it, to a temporary file that is deleted in the end
        """;

    private static int Main(string[] arguments)
    {
        Console.OutputEncoding = Encoding.UTF8;
        switch (arguments)
        {
            case []:
                var temporary = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
                try
                {
                    return Run(temporary);
                }
                finally
                {
                    File.Delete(temporary);
                }

            case ["--save", var file]:
                return Run(file);
            case ["--help" or "-h"]:
                Console.WriteLine(Usage);
                return 0;
            default:
                Console.Error.WriteLine($"Not understood: {string.Join(' ', arguments)}\n\n{Usage}");
                return 2;
        }
    }

    private static int Run(string file)
    {
        var (train, test) = Digits.Load().Split(0.8, seed: 1);
        var net = new DigitNet(seed: 1);
        Console.WriteLine(DigitNet.Summary);
        Console.WriteLine($"Training on {train.Count} digits, testing on {test.Count} others.");
        Console.WriteLine();
        net.Fit(train, epochs: 40, validation: test, progress: ConsoleProgress.Default, seed: 1);
        var evaluation = net.Evaluate(test);
        Console.WriteLine();
        Console.WriteLine(evaluation);

        var outputs = Predict(net, test);
        var predicted = Classes(outputs, DigitNet.OutputSize);
        Console.WriteLine();
        Console.WriteLine("The first 100 test digits (5→6: a 5 taken for a 6):");
        Console.Write(DigitPrinter.Grid(test.Labels[..100], predicted.AsSpan(0, 100)));
        Console.WriteLine();
        Console.WriteLine("Some of them, those that were misread first:");
        Console.Write(DigitPrinter.Pictures(test, Interesting(test.Labels, predicted, count: 5), predicted));
        Console.WriteLine();

        try
        {
            net.Save(file);
            var loaded = new DigitNet(seed: 2);
            loaded.Load(file);
            if (!Predict(loaded, test).AsSpan().SequenceEqual(outputs))
            {
                Console.Error.WriteLine($"The network loaded from {file} predicts something else.");
                return 1;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{file}: {error.Message}");
            return 1;
        }

        Console.WriteLine($"Saved to {file} and loaded into another network: its {test.Count} predictions are the same.");
        Console.WriteLine();
        Console.WriteLine("Performance (testing)");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Loss: {evaluation.Loss:F5}, Acc: {evaluation.Accuracy:F5}"));
        return 0;
    }

    private static float[] Predict(DigitNet net, Dataset data)
    {
        var outputs = new float[data.Count * DigitNet.OutputSize];
        net.Predict(data.Inputs, outputs);
        return outputs;
    }

    /// <summary>The largest output of each sample.</summary>
    private static int[] Classes(ReadOnlySpan<float> outputs, int classes)
    {
        var largest = new int[outputs.Length / classes];
        for (var sample = 0; sample < largest.Length; sample++)
        {
            var row = outputs.Slice(sample * classes, classes);
            for (var i = 1; i < classes; i++)
            {
                if (row[i] > row[largest[sample]])
                {
                    largest[sample] = i;
                }
            }
        }

        return largest;
    }

    /// <summary>Misread samples, then others.</summary>
    private static int[] Interesting(ReadOnlySpan<int> actual, ReadOnlySpan<int> predicted, int count)
    {
        var (wrong, right) = (new List<int>(), new List<int>());
        for (var i = 0; i < actual.Length; i++)
        {
            (actual[i] == predicted[i] ? right : wrong).Add(i);
        }

        return [.. wrong.Concat(right).Take(count)];
    }
}
