using NetGen;

namespace LecturesSample;

/// <summary>The lecture's 2-5-2 with 1 sample a step.</summary>
[Network]
[Input(2)]
[Dense(5, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(2, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 1.0, BatchSize = 1)]
public partial class ZeroOneBatch1;

/// <summary>The lecture's 2-5-2 with 10 samples a step.</summary>
[Network]
[Input(2)]
[Dense(5, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(2, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 1.0, BatchSize = 10)]
public partial class ZeroOneBatch10;

/// <summary>The lecture's 2-5-2 with 300 samples a step.</summary>
[Network]
[Input(2)]
[Dense(5, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(2, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 1.0, BatchSize = 300)]
public partial class ZeroOneBatch300;

/// <summary>The lecture's 2-5-2 with 3000 samples a step.</summary>
[Network]
[Input(2)]
[Dense(5, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(2, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 1.0, BatchSize = 3000)]
public partial class ZeroOneBatch3000;

/// <summary>Two features straight to two classes: its border is a line.</summary>
[Network]
[Input(2)]
[Dense(2)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.5, BatchSize = 20)]
public partial class LinearRingNet;

/// <summary>The same with one hidden layer.</summary>
[Network]
[Input(2)]
[Dense(8, Activation.Tanh)]
[Dense(2)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.5, BatchSize = 20)]
public partial class HiddenRingNet;
