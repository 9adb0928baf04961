using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace NetGen.Compiler.Frontend;

/// <summary>
/// The NetGen attributes of one class, in source order. A user's own types may bear the same names: an attribute is ours when
/// it comes from the assembly that also defines our contracts.
/// </summary>
internal sealed class NetworkAttributes
{
    public const string NetworkName = "NetGen.NetworkAttribute";
    private const string ContractName = "NetGen.INetwork";

    private NetworkAttributes(INamedTypeSymbol type, CancellationToken cancellation)
    {
        var ours = type.GetAttributes()
            .Select(data => (data, kind: KindOf(data)))
            .Where(attribute => attribute.kind is not null && attribute.data.ApplicationSyntaxReference is not null)
            .Select(attribute => new AttributeReader(attribute.data, attribute.kind!, PartOf(type, attribute.data, cancellation)))
            .OrderBy(attribute => attribute.Part)
            .ThenBy(attribute => attribute.Position)
            .ToList();

        Network = ours.FirstOrDefault(attribute => attribute.Kind == "Network");
        Inputs = [.. ours.Where(attribute => attribute.Kind == "Input")];
        Layers = [.. ours.Where(attribute => IsLayer(attribute.Kind))];
        Train = ours.FirstOrDefault(attribute => attribute.Kind == "Train");
        Losses = [.. ours.Where(attribute => attribute.Kind == "Loss")];
        Output = ours.FirstOrDefault(attribute => attribute.Kind == "Output");
        Anchored = [.. Inputs, .. Layers, .. new[] { Train }.OfType<AttributeReader>(), .. Losses, .. new[] { Output }.OfType<AttributeReader>()];
        HasUnresolved = type.GetAttributes().Any(data => data.AttributeClass is null or { TypeKind: TypeKind.Error });
        IsBroken = ours.Any(attribute => attribute.IsBroken) || new[] { "Train", "Network", "Output" }.Any(kind => ours.Count(attribute => attribute.Kind == kind) > 1);
    }

    public AttributeReader? Network { get; }

    public ImmutableArray<AttributeReader> Inputs { get; }

    /// <summary>Whether an input says how bytes become numbers.</summary>
    public bool TakesBytes => Inputs.Any(input => input.TakesBytes);

    /// <summary>Whether a layer drops numbers while training.</summary>
    public bool HasDropout => Layers.Any(layer => layer.Kind == "Dropout");

    /// <summary>Whether a layer or the loss names a function of the class's own.</summary>
    public bool HasOwnFunctions => Anchored.Any(attribute => attribute.NamesFunction);

    public ImmutableArray<AttributeReader> Layers { get; }

    public AttributeReader? Train { get; }

    public ImmutableArray<AttributeReader> Losses { get; }

    public AttributeReader? Output { get; }

    /// <summary>What an <see cref="Ir.Anchor"/> counts: inputs, layers, <c>[Train]</c>, each <c>[Loss]</c>, <c>[Output]</c>.</summary>
    public ImmutableArray<AttributeReader> Anchored { get; }

    /// <summary>Whether C# cannot bind one of our attributes or its arguments, and says so itself.</summary>
    public bool IsBroken { get; }

    /// <summary>Whether some attribute of the class is of no known type: perhaps a misspelt layer, perhaps another generator's.</summary>
    public bool HasUnresolved { get; }

    public static NetworkAttributes Read(INamedTypeSymbol type, CancellationToken cancellation) => new(type, cancellation);

    /// <summary>The attribute's name without its suffix, or null if it is not ours.</summary>
    private static string? KindOf(AttributeData data)
    {
        if (data.AttributeClass is not { ContainingType: null, Arity: 0, ContainingNamespace: { Name: "NetGen", ContainingNamespace.IsGlobalNamespace: true } } type
            || type.ContainingAssembly?.GetTypeByMetadataName(ContractName) is null)
        {
            return null;
        }

        const string Suffix = "Attribute";
        var kind = type.Name.EndsWith(Suffix, StringComparison.Ordinal) ? type.Name.Substring(0, type.Name.Length - Suffix.Length) : "";
        return kind is "Network" or "Input" or "Train" or "Loss" or "Output" || IsLayer(kind) ? kind : null;
    }

    private static bool IsLayer(string kind) => kind is "Dense" or "Linear" or "Bias" or "Activation" or "BatchNorm" or "LayerNorm" or "Dropout" or "GaussianNoise"
        or "Conv1D" or "Conv2D" or "ConvTranspose1D" or "ConvTranspose2D" or "MaxPool1D" or "MaxPool2D" or "AvgPool1D" or "AvgPool2D" or "GlobalAvgPool" or "GlobalMaxPool"
        or "Flatten" or "Reshape" or "Add" or "Multiply" or "Concat";

    /// <summary>Which part of a partial class an attribute stands on.</summary>
    private static int PartOf(INamedTypeSymbol type, AttributeData data, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var reference = data.ApplicationSyntaxReference!;
        var parts = type.DeclaringSyntaxReferences;
        for (var part = 0; part < parts.Length; part++)
        {
            if (parts[part].SyntaxTree == reference.SyntaxTree && parts[part].Span.Contains(reference.Span))
            {
                return part;
            }
        }

        return Math.Max(0, parts.Length - 1);
    }
}
