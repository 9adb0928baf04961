using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Compiler.Ir;

namespace NetGen.CodeFixes;

/// <summary>Removes the last layer's activation where the loss contains it: the argument of a dense layer, or a layer of its own.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveActivationCodeFix))]
[Shared]
public sealed class RemoveActivationCodeFix : NetworkCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [ErrorIds.SoftmaxTwice, ErrorIds.SigmoidTwice];

    private protected override void Register(CodeFixContext context, SyntaxNode root, Diagnostic diagnostic)
    {
        var argument = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<AttributeArgumentSyntax>();
        if (argument?.Parent?.Parent is not AttributeSyntax { Parent: AttributeListSyntax list } attribute)
        {
            return;
        }

        var isLayer = diagnostic.Properties.TryGetValue("argument", out var name) && name == "kind";
        var removed = !isLayer ? argument : list.Attributes.Count > 1 ? attribute : (SyntaxNode)list;
        var blank = removed.GetLeadingTrivia().All(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
        var options = blank || removed is not AttributeListSyntax ? SyntaxRemoveOptions.KeepNoTrivia : SyntaxRemoveOptions.KeepLeadingTrivia;
        Offer(context, diagnostic, "Let the last layer give logits", root, whole => whole.RemoveNode(removed, options)!);
    }
}
