using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace NetGen;

/// <summary>Why <see cref="LbfgsExtensions.FitLbfgs"/> ended.</summary>
public enum LbfgsEnd
{
    /// <summary>The largest number of the gradient is below the tolerance.</summary>
    Converged,

    /// <summary>No step makes the loss smaller by what its 32-bit numbers can show: mostly a minimum too.</summary>
    NoProgress,

    /// <summary>All iterations were made.</summary>
    Iterations,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}

/// <summary>What <see cref="LbfgsExtensions.FitLbfgs"/> did.</summary>
/// <param name="Loss">The mean loss over the data with the weights that the network has now: the lowest that was seen.</param>
/// <param name="Evaluations">How often loss and gradient of all samples were computed.</param>
/// <param name="End">Why it ended.</param>
public sealed record LbfgsResult(double Loss, int Evaluations, LbfgsEnd End);

/// <summary>Full-batch training by a quasi-Newton method.</summary>
public static class LbfgsExtensions
{
    /// <summary>
    /// Minimises the mean loss over all samples by L-BFGS (Liu and Nocedal, "On the limited memory BFGS method for large scale optimization",
    /// 1989) with a line search for Wolfe's conditions, in double precision around the network's 32-bit losses and gradients; by MathNet.Numerics. For
    /// small networks and data sets it needs far fewer passes than gradient descent, and no learning rate. For a network whose training draws random
    /// numbers or depends on how samples share a batch it is of no use. The network's optimiser and its state have no part in it,
    /// nor have weight decay, penalties and constraints. Frozen layers stay as they are.
    /// </summary>
    /// <param name="network">Learns. Its weights go on from what they are.</param>
    /// <param name="data">The samples.</param>
    /// <param name="iterations">The most iterations, at least 1; each takes one evaluation of all samples or a few.</param>
    /// <param name="memory">How many of the last steps the inverse Hessian is made of, at least 1.</param>
    /// <param name="gradientTolerance">Where the largest number of the gradient is below this, it ends; above 0.</param>
    /// <param name="progress">Is told the loss of each evaluation.</param>
    /// <param name="cancellationToken">Ends it after the evaluation that runs; the best weights so far remain.</param>
    /// <exception cref="ArgumentException">The data does not fit the network, or a number is out of its range. Nothing is changed.</exception>
    /// <exception cref="InvalidOperationException">The loss or a gradient is not finite at the start. Nothing is changed.</exception>
    public static LbfgsResult FitLbfgs(
        this ITrainableNetwork network,
        Dataset data,
        int iterations = 100,
        int memory = 10,
        double gradientTolerance = 1e-5,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(memory, 1);
        if (!(gradientTolerance > 0 && double.IsFinite(gradientTolerance)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(gradientTolerance), Text.Of($"gradientTolerance must be finite and above 0, but is {gradientTolerance}."));
        }

        var objective = new FullBatchObjective(network, new DatasetSource(network, data, seed: 0, nameof(data)), progress, cancellationToken);
        var start = objective.Weights();
        var end = LbfgsEnd.NoProgress;
        try
        {
            // A tolerance of 0 for points and losses: MathNet would end where they change little, which is not yet a minimum.
            var minimizer = new LimitedMemoryBfgsMinimizer(gradientTolerance, 0, 0, memory, iterations);
            var result = minimizer.FindMinimum(ObjectiveFunction.Gradient(objective.Evaluate), start);

            // MathNet names the gradient also where the iterations were used up.
            end = objective.BestGradient < gradientTolerance ? LbfgsEnd.Converged
                : result.Iterations >= iterations ? LbfgsEnd.Iterations
                : LbfgsEnd.NoProgress;
        }
        catch (Exception error) when (objective.BestLoss < double.PositiveInfinity && error is OptimizationException or OperationCanceledException)
        {
            // The line search found nothing better, or it stepped to where the loss is not finite: the best point stands.
            end = cancellationToken.IsCancellationRequested ? LbfgsEnd.Cancelled : LbfgsEnd.NoProgress;
        }
        catch (OptimizationException error)
        {
            throw new InvalidOperationException("L-BFGS needs weights to start from whose loss and gradients are finite.", error);
        }
        finally
        {
            objective.Restore();
        }

        return new(objective.BestLoss, objective.Evaluations, end);
    }
}

/// <summary>The mean loss over all samples as a function of all weights.</summary>
internal sealed class FullBatchObjective(ITrainableNetwork network, IBatchSource source, IProgress<double>? progress, CancellationToken cancellationToken)
{
    private readonly Gradients _gradients = network.CreateGradients();
    private readonly WeightSnapshot _best = Taken(network);
    private readonly Parameter[] _parameters = [.. network.Parameters.Where(parameter => !parameter.IsFrozen)];
    private readonly float[] _numbers = new float[network.Parameters.Select(parameter => parameter.Length).DefaultIfEmpty().Max()];

    /// <summary>The lowest loss, with whose weights the network ends.</summary>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>The largest number of the gradient there.</summary>
    public double BestGradient { get; private set; } = double.PositiveInfinity;

    public int Evaluations { get; private set; }

    /// <summary>All weights that learn, parameter after parameter.</summary>
    public Vector<double> Weights() =>
        Vector<double>.Build.Dense([.. _parameters.SelectMany(parameter => parameter.ToArray()).Select(weight => (double)weight)]);

    public void Restore() => _best.Restore();

    public (double Loss, Vector<double> Gradient) Evaluate(Vector<double> weights)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Set(weights);
        var (loss, gradient) = (0.0, new double[weights.Count]);
        for (var batch = 0; batch < source.Batches; batch++)
        {
            var share = (double)source.Read(batch) / source.Samples;
            loss += share * source.ComputeGradients(_gradients);
            Add(gradient, share);
        }

        Evaluations++;
        progress?.Report(loss);
        if (loss < BestLoss && Array.TrueForAll(gradient, double.IsFinite))
        {
            (BestLoss, BestGradient) = (loss, gradient.Select(Math.Abs).DefaultIfEmpty().Max());
            _best.Take();
        }

        return (loss, Vector<double>.Build.Dense(gradient));
    }

    private static WeightSnapshot Taken(INetwork network)
    {
        var snapshot = new WeightSnapshot(network);
        snapshot.Take();
        return snapshot;
    }

    private void Set(Vector<double> weights)
    {
        var start = 0;
        foreach (var parameter in _parameters)
        {
            var numbers = _numbers.AsSpan(0, parameter.Length);
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = (float)weights[start + i];
            }

            parameter.CopyFrom(numbers);
            start += numbers.Length;
        }
    }

    private void Add(double[] gradient, double share)
    {
        var start = 0;
        foreach (var parameter in _gradients.Parameters.Where(parameter => !parameter.IsFrozen))
        {
            var numbers = _numbers.AsSpan(0, parameter.Length);
            parameter.CopyTo(numbers);
            for (var i = 0; i < numbers.Length; i++)
            {
                gradient[start + i] += share * numbers[i];
            }

            start += numbers.Length;
        }
    }
}
