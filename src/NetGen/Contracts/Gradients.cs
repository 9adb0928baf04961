using System.ComponentModel;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// The gradients of a network's mean loss: one tensor for each parameter, and the inputs' own. Made by
/// <see cref="ITrainableNetwork.CreateGradients"/>, filled by <see cref="ITrainableNetwork.ComputeGradients"/>, reusable.
/// </summary>
public sealed class Gradients
{
    private readonly float[] _inputs;
    private int _samples;

    /// <summary>For generated code: room for gradients of a network.</summary>
    /// <param name="network">Whose gradients these are.</param>
    /// <param name="parameterOrigin">Where its parameters start in its block.</param>
    /// <param name="length">The floats of gradients and working memory together.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Gradients(ITrainableNetwork network, int parameterOrigin, int length)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network.GetType();
        Block = NetworkMemory.Allocate(length, out var origin);
        Origin = origin;
        InputSize = network.InputSize;
        _inputs = new float[network.BatchSize * network.InputSize];
        Parameters = Array.ConvertAll([.. network.Parameters], p => p.Over(Block, origin + p.StartFrom(parameterOrigin)));
    }

    /// <summary>A gradient for each parameter: the same names, shapes and order as <see cref="INetwork.Parameters"/>.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The gradient with respect to the inputs: a row of <see cref="InputSize"/> numbers for each sample of the last computation.</summary>
    public ReadOnlySpan<float> Inputs => _inputs.AsSpan(0, _samples * InputSize);

    /// <summary>The numbers of one sample.</summary>
    public int InputSize { get; }

    /// <summary>For generated code: the class these gradients belong to.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Type Network { get; }

    /// <summary>For generated code: the memory of gradients, laid out as the network's parameters are, then working memory.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public float[] Block { get; }

    /// <summary>For generated code: where the aligned memory starts in <see cref="Block"/>.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public int Origin { get; }

    /// <summary>For generated code: takes the number of samples and gives the rows to be filled.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Span<float> BeginInputs(int samples)
    {
        _samples = samples;
        return _inputs.AsSpan(0, samples * InputSize);
    }
}
