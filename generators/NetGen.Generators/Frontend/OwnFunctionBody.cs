using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Frontend;

/// <summary>
/// One method as an expression. Statements may be declarations of local variables, <c>return</c>, and <c>if</c> with a branch that returns,
/// which becomes a choice: nothing here has a side effect, so everything may be computed and the result chosen.
/// </summary>
/// <param name="method">The method.</param>
/// <param name="syntax">Its text.</param>
/// <param name="compilation">What it is in.</param>
/// <param name="isOwn">Whether a method that it calls can be read too.</param>
/// <param name="read">Reads that.</param>
internal sealed class OwnFunctionBody(
    IMethodSymbol method, MethodDeclarationSyntax syntax, Compilation compilation, Func<IMethodSymbol, bool> isOwn, Action<IMethodSymbol> read)
{
    private const int LongestQuote = 60;
    private const float LargestPower = 16;

    private readonly Dictionary<ISymbol, string> _names = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> _taken = [];
    private readonly List<OwnLocal> _locals = [];

    public OwnFunction Read(IMethodBodyOperation body)
    {
        foreach (var reference in body.DescendantsAndSelf().OfType<IFieldReferenceOperation>().Where(reference => IsGenerated(reference.Field, 0)))
        {
            throw Unsupported(reference, "it is generated, and functions are read before anything is");
        }

        var parameters = method.Parameters.Select(parameter => Name(parameter)).ToEquatableArray();
        var block = (body.BlockBody ?? body.ExpressionBody)!;
        var result = Statements(block.Operations, 0, () => throw NoTranslationException.OfBrokenCode()); // C# requires a return
        return new(method.Name, parameters, _locals.ToEquatableArray(), result);
    }

    /// <summary>The result of statements from one on.</summary>
    /// <param name="statements">The statements.</param>
    /// <param name="first">The first of them that counts.</param>
    /// <param name="rest">What comes after them, where they end without <c>return</c>.</param>
    private Expression Statements(IReadOnlyList<IOperation> statements, int first, Func<Expression> rest)
    {
        if (first == statements.Count)
        {
            return rest();
        }

        Expression Next() => Statements(statements, first + 1, rest);
        switch (statements[first])
        {
            case IEmptyOperation:
                return Next();
            case IReturnOperation { ReturnedValue: { } value }:
                return Value(value);
            case IBlockOperation block:
                return Statements(block.Operations, 0, Next);
            case IVariableDeclarationGroupOperation group:
                Declare(group);
                return Next();
            case IConditionalOperation branch:
                return Branch(branch, Next);
            case var other:
                throw Unsupported(other, "statements may be declarations of locals, return, and if with a branch that returns");
        }
    }

    private Expression Branch(IConditionalOperation branch, Func<Expression> rest)
    {
        if (!branch.Descendants().OfType<IReturnOperation>().Any())
        {
            throw Unsupported(branch, "a branch of an if must return");
        }

        // What several paths come to is computed once.
        var ends = Ends(branch.WhenTrue) + (branch.WhenFalse is null ? 1 : Ends(branch.WhenFalse));
        if (ends > 1)
        {
            var shared = Local("rest", rest());
            rest = () => shared;
        }

        var condition = Condition(branch.Condition);
        return new ChoiceExpression(
            condition, Statements([branch.WhenTrue], 0, rest), branch.WhenFalse is null ? rest() : Statements([branch.WhenFalse], 0, rest));
    }

    /// <summary>The places within a statement from which what comes after it is reached: none where every path returns.</summary>
    private static int Ends(IOperation statement) => statement switch
    {
        IReturnOperation => 0,
        IBlockOperation { Operations.Length: > 0 } block => block.Operations.Any(each => Ends(each) == 0) ? 0 : Ends(block.Operations[block.Operations.Length - 1]),
        IConditionalOperation branch => Ends(branch.WhenTrue) + (branch.WhenFalse is null ? 1 : Ends(branch.WhenFalse)),
        _ => 1,
    };

    private void Declare(IVariableDeclarationGroupOperation group)
    {
        foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
        {
            if (declarator.Symbol.IsConst)
            {
                continue; // its uses are constants
            }

            if (declarator.Initializer?.Value is not { } value || declarator.Symbol.RefKind != RefKind.None)
            {
                throw Unsupported(declarator, "a local variable needs a value where it is declared");
            }

            var expression = declarator.Symbol.Type.SpecialType == SpecialType.System_Boolean ? Condition(value) : Value(value);
            _locals.Add(new(Name(declarator.Symbol), expression));
        }
    }

    /// <summary>A number.</summary>
    private Expression Value(IOperation operation)
    {
        RequireWhole(operation);
        if (operation.Type?.SpecialType != SpecialType.System_Single)
        {
            throw Unsupported(operation, operation.Type?.SpecialType == SpecialType.System_Double
                ? "it is a double; write MathF for Math and 0.5f for 0.5"
                : $"it is of type {operation.Type?.ToDisplayString() ?? "void"}, not float");
        }

        if (operation.ConstantValue is { HasValue: true, Value: float constant })
        {
            return Number(constant);
        }

        switch (operation)
        {
            case IParenthesizedOperation parenthesized:
                return Value(parenthesized.Operand);
            case IParameterReferenceOperation parameter:
                return new NameExpression(_names[parameter.Parameter]);
            case ILocalReferenceOperation { IsDeclaration: false } local when _names.TryGetValue(local.Local, out var name):
                return new NameExpression(name);
            case IConversionOperation { OperatorMethod: null } conversion when conversion.Operand.Type?.SpecialType == SpecialType.System_Single:
                return Value(conversion.Operand);
            case IConversionOperation conversion:
                return Value(conversion.Operand); // says what is wrong with the operand
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus, OperatorMethod: null } minus:
                return new UnaryExpression(UnaryOperator.Minus, Value(minus.Operand));
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Plus, OperatorMethod: null } plus:
                return Value(plus.Operand);
            case IBinaryOperation { OperatorMethod: null } binary when Arithmetic(binary.OperatorKind) is { } op:
                return new BinaryExpression(op, Value(binary.LeftOperand), Value(binary.RightOperand));
            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                return choice.Condition.ConstantValue is { HasValue: true, Value: bool chosen }
                    ? Value(chosen ? choice.WhenTrue : otherwise)
                    : new ChoiceExpression(Condition(choice.Condition), Value(choice.WhenTrue), Value(otherwise));
            case IInvocationOperation call:
                return Call(call);
            default:
                throw Unsupported(operation, "an expression may be made of + − * /, comparisons, ?:, constants, and calls of MathF and of the class's own static methods");
        }
    }

    private Expression Condition(IOperation operation)
    {
        RequireWhole(operation);
        switch (operation)
        {
            case IParenthesizedOperation parenthesized:
                return Condition(parenthesized.Operand);
            case ILocalReferenceOperation { IsDeclaration: false } local when _names.TryGetValue(local.Local, out var name):
                return new NameExpression(name);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, OperatorMethod: null } not:
                return new UnaryExpression(UnaryOperator.Not, Condition(not.Operand));
            case IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } and:
                return new BinaryExpression(BinaryOperator.And, Condition(and.LeftOperand), Condition(and.RightOperand));
            case IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } or:
                return new BinaryExpression(BinaryOperator.Or, Condition(or.LeftOperand), Condition(or.RightOperand));
            case IBinaryOperation { OperatorMethod: null } binary when Comparison(binary.OperatorKind) is { } op:
                return new BinaryExpression(op, Value(binary.LeftOperand), Value(binary.RightOperand));
            default:
                throw Unsupported(operation, "a condition may be made of comparisons of floats, !, && and ||");
        }
    }

    private Expression Call(IInvocationOperation call)
    {
        var target = call.TargetMethod;
        if (call.Arguments.Any(argument => argument.ArgumentKind != ArgumentKind.Explicit))
        {
            throw Unsupported(call, "every argument must be written");
        }

        // Arguments in the order of the parameters, whatever names they are given by.
        var arguments = call.Arguments.OrderBy(argument => argument.Parameter!.Ordinal).Select(argument => argument.Value).ToList();
        if (isOwn(target))
        {
            read(target);
            return new CallExpression(target.Name, arguments.Select(Value).ToEquatableArray());
        }

        if (!IsMath(target))
        {
            throw Unsupported(call, $"it calls neither MathF nor a static method of {method.ContainingType.Name} that takes and returns floats");
        }

        if (target.Parameters.Any(parameter => parameter.Type.SpecialType != SpecialType.System_Single) || target.ReturnType.SpecialType != SpecialType.System_Single)
        {
            throw Unsupported(call, target.ReturnType.SpecialType == SpecialType.System_Double
                ? "it computes in double; write MathF for Math"
                : "its arguments and its result must be floats");
        }

        switch (target.Name)
        {
            case "Pow":
                return Power(call, arguments);
            case "Clamp" when arguments.Count == 3:
                var atMost = new MathExpression(MathFunction.Min, Pair(Value(arguments[0]), Value(arguments[2])));
                return new MathExpression(MathFunction.Max, Pair(atMost, Value(arguments[1])));
            case var name when Enum.TryParse<MathFunction>(name, out var function) && arguments.Count == (function is MathFunction.Max or MathFunction.Min or MathFunction.CopySign ? 2 : 1):
                return new MathExpression(function, arguments.Select(Value).ToEquatableArray());
            default:
                throw Unsupported(call, $"of MathF there are {string.Join(", ", Enum.GetNames(typeof(MathFunction)))}, Pow with a whole constant, and Math.Clamp");
        }
    }

    /// <summary>xⁿ as products: n halves, so that x⁵ = x·(x²)² takes three.</summary>
    private Expression Power(IInvocationOperation call, List<IOperation> arguments)
    {
        if (arguments[1].ConstantValue is not { HasValue: true, Value: float exponent } || Math.Abs(exponent) > LargestPower || exponent != Math.Floor(exponent))
        {
            throw Unsupported(call, $"an exponent must be a whole constant from −{LargestPower} to {LargestPower}");
        }

        var power = Local("power", Value(arguments[0]));
        Expression? product = null;
        for (var n = (int)Math.Abs(exponent); n > 0; n /= 2)
        {
            product = n % 2 == 0 ? product : product is null ? power : new BinaryExpression(BinaryOperator.Multiply, product, power);
            power = n < 2 ? power : Local("power", new BinaryExpression(BinaryOperator.Multiply, power, power));
        }

        var one = new NumberExpression(1);
        return product is null ? one : exponent > 0 ? product : new BinaryExpression(BinaryOperator.Divide, one, product);
    }

    private NameExpression Local(string stem, Expression value)
    {
        var name = Unique(stem);
        _locals.Add(new(name, value));
        return new(name);
    }

    private static EquatableArray<Expression> Pair(Expression a, Expression b) => new([a, b]);

    private static Expression Number(float value) => value == 0 && 1 / value < 0
        ? new UnaryExpression(UnaryOperator.Minus, new NumberExpression(0))
        : new NumberExpression(value);

    private static BinaryOperator? Arithmetic(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Add => BinaryOperator.Add,
        BinaryOperatorKind.Subtract => BinaryOperator.Subtract,
        BinaryOperatorKind.Multiply => BinaryOperator.Multiply,
        BinaryOperatorKind.Divide => BinaryOperator.Divide,
        _ => null,
    };

    private static BinaryOperator? Comparison(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.LessThan => BinaryOperator.Less,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperator.LessOrEqual,
        BinaryOperatorKind.GreaterThan => BinaryOperator.Greater,
        BinaryOperatorKind.GreaterThanOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperatorKind.Equals => BinaryOperator.Equal,
        BinaryOperatorKind.NotEquals => BinaryOperator.NotEqual,
        _ => null,
    };

    /// <summary>A method of the framework's MathF, Math or float; a user's class may be called so too.</summary>
    private bool IsMath(IMethodSymbol target) =>
        target.ContainingType is { ContainingType: null, Arity: 0, Name: "MathF" or "Math" or "Single", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } type
        && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.GetSpecialType(SpecialType.System_Object).ContainingAssembly);

    /// <summary>Whether a constant is one of the generated part, or is made of one.</summary>
    private bool IsGenerated(IFieldSymbol field, int depth) => depth < 16 && field.IsConst && field.DeclaringSyntaxReferences.Any(reference =>
        NetworkGenerator.Wrote(reference.SyntaxTree)
        || reference.GetSyntax().DescendantNodes().OfType<SimpleNameSyntax>().Any(name =>
            compilation.GetSemanticModel(name.SyntaxTree).GetSymbolInfo(name).Symbol is IFieldSymbol other && IsGenerated(other, depth + 1)));

    private string Name(ISymbol symbol) => _names[symbol] = Unique(symbol.Name);

    /// <summary>A name that clashes with nothing in generated code: ours begin with capitals, and words of C#'s are none.</summary>
    private string Unique(string stem)
    {
        var isFree = stem[0] is (>= 'a' and <= 'z') or '_' && stem != "_" && Names.Escape(stem) == stem;
        stem = isFree ? stem : "v" + stem;
        var name = stem;
        for (var suffix = 2; !_taken.Add(name); suffix++)
        {
            name = stem + suffix.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return name;
    }

    /// <summary>Where C# has an error of its own, it says so itself.</summary>
    private static void RequireWhole(IOperation operation)
    {
        if (operation is IInvalidOperation || operation.Type is { TypeKind: TypeKind.Error })
        {
            throw NoTranslationException.OfBrokenCode();
        }
    }

    /// <summary>Names the construct, and its line counted within the method: the method may move.</summary>
    private NoTranslationException Unsupported(IOperation operation, string reason)
    {
        if (operation is IInvalidOperation)
        {
            return NoTranslationException.OfBrokenCode();
        }

        var line = operation.Syntax.GetLocation().GetLineSpan().StartLinePosition.Line - syntax.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        var text = string.Join(" ", operation.Syntax.ToString().Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        text = text.Length > LongestQuote ? text.Substring(0, LongestQuote) + "…" : text;
        return new(ErrorIds.FunctionConstruct, $"'{text}' in line {line}: {reason}", method.Name);
    }
}
