using System.Runtime.CompilerServices;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
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
                "sweep" => SweepCommand.Run(rest),
                "verify" => VerifyCommand.Run(rest),
                "epoch" => EpochCommand.Run(rest),
                "startup" => StartupCommand.Run(rest),
                "schedule" => ScheduleCommand.Run(rest),
                "alternatives" => AlternativesCommand.Run(rest),
                "convolutions" => ConvolutionsCommand.Run(rest),
                "roofline" => RooflineCommand.Run(rest),
                "generator" => GeneratorCommand.Run(rest),
                _ => RunBenchmarkDotNet(arguments),
            };
        }
        catch (UsageException error)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
    }

    /// <summary>Apart, so that the commands do not wait for BenchmarkDotNet's assemblies.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RunBenchmarkDotNet(string[] arguments)
    {
        // The workloads' names are to be read in full.
        var style = SummaryStyle.Default.WithMaxParameterColumnWidth(40);
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments, DefaultConfig.Instance.WithSummaryStyle(style));
        return 0;
    }
}
