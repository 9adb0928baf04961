using System.Globalization;
using NetGen;

namespace MnistSample;

/// <summary>Prints the lecture's table: for each epoch the loss and the accuracy on the training data after it.</summary>
internal sealed class LectureTable : IProgress<EpochProgress>
{
    public void Report(EpochProgress value)
    {
        if (value.IsDone)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Epoch: {value.Epoch}/{value.Epochs}"));
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"Loss: {value.ValidationLoss:F4}, Acc: {value.ValidationAccuracy:F4}"));
        }
    }

    public static void Write(string data, Evaluation evaluation)
    {
        Console.WriteLine($"Performance ({data})");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Loss: {evaluation.Loss:F5}, Acc: {evaluation.Accuracy:F5}"));
    }
}
