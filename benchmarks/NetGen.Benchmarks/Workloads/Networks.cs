namespace NetGen.Benchmarks.Workloads;

/// <summary>Digits 0 against 1 on two features.</summary>
[Network]
[Input(2)]
[Dense(5, Activation.Sigmoid)]
[Dense(2, Activation.Sigmoid)]
[Train(Loss.MeanSquaredError, Optimizer.Sgd, LearningRate = 1.0, BatchSize = 30)]
internal sealed partial class Digits2x5x2;

/// <summary>All of MNIST.</summary>
[Network]
[Input(784)]
[Dense(30, Activation.Sigmoid)]
[Dense(10, Activation.Sigmoid)]
[Train(Loss.MeanSquaredError, Optimizer.Sgd, LearningRate = 3.0, BatchSize = 10)]
internal sealed partial class Mnist784x30x10;

/// <summary>A picture as a function of two coordinates.</summary>
[Network]
[Input(2)]
[Dense(150, Activation.ReLU)]
[Dense(150, Activation.ReLU)]
[Dense(100, Activation.ReLU)]
[Dense(1, Activation.ReLU)]
[Train(Loss.MeanSquaredError, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 1000)]
internal sealed partial class Image2x150x150x100x1;

/// <summary>A small classifier.</summary>
[Network]
[Input(10)]
[Dense(20, Activation.ReLU)]
[Dense(20, Activation.ReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.01, BatchSize = 32)]
internal sealed partial class Keras10x20x20x10;

/// <summary>The usual first network for MNIST, with plain gradient descent.</summary>
[Network]
[Input(784)]
[Dense(128, Activation.ReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.05, BatchSize = 32)]
internal sealed partial class Mlp784x128x10Sgd;

/// <summary>A network whose time is all matrix products, with plain gradient descent.</summary>
[Network]
[Input(784)]
[Dense(512, Activation.ReLU)]
[Dense(512, Activation.ReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.05, BatchSize = 128)]
internal sealed partial class Mlp784x512x512x10Sgd;

/// <summary>The usual first network for MNIST.</summary>
[Network]
[Input(784)]
[Dense(128, Activation.ReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Adam, LearningRate = 0.001, BatchSize = 32)]
internal sealed partial class Mlp784x128x10;

/// <summary>A network whose time is all matrix products.</summary>
[Network]
[Input(784)]
[Dense(512, Activation.ReLU)]
[Dense(512, Activation.ReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.05, Momentum = 0.9, BatchSize = 128)]
internal sealed partial class Mlp784x512x512x10;

/// <summary>The lecture's network in Keras with normalisation and dropout.</summary>
[Network]
[Input(784)]
[Dense(500)]
[BatchNorm]
[Dropout(0.3)]
[Activation(Activation.ReLU)]
[Dense(50)]
[BatchNorm]
[Dropout(0.3)]
[Activation(Activation.ReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Adam, LearningRate = 0.001, BatchSize = 128)]
internal sealed partial class Keras784x500x50x10;

/// <summary>LeNet-5 as it is taught today.</summary>
[Network]
[Input(1, 28, 28)]
[Conv2D(6, 5, Activation.Tanh, Padding = Padding.Same)]
[AvgPool2D(2)]
[Conv2D(16, 5, Activation.Tanh)]
[AvgPool2D(2)]
[Flatten]
[Dense(120, Activation.Tanh)]
[Dense(84, Activation.Tanh)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.05, BatchSize = 64)]
internal sealed partial class LeNet5;
