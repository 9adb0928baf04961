using MathNet.Numerics;

namespace NetGen;

/// <summary>
/// The activation functions on numbers, for looking into networks: f and its slope f', in double precision. The formulas stand at
/// <see cref="Activation"/>; at kinks the slope is the one below, as PyTorch takes it.
/// </summary>
internal static class ActivationMath
{
    private const double SeluScale = 1.0507009873554804934193349852946;
    private const double SeluAlpha = 1.6732632423543772848170429916717;

    /// <summary>f and f' of an element-wise function.</summary>
    /// <exception cref="NotSupportedException">It is not one: softmax takes the whole row.</exception>
    public static (Func<double, double> Value, Func<double, double> Slope) Of(NodeActivation activation)
    {
        var constant = activation.Constant;
        return activation.Kind switch
        {
            Activation.Identity => (z => z, _ => 1),
            Activation.Sigmoid => (Sigmoid, z => Sigmoid(z) * Sigmoid(-z)),
            Activation.Tanh => (Math.Tanh, z => 1 / (Math.Cosh(z) * Math.Cosh(z))),
            Activation.ReLU => (z => z > 0 ? z : 0, z => z > 0 ? 1 : 0),
            Activation.LeakyReLU => (z => z > 0 ? z : constant * z, z => z > 0 ? 1 : constant),
            Activation.ELU => (z => z > 0 ? z : constant * (Math.Exp(z) - 1), z => z > 0 ? 1 : constant * Math.Exp(z)),
            Activation.SELU => (
                z => SeluScale * (z > 0 ? z : SeluAlpha * (Math.Exp(z) - 1)),
                z => SeluScale * (z > 0 ? 1 : SeluAlpha * Math.Exp(z))),
            Activation.GELU => (z => z * Phi(z), z => Phi(z) + z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)),
            Activation.SiLU => (z => z * Sigmoid(z), z => Sigmoid(z) * (1 + z * Sigmoid(-z))),
            Activation.Softplus => (z => Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))), Sigmoid),
            Activation.Softsign => (z => z / (1 + Math.Abs(z)), z => 1 / ((1 + Math.Abs(z)) * (1 + Math.Abs(z)))),
            Activation.HardSigmoid => (z => Math.Clamp(z / 6 + 0.5, 0, 1), z => z is > -3 and < 3 ? 1.0 / 6 : 0),
            Activation.ReLU6 => (z => Math.Clamp(z, 0, 6), z => z is > 0 and < 6 ? 1 : 0),
            Activation.Custom when activation is { Value: { } value, Slope: { } slope } => (z => value((float)z), z => slope((float)z)),
            _ => throw new NotSupportedException($"{activation.Kind} is no element-wise function."),
        };
    }

    /// <summary>y = e^z / Σ e^z over a row, the largest z taken out first so that e^… never overflows.</summary>
    public static void Softmax(ReadOnlySpan<float> z, Span<float> y)
    {
        double largest = float.NegativeInfinity;
        foreach (var number in z)
        {
            largest = Math.Max(largest, number);
        }

        var sum = 0.0;
        foreach (var number in z)
        {
            sum += Math.Exp(number - largest);
        }

        for (var i = 0; i < z.Length; i++)
        {
            y[i] = (float)(Math.Exp(z[i] - largest) / sum);
        }
    }

    /// <summary>1 / (1 + e^−z), without overflow.</summary>
    private static double Sigmoid(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));

    /// <summary>The normal distribution function.</summary>
    private static double Phi(double z) => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2));
}
