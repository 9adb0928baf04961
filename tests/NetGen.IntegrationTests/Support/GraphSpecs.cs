using System.Globalization;

namespace NetGen.IntegrationTests.Support;

/// <summary>A convolution over images, or with <paramref name="Dimensions"/> 1 over sequences. A padding of −1 is <c>Padding.Same</c>.</summary>
internal sealed record ConvSpec(int Filters, int KernelHeight, int KernelWidth, FunctionSpec Function, int Dimensions = 2) : LayerSpec
{
    public (int Height, int Width) Stride { get; init; } = (1, 1);

    public (int Height, int Width) Padding { get; init; }

    public int Dilation { get; init; } = 1;

    public int Groups { get; init; } = 1;

    public bool Bias { get; init; } = true;

    public override string ToAttribute(string prefix)
    {
        var kernel = Dimensions == 1 ? Text(KernelWidth) : KernelHeight == KernelWidth ? Text(KernelWidth) : $"{Text(KernelHeight)}, {Text(KernelWidth)}";
        var function = Function.Own is { } own ? $", Function = nameof({own})" : Function.Kind == Activation.Identity ? "" : $", {prefix}Activation.{Function.Kind}";
        var options = (Dimensions == 1 || Stride.Height == Stride.Width ? Option("Stride", Stride.Width, 1) : $", StrideHeight = {Text(Stride.Height)}, StrideWidth = {Text(Stride.Width)}")
            + (Dimensions == 1 || Padding.Height == Padding.Width ? Option("Padding", Padding.Width, 0) : $", PaddingHeight = {Text(Padding.Height)}, PaddingWidth = {Text(Padding.Width)}")
            + Option("Dilation", Dilation, 1) + Option("Groups", Groups, 1) + (Bias ? "" : ", Bias = false");
        return $"{prefix}Conv{Text(Dimensions)}D({Text(Filters)}, {kernel}{function}{Function.ConstantArgument}{options})";
    }

    private static string Option(string name, int value, int usual) => value == usual ? "" : $", {name} = {Text(value)}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The largest number or the mean of windows.</summary>
internal sealed record PoolSpec(bool IsMaximum, int KernelHeight, int KernelWidth, int Stride, int Padding = 0, int Dimensions = 2) : LayerSpec
{
    public override string ToAttribute(string prefix) => string.Create(
        CultureInfo.InvariantCulture,
        $"{prefix}{(IsMaximum ? "Max" : "Avg")}Pool{Dimensions}D({(Dimensions == 1 || KernelHeight == KernelWidth ? "" : $"{KernelHeight}, ")}{KernelWidth}, Stride = {Stride}, Padding = {Padding})");
}

/// <summary>The largest number or the mean of each channel.</summary>
internal sealed record GlobalPoolSpec(bool IsMaximum) : LayerSpec
{
    public override string ToAttribute(string prefix) => $"{prefix}Global{(IsMaximum ? "Max" : "Avg")}Pool()";
}

/// <summary>The same numbers in another shape; flat without one.</summary>
internal sealed record ReshapeSpec(int[]? Shape = null) : LayerSpec
{
    public override string ToAttribute(string prefix) => Shape is null ? $"{prefix}Flatten()" : $"{prefix}Reshape({string.Join(", ", Shape)})";
}

/// <summary>Several nodes as one: <c>Add</c>, <c>Multiply</c> or <c>Concat</c> of those in <see cref="LayerSpec.From"/>.</summary>
internal sealed record JoinSpec(string Kind) : LayerSpec
{
    public override string ToAttribute(string prefix) => $"{prefix}{Kind}({string.Join(", ", From!.Select(name => $"\"{name}\""))})";
}
