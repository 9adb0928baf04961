using NetGen;

namespace ResidualSample;

/// <summary>
/// A small residual network (He et al., 2016): behind a strided convolution two blocks, each two convolutions and a shortcut past them. The second
/// block halves the image and doubles the channels, so that its shortcut is a convolution of 1x1, which does the same.
/// </summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(16, 3, Padding = Padding.Same, Stride = 2, Bias = false)]
[BatchNorm]
[Activation(Activation.ReLU, Name = "stem")]

[Conv2D(16, 3, Padding = Padding.Same, Bias = false)]
[BatchNorm]
[Activation(Activation.ReLU)]
[Conv2D(16, 3, Padding = Padding.Same, Bias = false)]
[BatchNorm(Name = "residual1")]
[Add("residual1", "stem")]
[Activation(Activation.ReLU, Name = "block1")]

[Conv2D(32, 3, Padding = Padding.Same, Stride = 2, Bias = false)]
[BatchNorm]
[Activation(Activation.ReLU)]
[Conv2D(32, 3, Padding = Padding.Same, Bias = false)]
[BatchNorm(Name = "residual2")]
[Conv2D(32, 1, Stride = 2, Bias = false, From = ["block1"])]
[BatchNorm(Name = "shortcut2")]
[Add("residual2", "shortcut2")]
[Activation(Activation.ReLU)]

[GlobalAvgPool]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Adam, LearningRate = 0.01, BatchSize = 64)]
internal sealed partial class ResidualNet;

/// <summary>The same convolutions without the shortcuts.</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(16, 3, Padding = Padding.Same, Stride = 2, Bias = false)]
[BatchNorm]
[Activation(Activation.ReLU)]

[Conv2D(16, 3, Padding = Padding.Same, Bias = false)]
[BatchNorm]
[Activation(Activation.ReLU)]
[Conv2D(16, 3, Padding = Padding.Same, Bias = false)]
[BatchNorm]
[Activation(Activation.ReLU)]

[Conv2D(32, 3, Padding = Padding.Same, Stride = 2, Bias = false)]
[BatchNorm]
[Activation(Activation.ReLU)]
[Conv2D(32, 3, Padding = Padding.Same, Bias = false)]
[BatchNorm]
[Activation(Activation.ReLU)]

[GlobalAvgPool]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Adam, LearningRate = 0.01, BatchSize = 64)]
internal sealed partial class PlainNet;
