using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Frontend;

/// <summary>
/// The class's own functions that its attributes name: finds the methods and their derivatives, and has them translated. The generator sees the
/// class without its generated part and the analyzer with it, so functions may use nothing of that part.
/// </summary>
internal sealed class OwnFunctionReader(INamedTypeSymbol type, Compilation compilation, List<CompilerError> errors, CancellationToken cancellation)
{
    /// <summary>By signature; null while it is being read, and where it cannot be.</summary>
    private readonly Dictionary<string, OwnFunction?> _functions = [];
    private readonly List<OwnFunction> _done = [];

    /// <summary>The methods that call one another from the one that an attribute names.</summary>
    private readonly List<string> _calls = [];

    /// <summary>All that were read, each after those that it calls.</summary>
    public EquatableArray<OwnFunction> All => _done.ToEquatableArray();

    /// <summary>Whether C# itself has an error in one of the methods, which its compiler reports.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Reads a function and its derivative; false, and an error, where they cannot be.</summary>
    /// <param name="name">The method's name; null for none.</param>
    /// <param name="anchor">The argument that names it.</param>
    /// <param name="parameters">What its parameters are called in messages.</param>
    public bool Read(string? name, Anchor anchor, params string[] parameters)
    {
        var function = Find(name ?? "", anchor, parameters, ErrorIds.FunctionNotFound);
        var derivative = function is null ? null : Find(name + OwnFunction.Derivative, anchor, parameters, ErrorIds.DerivativeNotFound);
        return function is not null && derivative is not null && Translate(function, anchor) && Translate(derivative, anchor);
    }

    /// <summary>The user's method of the name with so many floats.</summary>
    private IMethodSymbol? Find(string name, Anchor anchor, string[] parameters, string notFound)
    {
        var declaration = $"static float {name}({string.Join(", ", parameters.Select(parameter => "float " + parameter))})";
        var members = type.GetMembers(name).Where(MemberRules.IsUsers).ToList();
        var method = members.OfType<IMethodSymbol>().FirstOrDefault(each => Problem(each, parameters.Length) is null);
        if (method is not null)
        {
            return method;
        }

        if (members.Count > 0)
        {
            var problem = members.OfType<IMethodSymbol>().Select(each => Problem(each, parameters.Length)).FirstOrDefault() ?? "is no method";
            errors.Add(new(ErrorIds.FunctionSignature, anchor, name, declaration, "it " + problem));
            return null;
        }

        errors.Add(notFound == ErrorIds.FunctionNotFound
            ? new(notFound, anchor, name, type.Name, name.Length == 0 ? "static float NAME(…)" : declaration)
            : new(notFound, anchor, name.Substring(0, name.Length - OwnFunction.Derivative.Length), declaration));
        return null;
    }

    /// <summary>What is wrong with a method's signature; null for nothing.</summary>
    private static string? Problem(IMethodSymbol method, int parameters) => method switch
    {
        { MethodKind: not MethodKind.Ordinary } => "is no method",
        { IsStatic: false } => "is not static",
        { Arity: > 0 } => "has type parameters",
        { ReturnType.SpecialType: not SpecialType.System_Single } or { RefKind: not RefKind.None } => $"returns {method.ReturnType.ToDisplayString()}",
        _ when method.Parameters.Length != parameters => $"has {method.Parameters.Length} parameters",
        _ when method.Parameters.FirstOrDefault(each => each.Type.SpecialType != SpecialType.System_Single || each.RefKind != RefKind.None) is { } other
            => $"takes '{other.ToDisplayString()}'",
        _ => null,
    };

    /// <summary>Whether a method that another calls is one that can be read: of floats, of this class.</summary>
    private bool IsOwn(IMethodSymbol method) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingType, type) && MemberRules.IsUsers(method) && Problem(method, method.Parameters.Length) is null;

    private bool Translate(IMethodSymbol method, Anchor anchor)
    {
        _calls.Clear();
        try
        {
            Translate(method);
            return true;
        }
        catch (NoTranslationException problem)
        {
            if (problem.Id is null)
            {
                IsBroken = true; // C# has more to say about it
            }
            else
            {
                errors.Add(new(problem.Id, anchor, problem.Method ?? method.Name, problem.Message));
            }

            return false;
        }
    }

    /// <summary>Reads a method, and before it those that it calls.</summary>
    private void Translate(IMethodSymbol method)
    {
        var signature = $"{method.Name}/{method.Parameters.Length}";
        if (_functions.TryGetValue(signature, out var known) && known is not null)
        {
            return;
        }

        if (_calls.Contains(signature))
        {
            var names = _calls.Skip(_calls.IndexOf(signature)).Append(signature).Select(each => each.Substring(0, each.IndexOf('/')));
            throw new NoTranslationException(ErrorIds.FunctionRecursion, string.Join(" → ", names), method.Name);
        }

        _calls.Add(signature);
        var function = Body(method);
        _calls.RemoveAt(_calls.Count - 1);
        _functions[signature] = function;
        _done.Add(function);
    }

    private OwnFunction Body(IMethodSymbol method)
    {
        cancellation.ThrowIfCancellationRequested();
        var written = method.PartialImplementationPart ?? method;
        if (written.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not MethodDeclarationSyntax syntax
            || (syntax.Body is null && syntax.ExpressionBody is null))
        {
            throw new NoTranslationException(ErrorIds.FunctionConstruct, "it has no body", method.Name);
        }

        var operation = compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellation) as IMethodBodyOperation;
        if (syntax.ContainsDiagnostics || operation is null)
        {
            throw NoTranslationException.OfBrokenCode();
        }

        return new OwnFunctionBody(written, syntax, compilation, IsOwn, Translate, _done).Read(operation);
    }
}
