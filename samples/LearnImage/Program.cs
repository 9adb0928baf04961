using System.Text;
using NetGen;

namespace LearnImageSample;

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
            var options = Options.Parse(arguments);
            Directory.CreateDirectory(options.Output);
            var report = new HtmlReport("A network learns a picture");
            var rSquared = PictureChapter.Run(options, report);
            FunctionChapter.Run(options, report);
            report.Save(Path.Combine(options.Output, "report.html"));
            Console.WriteLine();
            Console.WriteLine($"Pictures and report.html are in {options.Output}.");
            Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The picture: R² {rSquared:F4}"));
            return 0;
        }
        catch (FormatException error)
        {
            Console.Error.WriteLine($"{error.Message}\n\n{Options.Usage}");
            return 2;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
