using NetGen;

namespace LearnImageSample;

/// <summary>A picture as a function: from a place to its brightness. Rectifiers throughout, the output's too.</summary>
[Network]
[Input(2)]
[Dense(150, Activation.ReLU, WeightInitializer = Initializer.GlorotUniform)]
[Dense(150, Activation.ReLU, WeightInitializer = Initializer.GlorotUniform)]
[Dense(100, Activation.ReLU, WeightInitializer = Initializer.GlorotUniform)]
[Dense(1, Activation.ReLU, WeightInitializer = Initializer.GlorotUniform)]
[Train(Loss.MeanSquaredError, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 1000)]
public partial class PictureNet;

/// <summary>A function of two variables with values of either sign, hence an output without rectifier.</summary>
[Network]
[Input(2)]
[Dense(150, Activation.ReLU)]
[Dense(150, Activation.ReLU)]
[Dense(100, Activation.ReLU)]
[Dense(1)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 1000)]
public partial class FunctionNet;
