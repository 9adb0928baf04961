namespace NetGen;

/// <summary>Where in training a step stands: what a schedule sees.</summary>
/// <param name="Step">The step that comes, from 0.</param>
/// <param name="Steps">The steps of all epochs.</param>
/// <param name="StepsPerEpoch">The steps of each epoch.</param>
/// <param name="History">The epochs that are finished.</param>
public readonly record struct SchedulePosition(long Step, long Steps, int StepsPerEpoch, ReadOnlyMemory<EpochResult> History)
{
    /// <summary>The epoch in which the step is, from 0.</summary>
    public int Epoch => (int)(Step / StepsPerEpoch);
}

/// <summary>
/// How the learning rate changes while <c>Fit</c> runs: a factor for each step, by which the network's own
/// <see cref="ITrainableNetwork.LearningRate"/> is multiplied. When <c>Fit</c> ends, the network has its own rate again. In the formulas t is
/// the step and T the count of all steps, e the epoch, each from 0.
/// </summary>
public sealed class LearningRateSchedule
{
    private readonly Func<SchedulePosition, double> _factor;
    private readonly string _description;

    /// <summary>A schedule of one's own.</summary>
    /// <param name="factor">The factor for a step: finite, at least 0. It must depend on the position alone.</param>
    /// <param name="description">What tells it from others, its constants included: training that is resumed compares it.</param>
    public LearningRateSchedule(Func<SchedulePosition, double> factor, string description = "Custom")
    {
        ArgumentNullException.ThrowIfNull(factor);
        ArgumentException.ThrowIfNullOrEmpty(description);
        (_factor, _description) = (factor, description);
    }

