using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <summary>The activation functions of the oracle, one number (softmax: one row) at a time, and their derivatives at kinks as PyTorch takes them.</summary>
internal static class ReferenceFunctions
{
    private const double SeluScale = 1.0507009873554804934193349852946;
    private const double SeluAlpha = 1.6732632423543772848170429916717;

    /// <summary>y = f(z), element by element.</summary>
    public static double Value(FunctionSpec function, double z) => function.Kind switch
    {
        Activation.Identity => z,
        Activation.Sigmoid => Sigmoid(z),
        Activation.Tanh => Math.Tanh(z),
        Activation.ReLU => z > 0 ? z : 0,
        Activation.LeakyReLU => z > 0 ? z : function.NegativeSlope * z,
        Activation.ELU => z > 0 ? z : function.Alpha * ExpM1(z),
        Activation.SELU => SeluScale * (z > 0 ? z : SeluAlpha * ExpM1(z)),
        Activation.GELU => z * Phi(z),
        Activation.SiLU => z * Sigmoid(z),
        Activation.Softplus => Math.Max(z, 0) + LogP1(Math.Exp(-Math.Abs(z))),
        Activation.Softsign => z / (1 + Math.Abs(z)),
        Activation.HardSigmoid => Math.Clamp(z / 6 + 0.5, 0, 1),
        Activation.ReLU6 => Math.Clamp(z, 0, 6),
        Activation.Custom => OwnFunctions.Activations[function.Own!].Value(z),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    /// <summary>f'(z), element by element.</summary>
    public static double Slope(FunctionSpec function, double z) => function.Kind switch
    {
        Activation.Identity => 1,
        Activation.Sigmoid => Sigmoid(z) * Sigmoid(-z),
        Activation.Tanh => 1 / (Math.Cosh(z) * Math.Cosh(z)),
        Activation.ReLU => z > 0 ? 1 : 0,
        Activation.LeakyReLU => z > 0 ? 1 : function.NegativeSlope,
        Activation.ELU => z > 0 ? 1 : function.Alpha * Math.Exp(z),
        Activation.SELU => SeluScale * (z > 0 ? 1 : SeluAlpha * Math.Exp(z)),
        Activation.GELU => Phi(z) + z * Density(z),
        Activation.SiLU => Sigmoid(z) * (1 + z * Sigmoid(-z)),
        Activation.Softplus => Sigmoid(z),
        Activation.Softsign => 1 / ((1 + Math.Abs(z)) * (1 + Math.Abs(z))),
        Activation.HardSigmoid => z is > -3 and < 3 ? 1.0 / 6 : 0,
        Activation.ReLU6 => z is > 0 and < 6 ? 1 : 0,
        Activation.Custom => OwnFunctions.Activations[function.Own!].Slope(z),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    /// <summary>y = e^z / Σ e^z over a row; z and y are [n].</summary>
    public static void Softmax(ReadOnlySpan<double> z, Span<double> y)
    {
        var max = double.NegativeInfinity;
        foreach (var value in z)
        {
            max = Math.Max(max, value);
        }

        double sum = 0;
        for (var i = 0; i < z.Length; i++)
        {
            sum += y[i] = Math.Exp(z[i] - max);
        }

        for (var i = 0; i < z.Length; i++)
        {
            y[i] /= sum;
        }
    }

    /// <summary>dz_i = y_i · (dy_i − Σ_j y_j·dy_j) over a row; y, dy and dz are [n].</summary>
    public static void SoftmaxBackward(ReadOnlySpan<double> y, ReadOnlySpan<double> dy, Span<double> dz)
    {
        double dot = 0;
        for (var i = 0; i < y.Length; i++)
        {
            dot += y[i] * dy[i];
        }

        for (var i = 0; i < y.Length; i++)
        {
            dz[i] = y[i] * (dy[i] - dot);
        }
    }

    /// <summary>1 / (1 + e^−z), without overflow.</summary>
    public static double Sigmoid(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));

    /// <summary>ln(1 + x) for x in 0 … 1, exact near 0.</summary>
    public static double LogP1(double x) => x < 1e-5 ? x - x * x / 2 + x * x * x / 3 : Math.Log(1 + x);

    /// <summary>e^z − 1, exact near 0.</summary>
    public static double ExpM1(double z) => Math.Abs(z) < 1e-5 ? z + z * z / 2 + z * z * z / 6 : Math.Exp(z) - 1;

    /// <summary>
    /// The normal distribution function Φ(z): near 0 by the series of erf whose terms have one sign, in the tail, where ½ minus that would
    /// cancel, by the continued fraction φ(v) / (v + 1 / (v + 2 / (v + 3 / …))).
    /// </summary>
    public static double Phi(double z)
    {
        if (Math.Abs(z) > 4)
        {
            var v = Math.Min(Math.Abs(z), 40); // there the density is 0
            var fraction = v;
            for (var n = 60; n > 0; n--)
            {
                fraction = v + n / fraction;
            }

            var tail = Density(v) / fraction;
            return z > 0 ? 1 - tail : tail;
        }

        var term = z;
        var sum = z;
        for (var n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= z * z / (2 * n + 1);
            sum += term;
        }

        return 0.5 + sum * Density(z);
    }

    /// <summary>The normal distribution's density φ(z).</summary>
    private static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
}
