using NetGen;

namespace LeNet5Sample;

/// <summary>A network that can be chosen.</summary>
/// <param name="Name">What <c>--net</c> names it.</param>
/// <param name="Description">One line for the help.</param>
/// <param name="Create">Makes it from a seed.</param>
internal sealed record Model(string Name, string Description, Func<int, ITrainableNetwork> Create)
{
    public static IReadOnlyList<Model> All { get; } =
    [
        new("tanh", "the paper's sizes, tanh, means of 2x2", seed => new TanhNet(seed)),
        new("relu", "the same sizes, rectifiers, the largest of 2x2", seed => new ReluNet(seed)),
    ];

    public override string ToString() => Name;
}
