using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.IntegrationTests.Support;

/// <summary>
/// Source in, network out: runs the generator in memory, compiles what it adds, loads the result. What was compiled once
/// stays for the run, so that tests may share nets.
/// </summary>
internal static class Harness
{
    /// <summary>What stands in a file that only throws, since the declaration has an error.</summary>
    private const string ErrorSurfaceMark = "could not compile this class";

    private static readonly ConcurrentDictionary<(string Source, HarnessOptions Options), Lazy<GeneratedAssembly>> Cache = new();
    private static readonly ConcurrentDictionary<HarnessOptions, CSharpCompilation> Bases = new();
    private static readonly ImmutableArray<MetadataReference> References = FindReferences();

    /// <summary>A new network of a declaration.</summary>
    public static ITrainableNetwork Trainable(NetSpec spec, int seed = 0, HarnessOptions? options = null) =>
        Assert.IsAssignableFrom<ITrainableNetwork>(Network(spec, seed, options));

    /// <summary>A new network of a declaration.</summary>
    public static INetwork Network(NetSpec spec, int seed = 0, HarnessOptions? options = null) =>
        Compile(spec, options).Create("Net", seed);

    /// <summary>The assembly of a declaration, with the class <c>Net</c>.</summary>
    public static GeneratedAssembly Compile(NetSpec spec, HarnessOptions? options = null) => Compile(spec.ToSource(), options);

    /// <summary>The assembly of a source file; compiled once a run.</summary>
    public static GeneratedAssembly Compile(string source, HarnessOptions? options = null) =>
        Cache.GetOrAdd((source, options ?? HarnessOptions.Default), static key => new(() => Load(key.Source, key.Options))).Value;

    /// <summary>A user's compilation before the generator runs.</summary>
    public static CSharpCompilation User(string source, HarnessOptions options)
    {
        // The references are bound once per options: compilations that differ by trees alone share what was bound.
        var empty = Bases.GetOrAdd(options, static o =>
        {
            var compilation = CSharpCompilation.Create("Generated", [], References, o.Compile);
            _ = compilation.GlobalNamespace;
            return compilation;
        });
        return empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(SourceText.From(source, Encoding.UTF8), options.Parse, "User.cs"));
    }

    /// <summary>Runs the generator.</summary>
    public static GeneratorRunResult Generate(CSharpCompilation user, HarnessOptions options, out Compilation output)
    {
        var driver = CSharpGeneratorDriver.Create(
            [CreateGenerator().AsSourceGenerator()], parseOptions: options.Parse, optionsProvider: options.Config)
            .RunGeneratorsAndUpdateCompilation(user, out output, out _);
        var result = driver.GetRunResult().Results.Single();
        return result.Exception is { } exception ? throw new InvalidOperationException("The generator threw.", exception) : result;
    }

    private static GeneratedAssembly Load(string source, HarnessOptions options)
    {
        var result = Generate(User(source, options), options, out var output);
        var sources = result.GeneratedSources.ToImmutableDictionary(s => s.HintName, s => s.SourceText.ToString());
        Assert.False(sources.IsEmpty, $"The generator added nothing for\n{source}");
        Assert.False(sources.Values.Any(text => text.Contains(ErrorSurfaceMark, StringComparison.Ordinal)), DescribeDeclaration(source, options));
        using var image = new MemoryStream();
        var emitted = output.Emit(image);
        Assert.True(emitted.Success, Describe(source, [.. result.Diagnostics, .. emitted.Diagnostics]));
        return new GeneratedAssembly(image.ToArray(), sources);
    }

    /// <summary>Whether the generator compiles the class, and does not leave it to the analyzer to say why it cannot.</summary>
    public static bool IsAccepted(string source, HarnessOptions options) =>
        !Generate(User(source, options), options, out _).GeneratedSources.Any(s => s.SourceText.ToString().Contains(ErrorSurfaceMark, StringComparison.Ordinal));

    /// <summary>What the analyzer has against the declaration.</summary>
    private static string DescribeDeclaration(string source, HarnessOptions options)
    {
        var analyzer = Assert.Single(GeneratorTypes(), t => t.IsAssignableTo(typeof(DiagnosticAnalyzer)));
        var found = User(source, options)
            .WithAnalyzers([(DiagnosticAnalyzer)Activator.CreateInstance(analyzer)!], new AnalyzerOptions([], options.Config))
            .GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return Describe(source, found);
    }

    /// <summary>The first errors with the lines they are in.</summary>
    private static string Describe(string source, IReadOnlyList<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{errors.Count} errors in\n{source}\n");
        foreach (var error in errors.Take(8))
        {
            var line = error.Location.SourceTree?.GetText().Lines[error.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim();
            text.Append(CultureInfo.InvariantCulture, $"{Path.GetFileName(error.Location.SourceTree?.FilePath)}: {error.Id} ")
                .Append(CultureInfo.InvariantCulture, $"{error.GetMessage(CultureInfo.InvariantCulture)}\n    {line}\n");
        }

        return text.ToString();
    }

    private static IIncrementalGenerator CreateGenerator()
    {
        var type = Assert.Single(GeneratorTypes(), t => t.IsAssignableTo(typeof(IIncrementalGenerator)));
        return (IIncrementalGenerator)Activator.CreateInstance(type)!;
    }

    private static Type[] GeneratorTypes() => Assembly.Load("NetGen.Generators").GetTypes();

    /// <summary>What a user's project sees: the framework and the runtime, nothing of the tests.</summary>
    private static ImmutableArray<MetadataReference> FindReferences()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return
        [
            .. trusted.Where(p => Path.GetDirectoryName(p) == framework).Select(p => MetadataReference.CreateFromFile(p)),
            MetadataReference.CreateFromFile(typeof(INetwork).Assembly.Location),
        ];
    }
}

/// <summary>A compiled user's project.</summary>
/// <param name="image">The assembly.</param>
/// <param name="sources">What the generator added, by hint name.</param>
internal sealed class GeneratedAssembly(byte[] image, ImmutableDictionary<string, string> sources)
{
    private readonly Assembly _assembly = new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(new MemoryStream(image));

    public byte[] Image => image;

    public ImmutableDictionary<string, string> Sources => sources;

    /// <summary>All that the generator wrote.</summary>
    public string AllSource => string.Join("\n", sources.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value));

    public Type Type(string name) => _assembly.GetType(name, throwOnError: true)!;

    /// <summary>A new network of a class, by its full name.</summary>
    public INetwork Create(string typeName, int seed = 0)
    {
        var constructor = Type(typeName).GetConstructor([typeof(int)]);
        Assert.True(constructor is not null, $"{typeName} has no public constructor of (int).");
        return Assert.IsAssignableFrom<INetwork>(constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [seed], CultureInfo.InvariantCulture));
    }
}
