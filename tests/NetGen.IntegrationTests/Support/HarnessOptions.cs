using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NetGen.IntegrationTests.Support;

/// <summary>How the harness compiles a user's source. The defaults are a strict user's: C# 12, every warning an error, no implicit usings.</summary>
/// <param name="Widths">The vector widths to emit; null for the one that this process runs.</param>
/// <param name="Checked">Whether arithmetic is checked.</param>
/// <param name="Language">The C# version.</param>
internal sealed record HarnessOptions(string? Widths = null, bool Checked = false, LanguageVersion Language = LanguageVersion.CSharp12)
{
    public const string AllWidths = "512;256;128";

    public static HarnessOptions Default { get; } = new();

    /// <summary>Every width, as a user gets it.</summary>
    public static HarnessOptions Shipped { get; } = new(AllWidths);

    /// <summary>The width that generated code takes in this process.</summary>
    public static int NativeWidth { get; } =
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    public string EmittedWidths => Widths ?? NativeWidth.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public CSharpParseOptions Parse => new(Language, DocumentationMode.Diagnose);

    public CSharpCompilationOptions Compile => new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        checkOverflow: Checked,
        concurrentBuild: false,
        generalDiagnosticOption: ReportDiagnostic.Error,
        nullableContextOptions: NullableContextOptions.Enable);

    public AnalyzerConfigOptionsProvider Config => new Provider(new Properties(
        ImmutableDictionary<string, string>.Empty.Add("build_property.NetGenVectorWidths", EmittedWidths)));

    private sealed class Provider(AnalyzerConfigOptions global) : AnalyzerConfigOptionsProvider
    {
        private static readonly Properties Nothing = new(ImmutableDictionary<string, string>.Empty);

        public override AnalyzerConfigOptions GlobalOptions => global;

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => Nothing;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => Nothing;
    }

    private sealed class Properties(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
