namespace NetGen;

/// <summary>A training that runs: what callbacks see of it.</summary>
public sealed class TrainingRun
{
    private readonly IBatchSource _source;
    private readonly List<EpochResult> _results = [];

    internal TrainingRun(ITrainableNetwork network, IBatchSource source, FitOptions options) =>
        (Network, _source, Options) = (network, source, options);

    /// <summary>The network that learns.</summary>
    public ITrainableNetwork Network { get; }

    /// <summary>What was asked for.</summary>
    public FitOptions Options { get; }

    /// <summary>The epoch that runs, from 1; 0 before the first.</summary>
    public int Epoch { get; internal set; }

    /// <summary>The step that runs or was made last in this epoch, from 1; 0 before the first.</summary>
    public int Batch { get; internal set; }

    /// <summary>The steps of each epoch.</summary>
    public int Batches => _source.Batches;

    /// <summary>The steps of all epochs made so far.</summary>
    public long Step { get; internal set; }

    /// <summary>The mean loss of the last step's samples, before their step.</summary>
    public double BatchLoss { get; internal set; } = double.NaN;

    /// <summary>The mean loss over this epoch's samples so far, each as seen before its step; NaN before the first step.</summary>
    public double Loss => LossSum / SamplesDone;

    /// <summary>The epochs that are finished.</summary>
    public IReadOnlyList<EpochResult> Results => _results;

    /// <summary>Whether a callback stopped the training.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The samples of this epoch so far.</summary>
    internal int SamplesDone { get; set; }

    /// <summary>Their summed losses.</summary>
    internal double LossSum { get; set; }

    /// <summary>Ends training before its next step. <c>Fit</c> returns with <see cref="History.Stopped"/>.</summary>
    public void Stop() => IsStopped = true;

    /// <summary>
    /// The gradients of the step's mean loss, with the weights as they are now, without a step: from <see cref="TrainingCallback.OnBatchStart"/>
    /// those that the step will use, from <see cref="TrainingCallback.OnBatchEnd"/> those after it.
    /// </summary>
    /// <param name="into">Takes them; made by <see cref="ITrainableNetwork.CreateGradients"/>.</param>
    /// <returns>The mean loss.</returns>
    /// <exception cref="InvalidOperationException">There has been no step in this training yet.</exception>
    public float ComputeGradients(Gradients into) => _source.ComputeGradients(into);

    /// <summary>Stands where a checkpoint does.</summary>
    internal void Restore(int epoch, int batch, long step, int samplesDone, double lossSum, double batchLoss, IEnumerable<EpochResult> results)
    {
        (Epoch, Batch, Step, SamplesDone, LossSum, BatchLoss) = (epoch, batch, step, samplesDone, lossSum, batchLoss);
        _results.AddRange(results);
    }

    internal void Add(EpochResult result) => _results.Add(result);
}
