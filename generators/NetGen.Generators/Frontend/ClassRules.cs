using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Compiler.Emit;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Frontend;

/// <summary>What a class must be so that the compiler can write the rest of it.</summary>
internal static class ClassRules
{
    public static IEnumerable<CompilerError> Check(INamedTypeSymbol type, NetworkAttributes attributes, Compilation compilation, CancellationToken cancellation)
    {
        if (compilation is CSharpCompilation { LanguageVersion: < LanguageVersion.CSharp12 and var version })
        {
            yield return Error(ErrorIds.LanguageVersion, type.Name, version.ToDisplayString());
        }

        if (!IsPartial(type, cancellation))
        {
            yield return Error(ErrorIds.NotPartial, type.Name);
        }

        foreach (var outer in Names.ContainingTypes(type).Where(outer => !IsPartial(outer, cancellation)))
        {
            yield return new(ErrorIds.OuterTypeNotPartial, new(-1, outer.Name), type.Name, outer.Name);
        }

        if (Names.ContainingTypes(type).Append(type).FirstOrDefault(each => each.Arity > 0) is { } generic)
        {
            yield return Error(ErrorIds.Generic, type.Name, generic.Name);
        }

        if (type.IsStatic)
        {
            yield return Error(ErrorIds.Static, type.Name);
        }
        else if (type.IsAbstract)
        {
            yield return Error(ErrorIds.Abstract, type.Name);
        }

        if (IsFileLocal(type))
        {
            yield return Error(ErrorIds.FileLocal, type.Name);
        }

        if (type.IsRecord)
        {
            yield return Error(ErrorIds.Record, type.Name);
        }

        if (HasPrimaryConstructor(type, cancellation) && !type.IsRecord)
        {
            yield return Error(ErrorIds.PrimaryConstructor, type.Name);
        }

        if (MemberNames.IsTaken(type.Name, attributes.Train is not null, attributes.HasOwnFunctions))
        {
            yield return Error(ErrorIds.ClassNamedLikeMember, type.Name);
        }

        if (BaseClassProblem(type, compilation) is { } problem)
        {
            yield return Error(ErrorIds.BaseClass, type.Name, type.BaseType!.Name, problem);
        }
    }

    /// <summary>Whether another part of the class can be written at all.</summary>
    public static bool CanBeExtended(INamedTypeSymbol type, CancellationToken cancellation) =>
        !type.IsStatic && !IsFileLocal(type) && Names.ContainingTypes(type).Append(type).All(each => IsPartial(each, cancellation));

    public static bool HasPrimaryConstructor(INamedTypeSymbol type, CancellationToken cancellation) =>
        Parts(type, cancellation).Any(part => part.ParameterList is not null);

    public static IEnumerable<TypeDeclarationSyntax> Parts(INamedTypeSymbol type, CancellationToken cancellation) =>
        type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).OfType<TypeDeclarationSyntax>();

    /// <summary>Every part of the user's must say it: the compiler gathers generated parts only under a class that is partial.</summary>
    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellation) =>
        Parts(type, cancellation).All(part => part.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static bool IsFileLocal(INamedTypeSymbol type) => Names.ContainingTypes(type).Append(type).Any(each => each.IsFileLocal);

    /// <summary>What stands between a base class and the generated constructor and members; null for nothing.</summary>
    private static string? BaseClassProblem(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.BaseType is not { SpecialType: not SpecialType.System_Object, TypeKind: not TypeKind.Error } parent)
        {
            return null;
        }

        for (var ancestor = parent; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == NetworkAttributes.NetworkName))
            {
                return "is a network itself";
            }
        }

        return parent.InstanceConstructors.Any(constructor =>
            constructor.Parameters.All(parameter => parameter.IsOptional || parameter.IsParams) && compilation.IsSymbolAccessibleWithin(constructor, type))
            ? null
            : "has no constructor without parameters that it could call";
    }

    private static CompilerError Error(string id, params string[] arguments) => new(id, Anchor.Class, arguments);
}
