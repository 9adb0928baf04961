using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace NetGen.IntegrationTests;

/// <summary>
/// This test executable, run again: with part of the processor switched off, the tests of the trait <see cref="Widths.Every"/>;
/// with all of it, those of <see cref="Widths.Isolation"/>. Each kind runs once, when first asked for.
/// </summary>
internal sealed partial class ChildRun
{
    /// <summary>Says in a child what was asked; a child starts no children.</summary>
    private const string KindVariable = "NETGEN_TESTS_CHILD";

    private const string FingerprintVariable = "NETGEN_TESTS_FINGERPRINTS";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private static readonly Lazy<ChildRun>[] Runs = [.. Enum.GetValues<Kind>().Select(kind => new Lazy<ChildRun>(() => new ChildRun(kind)))];

    private ChildRun(Kind kind)
    {
        var file = Path.GetTempFileName();
        try
        {
            using var process = Process.Start(StartInfo(kind, file))!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
            }

            Output = output.Result + errors.Result;
            ExitCode = process.ExitCode;
            var summary = Summary().Match(Output);
            (Total, Skipped) = summary.Success ? (Number(summary, "total"), Number(summary, "skipped")) : (0, 0);
            Fingerprints = File.ReadAllLines(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What is switched off.</summary>
    public enum Kind
    {
        /// <summary>Nothing.</summary>
        Native,

        /// <summary>AVX-512.</summary>
        Bits256,

        /// <summary>All above 128 bits; multiply-add stays.</summary>
        Bits128,

        /// <summary>AVX2 and with it multiply-add.</summary>
        NoFma,
    }

    /// <summary>What this process was asked to be; null for no child.</summary>
    public static Kind? Current { get; } =
        Environment.GetEnvironmentVariable(KindVariable) is { Length: > 0 } kind ? Enum.Parse<Kind>(kind) : null;

    /// <summary>Where a child writes its fingerprints; null for no child.</summary>
    public static string? FingerprintFile { get; } = Environment.GetEnvironmentVariable(FingerprintVariable);

    public int ExitCode { get; }

    public int Total { get; }

    public int Skipped { get; }

    public string Output { get; }

    public IReadOnlyList<string> Fingerprints { get; }

    public static ChildRun Of(Kind kind) =>
        Current is null ? Runs[(int)kind].Value : throw new InvalidOperationException("A child starts no children.");

    private static ProcessStartInfo StartInfo(Kind kind, string fingerprints)
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["exec", typeof(ChildRun).Assembly.Location, "-noColor", "-noLogo", "-trait", Filter(kind)])
        {
            start.ArgumentList.Add(argument);
        }

        (string Variable, string Value)? off = kind switch
        {
            Kind.Bits256 => ("DOTNET_EnableAVX512", "0"),
            Kind.Bits128 => ("DOTNET_PreferredVectorBitWidth", "128"),
            Kind.NoFma => ("DOTNET_EnableAVX2", "0"),
            _ => null,
        };
        if (off is { } switched)
        {
            start.Environment[switched.Variable] = switched.Value;
        }

        start.Environment[KindVariable] = kind.ToString();
        start.Environment[FingerprintVariable] = fingerprints;
        return start;
    }

    private static string Filter(Kind kind) =>
        kind == Kind.Native ? $"{Widths.Isolation}={Widths.Process}" : $"{Widths.Trait}={Widths.Every}";

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Total: (?<total>\d+), Errors: \d+, Failed: \d+, Skipped: (?<skipped>\d+)")]
    private static partial Regex Summary();
}
