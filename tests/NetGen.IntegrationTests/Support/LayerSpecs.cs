using System.Globalization;

namespace NetGen.IntegrationTests.Support;

/// <summary>A transposed convolution with the options of a convolution. A padding of −1 is <c>Padding.Same</c>.</summary>
internal sealed record ConvTransposeSpec(ConvSpec Options) : LayerSpec
{
    public (int Height, int Width) OutputPadding { get; init; }

    public override string ToAttribute(string prefix)
    {
        var more = OutputPadding == default ? ""
            : Options.Dimensions == 1 || OutputPadding.Height == OutputPadding.Width ? string.Create(CultureInfo.InvariantCulture, $", OutputPadding = {OutputPadding.Width}")
            : string.Create(CultureInfo.InvariantCulture, $", OutputPaddingHeight = {OutputPadding.Height}, OutputPaddingWidth = {OutputPadding.Width}");
        return $"{prefix}ConvTranspose{Options.ToAttribute("")["Conv".Length..^1]}{more})".Replace("Activation.", $"{prefix}Activation.", StringComparison.Ordinal);
    }
}

/// <summary>A product alone.</summary>
internal sealed record LinearSpec(int Units, RuleSpec? Rules = null) : LayerSpec
{
    public override string ToAttribute(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}Linear({Units}{Rules?.ToArguments()})");
}

/// <summary>A number added to each feature or channel.</summary>
internal sealed record BiasSpec(bool Frozen = false) : LayerSpec
{
    public override string ToAttribute(string prefix) => $"{prefix}Bias({(Frozen ? "Frozen = true" : "")})";
}
