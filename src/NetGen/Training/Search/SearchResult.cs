using System.Globalization;
using System.Text;

namespace NetGen;

/// <summary>How far a <see cref="Search"/> is: reported after each training.</summary>
/// <param name="Done">The trainings done.</param>
/// <param name="Total">All trainings: choices times folds.</param>
/// <param name="BestScore">The best score of the choices all of whose folds are done; NaN before the first.</param>
/// <param name="Elapsed">The time so far.</param>
public readonly record struct SearchProgress(int Done, int Total, double BestScore, TimeSpan Elapsed);

/// <summary>One choice of hyper-parameters, and how it did.</summary>
public sealed class TrialResult
{
    internal TrialResult(int index, int seed, IEnumerable<KeyValuePair<string, string>> values, double[] foldScores, string? failure, TimeSpan elapsed)
    {
        (Index, Seed, Values, FoldScores, Failure, Elapsed) =
            (index, seed, new Dictionary<string, string>(values), foldScores, failure, elapsed);
        Score = foldScores.Average();
        Deviation = foldScores.Length < 2
            ? double.NaN
            : Math.Sqrt(foldScores.Sum(score => (score - Score) * (score - Score)) / (foldScores.Length - 1));
    }

    /// <summary>Which choice, from 0, in the order of the search.</summary>
    public int Index { get; }

    /// <summary>The seed of its trials.</summary>
    public int Seed { get; }

    /// <summary>The hyper-parameters by name, in the invariant culture, with all their digits.</summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>The mean of <see cref="FoldScores"/>; NaN where one is.</summary>
    public double Score { get; }

    /// <summary>The standard deviation of <see cref="FoldScores"/>, with n − 1; NaN for a single fold.</summary>
    public double Deviation { get; }

    /// <summary>The score of each fold; NaN where training diverged.</summary>
    public IReadOnlyList<double> FoldScores { get; }

    /// <summary>Why the first fold that failed did; null where none did.</summary>
    public string? Failure { get; }

    /// <summary>The time of all folds together.</summary>
    public TimeSpan Elapsed { get; }
}

/// <summary>What a <see cref="Search"/> found.</summary>
public sealed class SearchResult
{
    private readonly string[] _names;
    private readonly bool _higherIsBetter;

    internal SearchResult(IEnumerable<string> names, string scoreName, bool higherIsBetter, IReadOnlyList<TrialResult> trials, bool cancelled, TimeSpan elapsed) =>
        (_names, ScoreName, _higherIsBetter, Trials, Cancelled, Elapsed) = ([.. names], scoreName, higherIsBetter, trials, cancelled, elapsed);

    /// <summary>What the score is: a metric's name, or <c>loss</c>.</summary>
    public string ScoreName { get; }

    /// <summary>The choices all of whose folds are done, in the order of the search.</summary>
    public IReadOnlyList<TrialResult> Trials { get; }

    /// <summary>Whether the search was cancelled before all were done.</summary>
    public bool Cancelled { get; }

    /// <summary>The time from start to end.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The choice with the best score, the first of equals; null where none has a score.</summary>
    public TrialResult? Best => Ranking().FirstOrDefault(trial => !double.IsNaN(trial.Score));

    /// <summary>
    /// Comma-separated values, a line for each choice in the order of the search: <c>trial</c>, the hyper-parameters, <c>score</c>,
    /// <c>deviation</c>, <c>fold_1</c> …; in the invariant culture; lines end with LF. The same for any number of cores.
    /// </summary>
    public string ToCsv()
    {
        var folds = Trials.Count == 0 ? 0 : Trials[0].FoldScores.Count;
        var text = new StringBuilder();
        text.AppendJoin(',', ["trial", .. _names, "score", "deviation", .. Enumerable.Range(1, folds).Select(fold => Text.Of($"fold_{fold}"))]).Append('\n');
        foreach (var trial in Trials)
        {
            text.AppendJoin(',', [
                Text.Of($"{trial.Index}"),
                .. _names.Select(name => trial.Values[name]),
                .. ((double[])[trial.Score, trial.Deviation, .. trial.FoldScores]).Select(number => number.ToString("R", CultureInfo.InvariantCulture)),
            ]).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Writes <see cref="ToCsv"/> to a file, which is whole or the old one.</summary>
    /// <param name="path">The file; replaced if there is one.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveCsv(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToCsv())));
    }

    /// <summary>A table, the best choice first; lines end with LF.</summary>
    public override string ToString()
    {
        string[][] rows =
        [
            ["trial", .. _names, ScoreName, "deviation"],
            .. Ranking().Select(trial => (string[])
                [Text.Of($"{trial.Index}"), .. _names.Select(name => Short(trial.Values[name])), Text.Of($"{trial.Score:F5}"), Text.Of($"{trial.Deviation:F5}")]),
        ];
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadLeft(widths[column])))));
    }

    /// <summary>Numbers that were drawn have more digits than a table needs.</summary>
    private static string Short(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Text.Of($"{number:G5}") : value;

    private IOrderedEnumerable<TrialResult> Ranking() => Trials
        .OrderBy(trial => double.IsNaN(trial.Score) ? double.PositiveInfinity : _higherIsBetter ? -trial.Score : trial.Score)
        .ThenBy(trial => trial.Index);
}
