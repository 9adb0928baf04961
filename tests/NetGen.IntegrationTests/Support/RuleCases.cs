namespace NetGen.IntegrationTests.Support;

/// <summary>Layers with penalties, constraints and frozen parameters, and optimisers to train them by: what several tests go through.</summary>
internal static class RuleCases
{
    /// <summary>Panels of both widths, tiles with a rest.</summary>
    public const string Net = "7-37:Tanh-18:Sigmoid-3";

    private static readonly RuleSpec Everything = new()
    {
        WeightL1 = 0.003,
        WeightL2 = 0.02,
        BiasL1 = 0.002,
        BiasL2 = 0.03,
        ActivityL1 = 0.002,
        ActivityL2 = 0.01,
        NonNegative = true,
        MaxNorm = 0.9,
    };

    /// <summary>By name: rules for layers of a net of three, by their number.</summary>
    public static IReadOnlyDictionary<string, (int Layer, RuleSpec Rules)[]> Rules { get; } = new Dictionary<string, (int, RuleSpec)[]>
    {
        ["WeightL1"] = [(1, new() { WeightL1 = 0.01 }), (3, new() { WeightL1 = 0.002 })],
        ["WeightL2"] = [(1, new() { WeightL2 = 0.05 }), (2, new() { WeightL2 = 0.05 })],
        ["Bias"] = [(1, new() { BiasL1 = 0.01 }), (2, new() { BiasL2 = 0.1 }), (3, new() { BiasL1 = 0.004, BiasL2 = 0.05 })],
        ["ActivityL1"] = [(1, new() { ActivityL1 = 0.01 }), (3, new() { ActivityL1 = 0.02 })],
        ["ActivityL2"] = [(1, new() { ActivityL2 = 0.01 }), (2, new() { ActivityL2 = 0.02 }), (3, new() { ActivityL2 = 0.05 })],
        ["MaxNorm"] = [(1, new() { MaxNorm = 0.7 }), (3, new() { MaxNorm = 1.1 })],
        ["NonNegative"] = [(2, new() { NonNegative = true })],
        ["Frozen below"] = [(1, new() { Frozen = true }), (2, new() { Frozen = true })],
        ["Frozen above"] = [(3, new() { Frozen = true, ActivityL2 = 0.05 })],
        ["Frozen between"] = [(1, new() { WeightL2 = 0.05 }), (2, new() { Frozen = true })],
        ["Everything"] = [(1, Everything), (2, Everything with { NonNegative = false }), (3, Everything with { MaxNorm = null })],
        ["Everything above"] = [(1, new() { Frozen = true }), (2, Everything), (3, Everything)],
    };

    /// <summary>A step by addition, at the end of the products, and when all gradients are there.</summary>
    public static IReadOnlyDictionary<string, OptimizerSpec> Optimizers { get; } = new OptimizerSpec[]
    {
        new(Optimizer.Sgd),
        new(Optimizer.Sgd) { Momentum = 0.9, Nesterov = true, ClipValue = 0.02 },
        new(Optimizer.Adam),
        new(Optimizer.AdamW) { WeightDecay = 0.2 },
        new(Optimizer.Adam) { WeightDecay = 0.01, ClipNorm = 0.1 },
    }.ToDictionary(optimizer => optimizer.ToString());

    public static NetSpec Spec(string net, string rules, string optimizer, int batch, Loss loss = Loss.HalfSquaredError) =>
        Spec(net, Rules[rules], optimizer, batch, loss);

    public static NetSpec Spec(string net, (int, RuleSpec)[] rules, string optimizer, int batch, Loss loss = Loss.HalfSquaredError)
    {
        var spec = NetSpec.Of(net, loss, batch, Optimizers[optimizer].Kind == Optimizer.Sgd ? 0.05 : 0.002).With(rules);
        return spec with { Training = spec.Training! with { Optimizer = Optimizers[optimizer] } };
    }
}
