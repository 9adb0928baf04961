namespace NetGen.Benchmarks.Commands;

/// <summary>Stub.</summary>
internal static class RooflineCommand
{
    public static int Run(ReadOnlySpan<string> arguments) => arguments.Length;
}
