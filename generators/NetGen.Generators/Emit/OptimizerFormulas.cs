using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>A number that is the same for all parameters in a step.</summary>
/// <param name="Name">The variable that holds it, in every lane.</param>
/// <param name="Value">How the surface computes it, in double precision.</param>
/// <param name="Meaning">What it is in the formula.</param>
internal sealed record StepNumber(string Name, string Value, string Meaning);

/// <summary>
/// The optimisers' steps on one vector: a row for each. Formulas are PyTorch's; what is kept from step to step goes through <c>Flush</c>, since
/// what decays would else end as denormal numbers, with which many processors are slow.
/// </summary>
internal sealed class OptimizerFormulas(OptimizerSettings settings, string v)
{
    private const string Rate = "-netgenLearningRate";
    private const string Math = "global::NetGen.CompilerServices.OptimizerMath";

    /// <summary>Who found it, and the formula as papers write it.</summary>
    public string Summary => settings.Optimizer switch
    {
        Optimizer.Sgd when settings.Momentum is null => "Gradient descent: w ← w − η·g.",
        Optimizer.Sgd when settings.Nesterov => "Gradient descent with Nesterov's momentum: m ← μ·m + g, w ← w − η·(g + μ·m).",
        Optimizer.Sgd => "Gradient descent with momentum: m ← μ·m + g, w ← w − η·m.",
        Optimizer.Adagrad => "Adagrad (Duchi et al., 2011): s ← s + g², w ← w − η·g / (√s + ε).",
        Optimizer.Adadelta => "Adadelta (Zeiler, 2012): s ← ρ·s + (1 − ρ)·g², d = g·√(u + ε) / √(s + ε), u ← ρ·u + (1 − ρ)·d², w ← w − η·d.",
        Optimizer.RMSprop when settings.Momentum is null => "RMSprop (Hinton, 2012): s ← α·s + (1 − α)·g², w ← w − η·g / (√s + ε).",
        Optimizer.RMSprop => "RMSprop (Hinton, 2012) with momentum: s ← α·s + (1 − α)·g², m ← μ·m + g / (√s + ε), w ← w − η·m.",
        Optimizer.Adam => $"Adam (Kingma and Ba, 2015): {Moments}, w ← w − η·m̂ / (√v̂ + ε) with m̂ = m / (1 − β1ᵗ), v̂ = v / (1 − β2ᵗ).",
        Optimizer.AdamW => $"AdamW (Loshchilov and Hutter, 2019): w ← (1 − η·λ)·w, {Moments}, w ← w − η·m̂ / (√v̂ + ε) with m̂ = m / (1 − β1ᵗ), v̂ = v / (1 − β2ᵗ).",
        Optimizer.Adamax => "Adamax (Kingma and Ba, 2015): m ← β1·m + (1 − β1)·g, u ← max(β2·u, |g| + ε), w ← w − η / (1 − β1ᵗ) · m / u.",
        Optimizer.NAdam => $"NAdam (Dozat, 2016): {Moments}, w ← w − η·((1 − μₜ)·g / (1 − Πμ) + μₜ₊₁·m / (1 − Πμ·μₜ·μₜ₊₁)) / (√v̂ + ε) with v̂ = v / (1 − β2ᵗ).",
        _ => throw new InvalidOperationException($"no formula for {settings.Optimizer}"),
    };

    private const string Moments = "m ← β1·m + (1 − β1)·g, v ← β2·v + (1 − β2)·g²";

    /// <summary>What is done to the gradient first.</summary>
    public string Preparation
    {
        get
        {
            List<string> parts = [];
            if (settings.ClipNorm is { } norm)
            {
                parts.Add($"g ← g·min(1, {Single(norm).TrimEnd('f')} / ‖all g‖)");
            }

            if (settings.ClipValue is { } value)
            {
                parts.Add($"g held between −{Single(value).TrimEnd('f')} and {Single(value).TrimEnd('f')}");
            }

            if (Decays)
            {
                parts.Add("g ← g + λ·w");
            }

            return parts.Count == 0 ? "" : $"First {string.Join(", ", parts)}.";
        }
    }

    /// <summary>What a step's number and rates make of the formula, in the order in which the numbers stand in memory.</summary>
    public IReadOnlyList<StepNumber> Numbers
    {
        get
        {
            var biased = $"{Rate} / (1 - {Math}.Power({Double(settings.Beta1)}, step))";
            var correction = new StepNumber("correction", $"1 / global::System.Math.Sqrt(1 - {Math}.Power({Double(settings.Beta2)}, step))", "1 / √(1 − β2ᵗ)");
            List<StepNumber> numbers = settings.Optimizer switch
            {
                Optimizer.Adam => [new("rate", biased, "−η / (1 − β1ᵗ)"), correction],
                Optimizer.AdamW => [
                    new("rate", biased, "−η / (1 − β1ᵗ)"), correction, new("kept", "1 - (double)netgenLearningRate * netgenWeightDecay", "1 − η·λ")],
                Optimizer.Adamax => [new("rate", biased, "−η / (1 − β1ᵗ)")],
                Optimizer.NAdam => [
                    new("gradientRate", $"{Rate} * (1 - netgenMomentum.At(step)) / (1 - netgenMomentum.ProductTo(step))", "−η·(1 − μₜ) / (1 − Πμ)"),
                    new(
                        "momentRate",
                        $"{Rate} * netgenMomentum.At(step + 1) / (1 - netgenMomentum.ProductTo(step) * netgenMomentum.At(step) * netgenMomentum.At(step + 1))",
                        "−η·μₜ₊₁ / (1 − Πμ·μₜ·μₜ₊₁)"),
                    correction],
                _ => [new("rate", Rate, "−η")],
            };
            if (settings.Momentum is not null)
            {
                numbers.Add(new("momentum", "netgenMomentum", "μ"));
            }

            if (Decays)
            {
                numbers.Add(new("decay", "netgenWeightDecay", "λ"));
            }

            return numbers;
        }
    }

