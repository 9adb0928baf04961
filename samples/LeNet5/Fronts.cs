using NetGen;

namespace LeNet5Sample;

// The first layers of a trained network, with the names that they have there: what a layer gives is what its front predicts. An image is
// given channel by channel, row by row.

/// <summary>c1 of <see cref="TanhNet"/>: [6, 28, 28].</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.Tanh, Name = "c1", Padding = Padding.Same)]
internal sealed partial class TanhC1;

/// <summary>s2 of <see cref="TanhNet"/>: [6, 14, 14].</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.Tanh, Name = "c1", Padding = Padding.Same)]
[AvgPool2D(2)]
internal sealed partial class TanhS2;

/// <summary>c3 of <see cref="TanhNet"/>: [16, 10, 10].</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.Tanh, Name = "c1", Padding = Padding.Same)]
[AvgPool2D(2)]
[Conv2D(16, 5, Activation.Tanh, Name = "c3")]
internal sealed partial class TanhC3;

/// <summary>s4 of <see cref="TanhNet"/>: [16, 5, 5].</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.Tanh, Name = "c1", Padding = Padding.Same)]
[AvgPool2D(2)]
[Conv2D(16, 5, Activation.Tanh, Name = "c3")]
[AvgPool2D(2)]
internal sealed partial class TanhS4;

/// <summary>f6 of <see cref="TanhNet"/>: 84 numbers.</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.Tanh, Name = "c1", Padding = Padding.Same)]
[AvgPool2D(2)]
[Conv2D(16, 5, Activation.Tanh, Name = "c3")]
[AvgPool2D(2)]
[Flatten]
[Dense(120, Activation.Tanh, Name = "c5")]
[Dense(84, Activation.Tanh, Name = "f6")]
internal sealed partial class TanhF6;

/// <summary>c1 of <see cref="ReluNet"/>: [6, 28, 28].</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.ReLU, Name = "c1", Padding = Padding.Same)]
internal sealed partial class ReluC1;

/// <summary>s2 of <see cref="ReluNet"/>: [6, 14, 14].</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.ReLU, Name = "c1", Padding = Padding.Same)]
[MaxPool2D(2)]
internal sealed partial class ReluS2;

/// <summary>c3 of <see cref="ReluNet"/>: [16, 10, 10].</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.ReLU, Name = "c1", Padding = Padding.Same)]
[MaxPool2D(2)]
[Conv2D(16, 5, Activation.ReLU, Name = "c3")]
internal sealed partial class ReluC3;

/// <summary>s4 of <see cref="ReluNet"/>: [16, 5, 5].</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.ReLU, Name = "c1", Padding = Padding.Same)]
[MaxPool2D(2)]
[Conv2D(16, 5, Activation.ReLU, Name = "c3")]
[MaxPool2D(2)]
internal sealed partial class ReluS4;

/// <summary>f6 of <see cref="ReluNet"/>: 84 numbers.</summary>
[Network]
[Input(1, 28, 28, Scale = 1 / 255.0)]
[Conv2D(6, 5, Activation.ReLU, Name = "c1", Padding = Padding.Same)]
[MaxPool2D(2)]
[Conv2D(16, 5, Activation.ReLU, Name = "c3")]
[MaxPool2D(2)]
[Flatten]
[Dense(120, Activation.ReLU, Name = "c5")]
[Dense(84, Activation.ReLU, Name = "f6")]
internal sealed partial class ReluF6;
