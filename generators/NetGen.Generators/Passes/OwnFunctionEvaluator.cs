using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Passes;

/// <summary>The functions as numbers: conditions are 1 and 0.</summary>
internal sealed class OwnFunctionEvaluator(IEnumerable<OwnFunction> functions)
{
    private readonly Dictionary<string, OwnFunction> _functions = functions.ToDictionary(function => function.Signature);

    public float Call(string name, float[] arguments)
    {
        var function = _functions[$"{name}/{arguments.Length}"];
        var names = new Dictionary<string, float>();
        for (var i = 0; i < arguments.Length; i++)
        {
            names[function.Parameters[i]] = arguments[i];
        }

        foreach (var local in function.Locals)
        {
            names[local.Name] = Value(local.Value, names);
        }

        return Value(function.Result, names);
    }

    /// <summary>An expression without names.</summary>
    public float Value(Expression expression) => Value(expression, []);

    private float Value(Expression expression, Dictionary<string, float> names) => expression switch
    {
        NumberExpression number => number.Value,
        NameExpression name => names[name.Name],
        UnaryExpression { Operator: UnaryOperator.Minus } minus => -Value(minus.Operand, names),
        UnaryExpression not => Bit(Value(not.Operand, names) == 0),
        BinaryExpression binary => Value(binary.Operator, Value(binary.Left, names), Value(binary.Right, names)),
        MathExpression math => (float)Value(math.Function, [.. math.Arguments.Select(argument => Value(argument, names))]),
        CallExpression call => Call(call.Function, [.. call.Arguments.Select(argument => Value(argument, names))]),
        ChoiceExpression choice => Value(Value(choice.Condition, names) != 0 ? choice.Then : choice.Otherwise, names),
        _ => throw new InvalidOperationException(expression.GetType().Name),
    };

    private static float Value(BinaryOperator op, float a, float b) => op switch
    {
        BinaryOperator.Add => a + b,
        BinaryOperator.Subtract => a - b,
        BinaryOperator.Multiply => a * b,
        BinaryOperator.Divide => a / b,
        BinaryOperator.Less => Bit(a < b),
        BinaryOperator.LessOrEqual => Bit(a <= b),
        BinaryOperator.Greater => Bit(a > b),
        BinaryOperator.GreaterOrEqual => Bit(a >= b),
        BinaryOperator.Equal => Bit(a == b),
        BinaryOperator.NotEqual => Bit(a != b),
        BinaryOperator.And => Bit(a != 0 && b != 0),
        BinaryOperator.Or => Bit(a != 0 || b != 0),
        _ => throw new InvalidOperationException(op.ToString()),
    };

    private static double Value(MathFunction function, float[] x) => function switch
    {
        MathFunction.Exp => Math.Exp(x[0]),
        MathFunction.Log => Math.Log(x[0]),
        MathFunction.Tanh => Math.Tanh(x[0]),
        MathFunction.Cosh => Math.Cosh(x[0]),
        MathFunction.Sqrt => Math.Sqrt(x[0]),
        MathFunction.Abs => Math.Abs(x[0]),
        MathFunction.Max => Math.Max(x[0], x[1]),
        MathFunction.Min => Math.Min(x[0], x[1]),
        MathFunction.Floor => Math.Floor(x[0]),
        MathFunction.Ceiling => Math.Ceiling(x[0]),
        MathFunction.Truncate => Math.Truncate(x[0]),
        MathFunction.CopySign => x[1] < 0 || (x[1] == 0 && 1 / x[1] < 0) ? -Math.Abs(x[0]) : Math.Abs(x[0]),
        _ => throw new InvalidOperationException(function.ToString()),
    };

    private static float Bit(bool condition) => condition ? 1 : 0;
}
