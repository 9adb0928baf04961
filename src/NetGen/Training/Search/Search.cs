using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// Looks for hyper-parameters by k-fold cross-validation on all cores: over a grid, or drawn at random (Bergstra and Bengio, "Random search
/// for hyper-parameter optimization", 2012), or both. The result depends on the seed, not on the number of cores.
/// <code>
/// var result = new Search(seed: 1) { Folds = 5, Draws = 20 }
///     .LogUniform("rate", 0.01, 1)
///     .Choice("net", "small", "large")
///     .Run(data, trial => trial.Text("net") == "small"
///         ? new Small(trial.Seed) { LearningRate = (float)trial["rate"] }
///         : new Large(trial.Seed) { LearningRate = (float)trial["rate"] }, epochs: 10);
/// Console.WriteLine(result);
/// </code>
/// </summary>
/// <param name="seed">Where the folds, what is drawn, and the seeds of the trials come from.</param>
public sealed class Search(int seed)
{
    private readonly List<HyperParameter> _parameters = [];

    /// <summary>The count of folds k, at least 2: k trainings for each choice, each judged on the k-th of the samples that it did not see.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Whether each class is spread evenly over the folds; needs labels.</summary>
    public bool Stratified { get; init; }

    /// <summary>How often the hyper-parameters that are drawn are drawn, for each point of the grid; at least 1.</summary>
    public int Draws { get; init; } = 1;

    /// <summary>What a choice is judged by; without it by the loss.</summary>
    public Metric? Score { get; init; }

    /// <summary>How many trainings run at once, at least 1. Each uses one thread. Default: the processor's count.</summary>
    public int Cores { get; init; } = Environment.ProcessorCount;

    /// <summary>Is told after each training, from the threads that train.</summary>
    public IProgress<SearchProgress>? Progress { get; init; }

    /// <summary>A hyper-parameter that takes each of some values.</summary>
    /// <param name="name">Its name in trials and tables.</param>
    /// <param name="values">The values, finite, at least one.</param>
    /// <returns>This search.</returns>
    /// <exception cref="ArgumentException">The name is taken or has a comma, quote, space or control character, or a value is wrong.</exception>
    public Search Grid(string name, params double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0 || !Array.TrueForAll(values, double.IsFinite))
        {
            throw new ArgumentException($"values must hold at least one number, all of them finite, for {name}.", nameof(values));
        }

