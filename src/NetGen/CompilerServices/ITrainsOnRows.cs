using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>Where a step's inputs come from. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IBatchRows
{
    /// <summary>The samples of the step.</summary>
    int Count { get; }

    /// <summary>Writes their inputs, row after row.</summary>
    /// <param name="into">Has room for them at least.</param>
    void CopyTo(Span<float> into);
}

/// <summary>
/// A training step whose inputs are written straight to where the network reads them: <c>Fit</c> gathers shuffled rows, and converts
/// bytes, without a copy in between. Implemented by the compiler.
/// </summary>
/// <typeparam name="T"><see cref="float"/> for targets, <see cref="int"/> for labels.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ITrainsOnRows<T>
{
    /// <summary>One training step; see <see cref="ITrainableNetwork.TrainBatch"/>.</summary>
    /// <param name="rows">The inputs; asked for them once, while no other caller can train.</param>
    /// <param name="targets">Their targets or labels.</param>
    /// <returns>The mean loss of these samples before the update.</returns>
    float TrainRows(IBatchRows rows, ReadOnlySpan<T> targets);
}