    /// <summary>Where the factor of a gradient stands whose norm is clipped: behind the step's numbers.</summary>
    public int ClipFactor => Numbers.Count;

    /// <summary>The numbers of a step in memory.</summary>
    public int Count => Numbers.Count + (settings.ClipNorm is null ? 0 : 1);

    /// <summary>From the gradient <c>g</c> and the parameter <c>w</c>, vectors both, to the parameter's new value in <c>w</c>.</summary>
    public IEnumerable<string> Lines()
    {
        if (settings.ClipNorm is not null)
        {
            yield return "g *= factor;";
        }

        if (settings.ClipValue is { } limit)
        {
            yield return $"g = {v}.MaxNative({C(-limit)}, {v}.MinNative({C(limit)}, g));";
        }

        if (Decays)
        {
            yield return $"g = {MultiplyAdd("decay", "w", "g")};";
        }

        foreach (var line in Step())
        {
            yield return line;
        }
    }

    /// <summary>What an optimiser keeps, as a constant that says how far it is from its parameter.</summary>
    public static string Place(string state) => string.Concat(state.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));

    private string[] Step() => settings.Optimizer switch
    {
        Optimizer.Sgd when settings.Momentum is null => [$"w = {MultiplyAdd("rate", "g", "w")};"],
        Optimizer.Sgd => [
            Keep("m", "Momentum", MultiplyAdd("momentum", Kept("Momentum"), "g")),
            $"w = {MultiplyAdd("rate", settings.Nesterov ? MultiplyAdd("momentum", "m", "g") : "m", "w")};"],
        Optimizer.Adagrad => [
            Keep("s", "SquareSum", MultiplyAdd("g", "g", Kept("SquareSum"))),
            $"w = {MultiplyAdd("rate", $"g / ({v}.Sqrt(s) + {C(settings.Epsilon)})", "w")};"],
        Optimizer.Adadelta => [
            Keep("s", "SquareAverage", Average(settings.Rho, Kept("SquareAverage"), "g", "g")),
            $"var u = {Kept("DeltaAverage")};",
            $"var d = g * {v}.Sqrt((u + {C(settings.Epsilon)}) / (s + {C(settings.Epsilon)}));",
            Keep("", "DeltaAverage", Average(settings.Rho, "u", "d", "d")),
            $"w = {MultiplyAdd("rate", "d", "w")};"],
        Optimizer.RMSprop => [
            Keep("s", "SquareAverage", Average(settings.Alpha, Kept("SquareAverage"), "g", "g")),
            $"g /= {v}.Sqrt(s) + {C(settings.Epsilon)};",
            .. settings.Momentum is null ? Array.Empty<string>() : [Keep("m", "Momentum", MultiplyAdd("momentum", Kept("Momentum"), "g"))],
            $"w = {MultiplyAdd("rate", settings.Momentum is null ? "g" : "m", "w")};"],
        Optimizer.Adam => [.. FirstAndSecond, $"w = {MultiplyAdd("rate", $"m / {Deviation}", "w")};"],
        Optimizer.AdamW => [.. FirstAndSecond, $"w = {MultiplyAdd("rate", $"m / {Deviation}", "kept * w")};"],
        Optimizer.Adamax => [
            Keep("m", "FirstMoment", Average(settings.Beta1, Kept("FirstMoment"), "g")),
            $"var u = {v}.MaxNative({C(settings.Beta2)} * {Kept("InfinityNorm")}, {v}.Abs(g) + {C(settings.Epsilon)});",
            $"{v}.StoreUnsafe(u, ref parameters, at + InfinityNorm);",
            $"w = {MultiplyAdd("rate", "m / u", "w")};"],
        Optimizer.NAdam => [
            .. FirstAndSecond,
            $"w += {MultiplyAdd("gradientRate", "g", "momentRate * m")} / {Deviation};"],
        _ => throw new InvalidOperationException($"no formula for {settings.Optimizer}"),
    };

    private string[] FirstAndSecond =>
    [
        Keep("m", "FirstMoment", Average(settings.Beta1, Kept("FirstMoment"), "g")),
        Keep("v", "SecondMoment", Average(settings.Beta2, Kept("SecondMoment"), "g", "g")),
    ];

    /// <summary>√v̂ + ε.</summary>
    private string Deviation => MultiplyAdd($"{v}.Sqrt(v)", "correction", C(settings.Epsilon));

    private bool Decays => settings.WeightDecay is not null && settings.Optimizer != Optimizer.AdamW;

    private string Kept(string place) => $"{v}.LoadUnsafe(ref parameters, at + {place})";

    private string Keep(string name, string place, string value) => name.Length == 0
        ? $"{v}.StoreUnsafe(Flush({value}), ref parameters, at + {place});"
        : $"var {name} = Flush({value});\n{v}.StoreUnsafe({name}, ref parameters, at + {place});";

    /// <summary>share·old + (1 − share)·x, or with x·y.</summary>
    private string Average(double share, string old, string x, string? y = null) => y is null
        ? MultiplyAdd(C(share), old, $"{C(1 - share)} * {x}")
        : MultiplyAdd($"{C(1 - share)} * {x}", y, $"{C(share)} * {old}");

    private string MultiplyAdd(string x, string y, string sum) => $"{v}.MultiplyAddEstimate({x}, {y}, {sum})";

    private string C(double number) => $"{v}.Create({Single(number)})";
}
