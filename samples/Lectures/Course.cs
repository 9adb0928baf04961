using NetGen;

namespace LecturesSample;

/// <summary>A training run: figures after each epoch.</summary>
/// <param name="Loss">The mean training loss during the epoch.</param>
/// <param name="Train">The accuracy on the training data after it; empty where it was not asked for.</param>
/// <param name="Test">The accuracy on the test data after it.</param>
internal sealed record Course(double[] Loss, double[] Train, double[] Test)
{
    /// <summary>Trains and judges after each epoch.</summary>
    public static Course Run(ITrainableNetwork network, Dataset train, Dataset test, int epochs, int seed = 1, bool judgeTraining = false)
    {
        var (loss, training, testing) = (new double[epochs], new double[judgeTraining ? epochs : 0], new double[epochs]);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            // Each epoch has an order of its own.
            loss[epoch] = network.Fit(train, epochs: 1, seed: 1000 * seed + epoch).Epochs[0].Loss;
            testing[epoch] = network.Evaluate(test).Accuracy;
            if (judgeTraining)
            {
                training[epoch] = network.Evaluate(train).Accuracy;
            }
        }

        return new(loss, training, testing);
    }

    /// <summary>Charts of the loss and the test accuracy of several runs.</summary>
    public static Chart[] Compare(IReadOnlyList<(string Name, Course Course)> runs, bool logarithmicLoss = true)
    {
        var loss = new Chart("Training loss", "epoch", "loss") { LogarithmicY = logarithmicLoss };
        var accuracy = new Chart("Accuracy on the test data", "epoch", "accuracy") { PercentY = true };
        foreach (var (name, course) in runs)
        {
            loss.Line(name, course.Loss);
            accuracy.Line(name, course.Test);
        }

        return [loss, accuracy];
    }
}
