using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.Generators.Tests.Harness;

/// <summary>Compilations in memory, against the framework that the tests run on and the runtime assembly.</summary>
internal static class Compilations
{
    public static IReadOnlyList<MetadataReference> References { get; } = [.. ReferencePaths().Select(path => MetadataReference.CreateFromFile(path))];

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp12, DocumentationMode.Diagnose);

    /// <summary>What makes generated code fail that relies on anybody's settings: checked arithmetic, nullable, every warning an error.</summary>
    public static CSharpCompilationOptions HostileOptions { get; } = new(
        OutputKind.DynamicallyLinkedLibrary,
        checkOverflow: true,
        nullableContextOptions: NullableContextOptions.Enable,
        generalDiagnosticOption: ReportDiagnostic.Error,
        warningLevel: 9999);

    public static CSharpCompilation Create(params string[] sources) => Create(ParseOptions, sources);

    public static CSharpCompilation Create(CSharpParseOptions parseOptions, params string[] sources) => CSharpCompilation.Create(
        "User",
        sources.Select((source, i) => CSharpSyntaxTree.ParseText(SourceText.From(source), parseOptions, $"File{i + 1}.cs")),
        References,
        HostileOptions);

    private static IEnumerable<string> ReferencePaths()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return trusted.Where(path => Path.GetDirectoryName(path) == framework || Path.GetFileName(path) == "NetGen.dll");
    }
}
