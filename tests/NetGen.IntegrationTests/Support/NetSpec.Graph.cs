using System.Globalization;

namespace NetGen.IntegrationTests.Support;

/// <summary>An input of several.</summary>
internal sealed record InputSpec(string Name, int[] Shape)
{
    public int Size => Shape.Aggregate(1, (size, dimension) => size * dimension);
}

/// <summary>The loss of one output of several.</summary>
internal sealed record LossSpec(string Node, Loss Loss)
{
    public double Weight { get; init; } = 1;

    public double HuberDelta { get; init; } = 1;

    /// <summary>With <see cref="NetGen.Loss.Custom"/> the class's own loss.</summary>
    public string? Own { get; init; }

    public string ToAttribute(string prefix)
    {
        var weight = Weight == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", Weight = {Weight:R}");
        var delta = HuberDelta == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", HuberDelta = {HuberDelta:R}");
        return $"{prefix}Loss(\"{Node}\", {(Own is null ? $"{prefix}Loss.{Loss}" : $"nameof({Own})")}{weight}{delta})";
    }
}

/// <content>Several inputs, several outputs, several losses.</content>
internal sealed partial record NetSpec
{
    /// <summary>The inputs, where there are several; a sample holds them one after another.</summary>
    public IReadOnlyList<InputSpec>? InputList { get; init; }

    /// <summary>The outputs; null for the last layer, or the nodes with losses of their own.</summary>
    public IReadOnlyList<string>? OutputList { get; init; }

    /// <summary>The losses of single outputs; null for one loss of the whole prediction.</summary>
    public IReadOnlyList<LossSpec>? Losses { get; init; }

    /// <summary>The inputs, each with its name and shape.</summary>
    public IReadOnlyList<InputSpec> AllInputs => InputList ?? [new("input", Shape ?? [Inputs])];

    /// <summary>The nodes that a prediction consists of.</summary>
    public IReadOnlyList<string> AllOutputs => OutputList ?? Losses?.Select(loss => loss.Node).ToList() ?? [Reference.ReferenceShapes.Of(this)[^1].Name];

    /// <summary>The numbers of one prediction.</summary>
    public int Outputs => AllOutputs.Sum(SizeOf);

    /// <summary>The losses, each with the node that it is of; one of the whole prediction of a net with several outputs has none.</summary>
    public IReadOnlyList<LossSpec> AllLosses => Losses
        ?? [new(AllOutputs.Count == 1 ? AllOutputs[0] : "", Training!.Loss) { HuberDelta = Training.HuberDelta, Own = Training.OwnLoss }];

    /// <summary>Rows of targets such as the losses are for.</summary>
    public float[] Targets(int samples, int seed)
    {
        var parts = AllLosses.Select((loss, k) => TestData.Targets(loss.Loss, samples, SizeOf(loss.Node), seed + k)).ToList();
        return [.. Enumerable.Range(0, samples).SelectMany(n => parts.SelectMany(part => part.Skip(n * (part.Length / samples)).Take(part.Length / samples)))];
    }

    /// <summary>The numbers of a node; of the whole prediction without a name.</summary>
    public int SizeOf(string node) => node.Length == 0 ? Outputs : Reference.ReferenceShapes.Of(this).First(each => each.Name == node).Size;

    private string InputAttributes(string prefix) => InputList is null
        ? ""
        : string.Concat(InputList.Select(input => $"[{prefix}Input({string.Join(", ", input.Shape)}, Name = \"{input.Name}\")]\n"));
}
