using NetGen.Tests.Support;

namespace NetGen.Tests.Training;

public class LearningRateScheduleTests
{
    private const int StepsPerEpoch = 10;
    private const int Epochs = 20;
    private const double Near = 1e-12;

    [Fact]
    public void Step_OverEpochs_FallsEvery()
    {
        var schedule = LearningRateSchedule.Step(every: 3, factor: 0.5);
        Assert.Equal([1, 1, 1, 0.5, 0.5, 0.5, 0.25], Enumerable.Range(0, 7).Select(epoch => At(schedule, epoch * StepsPerEpoch + 9)));
    }

    [Fact]
    public void Exponential_OverEpochs_Falls()
    {
        var schedule = LearningRateSchedule.Exponential(0.9);
        Assert.Equal(1, At(schedule, 9));
        Assert.Equal(0.9, At(schedule, 10), Near);
        Assert.Equal(Math.Pow(0.9, 19), At(schedule, 199), Near);
    }

    [Fact]
    public void Cosine_OverSteps_FollowsTheFormula()
    {
        var schedule = LearningRateSchedule.Cosine(final: 0.2);
        Assert.Equal(1, At(schedule, 0));
        Assert.Equal(0.6, At(schedule, 100), Near);
        Assert.Equal(0.2 + 0.8 * 0.5 * (1 + Math.Cos(Math.PI * 37 / 200)), At(schedule, 37), Near);
        Assert.Equal(0.2, At(schedule, 200), Near);
    }

    [Fact]
    public void OneCycle_AtItsTurns_HasPyTorchsValues()
    {
        // OneCycleLR(max_lr=1, total_steps=200): 1/25 at 0, 1 at 0.3*200 - 1, 1/(25e4) at 199; half a cosine between.
        var schedule = LearningRateSchedule.OneCycle();
        Assert.Equal(0.04, At(schedule, 0), Near);
        Assert.Equal(1, At(schedule, 59), Near);
        Assert.Equal(1 / 25e4, At(schedule, 199), Near);
        Assert.Equal(1 + (0.04 - 1) / 2 * (1 + Math.Cos(Math.PI * 20 / 59)), At(schedule, 20), Near);
        Assert.Equal(1 / 25e4 + (1 - 1 / 25e4) / 2 * (1 + Math.Cos(Math.PI * 41 / 140)), At(schedule, 100), Near);
        Assert.Equal(1, LearningRateSchedule.OneCycle().FactorAt(new(0, 1, 1, default)));
    }

    [Fact]
    public void WithWarmUp_BeforeAnother_RisesAndThenBeginsIt()
    {
        var schedule = LearningRateSchedule.Cosine().WithWarmUp(steps: 40, start: 0.2);
        Assert.Equal(0.2, At(schedule, 0), Near);
        Assert.Equal(0.2 + 0.8 * 10 / 40, At(schedule, 10), Near);
        Assert.Equal(1, At(schedule, 40), Near);
        Assert.Equal(0.5, At(schedule, 120), Near);
        var stairs = LearningRateSchedule.Step(2, 0.1).WithWarmUpEpochs(3);
        Assert.Equal([0, 0.5, 1, 1, 0.1], ((int[])[0, 15, 30, 49, 50]).Select(step => Math.Round(At(stairs, step), 12)));
        Assert.Equal(0.04 * 5 / 10, At(LearningRateSchedule.OneCycle().WithWarmUp(10), 5), Near);
        Assert.Equal(0.5, LearningRateSchedule.Cosine().WithWarmUp(400).FactorAt(new(200, 200, StepsPerEpoch, default)), Near);
    }

    [Fact]
    public void ReduceOnPlateau_WithAHistory_FallsAfterMoreThanThePatience()
    {
        var schedule = LearningRateSchedule.ReduceOnPlateau(factor: 0.5, patience: 1, minDelta: 0.1, final: 0.2);
        double[] losses = [5, 4, 4, 3.95, 3, 3, 3, 3, 3, 3, 3];

        // Better: 5, 4, 3. Bad: 4 and 3.95 (two, more than one: half), then 3 3, 3 3, 3 3.
        double[] expected = [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2];
        for (var epochs = 0; epochs <= losses.Length; epochs++)
        {
            var history = losses.Take(epochs).Select((loss, i) => new EpochResult(i + 1, 0, loss, double.NaN, 1, TimeSpan.Zero)).ToArray();
            Assert.Equal(expected[epochs], schedule.FactorAt(new(epochs * StepsPerEpoch, 200, StepsPerEpoch, history)));
        }
    }

    [Fact]
    public void ReduceOnPlateau_AfterAWarmUp_SeesTheEpochsBehindIt()
    {
        var schedule = LearningRateSchedule.ReduceOnPlateau(factor: 0.5, patience: 1).WithWarmUpEpochs(2);
        double[] losses = [1, 1, 2, 2, 2];
        var history = losses.Select((loss, i) => new EpochResult(i + 1, loss, double.NaN, double.NaN, 1, TimeSpan.Zero)).ToArray();
        Assert.Equal(1, schedule.FactorAt(new(40, 200, StepsPerEpoch, history.AsMemory(0, 4))));
        Assert.Equal(0.5, schedule.FactorAt(new(50, 200, StepsPerEpoch, history)));
    }

