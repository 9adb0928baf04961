using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Compiler.Diagnostics;
using NetGen.Compiler.Emit;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Frontend;

/// <summary>
/// The shell that Roslyn runs: finds the classes, hands values to the compiler and files back. Everything between its steps is
/// a record that equals by value, so that an edit reruns only what it changes.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class NetworkGenerator : IIncrementalGenerator
{
    internal const string ParseStep = "Parse";
    internal const string TwinsStep = "Twins";
    internal const string NameStep = "Name";
    internal const string OptionsStep = "Options";
    internal const string CompileStep = "Compile";

    private readonly Func<NetworkDeclaration, Graph, CompilerOptions, EquatableArray<GeneratedFile>> _compile;

    /// <summary>The generator as the C# compiler makes it.</summary>
    public NetworkGenerator()
        : this(NetworkCompiler.Compile)
    {
    }

    /// <summary>A generator around another compiler: tests look at what becomes of one that fails.</summary>
    internal NetworkGenerator(Func<NetworkDeclaration, Graph, CompilerOptions, EquatableArray<GeneratedFile>> compile) => _compile = compile;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(NetworkAttributes.NetworkName, static (node, _) => node is TypeDeclarationSyntax, Parse)
            .Where(static network => network is not null)
            .Select(static (network, _) => network!)
            .WithTrackingName(ParseStep);

        // Hint names are compared without regard to case: Net beside net would bring the generator down.
        var twins = parsed
            .Select(static (network, _) => network.Shape.HintName)
            .Collect()
            .Select(static (hints, _) => Twins(hints))
            .WithTrackingName(TwinsStep);

        var named = parsed
            .Combine(twins)
            .Select(static (pair, _) => pair.Right.Contains(pair.Left.Shape.HintName) ? Rename(pair.Left) : pair.Left)
            .WithTrackingName(NameStep);

        var options = context.AnalyzerConfigOptionsProvider
            .Select(static (provider, _) => OptionsReader.Read(provider))
            .WithTrackingName(OptionsStep);

        var compiled = named
            .Combine(options)
            .Select((pair, cancellation) => Compile(pair.Left, pair.Right, cancellation))
            .WithTrackingName(CompileStep);

        context.RegisterSourceOutput(compiled, static (production, result) =>
        {
            foreach (var file in result.Files)
            {
                production.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8));
            }

            if (result.InternalError is { } error)
            {
                production.ReportDiagnostic(Diagnostic.Create(Descriptors.Find(ErrorIds.InternalError), Location.None, result.ClassName, error));
            }
        });
    }

    /// <summary>Whether a file of a compilation is one of this generator's.</summary>
    internal static bool Wrote(SyntaxTree tree) => tree.FilePath.Contains(typeof(NetworkGenerator).FullName);

    private static ParsedNetwork? Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;

        // A class that bears the attribute on two of its parts, which is C#'s error, is still one class.
        var first = ClassRules.Parts(type, cancellation).FirstOrDefault(part => Bears(type, part));
        if (first is not null && first != context.TargetNode)
        {
            return null;
        }

        try
        {
            return DeclarationParser.Parse(type, context.SemanticModel.Compilation, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The analyzer, which parses again, says so; without what the class looks like there is nothing to write.
            return null;
        }
    }

    private static bool Bears(INamedTypeSymbol type, TypeDeclarationSyntax part) => type.GetAttributes().Any(attribute =>
        attribute.AttributeClass?.ToDisplayString() == NetworkAttributes.NetworkName
        && attribute.ApplicationSyntaxReference is { } reference
        && reference.SyntaxTree == part.SyntaxTree
        && part.Span.Contains(reference.Span));

    private static EquatableArray<string> Twins(ImmutableArray<string> hints) => hints
        .GroupBy(hint => hint, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Count() > 1)
        .SelectMany(group => group)
        .Distinct()
        .OrderBy(hint => hint, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>Roslyn would throw out of our reach.</summary>
    private static EquatableArray<GeneratedFile> Distinct(EquatableArray<GeneratedFile> files) =>
        files.Select(file => file.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count() == files.Count
            ? files
            : throw new InvalidOperationException("two generated files have the same name");

    private static ParsedNetwork Rename(ParsedNetwork network)
    {
        var hint = Names.Distinguish(network.Shape.HintName);
        return network with
        {
            Shape = network.Shape with { HintName = hint },
            Declaration = network.Declaration is { } declaration ? declaration with { HintName = hint } : null,
        };
    }

    private CompileResult Compile(ParsedNetwork network, ProjectOptions options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var error = network.Errors.FirstOrDefault(each => each.StopsCompilation) ?? options.Error;
        try
        {
            if (error is null && network.Declaration is { } declaration)
            {
                var shapes = InferShapes.Run(declaration);
                error = shapes.Errors.FirstOrDefault(each => each.StopsCompilation);
                if (error is null && shapes.Graph is { } checkedGraph)
                {
                    error = UnrollRules.Check(declaration, checkedGraph, options.Compiler).FirstOrDefault(each => each.StopsCompilation);
                }

                if (error is null && shapes.Graph is { } graph)
                {
                    return new(network.Shape.Name, Distinct(_compile(declaration, graph, options.Compiler)), null);
                }
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new(network.Shape.Name, ErrorSurface.Emit(network, ErrorIds.InternalError), $"{exception.GetType().Name}: {exception.Message}");
        }

        return new(network.Shape.Name, ErrorSurface.Emit(network, error?.Id), null);
    }
}

/// <summary>What one class became.</summary>
/// <param name="ClassName">The class.</param>
/// <param name="Files">Its files.</param>
/// <param name="InternalError">What went wrong inside the compiler; null when nothing did.</param>
internal sealed record CompileResult(string ClassName, EquatableArray<GeneratedFile> Files, string? InternalError);
