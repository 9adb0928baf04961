using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Compiler.Emit;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Frontend;

/// <summary>
/// Which members the user's part of a class may have beside the generated ones. The analyzer sees a class with its generated
/// part, the generator without: what the generator wrote does not count.
/// </summary>
internal sealed class MemberRules
{
    private static readonly SymbolDisplayFormat FullName = SymbolDisplayFormat.FullyQualifiedFormat
        .WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    private readonly INamedTypeSymbol _type;
    private readonly bool _trains;
    private readonly bool _takesBytes;
    private readonly bool _hasOwn;

    public MemberRules(INamedTypeSymbol type, NetworkAttributes attributes)
    {
        var trains = attributes.Train is not null;
        (_type, _trains, _takesBytes, _hasOwn) = (type, trains, attributes.TakesBytes, attributes.HasOwnFunctions);
        var users = type.GetMembers().Where(IsUsers).ToList();
        Clashes = [.. users.Where(Clash), .. type.TypeParameters.Where(parameter => MemberNames.IsTaken(parameter.Name, trains, _hasOwn))];
        Constructors = [.. users.OfType<IMethodSymbol>().Where(method => method is { MethodKind: MethodKind.Constructor, IsImplicitlyDeclared: false } && !IsPrimary(method))];
        Inherited = Ancestors().SelectMany(ancestor => ancestor.GetMembers()).FirstOrDefault(Hidden);
    }

    /// <summary>The user's members that bear a generated member's name.</summary>
    public IReadOnlyList<ISymbol> Clashes { get; }

    /// <summary>An inherited member that a generated one would hide.</summary>
    public ISymbol? Inherited { get; }

    private IReadOnlyList<IMethodSymbol> Constructors { get; }

    /// <summary>Whether there is no room for the generated constructor <c>(int seed)</c>.</summary>
    public bool TakesConstructor => Constructors.Any(HasOurParameters);

    public EquatableArray<string> Taken => Clashes.Append(Inherited).OfType<ISymbol>().SelectMany(TakenNames)
        .Append(_type.Name).Distinct().OrderBy(name => name, StringComparer.Ordinal).ToEquatableArray();

    public IEnumerable<CompilerError> Check(CancellationToken cancellation)
    {
        foreach (var name in Clashes.Select(member => DisplayName(member)).Distinct())
        {
            yield return new(ErrorIds.MemberClash, new(-1, name), name, _type.Name);
        }

        if (Clashes.Count == 0 && Inherited is not null)
        {
            yield return new(ErrorIds.BaseClass, Anchor.Class, _type.Name, Inherited.ContainingType.Name, $"has a member '{Inherited.Name}', which a generated one would hide");
        }

        if (Constructors.Any(constructor => HasOurParameters(constructor) || !ChainsToAnother(constructor, cancellation)))
        {
            yield return new(ErrorIds.Constructor, new(-1, ".ctor"), _type.Name);
        }
    }

    /// <summary>The member at fault, for the analyzer, which shows it.</summary>
    public ISymbol? Find(string anchorArgument, CancellationToken cancellation) => anchorArgument == ".ctor"
        ? Constructors.FirstOrDefault(constructor => HasOurParameters(constructor) || !ChainsToAnother(constructor, cancellation))
        : Clashes.FirstOrDefault(member => DisplayName(member) == anchorArgument);

    private bool Clash(ISymbol member)
    {
        if (Explicit(member).Any())
        {
            return true;
        }

        if (member.IsImplicitlyDeclared || member is IMethodSymbol { AssociatedSymbol: not null })
        {
            return false;
        }

        return member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method
            ? MemberNames.IsTakenByNoMethod(method.Name, _trains) || (method.Arity == 0 && HasGeneratedSignature(method))
            : MemberNames.IsTaken(member.Name, _trains, _hasOwn);
    }

    private bool HasGeneratedSignature(IMethodSymbol method) => MemberNames.MethodsOf(_trains, _takesBytes, _hasOwn).Any(generated =>
        generated.Matches(method.Name, method.Parameters.Select(parameter => (parameter.RefKind == RefKind.None ? "" : "ref ") + parameter.Type.ToDisplayString(FullName))));

    /// <summary>
    /// A generated property or type hides everything of its name, a generated method only its like; a private member nobody sees.
    /// </summary>
    private bool Hidden(ISymbol member) => member.DeclaredAccessibility != Accessibility.Private
        && (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method
            ? MemberNames.IsTakenByNoMethod(method.Name, _trains) || HasGeneratedSignature(method)
            : member is not IMethodSymbol && MemberNames.IsTaken(member.Name, _trains, _hasOwn));

    /// <summary>Base classes up to a network, whose members are generated ones: that is an error of its own.</summary>
    private IEnumerable<INamedTypeSymbol> Ancestors()
    {
        for (var ancestor = _type.BaseType; ancestor is { SpecialType: not SpecialType.System_Object }; ancestor = ancestor.BaseType)
        {
            if (ancestor.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == NetworkAttributes.NetworkName))
            {
                yield break;
            }

            yield return ancestor;
        }
    }

    public static bool IsUsers(ISymbol member) => member.DeclaringSyntaxReferences.Length == 0
        ? !member.IsImplicitlyDeclared
        : member.DeclaringSyntaxReferences.Any(reference => !NetworkGenerator.Wrote(reference.SyntaxTree));

    /// <summary>The members of our interfaces that a member implements explicitly.</summary>
    private static IEnumerable<ISymbol> Explicit(ISymbol member)
    {
        IEnumerable<ISymbol> implemented = member switch
        {
            IMethodSymbol { AssociatedSymbol: null } method => method.ExplicitInterfaceImplementations,
            IPropertySymbol property => property.ExplicitInterfaceImplementations,
            _ => [],
        };
        return implemented.Where(each => each.ContainingType is
        {
            Name: "INetwork" or "ITrainableNetwork" or "IClassifierNetwork" or "IByteInputNetwork",
            ContainingNamespace: { Name: "NetGen", ContainingNamespace.IsGlobalNamespace: true },
        });
    }

    private static IEnumerable<string> TakenNames(ISymbol member) => Explicit(member)
        .Select(implemented => $"{implemented.ContainingType.Name}.{implemented.Name}").DefaultIfEmpty(member.Name);

    private static string DisplayName(ISymbol member) => TakenNames(member).First();

    private static bool HasOurParameters(IMethodSymbol constructor) =>
        constructor.Parameters.Length == 1 && constructor.Parameters[0] is { Type.SpecialType: SpecialType.System_Int32, RefKind: RefKind.None };

    private static bool IsPrimary(IMethodSymbol constructor) => constructor.DeclaringSyntaxReferences.All(reference => reference.GetSyntax() is TypeDeclarationSyntax);

    private static bool ChainsToAnother(IMethodSymbol constructor, CancellationToken cancellation) =>
        constructor.DeclaringSyntaxReferences.All(reference => reference.GetSyntax(cancellation)
            is not ConstructorDeclarationSyntax syntax || syntax.Initializer?.IsKind(SyntaxKind.ThisConstructorInitializer) == true);
}
