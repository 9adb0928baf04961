using NetGen.Benchmarks.Commands;
using NetGen.Benchmarks.Support;

namespace NetGen.Benchmarks;

/// <summary>The commands; anything else goes to BenchmarkDotNet.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            var rest = arguments.AsSpan(Math.Min(1, arguments.Length));
            return arguments.FirstOrDefault() switch
            {
                "workloads" => WorkloadsCommand.Run(rest),
                "verify" => VerifyCommand.Run(rest),
                _ => 0,
            };
        }
        catch (UsageException error)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
    }
}
