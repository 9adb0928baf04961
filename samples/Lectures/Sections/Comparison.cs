using NetGen;

namespace LecturesSample;

/// <summary>Several networks on the same data: curves, and a table of their figures.</summary>
internal static class Comparison
{
    /// <param name="page">Takes both.</param>
    /// <param name="data">The digits.</param>
    /// <param name="networks">The networks and their names.</param>
    /// <param name="epochs">How often each goes over the training data.</param>
    /// <param name="subject">What differs between them.</param>
    /// <param name="introduction">The text before the curves.</param>
    public static void Write(
        Page page, LectureData data, IReadOnlyList<(string Name, ITrainableNetwork Network)> networks, int epochs, string subject, string introduction)
    {
        var (runs, rows) = (new List<(string, Course)>(), new List<string[]>());
        foreach (var (name, network) in networks)
        {
            var course = Course.Run(network, data.Train, data.Test, epochs);
            var training = network.Evaluate(data.Train).Accuracy;
            runs.Add((name, course));
            rows.Add(
            [
                name, FormattableString.Invariant($"{network.ParameterCount:N0}"),
                FormattableString.Invariant($"{training:P2}"), FormattableString.Invariant($"{course.Test[^1]:P2}"),
            ]);
            page.Compare($"{subject}: {name}, accuracy on the test data after {epochs} epochs", Page.NotKnown, $"{course.Test[^1]:P2}");
        }

        page.Report.AddText(introduction).Add(Course.Compare(runs))
            .AddTable(["network", "parameters", "accuracy on the training data", "accuracy on the test data"], rows);
    }
}
