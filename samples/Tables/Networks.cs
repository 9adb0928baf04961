using NetGen;

namespace TablesSample;

/// <summary>Three species of iris by the lengths and widths of sepal and petal.</summary>
[Network]
[Input(4)]
[Dense(8, Activation.Tanh)]
[Dense(3)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 10)]
public partial class IrisNet;

/// <summary>Three growers of wine by thirteen figures of a chemical analysis.</summary>
[Network]
[Input(13)]
[Dense(16, Activation.ReLU)]
[Dense(3)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 10)]
public partial class WineNet;

/// <summary>Malignant or benign by thirty figures of cell nuclei: one output, the logit of the second class.</summary>
[Network]
[Input(30)]
[Dense(16, Activation.ReLU)]
[Dense(1)]
[Train(Loss.SigmoidCrossEntropy, Optimizer.Sgd, LearningRate = 0.1, BatchSize = 16)]
public partial class BreastCancerNet;

/// <summary>How far diabetes went within a year by ten figures of a patient: a regression.</summary>
[Network]
[Input(10)]
[Dense(8, Activation.Tanh)]
[Dense(1)]
[Train(Loss.MeanSquaredError, Optimizer.Sgd, LearningRate = 0.01, BatchSize = 16)]
public partial class DiabetesNet;
