using NetGen;

namespace KerasWorkflowSample;

/// <summary>The lecture's network: each hidden layer is normalised, thinned out and then rectified, in this order; its outputs are probabilities.</summary>
[Network]
[Input(784, Scale = 1 / 255.0)]
[Dense(500)]
[BatchNorm]
[Dropout(0.3)]
[Activation(Activation.ReLU)]
[Dense(50)]
[BatchNorm]
[Dropout(0.3)]
[Activation(Activation.ReLU)]
[Dense(10, Activation.Softmax)]
[Train(Loss.CrossEntropy, Optimizer.Adadelta, LearningRate = 1.0, BatchSize = 128)]
internal sealed partial class KerasNet;
