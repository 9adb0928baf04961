using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NetGen.Compiler.Frontend;

/// <summary>Names of types, as they are written in source and as they name files.</summary>
internal static class Names
{
    // Leaves room for what the emitter appends and for folders: file names end at 255 bytes.
    private const int LongestHint = 120;

    /// <summary>An identifier as it can be written anywhere: with <c>@</c> if C# gives the word a meaning, somewhere or everywhere.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;

    public static string Namespace(INamedTypeSymbol type)
    {
        var parts = new Stack<string>();
        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            parts.Push(Escape(space.Name));
        }

        return string.Join(".", parts);
    }

    /// <summary>The types around a class, outermost first.</summary>
    public static IEnumerable<INamedTypeSymbol> ContainingTypes(INamedTypeSymbol type)
    {
        var outer = new Stack<INamedTypeSymbol>();
        for (var around = type.ContainingType; around is not null; around = around.ContainingType)
        {
            outer.Push(around);
        }

        return outer;
    }

    /// <summary>The type as another part of it begins: <c>partial class Outer</c>. Modifiers and constraints need not be repeated.</summary>
    public static string Header(INamedTypeSymbol type)
    {
        var keyword = type switch
        {
            { TypeKind: TypeKind.Interface } => "interface",
            { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct",
            { TypeKind: TypeKind.Struct } => "struct",
            { IsRecord: true } => "record",
            _ => "class",
        };
        var parameters = type.TypeParameters.Select(parameter => Variance(parameter) + Escape(parameter.Name));
        return $"partial {keyword} {Escape(type.Name)}" + (type.Arity == 0 ? "" : $"<{string.Join(", ", parameters)}>");
    }

    /// <summary>
    /// The stem of a type's generated files: its full name, which only the letters' case may have in common with another's
    /// (<see cref="Distinguish"/> tells those apart).
    /// </summary>
    public static string Hint(INamedTypeSymbol type)
    {
        var name = string.Join("+", ContainingTypes(type).Append(type).Select(each => each.MetadataName));
        var full = type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString()}.{name}" : name;
        full = full.Replace("@", "");
        if (full.Length > LongestHint)
        {
            return full.Substring(full.Length - LongestHint) + "-" + Hash(full);
        }

        // "Net.Kernels512" may be a class or a generated file of the class Net.
        return full.IndexOf("Kernels", StringComparison.OrdinalIgnoreCase) >= 0 ? full + "-" + Hash(full) : full;
    }

    /// <summary>The stem for a type that another's stem differs from in case only.</summary>
    public static string Distinguish(string hint) => hint + "-" + Hash(hint);

    private static string Variance(ITypeParameterSymbol parameter) => parameter.Variance switch
    {
        VarianceKind.In => "in ",
        VarianceKind.Out => "out ",
        _ => "",
    };

    /// <summary>FNV-1a: the same in every process, which <see cref="string.GetHashCode()"/> is not.</summary>
    private static string Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var letter in text)
        {
            hash = unchecked((hash ^ letter) * 16777619u);
        }

        return hash.ToString("x8", CultureInfo.InvariantCulture);
    }
}
