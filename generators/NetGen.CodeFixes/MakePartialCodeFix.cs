using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Compiler.Ir;

namespace NetGen.CodeFixes;

/// <summary>Makes a network class and the types around it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialCodeFix))]
[Shared]
public sealed class MakePartialCodeFix : NetworkCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [ErrorIds.NotPartial, ErrorIds.OuterTypeNotPartial];

    private protected override void Register(CodeFixContext context, SyntaxNode root, Diagnostic diagnostic)
    {
        if (root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type)
        {
            return;
        }

        var closed = type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>()
            .Where(each => !each.Modifiers.Any(SyntaxKind.PartialKeyword)).ToList();
        var title = closed.Count == 1 ? $"Make '{closed[0].Identifier.ValueText}' partial" : $"Make '{type.Identifier.ValueText}' and the types around it partial";
        Offer(context, diagnostic, title, root, whole => whole.ReplaceNodes(closed, (_, each) => MakePartial(each)));
    }

    /// <summary><c>partial</c> comes last of all modifiers; where it is the first too, what stood before the keyword stands before it.</summary>
    private static TypeDeclarationSyntax MakePartial(TypeDeclarationSyntax type)
    {
        var partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        return type.Modifiers.Count > 0
            ? type.WithModifiers(type.Modifiers.Add(partial))
            : type
                .WithKeyword(type.Keyword.WithLeadingTrivia())
                .WithModifiers(SyntaxFactory.TokenList(partial.WithLeadingTrivia(type.Keyword.LeadingTrivia)));
    }
}
