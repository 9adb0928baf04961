namespace NetGen.IntegrationTests.Support;

/// <summary>An activation that a test's class declares: what the class says, and the same in double precision for the oracle.</summary>
/// <param name="Source">The methods.</param>
/// <param name="Value">f(z).</param>
/// <param name="Slope">f'(z).</param>
internal sealed record OwnActivation(string Source, Func<double, double> Value, Func<double, double> Slope);

/// <summary>The same for a loss of one output.</summary>
/// <param name="Source">The methods.</param>
/// <param name="Value">f(y, t).</param>
/// <param name="Slope">∂f/∂y.</param>
internal sealed record OwnLoss(string Source, Func<double, double, double> Value, Func<double, double, double> Slope);

/// <summary>Functions of classes' own, by name: the names stand in nets' text forms like those of built-in ones.</summary>
internal static class OwnFunctions
{
    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static double Softplus(double z) => Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z)));

    /// <summary>Activations.</summary>
    public static IReadOnlyDictionary<string, OwnActivation> Activations { get; } = new Dictionary<string, OwnActivation>
    {
        // SiLU by another name.
        ["Swish"] = new(
            """
            static float Swish(float z) => z / (1 + MathF.Exp(-z));

            static float SwishDerivative(float z)
            {
                var s = 1 / (1 + MathF.Exp(-z));
                return s + z * s * (1 - s);
            }
            """,
            z => z * Sigmoid(z),
            z => Sigmoid(z) * (1 + z * Sigmoid(-z))),

        // Misra, 2019: calls other functions, private and with names of C#'s.
        ["Mish"] = new(
            """
            private static float Mish(float z) => z * MathF.Tanh(@base(z));

            private static float MishDerivative(float z)
            {
                float @var = MathF.Tanh(@base(z)), One = 1f;
                return @var + z * (One - @var * @var) / (One + MathF.Exp(-z));
            }

            private static float @base(float z) => MathF.Max(z, 0f) + MathF.Log(1f + MathF.Exp(-MathF.Abs(z)));
            """,
            z => z * Math.Tanh(Softplus(z)),
            z => Math.Tanh(Softplus(z)) + z * (1 - Math.Pow(Math.Tanh(Softplus(z)), 2)) * Sigmoid(z)),

        // Branches, conditions as variables, constants.
        ["Ramp"] = new(
            """
            private const float Least = -1;
            private const double Slow = 0.25;

            static float Ramp(float z)
            {
                const float most = 1;
                bool above = z > most, below = z < Least;
                if (above) { return most + (float)Slow * (z - most); }
                else if (below)
                {
                    return Least + (float)Slow * (z - Least);
                }

                return z;
            }

            static float RampDerivative(float z) => !(z > 1f || z < Least) && MathF.Abs(z) < 5 ? 1 : (float)Slow;
            """,
            z => z > 1 ? 1 + 0.25 * (z - 1) : z < -1 ? -1 + 0.25 * (z + 1) : z,
            z => z is > 1 or < -1 ? 0.25 : 1),

        ["Cubic"] = new(
            """
            static float Cubic(float z) => 0.1f * MathF.Pow(z, 3) + MathF.Pow(1 + z * z, -1);

            static float CubicDerivative(float z) => 0.3f * MathF.Pow(z, 2) - 2 * z * MathF.Pow(1 + z * z, -2);
            """,
            z => 0.1 * z * z * z + 1 / (1 + z * z),
            z => 0.3 * z * z - 2 * z / ((1 + z * z) * (1 + z * z))),

        // −∞ at 0, where padding is; its slope is infinite there.
        ["LnSquare"] = new(
            """
            static float LnSquare(float z) => MathF.Log(z * z);

            static float LnSquareDerivative(float z) => 2f / z;
            """,
            z => Math.Log(z * z),
            z => 2 / z),

        // No number at 0.
        ["Quotient"] = new(
            """
            static float Quotient(float z) => z * (2f + z) / z;

            static float QuotientDerivative(float z) => z / z;
            """,
            z => 2 + z,
            z => 1),

        // No number below −8, as the row of zeros gives it where a bias is less.
        ["Root"] = new(
            """
            static float Root(float z) => MathF.Sqrt(z + 8);

            static float RootDerivative(float z) => 0.5f / MathF.Sqrt(z + 8);
            """,
            z => Math.Sqrt(z + 8),
            z => 0.5 / Math.Sqrt(z + 8)),
    };

    /// <summary>Losses.</summary>
    public static IReadOnlyDictionary<string, OwnLoss> Losses { get; } = new Dictionary<string, OwnLoss>
    {
        // MeanSquaredError by another name.
        ["Squares"] = new(
            """
            static float Squares(float prediction, float target) => (prediction - target) * (prediction - target);

            static float SquaresDerivative(float prediction, float target) => 2 * (prediction - target);
            """,
            (y, t) => (y - t) * (y - t),
            (y, t) => 2 * (y - t)),
        ["LogCosh"] = new(
            """
            private static float LogCosh(float prediction, float target)
            {
                var d = MathF.Abs(prediction - target);
                return d + MathF.Log(1 + MathF.Exp(-2 * d)) - 0.6931472f;
            }

            private static float LogCoshDerivative(float prediction, float target) => MathF.Tanh(prediction - target);
            """,
            (y, t) => Math.Abs(y - t) + Math.Log(1 + Math.Exp(-2 * Math.Abs(y - t))) - Math.Log(2),
            (y, t) => Math.Tanh(y - t)),

        // No number where prediction and target are 0, as padding has them.
        ["Relative"] = new(
            """
            static float Relative(float prediction, float target) => (prediction - target) * (prediction - target) / (prediction * prediction + target * target);

            static float RelativeDerivative(float prediction, float target)
            {
                var d = prediction - target;
                var sum = prediction * prediction + target * target;
                return 2 * d * (sum - d * prediction) / (sum * sum);
            }
            """,
            (y, t) => (y - t) * (y - t) / (y * y + t * t),
            (y, t) => 2 * (y - t) * (y * y + t * t - (y - t) * y) / Math.Pow(y * y + t * t, 2)),
    };
}
