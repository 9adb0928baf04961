using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>
/// A static method of the user's class, on floats: an activation or loss of its own, its derivative, or what one of these calls. Nothing in it
/// has a side effect, so every local may be computed whether or not the result needs it.
/// </summary>
/// <param name="Name">The method's name, without a sign before it; with the count of parameters it is unique.</param>
/// <param name="Parameters">The parameters' names.</param>
/// <param name="Locals">The local variables in order; each may use those before it.</param>
/// <param name="Result">What it returns.</param>
internal sealed record OwnFunction(
    string Name, EquatableArray<string> Parameters, EquatableArray<OwnLocal> Locals, Expression Result)
{
    /// <summary>What follows a function's name in that of its derivative.</summary>
    public const string Derivative = "Derivative";

    public string Signature => Name + "/" + Parameters.Count;
}

/// <summary>A local variable: a number or, with a comparison as its value, a condition.</summary>
internal sealed record OwnLocal(string Name, Expression Value);

/// <summary>An expression on floats, or a condition.</summary>
internal abstract record Expression;

/// <summary>A constant; a negative zero is a negated zero.</summary>
internal sealed record NumberExpression(float Value) : Expression;

/// <summary>A condition that is always true, or never: only while a function is read, which leaves none.</summary>
internal sealed record ConditionExpression(bool Holds) : Expression;

/// <summary>A parameter or a local variable: a name that is no word of C#'s and begins with a small letter or an underscore.</summary>
internal sealed record NameExpression(string Name) : Expression;

internal enum UnaryOperator
{
    Minus,
    Not,
}

internal sealed record UnaryExpression(UnaryOperator Operator, Expression Operand) : Expression;

internal enum BinaryOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    And,
    Or,
}

internal sealed record BinaryExpression(BinaryOperator Operator, Expression Left, Expression Right) : Expression;

/// <summary>A function of <c>System.MathF</c>.</summary>
internal enum MathFunction
{
    Exp,
    Log,
    Tanh,
    Cosh,
    Sqrt,
    Abs,
    Max,
    Min,
    Floor,
    Ceiling,
    Truncate,
    CopySign,
}

internal sealed record MathExpression(MathFunction Function, EquatableArray<Expression> Arguments) : Expression;

/// <summary>A call of another <see cref="OwnFunction"/>.</summary>
internal sealed record CallExpression(string Function, EquatableArray<Expression> Arguments) : Expression;

/// <summary><c>condition ? then : otherwise</c>.</summary>
internal sealed record ChoiceExpression(Expression Condition, Expression Then, Expression Otherwise) : Expression;