        return Add(name, HyperParameter.Grid(name, values));
    }

    /// <summary>A hyper-parameter that takes each of some texts, such as names of networks.</summary>
    /// <param name="name">Its name in trials and tables.</param>
    /// <param name="values">The texts, at least one, without comma, quote, space or control character.</param>
    /// <returns>This search.</returns>
    /// <exception cref="ArgumentException">The name is taken or wrong, or a text is.</exception>
    public Search Choice(string name, params string[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0 || !Array.TrueForAll(values, IsPlain))
        {
            throw new ArgumentException(
                $"values must hold at least one text for {name}, all of them without comma, quote, space or control character.", nameof(values));
        }

        return Add(name, HyperParameter.Choice(name, values));
    }

    /// <summary>A hyper-parameter that is drawn, each number of a range as likely.</summary>
    /// <param name="name">Its name in trials and tables.</param>
    /// <param name="from">The smallest.</param>
    /// <param name="to">What all are below; above <paramref name="from"/>.</param>
    /// <returns>This search.</returns>
    /// <exception cref="ArgumentException">The name is taken or wrong, or the range is empty.</exception>
    public Search Uniform(string name, double from, double to)
    {
        CheckRange(from, to);
        return Add(name, HyperParameter.Drawn(name, share => from + (to - from) * share));
    }

    /// <summary>A hyper-parameter that is drawn, each order of magnitude as likely: e to a power that is uniform.</summary>
    /// <param name="name">Its name in trials and tables.</param>
    /// <param name="from">The smallest, above 0.</param>
    /// <param name="to">What all are below; above <paramref name="from"/>.</param>
    /// <returns>This search.</returns>
    /// <exception cref="ArgumentException">The name is taken or wrong, or the range is empty or not above 0.</exception>
    public Search LogUniform(string name, double from, double to)
    {
        CheckRange(from, to);
        if (from <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(from), from, Text.Of($"from must be above 0, but is {from}."));
        }

        return Add(name, HyperParameter.Drawn(name, share => from * Math.Pow(to / from, share)));
    }

    /// <summary>A hyper-parameter that is drawn, each whole number of a range as likely.</summary>
    /// <param name="name">Its name in trials and tables.</param>
    /// <param name="from">The smallest.</param>
    /// <param name="to">The largest, not below <paramref name="from"/>.</param>
    /// <returns>This search.</returns>
    /// <exception cref="ArgumentException">The name is taken or wrong, or the range is empty.</exception>
    public Search UniformInt(string name, int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        return Add(name, HyperParameter.Drawn(name, share => from + Math.Floor(((double)to - from + 1) * share)));
    }

    /// <summary>Trains and judges every choice, for a fixed count of epochs.</summary>
    /// <param name="data">The samples, from which the folds are made.</param>
    /// <param name="network">Makes the network of a trial; called from several threads.</param>
    /// <param name="epochs">How many epochs each training has, at least 1.</param>
    /// <param name="cancellationToken">Stops the search after the steps that run; the choices that are done are returned.</param>
    /// <returns>A score for each choice.</returns>
    /// <exception cref="ArgumentException">The options or the data do not fit.</exception>
    public SearchResult Run(Dataset data, Func<Trial, ITrainableNetwork> network, int epochs, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        return Run(data, network, trial => new FitOptions { Epochs = epochs, Seed = trial.Seed }, cancellationToken);
    }

    /// <summary>Trains and judges every choice.</summary>
    /// <param name="data">The samples, from which the folds are made.</param>
    /// <param name="network">Makes the network of a trial; called from several threads.</param>
    /// <param name="options">Says how a trial's network is trained; called from several threads. Each trial needs callbacks of its own.</param>
    /// <param name="cancellationToken">Stops the search after the steps that run; the choices that are done are returned.</param>
    /// <returns>A score for each choice; NaN where training diverged.</returns>
    /// <exception cref="ArgumentException">The options or the data do not fit.</exception>
    public SearchResult Run(
        Dataset data, Func<Trial, ITrainableNetwork> network, Func<Trial, FitOptions> options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Run(data.KFold(Folds, seed, Stratified), network, options, cancellationToken);
    }

    /// <summary>Trains and judges every choice on pairs of one's own: a single one, say, or those of <see cref="Dataset.Bootstrap"/>.</summary>
    /// <param name="folds">The pairs, at least one.</param>
    /// <param name="network">Makes the network of a trial; called from several threads.</param>
    /// <param name="options">Says how a trial's network is trained; called from several threads. Each trial needs callbacks of its own.</param>
    /// <param name="cancellationToken">Stops the search after the steps that run; the choices that are done are returned.</param>
    /// <returns>A score for each choice; NaN where training diverged.</returns>
    /// <exception cref="ArgumentException">The options or the data do not fit.</exception>
    public SearchResult Run(
        IEnumerable<(Dataset Train, Dataset Validation)> folds,
        Func<Trial, ITrainableNetwork> network,
        Func<Trial, FitOptions> options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        Check();
        var pairs = folds.ToArray();
        if (pairs.Length == 0)
        {
            throw new ArgumentException("folds must hold at least one pair, but is empty.", nameof(folds));
        }

        return new SearchRun(this, _parameters, Choices(), pairs, network, options, cancellationToken).Run();
    }

    private static bool IsPlain(string text) =>
        !string.IsNullOrEmpty(text) && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is ',' or '"');

    private static void CheckRange(double from, double to)
    {
        if (!(from < to && double.IsFinite(to - from)))
        {
            throw new ArgumentOutOfRangeException(nameof(to), to, Text.Of($"to must be above from and both finite, but they are {from} and {to}."));
        }
    }

    private Search Add(string name, HyperParameter parameter)
    {
        if (!IsPlain(name) || _parameters.Exists(other => other.Name == name))
        {
            throw new ArgumentException(
                $"name must be new and have no comma, quote, space or control character, but is \"{name}\".", nameof(name));
        }

        _parameters.Add(parameter);
        return this;
    }

    private void Check()
    {
        if (_parameters.Count == 0)
        {
            throw new InvalidOperationException("A search needs a hyper-parameter: Grid, Choice, Uniform, LogUniform or UniformInt.");
        }

        if (Draws < 1 || Cores < 1 || (Draws > 1 && !_parameters.Exists(parameter => parameter.IsDrawn)))
        {
            throw new InvalidOperationException(
                Text.Of($"Draws and Cores must be at least 1, and Draws above 1 needs a hyper-parameter that is drawn, but they are {Draws} and {Cores}."));
        }
    }

    /// <summary>All choices, the first hyper-parameter of a grid changing slowest, and a seed for each.</summary>
    private List<(int Seed, double[] Values)> Choices()
    {
        var random = new Xoshiro256(seed);
        var choices = new List<(int, double[])>();
        var points = _parameters.Aggregate(1L, (product, parameter) => checked(product * parameter.Count));
        for (var point = 0L; point < points; point++)
        {
            for (var draw = 0; draw < Draws; draw++)
            {
                var (values, rest) = (new double[_parameters.Count], point);
                var trialSeed = (int)(random.Next() >> 33);
                for (var i = values.Length - 1; i >= 0; i--)
                {
                    (rest, var index) = Math.DivRem(rest, _parameters[i].Count);
                    values[i] = _parameters[i].Value((int)index, ref random);
                }

                choices.Add((trialSeed, values));
            }
        }

        return choices;
    }
}
