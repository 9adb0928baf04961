using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using NetGen.Compiler.Ir;

namespace NetGen.CodeFixes;

/// <summary>Changes the loss to the one that fits the last layer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ChangeLossCodeFix))]
[Shared]
public sealed class ChangeLossCodeFix : NetworkCodeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [ErrorIds.LossNeedsActivation, ErrorIds.SoftmaxTwice, ErrorIds.SigmoidTwice];

    private protected override void Register(CodeFixContext context, SyntaxNode root, Diagnostic diagnostic)
    {
        var fitting = diagnostic.Id switch
        {
            ErrorIds.SoftmaxTwice => "CrossEntropy",
            ErrorIds.SigmoidTwice => "BinaryCrossEntropy",
            _ => Named(diagnostic, 4)?.Split('.').Last(),
        };
        if (fitting is not null && Loss(root, diagnostic) is { } loss)
        {
            Offer(context, diagnostic, $"Use Loss.{fitting}", root, whole => whole.ReplaceNode(loss, Change(loss, fitting)));
        }
    }

    /// <summary>The loss as it is written: at the diagnostic, or in <c>[Train]</c> on the same part of the class as the layer at fault.</summary>
    private static ExpressionSyntax? Loss(SyntaxNode root, Diagnostic diagnostic)
    {
        var found = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        if (diagnostic.Id == ErrorIds.LossNeedsActivation)
        {
            return found as ExpressionSyntax;
        }

        return found.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.AttributeLists
            .SelectMany(list => list.Attributes)
            .Where(attribute => LastName(attribute.Name) is "Train" or "TrainAttribute")
            .SelectMany(attribute => attribute.ArgumentList?.Arguments ?? [])
            .FirstOrDefault(argument => argument.NameEquals is null && argument.NameColon?.Name.Identifier.ValueText is null or "loss")?.Expression;
    }

    /// <summary>Keeps how the user names the enum.</summary>
    private static ExpressionSyntax Change(ExpressionSyntax loss, string fitting) => loss is MemberAccessExpressionSyntax access
        ? access.WithName(SyntaxFactory.IdentifierName(fitting).WithTriviaFrom(access.Name))
        : SyntaxFactory.ParseExpression("global::NetGen.Loss." + fitting).WithTriviaFrom(loss).WithAdditionalAnnotations(Simplifier.Annotation);

    private static string LastName(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