    [Fact]
    public void Fit_WithSchedule_SetsEachStepsRateAndGivesTheOwnOneBack()
    {
        var network = new FakeClassifier(2, 2, batchSize: 8, learningRate: 0.5f);
        var rates = new List<float>();
        network.OnStep = _ =>
        {
            rates.Add(network.LearningRate);
            return null;
        };
        var history = network.Fit(TestEnvironment.Clouds(24), new FitOptions { Epochs = 2, Schedule = LearningRateSchedule.Cosine() });
        Assert.Equal(Enumerable.Range(0, 6).Select(t => (float)(0.5 * (0.5 + 0.5 * Math.Cos(Math.PI * t / 6)))), rates);
        Assert.Equal(history["learning_rate"], [rates[2], rates[5]]);
        Assert.Equal(0.5f, network.LearningRate);
    }

    [Fact]
    public void Fit_WithSchedulesByEpoch_ChangesBetweenEpochs()
    {
        var network = new FakeClassifier(2, 2, batchSize: 8, learningRate: 0.5f);
        var exponential = network.Fit(TestEnvironment.Clouds(24), new FitOptions { Epochs = 3, Schedule = LearningRateSchedule.Exponential(0.5) });
        Assert.Equal([0.5, 0.25, 0.125], exponential["learning_rate"]);
        network.OnStep = _ => 1; // the loss never becomes better
        var plateau = network.Fit(
            TestEnvironment.Clouds(24), new FitOptions { Epochs = 4, Schedule = LearningRateSchedule.ReduceOnPlateau(0.5, patience: 0) });
        Assert.Equal([0.5, 0.5, 0.25, 0.125], plateau["learning_rate"]);
    }

    [Fact]
    public void Fit_ScheduleThatFails_GivesTheOwnRateBack()
    {
        var network = new FakeClassifier(2, 2, learningRate: 0.5f);
        var schedule = new LearningRateSchedule(p => p.Step < 2 ? 0.1 : -1, "Mine");
        var error = Assert.Throws<InvalidOperationException>(
            () => network.Fit(TestEnvironment.Clouds(24), new FitOptions { Epochs = 1, Schedule = schedule }));
        Assert.Contains("Mine must give factors that are finite and at least 0, but gave -1 for step 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(0.5f, network.LearningRate);
    }

    [Fact]
    public void ToString_OfEach_NamesItsConstants()
    {
        Assert.Equal(
            "Step(every: 3, factor: 0.5).WithWarmUp(steps: 7, start: 0.1)",
            TestEnvironment.In(TestEnvironment.HostileCulture(), () => LearningRateSchedule.Step(3, 0.5).WithWarmUp(7, 0.1).ToString()));
        Assert.Contains("monitor: accuracy", LearningRateSchedule.ReduceOnPlateau(monitor: Metric.Accuracy).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Factories_WrongArguments_NameThem()
    {
        Assert.Throws<ArgumentOutOfRangeException>("every", () => LearningRateSchedule.Step(0));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => LearningRateSchedule.Step(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => LearningRateSchedule.Exponential(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("final", () => LearningRateSchedule.Cosine(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>("share", () => LearningRateSchedule.OneCycle(1));
        Assert.Throws<ArgumentOutOfRangeException>("divisor", () => LearningRateSchedule.OneCycle(divisor: 0.5));
        Assert.Throws<ArgumentOutOfRangeException>("finalDivisor", () => LearningRateSchedule.OneCycle(finalDivisor: double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => LearningRateSchedule.ReduceOnPlateau(1));
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => LearningRateSchedule.ReduceOnPlateau(patience: -1));
        Assert.Throws<ArgumentOutOfRangeException>("minDelta", () => LearningRateSchedule.ReduceOnPlateau(minDelta: -1));
        Assert.Throws<ArgumentOutOfRangeException>("steps", () => LearningRateSchedule.Cosine().WithWarmUp(0));
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => LearningRateSchedule.Cosine().WithWarmUpEpochs(0));
        Assert.Throws<ArgumentOutOfRangeException>("start", () => LearningRateSchedule.Cosine().WithWarmUp(1, 2));
        Assert.Throws<ArgumentNullException>("factor", () => new LearningRateSchedule(null!));
        var data = TestEnvironment.Clouds(8);
        var plateau = LearningRateSchedule.ReduceOnPlateau(monitor: Metric.MacroF1);
        Assert.Throws<ArgumentException>("options", () => new FakeClassifier(2, 2).Fit(data, new FitOptions { Epochs = 1, Schedule = plateau }));
    }

    private static double At(LearningRateSchedule schedule, int step) =>
        schedule.FactorAt(new SchedulePosition(step, StepsPerEpoch * Epochs, StepsPerEpoch, default));
}
