using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Inspection;

/// <summary>Networks of images, sequences and joins, each with what makes it different.</summary>
internal static class ImageNets
{
    private const string Source = """
        using NetGen;

        /// <summary>As LeNet: convolutions, poolings, dense layers.</summary>
        [Network]
        [Input(1, 12, 12)]
        [Conv2D(6, 5, Activation.ReLU, Padding = Padding.Same)]
        [MaxPool2D(2)]
        [Conv2D(5, 3, Activation.Tanh)]
        [AvgPool2D(2)]
        [Flatten]
        [Dense(10, Activation.ReLU)]
        [Dense(5)]
        [Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.05, BatchSize = 8)]
        public partial class Classic;

        /// <summary>Windows of every kind.</summary>
        [Network]
        [Input(4, 11, 9)]
        [Conv2D(6, 3, 2, Activation.LeakyReLU, StrideHeight = 2, StrideWidth = 3, PaddingHeight = 1, PaddingWidth = 2, Groups = 2, NegativeSlope = 0.2)]
        [Conv2D(6, 4, Padding = Padding.Same, Groups = 6, Bias = false)]
        [MaxPool2D(3, Stride = 2, Padding = 1)]
        [Conv2D(7, 3, Activation.Sigmoid, Padding = Padding.Same, Stride = 2, Dilation = 2)]
        [AvgPool2D(2, 1, Stride = 1, Padding = 0)]
        [GlobalMaxPool]
        [Dense(3)]
        [Train(Loss.MeanSquaredError, Optimizer.Sgd, BatchSize = 8)]
        public partial class Windows;

        /// <summary>A block whose result is added to what it takes, with channels normalised as in predictions.</summary>
        [Network]
        [Input(3, 8, 8)]
        [Conv2D(9, 3, Padding = Padding.Same, Bias = false)]
        [BatchNorm(Frozen = true)]
        [Activation(Activation.ReLU, Name = "start")]
        [Conv2D(9, 3, Padding = 1, Bias = false)]
        [BatchNorm(Frozen = true)]
        [Activation(Activation.ReLU)]
        [Conv2D(9, 3, Padding = 1)]
        [BatchNorm(Epsilon = 1e-3, Frozen = true, Name = "block")]
        [Add("start", "block", "start")]
        [Activation(Activation.SiLU)]
        [GlobalAvgPool]
        [Dense(4)]
        [Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, BatchSize = 8)]
        public partial class Residual;

        /// <summary>Sequences.</summary>
        [Network]
        [Input(3, 21)]
        [Conv1D(6, 4, Activation.ELU, Padding = Padding.Same, Stride = 2, Alpha = 0.5)]
        [AvgPool1D(3, Stride = 2, Padding = 1)]
        [Conv1D(4, 2, Dilation = 2, Groups = 2)]
        [MaxPool1D(2)]
        [Flatten]
        [Dense(2, Activation.Tanh)]
        [Train(Loss.Huber, Optimizer.Sgd, BatchSize = 8, HuberDelta = 0.3)]
        public partial class Sequence;

        /// <summary>Branches, joined after one another and as factors.</summary>
        [Network]
        [Input(2, 6, 5, Name = "x")]
        [Conv2D(3, 1, Activation.Tanh, Name = "a")]
        [Conv2D(4, 3, Padding = 1, From = new[] { "x" }, Name = "b")]
        [MaxPool2D(3, Stride = 1, Padding = 1, From = new[] { "x" }, Name = "c")]
        [Concat("a", "b", "c", Name = "all")]
        [Conv2D(9, 1, Activation.Sigmoid, Name = "gate")]
        [Multiply("all", "gate")]
        [Reshape(9, 30)]
        [GlobalAvgPool]
        [Dense(3)]
        [Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, BatchSize = 8)]
        public partial class Branches;

        /// <summary>From features to an image, and from a sequence to a longer one, with products and biases apart.</summary>
        [Network]
        [Input(7)]
        [Linear(24)]
        [Bias]
        [Activation(Activation.ReLU)]
        [Reshape(6, 2, 2)]
        [ConvTranspose2D(9, 4, Activation.ELU, Stride = 2, Padding = 1, Groups = 3, Alpha = 0.5)]
        [ConvTranspose2D(4, 3, 2, StrideHeight = 3, StrideWidth = 2, Padding = Padding.Same, Bias = false)]
        [Bias]
        [Activation(Activation.Tanh)]
        [ConvTranspose2D(3, 3, Dilation = 2, Stride = 2, PaddingHeight = 3, PaddingWidth = 2, OutputPaddingHeight = 1)]
        [Reshape(3, 330)]
        [ConvTranspose1D(2, 2, Activation.Sigmoid, Padding = 1)]
        [Train(Loss.MeanSquaredError, Optimizer.Sgd, BatchSize = 8)]
        public partial class Decoder;

        /// <summary>A function of its own, of a convolution and by itself.</summary>
        [Network]
        [Input(2, 7, 6)]
        [Conv2D(5, 3, Function = nameof(Bend))]
        [MaxPool2D(2)]
        [Activation(nameof(Bend))]
        [Flatten]
        [Dense(3)]
        [Train(Loss.MeanSquaredError, Optimizer.Sgd, BatchSize = 8)]
        public partial class Own
        {
            private static float Bend(float z) => z + z / (1 + z * z);

            private static float BendDerivative(float z) => 1 + (1 - z * z) / ((1 + z * z) * (1 + z * z));
        }
        """;

    public static string[] Names { get; } = ["Classic", "Windows", "Residual", "Sequence", "Branches", "Decoder", "Own"];

    /// <summary>A network with random parameters and running figures.</summary>
    public static ITrainableNetwork Create(string name, int seed)
    {
        var network = Assert.IsAssignableFrom<ITrainableNetwork>(Harness.Compile(Source).Create(name)).Randomize(seed);
        RandomNets.RandomizeBuffers(network, seed);
        return network;
    }
}
