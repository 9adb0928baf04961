using System.Globalization;

namespace TablesSample;

/// <summary>The results as a table of the console.</summary>
internal static class Report
{
    public static void Write(IReadOnlyList<Result> results)
    {
        string[][] rows =
        [
            ["table", "samples", "inputs", "predicted", "score", "rate", "cross-validation", "test"],
            .. results.Select(result => (string[])
            [
                result.Table.Name,
                Text($"{result.Data.Count}"),
                Text($"{result.Data.InputSize}"),
                result.Data.HasLabels ? Text($"{result.Data.Classes} classes") : "a number",
                result.Table.Score.Name,
                Text($"{result.Rate}"),
                Text($"{result.Validation.Score:F3} ± {result.Validation.Deviation:F3}"),
                Text($"{result.Test.Metrics[result.Table.Score]:F3}"),
            ]),
        ];
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        Console.WriteLine();
        foreach (var result in results.Where(result => result.Test.ConfusionMatrix is not null))
        {
            Console.WriteLine($"{result.Table.Name}, the test part:");
            Console.WriteLine(result.Test.ConfusionMatrix);
            Console.WriteLine();
        }

        Result[] classified = [.. results.Where(result => result.Data.HasLabels)];
        Console.WriteLine("Performance (testing, the mean of the tables with classes)");
        Console.WriteLine(Text($"Loss: {classified.Average(result => result.Test.Loss):F5}, Acc: {classified.Average(result => result.Test.Accuracy):F5}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
