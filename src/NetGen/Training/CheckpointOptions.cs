namespace NetGen;

/// <summary>
/// Where and when <c>Fit</c> saves all that training needs to go on: weights, the optimiser's state, the order of the samples and the place in
/// it, the history, the state of callbacks. Training that is killed at any moment, and started again with <see cref="Resume"/>, ends with the
/// same bits as training that was not. The file is a safetensors file whose weights <c>LoadMatching</c> can read; it is written beside its
/// place and then renamed, so that it is always whole.
/// </summary>
public sealed record CheckpointOptions
{
    /// <summary>Saves into a file.</summary>
    /// <param name="path">The file, by custom <c>NAME.safetensors</c>; each checkpoint replaces the one before.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public CheckpointOptions(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>After how many epochs to save, at least 1. The end of training and a cancellation are saved always.</summary>
    public int EveryEpochs { get; init; } = 1;

    /// <summary>After how many steps to save besides, at least 1; without it only at epochs' ends. A checkpoint takes as long as the disk does.</summary>
    public int? EverySteps { get; init; }

    /// <summary>
    /// Whether to go on from the file. If it is not there, training starts from the beginning, so that the same program serves both. A file
    /// that does not fit the network, the data or the options is an <see cref="InvalidDataException"/>, and nothing is changed. More epochs than
    /// the file was written for may be asked for unless a schedule depends on their number.
    /// </summary>
    public bool Resume { get; init; }
}
