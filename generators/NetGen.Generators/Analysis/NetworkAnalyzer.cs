using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NetGen.Compiler.Diagnostics;
using NetGen.Compiler.Frontend;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;

namespace NetGen.Compiler.Analysis;

/// <summary>
/// Reports what is wrong with a declaration, where it is written. The generator does not: a location in its models would
/// recompile a network whenever its class moved, and <c>#pragma</c> would not silence it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The diagnostic's property that holds the argument at fault; those named 0, 1, … hold what the message names.</summary>
    internal const string ArgumentProperty = "argument";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.GetAttributes().IsEmpty)
        {
            return;
        }

        try
        {
            var attributes = NetworkAttributes.Read(type, context.CancellationToken);
            var locator = new AnchorLocator(type, attributes, context.CancellationToken);
            foreach (var error in Errors(type, attributes, context))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptors.Find(error.Id),
                    locator.Locate(error),
                    Properties(error),
                    [.. error.Arguments]));
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.Find(ErrorIds.InternalError),
                type.Locations.FirstOrDefault(),
                type.Name,
                $"{exception.GetType().Name}: {exception.Message}"));
        }
    }

    private static IEnumerable<CompilerError> Errors(INamedTypeSymbol type, NetworkAttributes attributes, SymbolAnalysisContext context)
    {
        if (attributes.Network is null)
        {
            return attributes.Anchored.IsEmpty ? [] : [new(ErrorIds.LayersWithoutNetwork, Anchor.Class, type.Name)];
        }

        var network = DeclarationParser.Parse(type, attributes, context.Compilation, context.CancellationToken);
        var errors = network.Errors.ToList();
        var options = OptionsReader.Read(context.Options.AnalyzerConfigOptionsProvider);
        if (options.Error is { } option)
        {
            errors.Add(option);
        }

        // What C# itself complains about, such as a misspelt layer, would only be followed by errors that are none.
        if (network.Declaration is { } declaration && !attributes.HasUnresolved && network.Errors.All(error => error.Id != ErrorIds.SpreadOverParts))
        {
            var shapes = InferShapes.Run(declaration);
            errors.AddRange(shapes.Errors);
            if (shapes.Graph is { } graph && !errors.Any(error => error.StopsCompilation))
            {
                errors.AddRange(UnrollRules.Check(declaration, graph, options.Compiler));
            }
        }

        return errors;
    }

    private static ImmutableDictionary<string, string?> Properties(CompilerError error)
    {
        var properties = ImmutableDictionary.CreateBuilder<string, string?>();
        properties[ArgumentProperty] = error.Anchor.Argument;
        for (var i = 0; i < error.Arguments.Count; i++)
        {
            properties[i.ToString(CultureInfo.InvariantCulture)] = error.Arguments[i];
        }

        return properties.ToImmutable();
    }
}
