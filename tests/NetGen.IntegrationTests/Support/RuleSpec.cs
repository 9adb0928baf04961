using System.Globalization;

namespace NetGen.IntegrationTests.Support;

/// <summary>Penalties and constraints of a dense layer, and whether it is frozen.</summary>
internal sealed record RuleSpec
{
    public double WeightL1 { get; init; }

    public double WeightL2 { get; init; }

    public double BiasL1 { get; init; }

    public double BiasL2 { get; init; }

    public double ActivityL1 { get; init; }

    public double ActivityL2 { get; init; }

    public double? MaxNorm { get; init; }

    public bool NonNegative { get; init; }

    public bool Frozen { get; init; }

    /// <summary>The options as arguments, each after a comma.</summary>
    public string ToArguments()
    {
        (string Name, double Value)[] numbers =
        [
            (nameof(WeightL1), WeightL1), (nameof(WeightL2), WeightL2), (nameof(BiasL1), BiasL1), (nameof(BiasL2), BiasL2),
            (nameof(ActivityL1), ActivityL1), (nameof(ActivityL2), ActivityL2), (nameof(MaxNorm), MaxNorm ?? 0),
        ];
        var given = numbers.Where(option => option.Value != 0).Select(option => string.Create(CultureInfo.InvariantCulture, $", {option.Name} = {option.Value:R}"));
        return string.Concat(given) + (NonNegative ? ", NonNegative = true" : "") + (Frozen ? ", Frozen = true" : "");
    }
}
