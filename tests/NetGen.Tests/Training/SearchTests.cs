using NetGen.Tests.Support;

namespace NetGen.Tests.Training;

public class SearchTests
{
    private static readonly Dataset Data = TestEnvironment.Clouds(60);

    [Fact]
    public void Run_OverAGrid_JudgesEachPointOnEachFold()
    {
        var result = new Search(seed: 1) { Folds = 3, Score = Metric.Accuracy }
            .Grid("rate", 0.001, 0.5)
            .Choice("net", "soft", "square")
            .Grid("epochs", 1, 4)
            .Run(Data, Network, trial => new FitOptions { Epochs = trial.Int("epochs"), Seed = trial.Seed });
        Assert.Equal(8, result.Trials.Count);
        Assert.Equal(
            ["0.001 soft 1", "0.001 soft 4", "0.001 square 1", "0.001 square 4", "0.5 soft 1", "0.5 soft 4", "0.5 square 1", "0.5 square 4"],
            result.Trials.Select(trial => $"{trial.Values["rate"]} {trial.Values["net"]} {trial.Values["epochs"]}"));

        // The sixth by hand.
        var folds = Data.KFold(3, seed: 1).ToArray();
        var scores = folds.Select(fold =>
        {
            var network = new FakeClassifier(2, 2, learningRate: 0.5f, seed: result.Trials[5].Seed);
            network.Fit(fold.Train, epochs: 4, seed: result.Trials[5].Seed);
            return network.Evaluate(fold.Validation).Accuracy;
        }).ToArray();
        Assert.Equal(scores, result.Trials[5].FoldScores);
        Assert.Equal(scores.Average(), result.Trials[5].Score, 1e-12);
        Assert.Equal(Math.Sqrt(scores.Sum(score => Math.Pow(score - scores.Average(), 2)) / 2), result.Trials[5].Deviation, 1e-12);
        Assert.Equal(result.Trials.Max(trial => trial.Score), result.Best!.Score);
        Assert.Equal(result.Trials.First(trial => trial.Score == result.Best.Score), result.Best);
        Assert.Equal(("accuracy", false), (result.ScoreName, result.Cancelled));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Run_OnAnyNumberOfCores_GivesTheSameTable(int cores)
    {
        string Table(int count) => TestEnvironment.In(TestEnvironment.HostileCulture(), () => Random(count, draws: 6).Run(Data, Network, epochs: 2).ToCsv());
        var expected = Table(1);
        Assert.Equal(expected, Table(cores));
        Assert.Equal(13, expected.Split('\n').Length - 1);
        Assert.StartsWith("trial,net,rate,share,size,score,deviation,fold_1,fold_2\n0,soft,0.", expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Draws_StayInTheirRanges()
    {
        var result = Random(cores: 2, draws: 100).Run([(Data.Take(4), Data.Take(4))], Network, trial => new FitOptions { Epochs = 1 });
        var rates = result.Trials.Select(trial => Number(trial, "rate")).ToArray();
        Assert.All(rates, rate => Assert.InRange(rate, 1e-4, 1));
        Assert.InRange(rates.Count(rate => rate < 1e-2), 70, 130); // half of the orders of magnitude, of 200 draws
        Assert.All(result.Trials, trial => Assert.InRange(Number(trial, "share"), 2, 3));
        Assert.Equal(["5", "6", "7"], result.Trials.Select(trial => trial.Values["size"]).Distinct().Order());
        Assert.Equal(200, result.Trials.Select(trial => trial.Seed).Distinct().Count());
        Assert.All(result.Trials, trial => Assert.True(double.IsNaN(trial.Deviation)));
        static double Number(TrialResult trial, string name) => double.Parse(trial.Values[name], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Run_OneChoiceDiverges_HasNoScoreAndIsLast()
    {
        var result = new Search(1) { Folds = 2 }.Grid("rate", 1e20, 0.1).Run(
            Data, trial => new FakeNetwork(2, 2, Loss.HalfSquaredError, learningRate: (float)trial["rate"]), epochs: 3);
        Assert.True(double.IsNaN(result.Trials[0].Score));
        Assert.Contains("the last good weights are restored", result.Trials[0].Failure, StringComparison.Ordinal);
        Assert.Null(result.Trials[1].Failure);
        Assert.Equal(1, result.Best!.Index);
        var lines = TestEnvironment.In(TestEnvironment.HostileCulture(), result.ToString).Split('\n');
        Assert.Equal(["trial", "rate", "loss", "deviation"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["1", "0.1"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2]);
        Assert.Equal(["0", "1E+20", "NaN", "NaN"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Run_Progress_CountsToTheEnd()
    {
        var recorder = new Recorder<SearchProgress>();
        var result = new Search(1) { Folds = 3, Cores = 3, Progress = recorder }.Grid("rate", 0.1, 0.2).Run(Data, trial => new FakeClassifier(2, 2), epochs: 1);
        Assert.Equal([1, 2, 3, 4, 5, 6], recorder.Reports.Select(report => report.Done));
        Assert.All(recorder.Reports, report => Assert.Equal(6, report.Total));
        Assert.Equal(result.Best!.Score, recorder.Reports[^1].BestScore);
    }

    [Fact]
    public void Run_Cancelled_ReturnsWhatIsDone()
    {
        using var source = new CancellationTokenSource();
        var recorder = new Recorder<SearchProgress>
        {
            OnReport = report =>
            {
                if (report.Done == 4)
                {
                    source.Cancel();
                }
            },
        };
        var search = new Search(1) { Folds = 3, Cores = 1, Progress = recorder }.Grid("rate", 0.1, 0.2, 0.3);
        var result = search.Run(Data, trial => new FakeClassifier(2, 2), epochs: 1, source.Token);
        Assert.True(result.Cancelled);
        Assert.Equal(0, Assert.Single(result.Trials).Index);
    }

    [Fact]
    public void Run_Trials_TakeOneThreadEach()
    {
        var limits = new List<int>();
        var before = NetworkThreads.Limit;
        new Search(1) { Folds = 2, Cores = 1 }.Grid("rate", 0.1).Run(
            Data,
            trial =>
            {
                limits.Add(NetworkThreads.Limit);
                return new FakeClassifier(2, 2);
            },
            epochs: 1);
        Assert.Equal([1, 1], limits);
        Assert.Equal(before, NetworkThreads.Limit);
    }

    [Fact]
    public void Run_EarlyStoppingOnTheFold_SeesIt()
    {
        var result = new Search(1) { Folds = 2, Stratified = true }.Grid("patience", 1, 2).Run(
            Data,
            trial => new FakeClassifier(2, 2, seed: trial.Seed),
            trial => new FitOptions { Epochs = 3, Validation = trial.Validation, Callbacks = [new EarlyStopping(trial.Int("patience"))] });
        Assert.All(result.Trials, trial => Assert.True(trial.Score < 0.6));
    }

    [Fact]
    public void SaveCsv_ToAFile_WritesIt()
    {
        using var folder = new TemporaryFolder();
        var result = new Search(1) { Folds = 2 }.Grid("rate", 0.1).Run(Data, trial => new FakeClassifier(2, 2), epochs: 1);
        result.SaveCsv(folder.File("s.csv"));
        Assert.Equal(result.ToCsv(), File.ReadAllText(folder.File("s.csv")));
    }

    [Fact]
    public void WrongArguments_OfEachKind_NameThem()
    {
        var search = new Search(1).Grid("rate", 1.5).Choice("net", "a");
        Assert.Throws<ArgumentException>("name", () => search.Grid("rate", 1));
        Assert.Throws<ArgumentException>("name", () => search.Uniform("a,b", 1, 2));
        Assert.Throws<ArgumentException>("values", () => search.Grid("x"));
        Assert.Throws<ArgumentException>("values", () => search.Grid("x", double.NaN));
        Assert.Throws<ArgumentException>("values", () => search.Choice("x", "a b"));
        Assert.Throws<ArgumentOutOfRangeException>("to", () => search.Uniform("x", 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>("from", () => search.LogUniform("x", 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>("to", () => search.UniformInt("x", 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => search.Run(Data, trial => new FakeClassifier(2, 2), 0));
        Assert.Throws<ArgumentNullException>("network", () => search.Run(Data, null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>("k", () => new Search(1) { Folds = 1 }.Grid("x", 1).Run(Data, trial => new FakeClassifier(2, 2), 1));
        Assert.Throws<InvalidOperationException>(() => new Search(1).Run(Data, trial => new FakeClassifier(2, 2), 1));
        Assert.Throws<InvalidOperationException>(() => new Search(1) { Draws = 2 }.Grid("x", 1).Run(Data, trial => new FakeClassifier(2, 2), 1));
        Assert.Throws<KeyNotFoundException>(() => search.Run(Data, trial => new FakeClassifier(2, 2, learningRate: (float)trial["speed"]), 1));
        Assert.Throws<InvalidOperationException>(() => search.Run(Data, trial => new FakeClassifier(2, 2, learningRate: (float)trial["net"]), 1));
        Assert.Throws<InvalidOperationException>(() => search.Run(Data, trial => new FakeClassifier(2, trial.Int("rate")), 1));
        Assert.Throws<InvalidOperationException>(() => search.Run(Data, trial => null!, 1));
        Assert.Throws<ArgumentException>("data", () => search.Run(Data, trial => new FakeClassifier(3, 2), 1));
    }

    private static Search Random(int cores, int draws) => new Search(seed: 5) { Folds = 2, Draws = draws, Cores = cores }
        .Choice("net", "soft", "square")
        .LogUniform("rate", 1e-4, 1)
        .Uniform("share", 2, 3)
        .UniformInt("size", 5, 7);

    private static FakeNetwork Network(Trial trial) => trial.Text("net") == "soft"
        ? new FakeClassifier(2, 2, learningRate: (float)trial["rate"], seed: trial.Seed)
        : new FakeNetwork(2, 2, Loss.HalfSquaredError, learningRate: (float)trial["rate"], seed: trial.Seed);
}
