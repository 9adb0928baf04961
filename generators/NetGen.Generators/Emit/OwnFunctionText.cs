using System.Linq;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Emit;

/// <summary>The class's own functions for people: <c>z / (1 + exp(−z))</c>.</summary>
internal static class OwnFunctionText
{
    private const int Choice = 0;
    private const int Signed = 6;
    private const int Primary = 7;

    /// <summary>The function as one sentence.</summary>
    public static string Of(OwnFunction function) =>
        Text(function.Result) + (function.Locals.Count == 0 ? "" : " with " + string.Join(", ", function.Locals.Select(local => $"{local.Name} = {Text(local.Value)}"))) + ".";

    /// <summary>How much the function computes, what it calls not included.</summary>
    public static int Operations(OwnFunction function) => Operations(function.Result) + function.Locals.Sum(local => Operations(local.Value));

    private static int Operations(Expression expression) => expression switch
    {
        UnaryExpression unary => 1 + Operations(unary.Operand),
        BinaryExpression binary => 1 + Operations(binary.Left) + Operations(binary.Right),
        ChoiceExpression choice => 1 + Operations(choice.Condition) + Operations(choice.Then) + Operations(choice.Otherwise),
        MathExpression { Function: MathFunction.Exp or MathFunction.Log or MathFunction.Tanh or MathFunction.Cosh } math => 20 + math.Arguments.Sum(Operations),
        MathExpression math => 1 + math.Arguments.Sum(Operations),
        CallExpression call => 20 + call.Arguments.Sum(Operations),
        _ => 0,
    };

    private static string Text(Expression expression, int least = Choice)
    {
        var (text, tightness) = expression switch
        {
            NumberExpression number => (CodeWriter.Single(number.Value).TrimEnd('f').Replace("-", "−"), number.Value < 0 ? Signed : Primary),
            NameExpression name => (name.Name, Primary),
            UnaryExpression unary => ((unary.Operator == UnaryOperator.Minus ? "−" : "not ") + Text(unary.Operand, Signed), Signed),
            BinaryExpression binary => Binary(binary),
            MathExpression { Function: MathFunction.Abs } abs => ($"|{Text(abs.Arguments[0])}|", Primary),
            MathExpression { Function: MathFunction.Log } log => ($"ln({Text(log.Arguments[0])})", Primary),
            MathExpression math => ($"{math.Function.ToString().ToLowerInvariant()}({string.Join(", ", math.Arguments.Select(a => Text(a)))})", Primary),
            CallExpression call => ($"{call.Function}({string.Join(", ", call.Arguments.Select(a => Text(a)))})", Primary),
            ChoiceExpression choice => ($"{Text(choice.Then, Choice + 1)} where {Text(choice.Condition, Choice + 1)}, else {Text(choice.Otherwise)}", Choice),
            _ => throw new System.InvalidOperationException(expression.GetType().Name),
        };
        return tightness < least ? $"({text})" : text;
    }

    private static (string Text, int Tightness) Binary(BinaryExpression binary)
    {
        var (sign, tightness) = binary.Operator switch
        {
            BinaryOperator.Or => (" or ", 1),
            BinaryOperator.And => (" and ", 2),
            BinaryOperator.Less => (" < ", 3),
            BinaryOperator.LessOrEqual => (" ≤ ", 3),
            BinaryOperator.Greater => (" > ", 3),
            BinaryOperator.GreaterOrEqual => (" ≥ ", 3),
            BinaryOperator.Equal => (" = ", 3),
            BinaryOperator.NotEqual => (" ≠ ", 3),
            BinaryOperator.Add => (" + ", 4),
            BinaryOperator.Subtract => (" − ", 4),
            BinaryOperator.Multiply => ("·", 5),
            _ => (" / ", 5),
        };
        return (Text(binary.Left, tightness) + sign + Text(binary.Right, tightness + 1), tightness);
    }
}
