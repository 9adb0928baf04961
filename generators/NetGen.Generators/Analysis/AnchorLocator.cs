using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Compiler.Frontend;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Analysis;

/// <summary>Finds where in the source an error's anchor is.</summary>
internal sealed class AnchorLocator(INamedTypeSymbol type, NetworkAttributes attributes, CancellationToken cancellation)
{
    public Location Locate(CompilerError error) => error.Anchor.Attribute >= 0 && error.Anchor.Attribute < attributes.Anchored.Length
        ? Argument(attributes.Anchored[error.Anchor.Attribute], error.Anchor.Argument)
        : error.Id switch
        {
            ErrorIds.OuterTypeNotPartial => NotPartial([.. Names.ContainingTypes(type).Where(outer => outer.Name == error.Anchor.Argument)]),
            ErrorIds.NotPartial => NotPartial(type),
            ErrorIds.MemberClash or ErrorIds.Constructor => Member(error.Anchor.Argument!),
            _ => Class(),
        };

    private Location Class()
    {
        var part = attributes.Network?.Part ?? attributes.Anchored[0].Part;
        return type.DeclaringSyntaxReferences[part].GetSyntax(cancellation) is BaseTypeDeclarationSyntax syntax
            ? syntax.Identifier.GetLocation()
            : type.Locations[0];
    }

    /// <summary>A part that is not partial, of types of one name.</summary>
    private Location NotPartial(params INamedTypeSymbol[] types) =>
        types.SelectMany(each => ClassRules.Parts(each, cancellation)).First(part => !part.Modifiers.Any(SyntaxKind.PartialKeyword)).Identifier.GetLocation();

    private Location Member(string name)
    {
        var member = new MemberRules(type, attributes).Find(name, cancellation);
        return member?.Locations.FirstOrDefault(location => location.IsInSource && !NetworkGenerator.Wrote(location.SourceTree!)) ?? Class();
    }

    /// <summary>An argument of an attribute, <c>shape[1]</c> being one element; the whole attribute where the argument is not written.</summary>
    private Location Argument(AttributeReader attribute, string? argument)
    {
        var syntax = (AttributeSyntax)attribute.Data.ApplicationSyntaxReference!.GetSyntax(cancellation);
        if (argument is null || syntax.ArgumentList is not { } list)
        {
            return syntax.GetLocation();
        }

        var bracket = argument.IndexOf('[');
        var name = bracket < 0 ? argument : argument.Substring(0, bracket);
        var given = Values(list, attribute, name).ToList();
        if (given.Count == 0)
        {
            // What no argument says of its own for a direction, one for both says.
            return argument.EndsWith("Height", StringComparison.Ordinal) || argument.EndsWith("Width", StringComparison.Ordinal)
                ? Argument(attribute, argument.Substring(0, argument.LastIndexOf(argument.EndsWith("Height", StringComparison.Ordinal) ? "Height" : "Width", StringComparison.Ordinal)))
                : syntax.GetLocation();
        }

        if (bracket < 0)
        {
            return Location.Create(syntax.SyntaxTree, TextSpan.FromBounds(given[0].SpanStart, given[given.Count - 1].Span.End));
        }

        var index = int.Parse(argument.Substring(bracket + 1, argument.Length - bracket - 2), CultureInfo.InvariantCulture);
        var elements = given.Count == 1 ? Elements(given[0]) : given;
        return (index < elements.Count ? elements[index] : given[0]).GetLocation();
    }

    /// <summary>The expressions given for a parameter or property: several for a <c>params</c> array.</summary>
    private static IEnumerable<ExpressionSyntax> Values(AttributeArgumentListSyntax list, AttributeReader attribute, string name)
    {
        var parameters = attribute.Data.AttributeConstructor!.Parameters;
        for (var i = 0; i < list.Arguments.Count; i++)
        {
            var argument = list.Arguments[i];
            var parameter = i < parameters.Length ? parameters[i] : parameters.LastOrDefault(last => last.IsParams);
            var called = argument.NameEquals?.Name.Identifier.ValueText ?? argument.NameColon?.Name.Identifier.ValueText ?? parameter?.Name;
            if (called == name)
            {
                yield return argument.Expression;
            }
        }
    }

    private static IReadOnlyList<SyntaxNode> Elements(ExpressionSyntax array) => array switch
    {
        ArrayCreationExpressionSyntax { Initializer: { } list } => [.. list.Expressions],
        ImplicitArrayCreationExpressionSyntax { Initializer: { } list } => [.. list.Expressions],
        CollectionExpressionSyntax list => [.. list.Elements],
        _ => [array],
    };
}
