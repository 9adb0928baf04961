using NetGen;

namespace LecturesSample;

/// <summary>784-30-10 with Sigmoid and softmax cross-entropy.</summary>
[Network]
[Input(784)]
[Dense(30, Activation.Sigmoid)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 10)]
public partial class SigmoidNet;

/// <summary>784-30-10 with Tanh and softmax cross-entropy.</summary>
[Network]
[Input(784)]
[Dense(30, Activation.Tanh)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 10)]
public partial class TanhNet;

/// <summary>784-30-10 with ReLU and softmax cross-entropy.</summary>
[Network]
[Input(784)]
[Dense(30, Activation.ReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 10)]
public partial class ReLUNet;

/// <summary>784-30-10 with LeakyReLU and softmax cross-entropy.</summary>
[Network]
[Input(784)]
[Dense(30, Activation.LeakyReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 10)]
public partial class LeakyReLUNet;

/// <summary>784-30-10 with ELU and softmax cross-entropy.</summary>
[Network]
[Input(784)]
[Dense(30, Activation.ELU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 10)]
public partial class ELUNet;

/// <summary>784-30-10 with GELU and softmax cross-entropy.</summary>
[Network]
[Input(784)]
[Dense(30, Activation.GELU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 10)]
public partial class GELUNet;

/// <summary>784-30-10 with SiLU and softmax cross-entropy.</summary>
[Network]
[Input(784)]
[Dense(30, Activation.SiLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 10)]
public partial class SiLUNet;
