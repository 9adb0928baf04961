using NetGen;

namespace TablesSample;

/// <summary>A table, the network that learns it, and how it is judged.</summary>
/// <param name="Name">What the report names it.</param>
/// <param name="File">The file in the data folder: inputs, then what is predicted, no header.</param>
/// <param name="Options">How the file is read.</param>
/// <param name="Create">Makes the network from a seed.</param>
/// <param name="Epochs">How often a training goes over the samples.</param>
/// <param name="Score">What it is judged by.</param>
internal sealed record Table(string Name, string File, CsvOptions Options, Func<int, ITrainableNetwork> Create, int Epochs, Metric Score)
{
    private const double TrainShare = 0.8;
    private const int Folds = 5;

    private static readonly CsvOptions ClassLast = new() { HasHeader = false, Label = ^1 };

    private static readonly CsvOptions NumberLast = new() { HasHeader = false, Targets = [^1] };

    public static IReadOnlyList<Table> All { get; } =
    [
        new("iris", "iris.csv", ClassLast, seed => new IrisNet(seed), 60, Metric.Accuracy),
        new("wine", "wine.csv", ClassLast, seed => new WineNet(seed), 40, Metric.Accuracy),
        new("breast cancer", "breast_cancer.csv", ClassLast, seed => new BreastCancerNet(seed), 30, Metric.Accuracy),
        new("diabetes", "diabetes.csv", NumberLast, seed => new DiabetesNet(seed), 40, Metric.RSquared),
    ];

    /// <summary>Chooses the learning rate by cross-validation on the training part, trains with it on all of that part, and tests.</summary>
    public Result Run(string folder, int seed)
    {
        var (data, _) = Csv.Read(Path.Combine(folder, File), Options);
        var (train, test) = data.Split(TrainShare, seed, stratified: data.HasLabels);

        // Means and deviations belong to what is learned: each fold has those of its own training part.
        var folds = train.KFold(Folds, seed, stratified: data.HasLabels).Select(Scaling.Standardize);
        var search = new Search(seed) { Score = Score }
            .Grid("rate", 0.003, 0.01, 0.03, 0.1, 0.3)
            .Run(folds, trial => With(trial.Seed, trial["rate"]), trial => new FitOptions { Epochs = Epochs, Seed = trial.Seed });
        var best = search.Best ?? throw new InvalidDataException($"{File}: every training diverged.");

        var rate = double.Parse(best.Values["rate"], System.Globalization.CultureInfo.InvariantCulture);
        var (learned, tested) = Scaling.Standardize((train, test));
        var net = With(seed, rate);
        net.Fit(learned, Epochs, seed: seed);
        return new Result(this, data, rate, best, net.Evaluate(tested, Score));
    }

    private ITrainableNetwork With(int seed, double rate)
    {
        var net = Create(seed);
        net.LearningRate = (float)rate;
        return net;
    }
}

/// <summary>How a table went.</summary>
/// <param name="Table">Which.</param>
/// <param name="Data">All its samples.</param>
/// <param name="Rate">The learning rate that was chosen.</param>
/// <param name="Validation">The scores of the cross-validation with that rate.</param>
/// <param name="Test">The network's judgement on the test part.</param>
internal sealed record Result(Table Table, Dataset Data, double Rate, TrialResult Validation, Evaluation Test);
