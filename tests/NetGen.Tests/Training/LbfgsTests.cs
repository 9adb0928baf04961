using NetGen.Tests.Support;

namespace NetGen.Tests.Training;

public class LbfgsTests
{
    [Fact]
    public void FitLbfgs_OnALine_FindsLeastSquares()
    {
        // Least squares of (0, 1), (1, 3), (2, 4), (3, 4): slope 1, intercept 1.5; half the mean square of the residuals is (0.5² + 0.5² + 0.5² + 0.5²) / 8.
        var data = new Dataset([0f, 1, 2, 3], 1, [1f, 3, 4, 4], 1);
        var network = new FakeNetwork(1, 1, Loss.HalfSquaredError, batchSize: 3);
        var result = network.FitLbfgs(data);
        Assert.Equal(1, network.Weights[0], 1e-3);
        Assert.Equal(1.5, network.Weights[1], 1e-3);
        Assert.Equal(0.125, result.Loss, 1e-6);
        Assert.Equal(network.Evaluate(data).Loss, result.Loss, 1e-6);
        Assert.NotEqual(LbfgsEnd.Iterations, result.End);
        Assert.Equal(0, network.Steps);
        Assert.InRange(result.Evaluations, 2, 40);
    }

    [Fact]
    public void FitLbfgs_OnDigits_BeatsGradientDescentOfAsManyPasses()
    {
        var (train, test) = Digits.Load().Split(0.8, seed: 1);
        var (newton, descent) = (new FakeClassifier(64, 10, batchSize: 32), new FakeClassifier(64, 10, batchSize: 32));
        var losses = new Recorder<double>();
        var result = newton.FitLbfgs(train, iterations: 30, progress: losses);
        descent.Fit(train, epochs: result.Evaluations);
        Assert.Equal(LbfgsEnd.Iterations, result.End);
        Assert.Equal((result.Evaluations, result.Loss), (losses.Reports.Count, losses.Reports.Min()));
        Assert.True(result.Loss < descent.Evaluate(train).Loss, $"{result} against {descent.Evaluate(train).Loss}");
        Assert.Equal(newton.Evaluate(train).Loss, result.Loss, 1e-5);
        Assert.InRange(newton.Evaluate(test).Accuracy, 0.9, 1);
    }

    [Fact]
    public void FitLbfgs_AtTheMinimum_Stays()
    {
        var data = new Dataset([0f, 1], 1, [1f, 3], 1);
        var network = new FakeNetwork(1, 1, Loss.HalfSquaredError);
        network.Parameters[0].CopyFrom([2]);
        network.Parameters[1].CopyFrom([1]);
        var result = network.FitLbfgs(data);
        Assert.Equal((0, 1, LbfgsEnd.Converged), (result.Loss, result.Evaluations, result.End));
        Assert.Equal([2, 1], network.Weights);
    }

    [Fact]
    public void FitLbfgs_Cancelled_KeepsTheBestSoFar()
    {
        using var source = new CancellationTokenSource();
        var recorder = new Recorder<double>
        {
            OnReport = _ => source.Cancel(),
        };
        var network = new FakeClassifier(2, 2);
        var before = network.Weights;
        var result = network.FitLbfgs(TestEnvironment.Clouds(40), progress: recorder, cancellationToken: source.Token);
        Assert.Equal((LbfgsEnd.Cancelled, 1), (result.End, result.Evaluations));
        Assert.Equal(before, network.Weights);
    }

    [Fact]
    public void FitLbfgs_LossNotFiniteAtTheStart_SaysSo()
    {
        var network = new FakeNetwork(1, 1, Loss.HalfSquaredError);
        network.Parameters[0].CopyFrom([1e30f]);
        var before = network.Weights;
        Assert.Throws<InvalidOperationException>(() => network.FitLbfgs(new Dataset([1f], 1, [1f], 1)));
        Assert.Equal(before, network.Weights);
    }

    [Fact]
    public void FitLbfgs_WrongArguments_NamesThem()
    {
        var network = new FakeClassifier(2, 2);
        var data = TestEnvironment.Clouds(8);
        Assert.Throws<ArgumentException>("data", () => network.FitLbfgs(new Dataset([1, 2, 3], 3, [0], 2)));
        Assert.Throws<ArgumentOutOfRangeException>("iterations", () => network.FitLbfgs(data, 0));
        Assert.Throws<ArgumentOutOfRangeException>("memory", () => network.FitLbfgs(data, memory: 0));
        Assert.Throws<ArgumentOutOfRangeException>("gradientTolerance", () => network.FitLbfgs(data, gradientTolerance: double.NaN));
    }
}
