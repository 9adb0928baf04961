namespace NetGen;

/// <summary>The samples of a file in its order, from the start again as often as wanted.</summary>
internal interface ISampleSource : IDisposable
{
    /// <summary>The numbers of one sample.</summary>
    int InputSize { get; }

    /// <summary>The count of targets; 0 where samples have labels.</summary>
    int TargetSize { get; }

    /// <summary>The count of classes; 0 where samples have targets.</summary>
    int Classes { get; }

    /// <summary>The count of samples, at least 1.</summary>
    long Count { get; }

    /// <summary>Goes before the first sample.</summary>
    void Rewind();

    /// <summary>Reads the next sample.</summary>
    /// <param name="inputs">Takes its inputs.</param>
    /// <param name="targets">Takes its targets; empty where samples have labels.</param>
    /// <param name="label">Its label; 0 where samples have targets.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it, the place and the reason.</exception>
    bool Read(Span<float> inputs, Span<float> targets, out int label);
}
