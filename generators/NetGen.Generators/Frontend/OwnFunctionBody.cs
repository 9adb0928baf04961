using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
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
/// <param name="known">What was read.</param>
internal sealed class OwnFunctionBody(
    IMethodSymbol method,
    MethodDeclarationSyntax syntax,
    Compilation compilation,
    Func<IMethodSymbol, bool> isOwn,
    Action<IMethodSymbol> read,
    IEnumerable<OwnFunction> known)
{
    private const int LongestQuote = 60;
    private const float LargestPower = 16;

    /// <summary>What stands for a parameter or a local variable: its name, or the constant that it is.</summary>
    private readonly Dictionary<ISymbol, Expression> _names = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> _taken = [];
    private readonly List<OwnLocal> _locals = [];

    public OwnFunction Read(IMethodBodyOperation body)
    {
        foreach (var reference in body.DescendantsAndSelf().OfType<IFieldReferenceOperation>().Where(reference => IsGenerated(reference.Field, 0)))
        {
            throw Unsupported(reference, "it is generated, and functions are read before anything is");
        }

        var parameters = method.Parameters.Select(parameter => Name(parameter).Name).ToEquatableArray();
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
            var shared = rest();
            shared = IsConstant(shared) ? shared : Local("rest", shared);
            rest = () => shared;
        }

        var condition = Condition(branch.Condition);
        return Chosen(
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
            if (IsConstant(expression))
            {
                _names[declarator.Symbol] = expression;
            }
            else
            {
                _locals.Add(new(Name(declarator.Symbol).Name, expression));
            }
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
                return _names[parameter.Parameter];
            case ILocalReferenceOperation { IsDeclaration: false } local when _names.TryGetValue(local.Local, out var name):
                return name;
            case IConversionOperation { OperatorMethod: null } conversion when conversion.Operand.Type?.SpecialType == SpecialType.System_Single:
                return Value(conversion.Operand);
            case IConversionOperation conversion:
                return Value(conversion.Operand); // says what is wrong with the operand
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus, OperatorMethod: null } minus:
                var positive = Value(minus.Operand);
                return Folded(new UnaryExpression(UnaryOperator.Minus, positive), positive);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Plus, OperatorMethod: null } plus:
                return Value(plus.Operand);
            case IBinaryOperation { OperatorMethod: null } binary when Arithmetic(binary.OperatorKind) is { } op:
                var (left, right) = (Value(binary.LeftOperand), Value(binary.RightOperand));
                return Folded(new BinaryExpression(op, left, right), left, right);
            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                return Chosen(Condition(choice.Condition), Value(choice.WhenTrue), Value(otherwise));
            case IInvocationOperation call:
                return Call(call);
            default:
                throw Unsupported(operation, "an expression may be made of + − * /, comparisons, ?:, constants, and calls of MathF and of the class's own static methods");
        }
    }

    private Expression Condition(IOperation operation)
    {
        RequireWhole(operation);
        if (operation.ConstantValue is { HasValue: true, Value: bool constant })
        {
            return new ConditionExpression(constant);
        }

        switch (operation)
        {
            case IParenthesizedOperation parenthesized:
                return Condition(parenthesized.Operand);
            case ILocalReferenceOperation { IsDeclaration: false } local when _names.TryGetValue(local.Local, out var name):
                return name;
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, OperatorMethod: null } not:
                return Condition(not.Operand) is var operand && operand is ConditionExpression known ? new ConditionExpression(!known.Holds) : new UnaryExpression(UnaryOperator.Not, operand);
            case IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } and:
                return Joined(BinaryOperator.And, Condition(and.LeftOperand), Condition(and.RightOperand));
            case IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } or:
                return Joined(BinaryOperator.Or, Condition(or.LeftOperand), Condition(or.RightOperand));
            case IBinaryOperation { OperatorMethod: null } binary when Comparison(binary.OperatorKind) is { } op:
                var (left, right) = (Value(binary.LeftOperand), Value(binary.RightOperand));
                return FoldedCondition(new BinaryExpression(op, left, right), left, right);
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
            Expression[] given = [.. arguments.Select(Value)];
            return Folded(new CallExpression(target.Name, given.ToEquatableArray()), given);
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
                var atMost = Math(MathFunction.Min, Value(arguments[0]), Value(arguments[2]));
                return Math(MathFunction.Max, atMost, Value(arguments[1]));
            case var name when Enum.TryParse<MathFunction>(name, out var function) && arguments.Count == (function is MathFunction.Max or MathFunction.Min or MathFunction.CopySign ? 2 : 1):
                return Math(function, [.. arguments.Select(Value)]);
            default:
                throw Unsupported(call, $"of MathF there are {string.Join(", ", Enum.GetNames(typeof(MathFunction)))}, Pow with a whole constant, and Math.Clamp");
        }
    }

    /// <summary>xⁿ as products: n halves, so that x⁵ = x·(x²)² takes three.</summary>
    private Expression Power(IInvocationOperation call, List<IOperation> arguments)
    {
        if (arguments[1].ConstantValue is not { HasValue: true, Value: float exponent } || System.Math.Abs(exponent) > LargestPower || exponent != System.Math.Floor(exponent))
        {
            throw Unsupported(call, $"an exponent must be a whole constant from −{LargestPower} to {LargestPower}");
        }

        var number = Value(arguments[0]);
        if (number is NumberExpression { Value: var constant })
        {
            return Number((float)System.Math.Pow(constant, exponent));
        }

        var power = number as NameExpression ?? Local("power", number);
        Expression? product = null;
        for (var n = (int)System.Math.Abs(exponent); n > 0; n /= 2)
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

    private Expression Math(MathFunction function, params Expression[] arguments) => Folded(new MathExpression(function, arguments.ToEquatableArray()), arguments);

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

    private NameExpression Name(ISymbol symbol)
    {
        var name = new NameExpression(Unique(symbol.Name));
        _names[symbol] = name;
        return name;
    }

    private static bool IsConstant(Expression expression) =>
        expression is NumberExpression or ConditionExpression or UnaryExpression { Operator: UnaryOperator.Minus, Operand: NumberExpression { Value: 0 } };

    /// <summary>
    /// The constant that an expression of constants is. None must be left to the runtime's compiler: of two constants compared, .NET 10's takes
    /// a &amp; b for a.
    /// </summary>
    private Expression Folded(Expression expression, params Expression[] operands) =>
        operands.All(IsConstant) ? Number(new OwnFunctionEvaluator(known).Value(expression)) : expression;

    private Expression FoldedCondition(Expression expression, params Expression[] operands) =>
        operands.All(IsConstant) ? new ConditionExpression(new OwnFunctionEvaluator(known).Value(expression) != 0) : expression;

    /// <summary>and, or: with a constant the other, or that constant.</summary>
    private static Expression Joined(BinaryOperator op, Expression left, Expression right) => (left, right) switch
    {
        (ConditionExpression constant, _) => constant.Holds == (op == BinaryOperator.And) ? right : left,
        (_, ConditionExpression constant) => constant.Holds == (op == BinaryOperator.And) ? left : right,
        _ => new BinaryExpression(op, left, right),
    };

    private static Expression Chosen(Expression condition, Expression then, Expression otherwise) => condition is ConditionExpression constant
        ? constant.Holds ? then : otherwise
        : new ChoiceExpression(condition, then, otherwise);

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
