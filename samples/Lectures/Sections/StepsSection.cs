using MnistSample;
using NetGen;

namespace LecturesSample;

/// <summary>2-5-2 on the digits 0 and 1: what the choices of gradient descent do.</summary>
internal static class StepsSection
{
    private const int Epochs = 20;
    private const int Starts = 10;

    public static void Write(Page page, LectureData data)
    {
        Course Run(ITrainableNetwork network, int seed = 1) => Course.Run(network, data.ZeroOneTrain, data.ZeroOneTest, Epochs, seed);
        var lecture = Run(new ZeroOneNet(seed: 1));
        page.Compare("2-5-2 on the digits 0 and 1, accuracy on the test data after 20 epochs", "about 99 %", $"{lecture.Test[^1]:P2}");
        page.Report.AddText("Two features of each picture, its mean and the mean of its middle; five hidden units; sigmoids; half squared error; "
            + "weights and biases that start standard normal. The lecture's choice is learning rate 1 and 30 samples a step.");

        page.Report.AddText("Step size: 30 samples a step, always the same start.").Add(Course.Compare(
        [
            .. new[] { 0.01f, 0.1f, 1, 10, 100 }.Select(rate =>
                (FormattableString.Invariant($"learning rate {rate}"), Run(new ZeroOneNet(seed: 1) { LearningRate = rate }))),
        ]));

        page.Report.AddText("Batch size: learning rate 1, always the same start. An epoch of larger batches has fewer steps.").Add(Course.Compare(
        [
            ("1 sample", Run(new ZeroOneBatch1(seed: 1))), ("10 samples", Run(new ZeroOneBatch10(seed: 1))), ("30 samples", lecture),
            ("300 samples", Run(new ZeroOneBatch300(seed: 1))), ("3000 samples", Run(new ZeroOneBatch3000(seed: 1))),
        ]));

        (string, Course)[] starts = [.. Enumerable.Range(1, Starts).Select(seed => ($"seed {seed}", Run(new ZeroOneNet(seed), seed)))];
        page.Report.AddText("Random start: learning rate 1, 30 samples a step, ten seeds.").Add(Course.Compare(starts));
        page.Compare(
            $"2-5-2, the least and the largest accuracy of {Starts} random starts after 20 epochs",
            Page.NotKnown,
            $"{starts.Min(start => start.Item2.Test[^1]):P2} … {starts.Max(start => start.Item2.Test[^1]):P2}");
    }
}
