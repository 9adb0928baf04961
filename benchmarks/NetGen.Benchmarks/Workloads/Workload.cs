using NetGen.Benchmarks.Generic;
using NetGen.Benchmarks.Support;

namespace NetGen.Benchmarks.Workloads;

/// <summary>A network that is measured, in its two forms.</summary>
/// <param name="Name">The name that all peers give it.</param>
/// <param name="Sizes">The inputs, then every dense layer's outputs.</param>
/// <param name="Hidden">The activation of all dense layers but the last.</param>
/// <param name="Last">The activation of the last layer.</param>
/// <param name="Loss">What is minimised: on labels if softmax cross-entropy, else on targets.</param>
/// <param name="LearningRate">The step.</param>
/// <param name="BatchSize">The samples of a training step.</param>
/// <param name="CreateNetGen">Makes the generated network.</param>
internal sealed record Workload(
    string Name, int[] Sizes, Activation Hidden, Activation Last, Loss Loss, double LearningRate, int BatchSize,
    Func<ITrainableNetwork> CreateNetGen)
{
    /// <summary>How the gradient changes the parameters: Sgd or Adam with its usual constants.</summary>
    public Optimizer Optimizer { get; init; }

    /// <summary>The momentum of Sgd.</summary>
    public double Momentum { get; init; }

    /// <summary>The rate of a dropout which, with a BatchNorm, stands before each hidden activation; null for neither.</summary>
    public double? Dropout { get; init; }

    /// <summary>The layers on images before the dense ones; null for none.</summary>
    public ImageStack? Images { get; init; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("digits-2-5-2", [2, 5, 2], Activation.Sigmoid, Activation.Sigmoid, Loss.MeanSquaredError, 1.0, 30, () => new Digits2x5x2()),
        new(
            "mnist-784-30-10", [784, 30, 10], Activation.Sigmoid, Activation.Sigmoid, Loss.MeanSquaredError, 3.0, 10,
            () => new Mnist784x30x10()),
        new(
            "image-2-150-150-100-1", [2, 150, 150, 100, 1], Activation.ReLU, Activation.ReLU, Loss.MeanSquaredError, 0.1, 1000,
            () => new Image2x150x150x100x1()),
        new(
            "keras-10-20-20-10", [10, 20, 20, 10], Activation.ReLU, Activation.Identity, Loss.SoftmaxCrossEntropy, 0.01, 32,
            () => new Keras10x20x20x10()),
        new(
            "mlp-784-128-10-sgd", [784, 128, 10], Activation.ReLU, Activation.Identity, Loss.SoftmaxCrossEntropy, 0.05, 32,
            () => new Mlp784x128x10Sgd()),
        new(
            "mlp-784-512-512-10-sgd", [784, 512, 512, 10], Activation.ReLU, Activation.Identity, Loss.SoftmaxCrossEntropy, 0.05, 128,
            () => new Mlp784x512x512x10Sgd()),
        new(
            "mlp-784-128-10", [784, 128, 10], Activation.ReLU, Activation.Identity, Loss.SoftmaxCrossEntropy, 0.001, 32,
            () => new Mlp784x128x10())
        {
            Optimizer = Optimizer.Adam,
        },
        new(
            "mlp-784-512-512-10", [784, 512, 512, 10], Activation.ReLU, Activation.Identity, Loss.SoftmaxCrossEntropy, 0.05, 128,
            () => new Mlp784x512x512x10())
        {
            Momentum = 0.9,
        },
        new(
            "keras-784-500-50-10", [784, 500, 50, 10], Activation.ReLU, Activation.Identity, Loss.SoftmaxCrossEntropy, 0.001, 128,
            () => new Keras784x500x50x10())
        {
            Optimizer = Optimizer.Adam,
            Dropout = 0.3,
        },
        new(
            "lenet5", [784, 120, 84, 10], Activation.Tanh, Activation.Identity, Loss.SoftmaxCrossEntropy, 0.05, 64,
            () => new LeNet5())
        {
            Images = new(
                new(1, 28, 28),
                [new Convolution(6, 5, 2, Activation.Tanh), new AveragePooling(2), new Convolution(16, 5, 0, Activation.Tanh), new AveragePooling(2)]),
        },
    ];

    public bool Classifies => Loss == Loss.SoftmaxCrossEntropy;

    /// <summary>The operations of each product for one sample, forward.</summary>
    public IReadOnlyList<double> ForwardFlops =>
        [.. Images?.Flops ?? [], .. DenseSizes.Zip(DenseSizes.Skip(1), (inputs, outputs) => 2.0 * inputs * outputs)];

    /// <summary>The operations of a step's products for one sample: each three times, but for the first layer's gradient of its inputs.</summary>
    public double StepFlops => 3 * ForwardFlops.Sum() - ForwardFlops[0];

    private int[] DenseSizes => Images is null ? Sizes : [Images.Outputs, .. Sizes.Skip(1)];

    public GenericNetwork CreateGeneric() => new(Sizes, Hidden, Last, Loss, new GenericOptimizer(Optimizer, LearningRate, Momentum), BatchSize, Dropout, Images);

    public ScalarNetwork CreateScalar() =>
        new(DenseSizes, Hidden, Last, Loss, new ScalarOptimizer(Optimizer, LearningRate, Momentum), Dropout is not null, Images is null ? null : new ScalarImages(Images));

    public override string ToString() => Name;

    /// <summary>The workloads of that name, or all for none.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static IReadOnlyList<Workload> Select(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return All;
        }

        Workload[] selected = [.. All.Where(w => w.Name == name)];
        return selected.Length > 0
            ? selected
            : throw new UsageException($"--only: there is no workload '{name}'; there are {string.Join(", ", All)}.");
    }
}
