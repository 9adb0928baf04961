using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Compiler.Ir;

namespace NetGen.CodeFixes;

/// <summary>Gives an input of several dimensions the flat size that a dense layer takes: <c>[Input(28, 28)]</c> becomes <c>[Input(784)]</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FlattenInputCodeFix))]
[Shared]
public sealed class FlattenInputCodeFix : NetworkCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [ErrorIds.NotFlat];

    private protected override void Register(CodeFixContext context, SyntaxNode root, Diagnostic diagnostic)
    {
        if (AttributeAt(root, diagnostic)?.ArgumentList is not { } list
            || !int.TryParse(Named(diagnostic, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            return;
        }

        Offer(context, diagnostic, $"Declare the flat size, {size}", root, whole => whole.ReplaceNode(list, Flat(list, size)));
    }

    private static AttributeArgumentListSyntax Flat(AttributeArgumentListSyntax list, int size)
    {
        var shape = SyntaxFactory.AttributeArgument(SyntaxFactory.LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(size)));
        IEnumerable<AttributeArgumentSyntax> properties = list.Arguments.Where(argument => argument.NameEquals is not null).Select(argument => argument.WithoutTrivia());
        List<AttributeArgumentSyntax> arguments = [shape, .. properties];
        var commas = Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), arguments.Count - 1);
        return list.WithArguments(SyntaxFactory.SeparatedList(arguments, commas));
    }
}
