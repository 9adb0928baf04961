namespace NetGen;

/// <summary>
/// Looks on while a network is trained, and may stop it: override what is of interest. The methods run on the caller of <c>Fit</c>, in the
/// order of <see cref="FitOptions.Callbacks"/>; what they throw ends training and comes out of <c>Fit</c>. A callback serves one training
/// at a time, and may serve several one after the other.
/// </summary>
public class TrainingCallback
{
    /// <summary>Figures of each finished epoch, which become columns of the <see cref="History"/>; asked for when training ends. By default none.</summary>
    public virtual IReadOnlyList<HistoryColumn> Columns => [];

    /// <summary>Training begins: everything was checked. Here a callback checks what it needs, and forgets earlier training.</summary>
    /// <param name="run">The training.</param>
    public virtual void OnTrainStart(TrainingRun run)
    {
    }

    /// <summary>An epoch begins.</summary>
    /// <param name="run">The training; <see cref="TrainingRun.Epoch"/> is the epoch.</param>
    public virtual void OnEpochStart(TrainingRun run)
    {
    }

    /// <summary>A step comes; its samples are at hand (<see cref="TrainingRun.ComputeGradients"/>).</summary>
    /// <param name="run">The training; <see cref="TrainingRun.Batch"/> is the step's number in the epoch.</param>
    public virtual void OnBatchStart(TrainingRun run)
    {
    }

    /// <summary>A step was made.</summary>
    /// <param name="run">The training; <see cref="TrainingRun.BatchLoss"/> is the step's loss.</param>
    public virtual void OnBatchEnd(TrainingRun run)
    {
    }

    /// <summary>An epoch was finished, validation included.</summary>
    /// <param name="run">The training; <see cref="TrainingRun.Results"/> holds the epoch already.</param>
    /// <param name="result">The epoch's figures.</param>
    public virtual void OnEpochEnd(TrainingRun run, EpochResult result)
    {
    }

    /// <summary>Training ends: all epochs are done, a callback stopped it, or it was cancelled; not after an exception.</summary>
    /// <param name="run">The training.</param>
    public virtual void OnTrainEnd(TrainingRun run)
    {
    }

    /// <summary>
    /// A checkpoint is written (<see cref="FitOptions.Checkpoint"/>): what the callback needs to go on. May be called between any two steps.
    /// </summary>
    /// <param name="state">Takes it.</param>
    public virtual void SaveState(CallbackState state)
    {
    }

    /// <summary>Training goes on from a checkpoint: called after <see cref="OnTrainStart"/> with what <see cref="SaveState"/> gave.</summary>
    /// <param name="state">Has it.</param>
    /// <exception cref="InvalidDataException">It is not what is needed.</exception>
    public virtual void LoadState(CallbackState state)
    {
    }

    /// <summary>A callback that does something after each epoch.</summary>
    /// <param name="action">Called with the training and the epoch's figures.</param>
    public static TrainingCallback AfterEachEpoch(Action<TrainingRun, EpochResult> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return new EpochAction(action);
    }

    /// <summary>The name of the class; a callback with constants that change the training names them too, as resumed training compares this.</summary>
    public override string ToString() => GetType().Name;

    private sealed class EpochAction(Action<TrainingRun, EpochResult> action) : TrainingCallback
    {
        public override void OnEpochEnd(TrainingRun run, EpochResult result) => action(run, result);
    }
}
