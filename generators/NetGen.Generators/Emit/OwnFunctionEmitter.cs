using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Emit;

/// <summary>
/// The class's own functions on vectors, operation by operation as the user wrote them, so that each number is the method's own; only the
/// exponential and its like are the compiler's. Written into a kernel class when a kernel calls them.
/// </summary>
internal sealed class OwnFunctionEmitter(VectorTarget target, MathFunctions math, EquatableArray<OwnFunction> functions)
{
    /// <summary>What sets the methods apart from ours, whatever they are called.</summary>
    private const string Prefix = "Own_";

    /// <summary>A function of more operations is a call: inlined wherever it is used, it would crowd out what is around it.</summary>
    private const int MostInlined = 150;

    // How tight an expression holds together: 0 to 3 for | & + *, then signs, then what needs no parentheses anywhere.
    private const int Signed = 4;
    private const int Primary = 5;

    private readonly List<OwnFunction> _used = [];

    private string V => target.Class;

    /// <summary>A call of the function, which is written then.</summary>
    public string Call(string name, params string[] arguments)
    {
        var function = functions.First(each => each.Name == name && each.Parameters.Count == arguments.Length);
        if (!_used.Contains(function))
        {
            _used.Add(function);
        }

        return $"{Prefix}{name}({string.Join(", ", arguments)})";
    }

    /// <summary>Writes the functions that were asked for, and those that they call.</summary>
    public void Write(CodeWriter writer)
    {
        for (var i = 0; i < _used.Count; i++)
        {
            writer.Blank();
            Write(writer, _used[i]);
        }
    }

    private void Write(CodeWriter writer, OwnFunction function)
    {
        var summary = $"{function.Name} of the class: {OwnFunctionText.Of(function)}";
        var inline = OwnFunctionText.Operations(function) <= MostInlined ? "AggressiveInlining" : "AggressiveOptimization";
        writer.Line($"/// <summary>{summary.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;")}</summary>");
        writer.Line($"[Clr::MethodImpl(Clr::MethodImplOptions.{inline})]");
        var parameters = string.Join(", ", function.Parameters.Select(parameter => $"{target.Type} {parameter}"));
        using (writer.Block($"private static {target.Type} {Prefix}{function.Name}({parameters})"))
        {
            foreach (var local in function.Locals)
            {
                writer.Line($"var {local.Name} = {Text(local.Value)};");
            }

            writer.Line($"return {Text(function.Result)};");
        }
    }

    private string Text(Expression expression) => Text(expression, out _);

    /// <summary>An operand, in parentheses where it holds together less tightly than what is around it.</summary>
    private string Text(Expression expression, int least)
    {
        var text = Text(expression, out var tightness);
        return tightness < least ? $"({text})" : text;
    }

    private string Text(Expression expression, out int tightness)
    {
        tightness = Primary;
        switch (expression)
        {
            case NumberExpression number:
                return Number(number.Value);
            case NameExpression name:
                return name.Name;
            case UnaryExpression unary:
                tightness = Signed;
                return (unary.Operator == UnaryOperator.Minus ? "-" : "~") + Text(unary.Operand, Primary);
            case BinaryExpression { Operator: BinaryOperator.NotEqual } other:
                tightness = Signed;
                return $"~{V}.Equals({Text(other.Left)}, {Text(other.Right)})";
            case BinaryExpression binary when Comparison(binary.Operator) is { } comparison:
                return $"{V}.{comparison}({Text(binary.Left)}, {Text(binary.Right)})";
            case BinaryExpression binary:
                (tightness, var sign) = binary.Operator switch
                {
                    BinaryOperator.Or => (0, "|"),
                    BinaryOperator.And => (1, "&"),
                    BinaryOperator.Add => (2, "+"),
                    BinaryOperator.Subtract => (2, "-"),
                    BinaryOperator.Multiply => (3, "*"),
                    _ => (3, "/"),
                };
                return $"{Text(binary.Left, tightness)} {sign} {Text(binary.Right, tightness + 1)}";
            case MathExpression call:
                return $"{Method(call.Function)}({Arguments(call.Arguments)})";
            case CallExpression call:
                return Call(call.Function, [.. call.Arguments.Select(argument => Text(argument))]);
            case ChoiceExpression choice:
                return $"{V}.ConditionalSelect({Text(choice.Condition)}, {Text(choice.Then)}, {Text(choice.Otherwise)})";
            default:
                throw new System.InvalidOperationException(expression.GetType().Name);
        }
    }

    private string Arguments(EquatableArray<Expression> arguments) => string.Join(", ", arguments.Select(argument => Text(argument)));

    private string Number(float value) => value switch
    {
        0 => $"{V}<float>.Zero",
        1 => $"{V}<float>.One",
        _ when float.IsNaN(value) => $"{V}.Create(float.NaN)",
        _ when float.IsInfinity(value) => $"{V}.Create(float.{(value > 0 ? "PositiveInfinity" : "NegativeInfinity")})",
        _ => $"{V}.Create({CodeWriter.Single(value)})",
    };

    private static string? Comparison(BinaryOperator op) => op switch
    {
        BinaryOperator.Less => "LessThan",
        BinaryOperator.LessOrEqual => "LessThanOrEqual",
        BinaryOperator.Greater => "GreaterThan",
        BinaryOperator.GreaterOrEqual => "GreaterThanOrEqual",
        BinaryOperator.Equal => "Equals",
        _ => null,
    };

    private string Method(MathFunction function) => function switch
    {
        MathFunction.Exp => math.Exp,
        MathFunction.Log => math.LogOfAny,
        MathFunction.Tanh => math.Tanh,
        MathFunction.Cosh => math.Cosh,
        _ => $"{V}.{function}",
    };
}
