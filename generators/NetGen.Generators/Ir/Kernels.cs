using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>How a buffer's numbers stand in memory.</summary>
internal enum Storage
{
    /// <summary>[rows][columns], as the caller gave them.</summary>
    RowMajor,

    /// <summary>[columns/32][samples][32]: one number for each sample and feature, in panels of 32 features.</summary>
    Panels,

    /// <summary>[columns/32][rows][32], the last panel 16 wide where that suffices: a weight matrix, rows = inputs.</summary>
    WeightPanels,

    /// <summary>[columns], padded with zeros.</summary>
    Vector,

    /// <summary>[samples/16][channels][rows][columns][16]: images, a sample a lane, in a <see cref="Frame"/>.</summary>
    Images,
}

/// <summary>A named block of numbers; the name is the variable's in generated code.</summary>
/// <param name="Name">Such as <c>x</c>, <c>W1</c>, <c>a1</c>, <c>delta1</c>.</param>
/// <param name="Storage">How the numbers stand.</param>
/// <param name="Rows">The rows of a weight matrix; 0 for one row a sample.</param>
/// <param name="Columns">The numbers of a row.</param>
internal sealed record Buffer(string Name, Storage Storage, int Rows, int Columns)
{
    /// <summary>The width of a panel, in floats.</summary>
    public const int PanelWidth = 32;

    /// <summary>How images stand; null for what is none.</summary>
    public Frame? Frame { get; init; }

    /// <summary>The columns with padding: whole vectors of the widest kind.</summary>
    public int PaddedColumns => RoundUp(Columns, 16);

    /// <summary>The floats that the buffer takes.</summary>
    /// <param name="samples">The samples that it holds, where it holds samples.</param>
    public int Length(int samples) => Storage switch
    {
        Storage.RowMajor => RoundUp(samples * Columns, 16),

        // Few columns are turned in blocks of 16 samples.
        Storage.Panels when Columns <= 16 => PanelWidth * RoundUp(samples, 16),
        Storage.Panels => RoundUp(Columns, PanelWidth) * samples,
        Storage.WeightPanels => PaddedColumns * Rows,
        Storage.Images => checked(Ir.Frame.Groups(samples) * Frame!.Group),
        _ => PaddedColumns,
    };

    /// <summary>The last panel's width in a weight matrix.</summary>
    public int LastPanelWidth => Columns % PanelWidth is > 0 and <= 16 ? 16 : PanelWidth;

    public static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}

/// <summary>A trainable tensor: where it lives and how it starts.</summary>
/// <param name="Name">PyTorch's name, such as <c>layer1.weight</c>.</param>
/// <param name="Buffer">The buffer that holds it.</param>
/// <param name="Shape">PyTorch's shape.</param>
/// <param name="Initializer">How it starts; never Auto.</param>
/// <param name="FanIn">The layer's inputs.</param>
/// <param name="FanOut">The layer's outputs.</param>
internal sealed record Tensor(string Name, Buffer Buffer, EquatableArray<int> Shape, Initializer Initializer, int FanIn, int FanOut)
{
    /// <summary>Whether steps leave it as it is.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>What a step adds to the loss for it; null for nothing.</summary>
    public Penalty? Penalty { get; init; }
}

/// <summary>One piece of work on whole buffers: a method of the generated kernels.</summary>
/// <param name="Name">The method's name.</param>
internal abstract record Kernel(string Name);

/// <summary>The three products of a dense layer.</summary>
internal enum Product
{
    /// <summary>Y = X·W + b: a row a sample.</summary>
    Forward,

    /// <summary>dX = dY·Wᵀ: a row a sample.</summary>
    InputGradient,

    /// <summary>dW = Xᵀ·dY: a row an input, summed over the samples.</summary>
    WeightGradient,
}

