using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Emit;

/// <summary>The element-wise activations and their slopes as expressions on one vector: a row for each function.</summary>
/// <param name="target">The vector width.</param>
/// <param name="math">Its functions.</param>
/// <param name="guardsZero">Whether a gradient of 0 stays 0 whatever the slope is: where an own function may be no finite number.</param>
internal sealed class ActivationFormulas(VectorTarget target, MathFunctions math, bool guardsZero = false)
{
    private string V => target.Class;

    private string Zero => $"{V}<float>.Zero";

    private string One => $"{V}<float>.One";

    /// <summary>f(z).</summary>
    public string Value(ActivationFunction function, string z) => function.Kind switch
    {
        Activation.Identity => z,
        Activation.Sigmoid => $"{math.Sigmoid}({z})",
        Activation.Tanh => $"{math.Tanh}({z})",
        Activation.ReLU => $"{V}.MaxNative({Zero}, {z})",
        Activation.LeakyReLU => $"{Where($"{V}.GreaterThan({z}, {Zero})", z, $"{C(function.Parameter)} * {z}")}",
        Activation.ELU => Where($"{V}.GreaterThan({z}, {Zero})", z, $"{C(function.Parameter)} * {math.ExpMinusOne}({z})"),
        Activation.SELU => Where(
            $"{V}.GreaterThan({z}, {Zero})", $"{C(SeluScale)} * {z}", $"{C(SeluScale * SeluAlpha)} * {math.ExpMinusOne}({z})"),
        Activation.GELU => $"{math.GELU}({z})",
        Activation.SiLU => $"{math.SiLU}({z})",
        Activation.Softplus => $"{math.Softplus}({z})",
        Activation.Softsign => $"{math.Softsign}({z})",
        Activation.HardSigmoid => $"{V}.MaxNative({Zero}, {V}.MinNative({One}, {V}.MultiplyAddEstimate({z}, {C(1.0 / 6)}, {C(0.5)})))",
        Activation.ReLU6 => $"{V}.MaxNative({Zero}, {V}.MinNative({C(6)}, {z}))",
        Activation.Custom => math.Own.Call(function.Own!, z),
        _ => throw new System.InvalidOperationException($"{function.Kind} is not element-wise."),
    };

    /// <summary>gradient · f'(z), with a = f(z) the operand, or z itself where the slope takes that.</summary>
    public string TimesSlope(ActivationFunction function, string gradient, string operand)
    {
        var product = Product(function, gradient, operand);
        return guardsZero && !function.IsCheap() ? $"~{V}.Equals({gradient}, {Zero}) & ({product})" : product; // 0 · ∞ stays 0
    }

    private string Product(ActivationFunction function, string gradient, string operand) => function.Kind switch
    {
        Activation.Identity => gradient,
        Activation.Sigmoid => $"{gradient} * ({operand} * ({One} - {operand}))",
        Activation.Tanh => $"{gradient} * ({One} - {operand} * {operand})",
        Activation.ReLU => $"{V}.GreaterThan({operand}, {Zero}) & {gradient}",
        Activation.LeakyReLU => Where($"{V}.GreaterThan({operand}, {Zero})", gradient, $"{C(function.Parameter)} * {gradient}"),
        Activation.ELU => Where($"{V}.GreaterThan({operand}, {Zero})", gradient, $"({operand} + {C(function.Parameter)}) * {gradient}"),
        Activation.SELU => $"{gradient} * {Where($"{V}.GreaterThan({operand}, {Zero})", C(SeluScale), $"{operand} + {C(SeluScale * SeluAlpha)}")}",
        Activation.GELU => $"{gradient} * {math.GELUSlope}({operand})",
        Activation.SiLU => $"{gradient} * {math.SiLUSlope}({operand})",
        Activation.Softplus => $"{gradient} * -{math.ExpMinusOne}(-{operand})",
        Activation.Softsign => $"{gradient} * (({One} - {V}.Abs({operand})) * ({One} - {V}.Abs({operand})))",
        Activation.HardSigmoid => $"{V}.GreaterThan({operand}, {Zero}) & {V}.LessThan({operand}, {One}) & ({C(1.0 / 6)} * {gradient})",
        Activation.ReLU6 => $"{V}.GreaterThan({operand}, {Zero}) & {V}.LessThan({operand}, {C(6)}) & {gradient}",
        Activation.Custom => $"{gradient} * {math.Own.Call(function.Own + OwnFunction.Derivative, operand)}",
        _ => throw new System.InvalidOperationException($"{function.Kind} is not element-wise."),
    };

    /// <summary>A formula for people: <c>sigmoid(z)</c>.</summary>
    public static string Name(ActivationFunction function) => function.Kind switch
    {
        Activation.ReLU => "relu",
        Activation.LeakyReLU => "leakyReLU",
        Activation.ReLU6 => "relu6",
        Activation.ELU => "elu",
        Activation.SELU => "selu",
        Activation.GELU => "gelu",
        Activation.SiLU => "silu",
        Activation.HardSigmoid => "hardSigmoid",
        Activation.Custom => function.Own!,
        _ => function.Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>The slope for people, in terms of the operand: <c>a·(1 − a)</c>.</summary>
    public static string SlopeText(ActivationFunction function, string operand) => function.Kind switch
    {
        Activation.Sigmoid => $"{operand}·(1 − {operand})",
        Activation.Tanh => $"(1 − {operand}²)",
        Activation.ReLU => $"({operand} > 0)",
        Activation.Custom => $"{function.Own}{OwnFunction.Derivative}({operand})",
        _ => $"{Name(function)}'({operand})",
    };

    private const double SeluScale = 1.0507009873554805;
    private const double SeluAlpha = 1.6732632423543772;

    private string C(double value) => $"{V}.Create({CodeWriter.Single(value)})";

    private string Where(string condition, string then, string otherwise) => $"{V}.ConditionalSelect({condition}, {then}, {otherwise})";
}