    /// <summary>
    /// Multiplies the rate by a factor every so many epochs: factor^⌊e / every⌋ (PyTorch's <c>StepLR</c>; Keras' <c>ExponentialDecay</c> with
    /// <c>staircase=True</c>).
    /// </summary>
    /// <param name="every">The epochs of one stair, at least 1.</param>
    /// <param name="factor">Above 0, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static LearningRateSchedule Step(int every, double factor = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        Range(factor, nameof(factor), above: 0);
        return new(p => Math.Pow(factor, p.Epoch / every), Text.Of($"Step(every: {every}, factor: {factor})")) { IsByEpoch = true };
    }

    /// <summary>Multiplies the rate by a factor after each epoch: factor^e (PyTorch's <c>ExponentialLR</c>).</summary>
    /// <param name="factor">Above 0, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is out of its range.</exception>
    public static LearningRateSchedule Exponential(double factor)
    {
        Range(factor, nameof(factor), above: 0);
        return new(p => Math.Pow(factor, p.Epoch), Text.Of($"Exponential(factor: {factor})")) { IsByEpoch = true };
    }

    /// <summary>
    /// Lets the rate fall along half a cosine, step by step: final + (1 − final)·½(1 + cos(πt/T)) (Loshchilov and Hutter, 2017, without
    /// restarts; PyTorch's <c>CosineAnnealingLR</c> with <c>T_max</c> = T, Keras' <c>CosineDecay</c> with <c>alpha</c> = final).
    /// </summary>
    /// <param name="final">What the factor tends to, 0 … 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The final factor is out of its range.</exception>
    public static LearningRateSchedule Cosine(double final = 0)
    {
        Range(final, nameof(final));
        return new(p => Anneal(1, final, (double)p.Step / p.Steps), Text.Of($"Cosine(final: {final})"));
    }

    /// <summary>
    /// Lets the rate rise to the network's own and fall far below where it began, both along half a cosine (Smith and Topin, 2019; PyTorch's
    /// <c>OneCycleLR</c> with <c>max_lr</c> the network's rate, by default with the same numbers): from 1/<paramref name="divisor"/> at t = 0 to 1 at
    /// t = share·T − 1 to 1/(<paramref name="divisor"/>·<paramref name="finalDivisor"/>) at t = T − 1.
    /// </summary>
    /// <param name="share">The share of steps in which the rate rises, between 0 and 1.</param>
    /// <param name="divisor">By how much smaller the first rate is than the largest, at least 1.</param>
    /// <param name="finalDivisor">By how much smaller the last rate is than the first, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static LearningRateSchedule OneCycle(double share = 0.3, double divisor = 25, double finalDivisor = 1e4)
    {
        if (!(share > 0 && share < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), Text.Of($"share must be between 0 and 1, but is {share}."));
        }

        AtLeastOne(divisor, nameof(divisor));
        AtLeastOne(finalDivisor, nameof(finalDivisor));
        return new(
            p =>
            {
                var (top, last) = (Math.Max(0, share * p.Steps - 1), p.Steps - 1.0);
                return p.Step <= top
                    ? Anneal(1 / divisor, 1, top == 0 ? 1 : p.Step / top)
                    : Anneal(1, 1 / (divisor * finalDivisor), (p.Step - top) / (last - top));
            },
            Text.Of($"OneCycle(share: {share}, divisor: {divisor}, finalDivisor: {finalDivisor})"));
    }

    /// <summary>
    /// Multiplies the rate by a factor whenever a figure has not become better for more than so many epochs (PyTorch's <c>ReduceLROnPlateau</c> with
    /// <c>threshold_mode='abs'</c>; Keras' <c>ReduceLROnPlateau</c> with a patience larger by one).
    /// </summary>
    /// <param name="factor">Above 0, below 1.</param>
    /// <param name="patience">How many epochs without a better figure are borne, at least 0.</param>
    /// <param name="minDelta">By how much a figure must be better, at least 0.</param>
    /// <param name="final">The smallest factor, 0 … 1.</param>
    /// <param name="monitor">The figure: a metric of <c>FitOptions.Metrics</c>; without it the validation loss, or, without
    /// validation, the training loss.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static LearningRateSchedule ReduceOnPlateau(
        double factor = 0.1, int patience = 10, double minDelta = 0, double final = 0, Metric? monitor = null)
    {
        if (!(factor > 0 && factor < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), Text.Of($"factor must be between 0 and 1, but is {factor}."));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        Monitored.CheckDelta(minDelta, nameof(minDelta));
        Range(final, nameof(final));
        return new(
            p => PlateauFactor(p.History.Span, factor, patience, minDelta, final, monitor),
            Text.Of($"ReduceOnPlateau(factor: {factor}, patience: {patience}, minDelta: {minDelta}, final: {final}, monitor: {Monitored.Name(monitor)})"))
        { PlateauMonitor = monitor, IsByEpoch = true };
    }

    /// <summary>
    /// This schedule after a warm-up: for n steps the factor rises in a line from <paramref name="start"/> to the schedule's first one,
    /// start + (first − start)·t/n; then the schedule begins, with n steps less (PyTorch's <c>LinearLR</c> before it in a <c>SequentialLR</c>).
    /// </summary>
    /// <param name="steps">The steps n of the warm-up, at least 1. If all of training has no more, the schedule never begins.</param>
    /// <param name="start">The first factor, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public LearningRateSchedule WithWarmUp(int steps, double start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        Range(start, nameof(start));
        return WithWarmUp(_ => steps, start, Text.Of($"{_description}.WithWarmUp(steps: {steps}, start: {start})"));
    }

    /// <summary>The same with the warm-up's length in epochs.</summary>
    /// <param name="epochs">The epochs of the warm-up, at least 1.</param>
    /// <param name="start">The first factor, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public LearningRateSchedule WithWarmUpEpochs(int epochs, double start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        Range(start, nameof(start));
        return WithWarmUp(
            p => (long)p.StepsPerEpoch * epochs, start, Text.Of($"{_description}.WithWarmUpEpochs(epochs: {epochs}, start: {start})"));
    }

    /// <summary>The factor of a step.</summary>
    /// <param name="position">Where the step stands.</param>
    /// <exception cref="InvalidOperationException">A schedule of the user's gave a factor that is negative or not finite.</exception>
    public double FactorAt(SchedulePosition position)
    {
        var factor = _factor(position);
        return factor >= 0 && double.IsFinite(factor)
            ? factor
            : throw new InvalidOperationException(
                Text.Of($"The schedule {_description} must give factors that are finite and at least 0, but gave {factor} for step {position.Step}."));
    }

    /// <summary>The schedule with its constants, as in <c>Step(every: 10, factor: 0.1)</c>.</summary>
    public override string ToString() => _description;

    /// <summary>The metric that must be collected for this schedule; null for none.</summary>
    internal Metric? PlateauMonitor { get; private init; }

    /// <summary>Whether the factor is the same for all steps of an epoch, and need not be asked for again.</summary>
    internal bool IsByEpoch { get; private init; }

    /// <summary>From one factor to another along half a cosine.</summary>
    private static double Anneal(double from, double to, double share) => to + (from - to) * (1 + Math.Cos(Math.PI * share)) / 2;

    private static double PlateauFactor(
        ReadOnlySpan<EpochResult> history, double factor, int patience, double minDelta, double final, Metric? monitor)
    {
        // Told from the history anew each time, so that training can stop and resume without a state.
        var (current, best, waited) = (1.0, double.NaN, 0);
        var higherIsBetter = monitor?.HigherIsBetter ?? false;
        foreach (var epoch in history)
        {
            var value = Monitored.Value(epoch, monitor);
            if (Metric.IsBetter(value, best, higherIsBetter, minDelta))
            {
                (best, waited) = (value, 0);
            }
            else if (++waited > patience)
            {
                (current, waited) = (Math.Max(current * factor, final), 0);
            }
        }

        return current;
    }

    private static void Range(double value, string argument, double above = double.NegativeInfinity)
    {
        if (!(value > above && value is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                argument, Text.Of($"{argument} must be {(above == 0 ? "above 0 and at most 1" : "from 0 to 1")}, but is {value}."));
        }
    }

    private static void AtLeastOne(double value, string argument)
    {
        if (!(value >= 1 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(argument, Text.Of($"{argument} must be finite and at least 1, but is {value}."));
        }
    }

    private LearningRateSchedule WithWarmUp(Func<SchedulePosition, long> length, double start, string description)
    {
        var factor = _factor;
        return new(
            p =>
            {
                var steps = length(p);
                if (p.Step < steps)
                {
                    return start + (factor(After(p, steps, 0)) - start) * p.Step / steps;
                }

                return factor(After(p, steps, p.Step - steps));
            },
            description)
        { PlateauMonitor = PlateauMonitor };

        // The schedule's own epochs are counted from the warm-up's end; it sees those results that lie behind it.
        static SchedulePosition After(SchedulePosition p, long warmUp, long step)
        {
            var epochs = (int)Math.Min(p.History.Length, (warmUp + p.StepsPerEpoch - 1) / p.StepsPerEpoch);
            return new(step, Math.Max(1, p.Steps - warmUp), p.StepsPerEpoch, p.History[epochs..]);
        }
    }
}
