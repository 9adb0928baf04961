using NetGen;

namespace LeNet5Sample;

/// <summary>A layer that gives an image, and the network that ends in it.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Channels">The channels of its image.</param>
/// <param name="Width">The columns of its image.</param>
/// <param name="Create">Makes the network, which must yet get the trained weights.</param>
internal sealed record ImageLayer(string Name, int Channels, int Width, Func<IByteInputNetwork> Create);

/// <summary>A network and its fronts.</summary>
/// <param name="Name">What <c>--net</c> names it.</param>
/// <param name="Description">One line for the help.</param>
/// <param name="Create">Makes it from a seed.</param>
/// <param name="Images">Its layers that give images, the lowest first.</param>
/// <param name="CreateFeatures">Makes the network that ends in the last hidden layer.</param>
internal sealed record Model(
    string Name, string Description, Func<int, ITrainableNetwork> Create, IReadOnlyList<ImageLayer> Images, Func<IByteInputNetwork> CreateFeatures)
{
    public static IReadOnlyList<Model> All { get; } =
    [
        new(
            "tanh",
            "the paper's sizes, tanh, means of 2x2",
            seed => new TanhNet(seed),
            [
                new("c1", 6, 28, () => new TanhC1()), new("s2", 6, 14, () => new TanhS2()),
                new("c3", 16, 10, () => new TanhC3()), new("s4", 16, 5, () => new TanhS4()),
            ],
            () => new TanhF6()),
        new(
            "relu",
            "the same sizes, rectifiers, the largest of 2x2",
            seed => new ReluNet(seed),
            [
                new("c1", 6, 28, () => new ReluC1()), new("s2", 6, 14, () => new ReluS2()),
                new("c3", 16, 10, () => new ReluC3()), new("s4", 16, 5, () => new ReluS4()),
            ],
            () => new ReluF6()),
    ];

    public override string ToString() => Name;
}
