using System.Globalization;
using System.Text;
using NetGen;

namespace TablesSample;

internal static class Program
{
    private const string Usage = """
        Learns four tables of numbers: for each it chooses the learning rate by cross-validation, trains, and tests on samples it never saw.

        usage: dotnet run -c Release --project samples/Tables -- --data DIR [--seed S]

          --data DIR   the folder with iris.csv, wine.csv, breast_cancer.csv and diabetes.csv: inputs, then what is predicted, no header
          --seed S     where splits, starts and orders come from (default 1)
        """;

    private static int Main(string[] arguments)
    {
        Console.OutputEncoding = Encoding.UTF8;
        switch (arguments)
        {
            case ["--help" or "-h"]:
                Console.WriteLine(Usage);
                return 0;
            case ["--data", var folder]:
                return Run(folder, seed: 1);
            case ["--data", var folder, "--seed", var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed):
                return Run(folder, seed);
            case []:
                Console.Error.WriteLine($"--data is missing: the folder with the tables.\n\n{Usage}");
                return 1;
            default:
                Console.Error.WriteLine($"Not understood: {string.Join(' ', arguments)}\n\n{Usage}");
                return 2;
        }
    }

    private static int Run(string folder, int seed)
    {
        string[] missing = [.. Table.All.Select(table => table.File).Where(file => !File.Exists(Path.Combine(folder, file)))];
        if (missing.Length > 0)
        {
            Console.Error.WriteLine($"The folder '{Path.GetFullPath(folder)}' {(Directory.Exists(folder) ? $"lacks {string.Join(", ", missing)}" : "does not exist")}.");
            return 1;
        }

        try
        {
            Result[] results = [.. Table.All.Select(table => table.Run(folder, seed))];
            Report.Write(results);
            return 0;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or TrainingDivergedException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
