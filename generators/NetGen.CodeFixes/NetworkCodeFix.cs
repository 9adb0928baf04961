using System;
using System.Globalization;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetGen.CodeFixes;

/// <summary>What our fixes share: each changes the syntax of one document.</summary>
public abstract class NetworkCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            Register(context, root, diagnostic);
        }
    }

    private protected abstract void Register(CodeFixContext context, SyntaxNode root, Diagnostic diagnostic);

    /// <summary>What the analyzer names at a placeholder of the message.</summary>
    private protected static string? Named(Diagnostic diagnostic, int placeholder) =>
        diagnostic.Properties.TryGetValue(placeholder.ToString(CultureInfo.InvariantCulture), out var value) ? value : null;

    private protected static AttributeSyntax? AttributeAt(SyntaxNode root, Diagnostic diagnostic) =>
        root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<AttributeSyntax>();

    private protected static void Offer(CodeFixContext context, Diagnostic diagnostic, string title, SyntaxNode root, Func<SyntaxNode, SyntaxNode> change)
    {
        var document = context.Document;
        context.RegisterCodeFix(
            CodeAction.Create(title, _ => Task.FromResult(document.WithSyntaxRoot(change(root))), equivalenceKey: title),
            diagnostic);
    }
}
