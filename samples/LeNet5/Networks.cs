using NetGen;

namespace LeNet5Sample;

/// <summary>
/// LeNet-5 by the paper's names of its layers: convolutions (C), subsampling (S), a full layer (F). Padding makes up for images of 28x28
/// pixels, where the paper has 32x32. C5 is a convolution in the paper; on maps of 5x5 it is the same as a full layer.
/// </summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.Tanh, Name = "c1", Padding = Padding.Same)]
[AvgPool2D(2, Name = "s2")]
[Conv2D(16, 5, Activation.Tanh, Name = "c3")]
[AvgPool2D(2, Name = "s4")]
[Flatten]
[Dense(120, Activation.Tanh, Name = "c5")]
[Dense(84, Activation.Tanh, Name = "f6")]
[Dense(10, Name = "output")]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, Momentum = 0.9, BatchSize = 64)]
internal sealed partial class TanhNet;

/// <summary>The same sizes with what came later: rectifiers, and the largest of four numbers in place of their mean.</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.ReLU, Name = "c1", Padding = Padding.Same)]
[MaxPool2D(2, Name = "s2")]
[Conv2D(16, 5, Activation.ReLU, Name = "c3")]
[MaxPool2D(2, Name = "s4")]
[Flatten]
[Dense(120, Activation.ReLU, Name = "c5")]
[Dense(84, Activation.ReLU, Name = "f6")]
[Dense(10, Name = "output")]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.05, Momentum = 0.9, BatchSize = 64)]
internal sealed partial class ReluNet;