/// <summary>
/// A matrix product by outer-product tiles, result[i, j] = start + Σₖ left[i, k]·right[k, j] or, for the weights' gradient,
/// left[k, i]; with what is fused into it.
/// </summary>
/// <param name="Name">The method's name.</param>
/// <param name="Product">Which of the three.</param>
/// <param name="Left">The factor whose numbers are broadcast.</param>
/// <param name="Right">The factor that is read in vectors.</param>
/// <param name="Result">What is written.</param>
/// <param name="Bias">Forward: what each row starts from. Weights' gradient: takes the sum of right's rows. Null without bias.</param>
/// <param name="Activation">Forward: f, applied to the result. Inputs' gradient: the function whose slope multiplies the result.</param>
/// <param name="Operand">
/// Forward: takes z, where the slope of the activation is a function of z. Inputs' gradient: the value from which the slope comes.
/// </param>
internal sealed record ProductKernel(
    string Name,
    Product Product,
    Buffer Left,
    Buffer Right,
    Buffer Result,
    Buffer? Bias,
    ActivationFunction Activation,
    Buffer? Operand) : Kernel(Name)
{
    /// <summary>Forward, when predicting: what each sum becomes before the activation; then there is no bias. Null for nothing.</summary>
    public Folded? Folded { get; init; }

    /// <summary>The buffers of a product whose rows are samples, in the order of its method's parameters.</summary>
    public IEnumerable<Buffer> SampleBuffers => new[] { Left, Right, Bias, Folded?.Scale, Folded?.Shift, Result, Operand }.Where(b => b is not null).Select(b => b!);

    /// <summary>What the user says about its tiles.</summary>
    public TileHints Hints { get; init; } = TileHints.Default;

    /// <summary>Weights' gradient: the optimiser that steps with each tile; null where the tile is added to what is there.</summary>
    public Optimizer? Update { get; init; }

    /// <summary>With an optimiser's step: the penalty on the weights, with whose slope their gradient's sum starts.</summary>
    public Penalty? WeightPenalty { get; init; }

    /// <summary>The same for the biases.</summary>
    public Penalty? BiasPenalty { get; init; }
}

/// <summary>What the user says about a layer's tiles.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Unroll">Whether loops over the terms of a sum are written out.</param>
/// <param name="TileRows">The most rows of a tile; 0 for what the cost model finds best.</param>
/// <param name="UnrollBudget">A tile may be written out without being asked for when it has at most so many multiply-adds.</param>
internal sealed record TileHints(string Layer, Unrolling Unroll, int TileRows, int UnrollBudget)
{
    /// <summary>Beyond so many, fetching the code costs more than the loop.</summary>
    public const int UsualBudget = 256;

    public static TileHints Default { get; } = new("", Unrolling.Auto, 0, UsualBudget);
}

/// <summary>Wᵀ from W, both in panels.</summary>
internal sealed record TransposeKernel(string Name, Buffer Source, Buffer Result) : Kernel(Name);

/// <summary>Rows as the caller gave them into panels, for a network that does not start with a product.</summary>
internal sealed record ArrangeKernel(string Name, Buffer Source, Buffer Result) : Kernel(Name);

/// <summary>result = f(source), element by element or, for softmax, row by row.</summary>
internal sealed record ActivationKernel(string Name, ActivationFunction Function, Buffer Source, Buffer Result) : Kernel(Name);

/// <summary>gradient ← gradient times the slope of f, in place; for softmax the product with its Jacobian.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Function">f.</param>
/// <param name="Operand">f's result, or its argument where the slope comes from that.</param>
/// <param name="Gradient">What is changed.</param>
internal sealed record ActivationGradientKernel(string Name, ActivationFunction Function, Buffer Operand, Buffer Gradient) : Kernel(Name);

