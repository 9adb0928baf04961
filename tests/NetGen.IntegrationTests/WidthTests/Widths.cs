namespace NetGen.IntegrationTests;

/// <summary>The trait of tests that are run again at every vector width, in child processes.</summary>
internal static class Widths
{
    public const string Trait = "Widths";

    public const string Every = "Every";

    /// <summary>The trait of tests whose failure could end the process: a child runs them at this machine's own width too.</summary>
    public const string Isolation = "Isolation";

    public const string Process = "Process";
}
