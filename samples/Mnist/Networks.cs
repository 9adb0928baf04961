using NetGen;

namespace MnistSample;

/// <summary>0 against 1 on two features, "NN basis II".</summary>
[Network]
[Input(2)]
[Dense(5, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(2, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 1.0, BatchSize = 30)]
public partial class ZeroOneNet;

/// <summary>All digits from all pixels; weights and biases start standard normal.</summary>
[Network]
[Input(784)]
[Dense(30, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(10, Activation.Sigmoid, WeightInitializer = Initializer.StandardNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 3.0, BatchSize = 10)]
public partial class LectureNet;

/// <summary>The same, but the weights start divided by the square root of a layer's inputs, so that few sigmoids start saturated.</summary>
[Network]
[Input(784)]
[Dense(30, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Dense(10, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal)]
[Train(Loss.HalfSquaredError, Optimizer.Sgd, LearningRate = 3.0, BatchSize = 10)]
public partial class ScaledLectureNet;

/// <summary>What one would choose today: rectifiers, and softmax with cross-entropy.</summary>
[Network]
[Input(784)]
[Dense(128, Activation.ReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 32)]
public partial class RectifierNet;

/// <summary>
/// The lecture's network with the cross-entropy of ten sigmoids and weights that shrink, by 1 − 0.5·5/50000 a step; biases do not. The loss is a
/// mean over the ten outputs, where the lecture sums over them: its rate 0.5 is 5 here, and a step multiplies a weight with 1 − 5·2·WeightL2.
/// </summary>
[Network]
[Input(784)]
[Dense(30, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal, WeightL2 = 5e-6)]
[Dense(10, Activation.Sigmoid, WeightInitializer = Initializer.LeCunNormal, BiasInitializer = Initializer.StandardNormal, WeightL2 = 5e-6)]
[Train(Loss.BinaryCrossEntropy, Optimizer.Sgd, LearningRate = 5.0, BatchSize = 10)]
public partial class EntropyNet;

/// <summary>Two hidden layers.</summary>
[Network]
[Input(784)]
[Dense(200, Activation.ReLU)]
[Dense(100, Activation.ReLU)]
[Dense(10)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 32)]
public partial class DeepRectifierNet;