/// <summary>The mean loss and its gradient with respect to the network's output, or to the last layer's argument where the slope is fused.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Loss">The loss.</param>
/// <param name="HuberDelta">Huber's δ.</param>
/// <param name="Labels">Whether targets are labels.</param>
/// <param name="Output">The output, or the logits.</param>
/// <param name="Gradient">Takes the gradient.</param>
/// <param name="Activation">The last layer's activation whose slope is fused; identity for none.</param>
/// <param name="Operand">The value from which that slope comes.</param>
internal sealed record LossKernel(
    string Name,
    Loss Loss,
    double HuberDelta,
    bool Labels,
    Buffer Output,
    Buffer Gradient,
    ActivationFunction Activation,
    Buffer? Operand) : Kernel(Name)
{
    /// <summary>With <see cref="NetGen.Loss.Custom"/> the name of the class's own function.</summary>
    public string? Own { get; init; }

    /// <summary>What it is multiplied with in the sum of several losses.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The node that its <c>[Loss]</c> names; null for a loss of the whole prediction.</summary>
    public string? Node { get; init; }

    /// <summary>Where its targets begin in a row of targets.</summary>
    public int First { get; init; }

    /// <summary>The numbers of a row of targets, of all losses together.</summary>
    public int RowLength { get; init; }

    /// <summary>Whether classes are compared; else numbers, one by one.</summary>
    public bool IsOverClasses => Loss is NetGen.Loss.SoftmaxCrossEntropy or NetGen.Loss.CrossEntropy;

    /// <summary>Whether two outputs together say what is expected of one target.</summary>
    public bool IsOfPairs => Loss is NetGen.Loss.GaussianNLL or NetGen.Loss.NegativeBinomial;

    /// <summary>The numbers of its targets of one sample.</summary>
    public int TargetColumns => IsOfPairs ? Output.Columns / 2 : Output.Columns;

    /// <summary>Whether the loss is one of yes or no, computed from logits.</summary>
    public bool TakesLogits => Loss is NetGen.Loss.SigmoidCrossEntropy or NetGen.Loss.BinaryCrossEntropy;
}

/// <summary>What a step minimises: the sum of losses, each times its weight.</summary>
/// <param name="Labels">Whether targets are labels.</param>
/// <param name="Losses">The losses; of labels one alone.</param>
internal sealed record Objective(bool Labels, EquatableArray<LossKernel> Losses);

/// <summary>Where the optimiser's step happens.</summary>
internal enum UpdatePlace
{
    /// <summary>It is what the products add to the parameters.</summary>
    Added,

    /// <summary>At the end of each tile of the products.</summary>
    InProducts,

    /// <summary>In a pass of its own over all parameters, when their gradients are there.</summary>
    AfterAll,
}

