namespace NetGen;

/// <summary>
/// A derivative of a network's own, compared with differences of its function. At each point x the slopes (f(x) − f(x − h))/h and
/// (f(x + h) − f(x))/h are taken, h = 1/256, and the derivative must lie between them, or beside them by at most
/// 0.001·(1 + |slope|) and what rounding can make of the differences, 2⁻²⁰·|f|/h. So a kink such as ReLU's at 0, where any slope between
/// the two sides' is right, is not reported, and an error of more than some thousandths is. Points at which the function is no finite number,
/// as ln is below 0, are left out.
/// </summary>
/// <remarks>
/// An activation is looked at from −8 to 8 in steps of 1/16 and at ±10, ±12, … ±30; a loss at the same predictions, each against the targets
/// −2, −1, −0.5, 0, 0.25, 0.5, 0.75, 1, 2 and 3. The generated method <c>CheckDerivatives</c> of a class with functions of its own does this for all of them.
/// </remarks>
public sealed class DerivativeCheck
{
    private const float Step = 1f / 256;
    private const double Tolerated = 1e-3;
    private const double Rounding = 1.0 / (1 << 20);

    private static readonly float[] Arguments =
    [
        .. Enumerable.Range(-128, 257).Select(i => i / 16f),
        .. Enumerable.Range(5, 11).SelectMany(i => new[] { -2f * i, 2f * i }),
    ];

    private static readonly float[] Targets = [-2, -1, -0.5f, 0, 0.25f, 0.5f, 0.75f, 1, 2, 3];

    private readonly float? _target;

    private DerivativeCheck(string function, int points, Comparison worst, float? target)
    {
        (Function, Points, _target) = (function, points, target);
        (Argument, Derivative, LeastSlope, GreatestSlope, Tolerance) = worst;
    }

    /// <summary>The function's name.</summary>
    public string Function { get; }

    /// <summary>The points at which the function is finite, and so the derivative was compared.</summary>
    public int Points { get; }

    /// <summary>Of these points the one at which the derivative is furthest from the differences: z, or the prediction; NaN where there was none.</summary>
    public float Argument { get; }

    /// <summary>The target of that point; null for an activation.</summary>
    public float? Target => Points > 0 ? _target : null;

    /// <summary>What the derivative is there.</summary>
    public float Derivative { get; }

    /// <summary>The lesser of the slopes to both sides.</summary>
    public double LeastSlope { get; }

    /// <summary>The greater of the slopes to both sides.</summary>
    public double GreatestSlope { get; }

    /// <summary>How far beside these the derivative may be.</summary>
    public double Tolerance { get; }

    /// <summary>Whether the derivative is that of the function, as far as the points show. Of a function that is finite nowhere none is.</summary>
    public bool Holds => Points > 0 && Derivative >= LeastSlope - Tolerance && Derivative <= GreatestSlope + Tolerance;

    /// <summary>Compares an activation with its derivative.</summary>
    /// <param name="name">The function's name, for messages.</param>
    /// <param name="function">f(z).</param>
    /// <param name="derivative">f'(z).</param>
    /// <exception cref="ArgumentNullException">Something is null.</exception>
    public static DerivativeCheck OfActivation(string name, Func<float, float> function, Func<float, float> derivative)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(derivative);
        return Worst(name, [(null, function, derivative)]);
    }

    /// <summary>Compares a loss with its derivative with respect to the prediction.</summary>
    /// <param name="name">The function's name, for messages.</param>
    /// <param name="loss">f(prediction, target).</param>
    /// <param name="derivative">∂f/∂prediction.</param>
    /// <exception cref="ArgumentNullException">Something is null.</exception>
    public static DerivativeCheck OfLoss(string name, Func<float, float, float> loss, Func<float, float, float> derivative)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(derivative);
        return Worst(name, Targets.Select(t => ((float?)t, (Func<float, float>)(y => loss(y, t)), (Func<float, float>)(y => derivative(y, t)))));
    }

    /// <summary>Gives the checks back if all of them hold.</summary>
    /// <param name="checks">The checks.</param>
    /// <exception cref="DerivativeMismatchException">One does not.</exception>
    public static IReadOnlyList<DerivativeCheck> Require(params DerivativeCheck[] checks)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.FirstOrDefault(check => !check.Holds) is { } wrong ? throw new DerivativeMismatchException(wrong) : checks;
    }

    /// <summary>The check as a sentence.</summary>
    public override string ToString()
    {
        if (Points == 0)
        {
            return $"{Function} is a finite number at none of the points at which its derivative could be compared.";
        }

        var at = Text.Of($"{Function}Derivative({Argument}{(Target is { } t ? Text.Of($", {t}") : "")}) = {Derivative}");
        var slopes = Text.Of($"{Function} has the slopes {LeastSlope:G6} and {GreatestSlope:G6} to both sides");
        return Holds ? $"{at}; {slopes}. All of {Text.Of($"{Points}")} points agree." : $"{at}, but {slopes}.";
    }

    private static DerivativeCheck Worst(string name, IEnumerable<(float? Target, Func<float, float> Function, Func<float, float> Derivative)> functions)
    {
        var (points, worst, at) = (0, new Comparison(float.NaN, float.NaN, double.NaN, double.NaN, double.NaN), (float?)null);
        foreach (var (target, function, derivative) in functions)
        {
            foreach (var argument in Arguments)
            {
                if (Compare(function, derivative, argument) is not { } comparison)
                {
                    continue;
                }

                if (points++ == 0 || comparison.Excess > worst.Excess)
                {
                    (worst, at) = (comparison, target);
                }
            }
        }

        return new DerivativeCheck(name, points, worst, at);
    }

    /// <summary>One point; null where the function is no finite number.</summary>
    private static Comparison? Compare(Func<float, float> function, Func<float, float> derivative, float x)
    {
        double below = function(x - Step), here = function(x), above = function(x + Step);
        if (!double.IsFinite(below) || !double.IsFinite(here) || !double.IsFinite(above))
        {
            return null;
        }

        var (left, right) = ((here - below) / Step, (above - here) / Step);
        var largest = Math.Max(Math.Abs(below), Math.Max(Math.Abs(here), Math.Abs(above)));
        var tolerance = Tolerated * (1 + Math.Max(Math.Abs(left), Math.Abs(right))) + Rounding * largest / Step;
        return new Comparison(x, derivative(x), Math.Min(left, right), Math.Max(left, right), tolerance);
    }

    private readonly record struct Comparison(float Argument, float Derivative, double Least, double Greatest, double Tolerance)
    {
        /// <summary>How far the derivative is from the middle of the slopes, in units of what is allowed; infinite for no number.</summary>
        public double Excess => float.IsFinite(Derivative)
            ? Math.Abs(Derivative - (Least + Greatest) / 2) / ((Greatest - Least) / 2 + Tolerance)
            : double.PositiveInfinity;
    }
}
