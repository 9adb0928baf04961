using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>Where a window goes, as the user wrote it; a padding of −1 asks for as many zeros as keep ⌈size/stride⌉ results.</summary>
internal sealed record WindowDeclaration(Extent Kernel, Extent Stride, Extent Dilation, Extent Padding);

/// <summary>A <c>[Conv2D]</c> or <c>[Conv1D]</c>, or one of these transposed.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="From">What it takes.</param>
/// <param name="Dimensions">2, or 1 for sequences.</param>
/// <param name="Filters">The channels of the result.</param>
/// <param name="Window">Where the kernel goes.</param>
/// <param name="Groups">The groups of channels that do not see one another.</param>
/// <param name="Activation">What follows.</param>
/// <param name="Bias">Whether each filter has one.</param>
/// <param name="WeightInitializer">How the weights start.</param>
/// <param name="BiasInitializer">How the biases start.</param>
internal sealed record ConvolutionDeclaration(
    string Name,
    EquatableArray<string> From,
    int Dimensions,
    int Filters,
    WindowDeclaration Window,
    int Groups,
    ActivationFunction Activation,
    bool Bias,
    Initializer WeightInitializer,
    Initializer BiasInitializer) : LayerDeclaration(Name, From)
{
    /// <summary>Whether it is a <c>[ConvTranspose2D]</c> or <c>[ConvTranspose1D]</c>.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>Of a transposed one: the rows and columns that its result has more.</summary>
    public Extent OutputPadding { get; init; }
}

/// <summary>A <c>[MaxPool2D]</c> or its like.</summary>
internal sealed record PoolDeclaration(string Name, EquatableArray<string> From, Pooling Pooling, int Dimensions, WindowDeclaration Window) : LayerDeclaration(Name, From);

/// <summary>A <c>[GlobalAvgPool]</c> or <c>[GlobalMaxPool]</c>.</summary>
internal sealed record GlobalPoolDeclaration(string Name, EquatableArray<string> From, Pooling Pooling) : LayerDeclaration(Name, From);

/// <summary>A <c>[Flatten]</c>, or a <c>[Reshape]</c> with its shape.</summary>
internal sealed record ReshapeDeclaration(string Name, EquatableArray<string> From, EquatableArray<int>? Shape) : LayerDeclaration(Name, From);

/// <summary>An <c>[Add]</c>, <c>[Multiply]</c> or <c>[Concat]</c>.</summary>
internal sealed record JoinDeclaration(string Name, EquatableArray<string> From, Joining Joining) : LayerDeclaration(Name, From);
