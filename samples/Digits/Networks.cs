using NetGen;

namespace DigitsSample;

/// <summary>Reads an 8x8 picture of a digit: ten logits, the largest of which names the digit.</summary>
[Network]
[Input(64)]
[Dense(64, Activation.ReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.3, BatchSize = 16)]
public partial class DigitNet;
