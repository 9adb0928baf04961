using System.Globalization;
using System.Text;

namespace NetGen;

/// <summary>What one neuron costs.</summary>
/// <param name="Layer">The name of its dense layer.</param>
/// <param name="Neuron">Its index, from 0.</param>
/// <param name="Cost">The rise of the mean loss without it; below 0 where the loss falls.</param>
public readonly record struct NeuronCost(string Layer, int Neuron, double Cost);

/// <summary>What a network is after some rounds of pruning.</summary>
/// <param name="Removed">The neurons removed so far.</param>
/// <param name="ParametersLeft">The trainable numbers of the smaller network.</param>
/// <param name="Loss">The mean loss on the data that was given.</param>
/// <param name="Accuracy">The accuracy on it; NaN where samples have no classes.</param>
public sealed record PruningStep(int Removed, int ParametersLeft, double Loss, double Accuracy)
{
    internal PrunedLayers Layers { get; init; } = null!;

    /// <summary>The whole network with these masks computes what the smaller one does, up to rounding.</summary>
    public IReadOnlyList<NeuronMask> Masks => Layers.Masks();
}

/// <summary>What <see cref="Pruning.Run"/> found: cost against size, and the way to the smaller network.</summary>
public sealed class PruningReport
{
    private readonly ITrainableNetwork _network;

    internal PruningReport(ITrainableNetwork network, int neurons, IReadOnlyList<NeuronCost> costs, IReadOnlyList<PruningStep> steps) =>
        (_network, Neurons, Costs, Steps) = (network, neurons, costs, steps);

    /// <summary>The neurons that could be removed.</summary>
    public int Neurons { get; }

    /// <summary>The cost of each neuron in the whole network, the cheapest first; empty where no round ran.</summary>
    public IReadOnlyList<NeuronCost> Costs { get; }

    /// <summary>The whole network, then what each round left.</summary>
    public IReadOnlyList<PruningStep> Steps { get; }

    /// <summary>The smallest network whose loss has risen by no more than so much.</summary>
    /// <param name="lossRise">By how much the loss may be above the whole network's: at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0 or NaN.</exception>
    public PruningStep Smallest(double lossRise)
    {
        if (!(lossRise >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(lossRise), Text.Of($"lossRise must be at least 0, but is {lossRise}."));
        }

        return Steps.Last(step => step == Steps[0] || step.Loss <= Steps[0].Loss + lossRise);
    }

    /// <summary>The declaration of a smaller network, and its weights: those that the network has now.</summary>
    /// <param name="step">One of <see cref="Steps"/>.</param>
    /// <param name="className">The name of the new class.</param>
    /// <param name="classNamespace">Its namespace; null for that of the network's class, empty for none.</param>
    /// <exception cref="ArgumentException">The step is another report's, or a name is no name of C#.</exception>
    /// <exception cref="InvalidOperationException">The network's class has no attributes that declare it.</exception>
    /// <exception cref="NotSupportedException">One of them names a function of the class's own: the new class would lack it.</exception>
    public PrunedNetwork Export(PruningStep step, string className, string? classNamespace = null)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (!Steps.Any(each => ReferenceEquals(each, step)))
        {
            throw new ArgumentException("step must be one of this report's Steps, but is none of them.", nameof(step));
        }

        var summary = Text.Of($"{_network.GetType().Name} without {step.Removed} of its {Neurons} hidden neurons.");
        var source = DeclarationWriter.Write(_network, className, classNamespace ?? _network.GetType().Namespace ?? "", summary, step.Layers.UnitsOf);
        return new(source, [.. step.Layers.Tensors().Select(tensor =>
            SafetensorsTensor.FromSingles(tensor.Name, Array.ConvertAll(tensor.Shape, size => (long)size), tensor.Numbers))]);
    }

    /// <summary>The steps as comma-separated values: a line of names, a line for each; lines end with LF.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("removed,parameters_left,loss,accuracy\n");
        foreach (var step in Steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step.Removed},{step.ParametersLeft},{step.Loss:R},{step.Accuracy:R}\n");
        }

        return text.ToString();
    }

    /// <summary>The steps as a table; lines end with LF.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("removed  parameters       loss  accuracy\n");
        foreach (var step in Steps)
        {
            var accuracy = double.IsNaN(step.Accuracy) ? "–" : Text.Of($"{step.Accuracy:F4}");
            text.Append(CultureInfo.InvariantCulture, $"{step.Removed,7}  {step.ParametersLeft,10}  {step.Loss,9:F5}  {accuracy,8}\n");
        }

        return text.ToString();
    }
}

/// <summary>A smaller network: its declaration, to be compiled, and its weights, to be loaded into it.</summary>
public sealed class PrunedNetwork
{
    private readonly IReadOnlyList<SafetensorsTensor> _tensors;

    internal PrunedNetwork(string source, IReadOnlyList<SafetensorsTensor> tensors) => (Source, _tensors) = (source, tensors);

    /// <summary>A C# file with the class: the attributes of the whole network with the new numbers of units; lines end with LF.</summary>
    public string Source { get; }

    /// <summary>Writes <see cref="Source"/> to a file, which is whole or the old one.</summary>
    /// <param name="path">The file; replaced if there is one.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveSource(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Source)));
    }

    /// <summary>Writes the weights, which <c>Load</c> of the new class reads.</summary>
    /// <param name="path">The file, by custom <c>NAME.safetensors</c>; replaced if there is one.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveWeights(string path) => Safetensors.Write(path, _tensors, NetworkFileExtensions.Metadata);

    /// <summary>Writes the weights to a stream.</summary>
    /// <param name="stream">Writable.</param>
    public void SaveWeights(Stream stream) => Safetensors.Write(stream, _tensors, NetworkFileExtensions.Metadata);
}
