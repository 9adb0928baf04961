namespace NetGen;

/// <summary>
/// Marks a partial class as a neural network. The layers follow as attributes in the order in which samples pass through them:
/// <see cref="InputAttribute"/>, then layers such as <see cref="DenseAttribute"/>. With <see cref="TrainAttribute"/> the class
/// can be trained; without, it predicts only. The compiler writes the rest of the class (see <see cref="INetwork"/>).
/// </summary>
/// <example>
/// <code>
/// [Network]
/// [Input(64)]
/// [Dense(32, Activation.ReLU)]
/// [Dense(10)]
/// [Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 32)]
/// public partial class DigitNet;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NetworkAttribute : Attribute;
