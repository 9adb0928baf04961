namespace NetGen;

/// <summary>Where the samples of steps come from.</summary>
internal interface IBatchSource
{
    /// <summary>The steps of an epoch.</summary>
    int Batches { get; }

    /// <summary>The samples of an epoch.</summary>
    int Samples { get; }

    /// <summary>Puts the samples in the order of the next epoch.</summary>
    void BeginEpoch();

    /// <summary>Gets the samples of a step ready.</summary>
    /// <param name="batch">Which of the epoch, from 0.</param>
    /// <returns>How many they are.</returns>
    int Read(int batch);

    /// <summary>A step on the samples that were read.</summary>
    /// <returns>Their mean loss.</returns>
    float Step();

    /// <summary>The gradients on the samples that were read.</summary>
    /// <returns>Their mean loss.</returns>
    float ComputeGradients(Gradients into);
}
