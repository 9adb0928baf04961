using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>
/// What the user wrote, as pure values: the front end's result and the compiler's only input. No symbol, syntax or location,
/// so that equal source gives equal declarations and nothing is compiled twice.
/// </summary>
/// <param name="Namespace">The class's namespace, dotted; empty for none.</param>
/// <param name="ContainingTypes">The types around the class, outermost first, as they must be written again: <c>partial class Outer</c>.</param>
/// <param name="ClassName">The class's name as it is written in source (<c>@class</c> keeps its sign).</param>
/// <param name="HintName">The stem of the generated files' names: unique in the compilation, whatever the file system thinks of case.</param>
/// <param name="Inputs">The inputs in source order.</param>
/// <param name="Layers">The layers in source order.</param>
/// <param name="Outputs">The nodes that predictions consist of, in order; empty for the last layer.</param>
/// <param name="Train">How the network learns; null for one that predicts only.</param>
internal sealed record NetworkDeclaration(
    string Namespace,
    EquatableArray<string> ContainingTypes,
    string ClassName,
    string HintName,
    EquatableArray<InputDeclaration> Inputs,
    EquatableArray<LayerDeclaration> Layers,
    EquatableArray<string> Outputs,
    TrainDeclaration? Train)
{
    /// <summary>What an <see cref="Anchor"/> counts: inputs, layers, <c>[Train]</c>, the losses, <c>[Output]</c>.</summary>
    public int TrainAnchor => Inputs.Count + Layers.Count;

    /// <summary>The anchor of a loss: its own attribute's, or <c>[Train]</c>'s.</summary>
    public Anchor AtLoss(int loss, string argument) => new(Train!.Losses[loss].Node is null ? TrainAnchor : TrainAnchor + 1 + loss, argument);

    /// <summary>The anchor of <c>[Output]</c>; where there is none, no attribute.</summary>
    public int OutputAnchor => TrainAnchor + (Train is null ? 0 : 1 + Train.Losses.Count(loss => loss.Node is not null));

    /// <summary>The class's own functions that layers and loss name, their derivatives, and what these call.</summary>
    public EquatableArray<OwnFunction> Functions { get; init; } = EquatableArray<OwnFunction>.Empty;

    /// <summary>The names of those that layers have as activations, each once.</summary>
    public IEnumerable<string> OwnActivations => Layers.Select(layer => layer switch
    {
        DenseDeclaration dense => dense.Activation.Own,
        ConvolutionDeclaration convolution => convolution.Activation.Own,
        ActivationDeclaration activation => activation.Function.Own,
        _ => null,
    }).OfType<string>().Distinct();
}

/// <summary>An <c>[Input]</c>; with how bytes become numbers where it says so.</summary>
internal sealed record InputDeclaration(string Name, EquatableArray<int> Shape, ByteScale? Bytes = null);

/// <summary>A byte b stands for Scale·b + Offset.</summary>
internal sealed record ByteScale(double Scale, double Offset);

/// <summary>A layer: its name (given or counted) and the names of the nodes it takes (given, or the one before it).</summary>
internal abstract record LayerDeclaration(string Name, EquatableArray<string> From)
{
    /// <summary>Whether steps leave its parameters as they are.</summary>
    public bool Frozen { get; init; }

    /// <summary>The layer whose parameters it uses; null for its own.</summary>
    public string? SharedWith { get; init; }
}

/// <summary>A <c>[Dense]</c> or <c>[Linear]</c>.</summary>
internal sealed record DenseDeclaration(
    string Name,
    EquatableArray<string> From,
    int Units,
    ActivationFunction Activation,
    bool Bias,
    Initializer WeightInitializer,
    Initializer BiasInitializer) : LayerDeclaration(Name, From)
{
    /// <summary>The user's word on unrolling.</summary>
    public Unrolling Unroll { get; init; }

    /// <summary>The most rows of a tile; 0 for what the cost model finds best.</summary>
    public int TileRows { get; init; }

    /// <summary>Penalties and constraints.</summary>
    public LayerRules Rules { get; init; } = LayerRules.None;

    /// <summary>Whether it is a <c>[Linear]</c>, which has no bias.</summary>
    public bool IsLinear { get; init; }
}

/// <summary>A <c>[Bias]</c>.</summary>
internal sealed record BiasDeclaration(string Name, EquatableArray<string> From, Initializer BiasInitializer) : LayerDeclaration(Name, From);

/// <summary>An <c>[Activation]</c>.</summary>
internal sealed record ActivationDeclaration(string Name, EquatableArray<string> From, ActivationFunction Function) : LayerDeclaration(Name, From);

/// <summary>A <c>[BatchNorm]</c>.</summary>
internal sealed record BatchNormDeclaration(string Name, EquatableArray<string> From, double Momentum, double Epsilon) : LayerDeclaration(Name, From);

/// <summary>A <c>[LayerNorm]</c>.</summary>
internal sealed record LayerNormDeclaration(string Name, EquatableArray<string> From, double Epsilon) : LayerDeclaration(Name, From);

/// <summary>A <c>[Dropout]</c>.</summary>
internal sealed record DropoutDeclaration(string Name, EquatableArray<string> From, double Rate) : LayerDeclaration(Name, From);

/// <summary>A <c>[GaussianNoise]</c>.</summary>
internal sealed record GaussianNoiseDeclaration(string Name, EquatableArray<string> From, double Deviation) : LayerDeclaration(Name, From);

/// <summary>An activation with its constant: LeakyReLU's negative slope or ELU's α; 0 for the others.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Parameter">The constant.</param>
/// <param name="Own">With <see cref="Activation.Custom"/> the name of the class's own function; its derivative is named after it.</param>
internal readonly record struct ActivationFunction(Activation Kind, double Parameter = 0, string? Own = null);

/// <summary>A <c>[Train]</c> and the losses.</summary>
/// <param name="Losses">What is minimised: the sum of these.</param>
/// <param name="Settings">The optimiser and its constants.</param>
/// <param name="BatchSize">The samples of a step.</param>
internal sealed record TrainDeclaration(EquatableArray<LossDeclaration> Losses, OptimizerSettings Settings, int BatchSize);

/// <summary>A loss.</summary>
/// <param name="Node">The name of the node that its <c>[Loss]</c> gives; null for the whole prediction and a loss in <c>[Train]</c>.</param>
/// <param name="Loss">Which.</param>
internal sealed record LossDeclaration(string? Node, Loss Loss)
{
    /// <summary>Huber's δ.</summary>
    public double HuberDelta { get; init; } = 1;

    /// <summary>With <see cref="Loss.Custom"/> the name of the class's own function.</summary>
    public string? Own { get; init; }

    /// <summary>What it is multiplied with in the sum.</summary>
    public double Weight { get; init; } = 1;
}
