using NetGen;

namespace LecturesSample;

/// <summary>784-10-10, its weights divided by the square root of a layer's inputs.</summary>
[Network]
[Input(784)]
[Dense(10, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(10, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 3.0, BatchSize = 10)]
public partial class Width10Net;

/// <summary>784-100-10, its weights divided by the square root of a layer's inputs.</summary>
[Network]
[Input(784)]
[Dense(100, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(10, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 3.0, BatchSize = 10)]
public partial class Width100Net;

/// <summary>784-300-10, its weights divided by the square root of a layer's inputs.</summary>
[Network]
[Input(784)]
[Dense(300, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(10, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 3.0, BatchSize = 10)]
public partial class Width300Net;

/// <summary>Two hidden layers, and as many weights as 784-30-10 as nearly as can be.</summary>
[Network]
[Input(784)]
[Dense(29, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(29, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(10, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 3.0, BatchSize = 10)]
public partial class TwoHiddenNet;

/// <summary>Four hidden layers, and as many weights as 784-30-10 as nearly as can be.</summary>
[Network]
[Input(784)]
[Dense(27, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(27, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(27, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(27, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(10, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 3.0, BatchSize = 10)]
public partial class FourHiddenNet;

/// <summary>What the hidden layer of 784-30-10 has before its sigmoid: z = W·x + b. It only predicts.</summary>
[Network]
[Input(784)]
[Dense(30)]
public partial class HiddenInputNet;