/// <summary>
/// Everything that a network does, as kernels in the order in which they run. Predicting runs <paramref name="Prediction"/>; a step runs
/// <paramref name="Forward"/>, a loss, <see cref="Descent"/>, <see cref="Constraints"/> and <paramref name="Track"/>; computing the gradients runs
/// <paramref name="Forward"/>, a loss, <paramref name="Backward"/> and <paramref name="InputGradient"/>. A kernel of predictions and one of
/// steps that bear the same name are one method on different buffers.
/// </summary>
/// <param name="Declaration">What the user wrote.</param>
/// <param name="Input">The samples.</param>
/// <param name="Output">What predictions are copied from.</param>
/// <param name="Tensors">The parameters.</param>
/// <param name="States">What no gradient reaches, and yet belongs to the network: running figures.</param>
/// <param name="Prediction">From the input to the output.</param>
/// <param name="Forward">When training, from the input to what the loss takes.</param>
/// <param name="Objectives">What a step can minimise: on rows of targets and, for a class loss, on labels; empty without training.</param>
/// <param name="Backward">From the loss's gradient to the parameters', which are added to what is there.</param>
/// <param name="Track">What a step does beside following the gradient: it gathers running figures.</param>
/// <param name="InputGradient">From the first layer's gradient to the inputs'.</param>
/// <param name="InputGradientBuffer">What the last of those writes, or without any the gradient that is the inputs' own.</param>
internal sealed record KernelProgram(
    NetworkDeclaration Declaration,
    Buffer Input,
    Buffer Output,
    EquatableArray<Tensor> Tensors,
    EquatableArray<Tensor> States,
    EquatableArray<Kernel> Prediction,
    EquatableArray<Kernel> Forward,
    EquatableArray<Objective> Objectives,
    EquatableArray<Kernel> Backward,
    EquatableArray<Kernel> Track,
    EquatableArray<Kernel> InputGradient,
    Buffer? InputGradientBuffer)
{
    /// <summary>The numbers of each node that a prediction consists of.</summary>
    public EquatableArray<int> Outputs { get; init; } = EquatableArray<int>.Empty;

    /// <summary>All losses.</summary>
    public IEnumerable<LossKernel> Losses => Objectives.SelectMany(objective => objective.Losses);

    /// <summary>The numbers of a row of targets.</summary>
    public int TargetSize => Objectives.Count == 0 ? 0 : Objectives[0].Losses[0].RowLength;

    /// <summary>Whether a step takes a sample a lane instead of running the kernels one after the other.</summary>
    public bool IsNarrow { get; init; }

    /// <summary>The stages of what runs when training.</summary>
    public IEnumerable<Stage> TrainingStages => Forward.OfType<PointwiseKernel>().SelectMany(k => k.Stages);

    /// <summary>Whether a step draws random numbers.</summary>
    public bool IsRandom => TrainingStages.Any(stage => stage is DropoutStage or NoiseStage);

    /// <summary>Whether a step depends on how many rows are samples before it comes to the loss.</summary>
    public bool CountsSamples => ClearsPadding || Forward.OfType<PointwiseKernel>().Any(k => k.Normalization is { Figures: Figures.Batch });

    /// <summary>
    /// Whether an activation of the class's own is no finite number somewhere: then what it gives in padding is set to 0 while training, for
    /// 0 · ∞ would spread from there.
    /// </summary>
    public bool ClearsPadding { get; init; }

    /// <summary>Whether a step changes its inputs, and so needs rows of its own.</summary>
    public bool ChangesInputs => Forward.OfType<PointwiseKernel>().Any(k => k.Result.Name == Input.Name);

    /// <summary>Whether several kernels add to the gradient of the same parameters.</summary>
    public bool SharesParameters => Backward
        .Select(kernel => kernel is ProductKernel { Product: Product.WeightGradient } product ? product.Result.Name : (kernel as ConvolutionParameterGradientKernel)?.Weights.Name)
        .Where(name => name is not null).GroupBy(name => name).Any(same => same.Count() > 1);

    /// <summary>Where the optimiser's step happens.</summary>
    public UpdatePlace Update { get; init; }

    /// <summary>The layers' shapes, parameters and work, for people.</summary>
    public EquatableArray<LayerFigures> Layers { get; init; } = EquatableArray<LayerFigures>.Empty;

    /// <summary>
    /// What a step runs for <see cref="Backward"/>: the same, unless the products end with the optimiser's step, something is penalised, or a layer
    /// is frozen.
    /// </summary>
    public EquatableArray<Kernel> Descent { get; init; } = EquatableArray<Kernel>.Empty;

    /// <summary>What holds the weights within limits, after the step.</summary>
    public EquatableArray<Kernel> Constraints { get; init; } = EquatableArray<Kernel>.Empty;

    /// <summary>Whether a step goes another way back than gradients that are asked for, beside the optimiser's step.</summary>
    public bool HasDescentOfItsOwn => Update == UpdatePlace.InProducts || !Descent.Equals(Backward);

    /// <summary>Whether a step's way back asks how many rows are samples.</summary>
    public bool DescentCountsSamples => CountsSamples || Descent.Any(k => k is ActivityKernel);

    /// <summary>Whether it asks what factor gradients carry: where they become steps by addition −rate, else 1.</summary>
    public bool DescentTakesFactor => Descent.Any(k => k is ActivityKernel or PenaltyKernel);
}

/// <summary>A line of a network's table.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Shape">The sizes of its result.</param>
/// <param name="Parameters">Its trainable numbers.</param>
/// <param name="Operations">The floating-point operations of one prediction, two a multiply-add.</param>
internal sealed record LayerFigures(string Name, string Kind, EquatableArray<int> Shape, long Parameters, long Operations);
