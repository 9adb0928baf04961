namespace NetGen;

/// <summary>How one parameter took one step.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Parameter">The parameter's name, such as <c>layer1.weight</c>.</param>
/// <param name="Weight">The Euclidean norm of its numbers before the step.</param>
/// <param name="Gradient">The norm of the gradient with which the step was made.</param>
/// <param name="Update">The norm of what the step changed.</param>
public readonly record struct LayerRecord(long Step, string Parameter, double Weight, double Gradient, double Update)
{
    /// <summary>
    /// The update by the weight. Around 0.001 learning mostly goes well; where it is far larger, a smaller learning rate helps, and the other
    /// way round. Infinite for weights of zero.
    /// </summary>
    public double Ratio => Update / Weight;
}

/// <summary>
/// Records for each parameter the size of its gradient and of its update, every so many steps. Vanishing or exploding gradients and dead
/// layers show here. A step that is recorded computes its gradients twice; others cost nothing.
/// </summary>
public sealed class LayerMonitor : TrainingCallback
{
    private readonly int _everySteps;
    private readonly List<LayerRecord> _records = [];
    private Gradients? _gradients;
    private float[][] _before = [];
    private float[] _numbers = [];
    private string[] _names = [];

    /// <summary>A monitor.</summary>
    /// <param name="everySteps">Every how many steps to record, at least 1; the first step is recorded.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public LayerMonitor(int everySteps = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(everySteps, 1);
        _everySteps = everySteps;
    }

    /// <summary>What was recorded in the last training: for each recorded step a record for each parameter, in their order.</summary>
    public IReadOnlyList<LayerRecord> Records => _records;

    /// <inheritdoc/>
    public override void OnTrainStart(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var parameters = run.Network.Parameters;
        _records.Clear();
        _gradients = run.Network.CreateGradients();
        _before = [.. parameters.Select(parameter => new float[parameter.Length])];
        _names = [.. parameters.Select(parameter => parameter.Name)];
        _numbers = new float[parameters.Select(parameter => parameter.Length).DefaultIfEmpty().Max()];
    }

    /// <inheritdoc/>
    public override void OnBatchStart(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Step % _everySteps != 0)
        {
            return;
        }

        run.ComputeGradients(_gradients!);
        for (var i = 0; i < _before.Length; i++)
        {
            run.Network.Parameters[i].CopyTo(_before[i]);
        }
    }

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if ((run.Step - 1) % _everySteps != 0)
        {
            return;
        }

        for (var i = 0; i < _before.Length; i++)
        {
            var parameter = run.Network.Parameters[i];
            var numbers = _numbers.AsSpan(0, parameter.Length);
            _gradients!.Parameters[i].CopyTo(numbers);
            var gradient = Norm(numbers);
            parameter.CopyTo(numbers);
            for (var j = 0; j < numbers.Length; j++)
            {
                numbers[j] -= _before[i][j];
            }

            _records.Add(new(run.Step, parameter.Name, Norm(_before[i]), gradient, Norm(numbers)));
        }
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("records", [.. _records.SelectMany(record => (double[])[record.Step, record.Weight, record.Gradient, record.Update])]);
    }

    /// <inheritdoc/>
    public override void LoadState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var i = 0;
        foreach (var row in state.GetNumbers("records").Chunk(4))
        {
            _records.Add(new((long)row[0], _names[i++ % _names.Length], row[1], row[2], row[3]));
        }
    }

    private static double Norm(ReadOnlySpan<float> numbers)
    {
        var sum = 0.0;
        foreach (var number in numbers)
        {
            sum += (double)number * number;
        }

        return Math.Sqrt(sum);
    }
}
