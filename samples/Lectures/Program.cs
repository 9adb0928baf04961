using System.Diagnostics;
using System.Globalization;
using System.Text;
using NetGen;

namespace LecturesSample;

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
            Write(Options.Parse(arguments));
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

    private static void Write(Options options)
    {
        var (train, test) = options.Data is null ? default : Mnist.Load(options.Data);
        var (page, data) = (new Page(), new LectureData(train, test));
        var watch = Stopwatch.StartNew();
        foreach (var section in options.Sections)
        {
            Console.Write($"{section.Title} … ");
            page.Report.AddHeading(section.Title);
            var start = watch.Elapsed;
            section.Write(page, data);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(watch.Elapsed - start).TotalSeconds:F1} s"));
        }

        page.Save(options.Output);
        Console.WriteLine($"\nThe page is {Path.GetFullPath(options.Output)}.");
    }
}
