using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Diagnostics;

/// <summary>What is wrong with penalties, constraints and frozen layers, at its place.</summary>
public class LayerRuleDiagnosticTests
{
    [Theory]
    [InlineData("WeightL1 = ⟦-0.1⟧")]
    [InlineData("WeightL1 = ⟦1e39⟧")]
    [InlineData("WeightL2 = ⟦double.NaN⟧")]
    [InlineData("WeightL1 = 0.1, WeightL2 = ⟦2e38⟧")]
    [InlineData("BiasL1 = ⟦double.PositiveInfinity⟧")]
    [InlineData("BiasL2 = ⟦-1e-9⟧, WeightL2 = 1")]
    [InlineData("ActivityL1 = ⟦-1⟧")]
    [InlineData("ActivityL2 = ⟦double.NegativeInfinity⟧, ActivityL1 = 1")]
    [InlineData("MaxNorm = ⟦0⟧")]
    [InlineData("MaxNorm = ⟦-1⟧")]
    [InlineData("NonNegative = true, MaxNorm = ⟦1e-60⟧")]
    [InlineData("MaxNorm = ⟦double.NaN⟧")]
    public void NG1018_rule_out_of_range(string options) =>
        Marked.ExpectOnly("NG1018", $"[Network, Input(2), Dense(4), Dense(3, {options}), Train(Loss.Huber)] partial class Net;");

    [Theory]
    [InlineData("Dense(4, WeightL1 = ⟦0.1⟧)")]
    [InlineData("Dense(4, BiasL2 = ⟦0.1⟧)")]
    [InlineData("Dense(4, ActivityL1 = ⟦0.1⟧)")]
    [InlineData("Dense(4, MaxNorm = ⟦3⟧)")]
    [InlineData("Dense(4, NonNegative = ⟦true⟧)")]
    [InlineData("Dense(4, Frozen = ⟦true⟧)")]
    [InlineData("BatchNorm(Frozen = ⟦true⟧)")]
    [InlineData("LayerNorm(Frozen = ⟦true⟧)")]
    public void NG1017_rule_of_a_network_that_only_predicts(string layer) => Marked.Expect("NG1017", $"[Network, Input(2), {layer}] partial class Net;");

    [Theory]
    [InlineData("WeightL1 = ⟦0.1⟧, Frozen = true")]
    [InlineData("Frozen = true, WeightL2 = ⟦0.1⟧")]
    [InlineData("Frozen = true, BiasL1 = ⟦0.1⟧")]
    [InlineData("Frozen = true, MaxNorm = ⟦3⟧")]
    [InlineData("Frozen = true, NonNegative = ⟦true⟧")]
    [InlineData("Frozen = true, ActivityL1 = ⟦0.1⟧")]
    [InlineData("Frozen = true, ActivityL2 = ⟦0.1⟧")]
    [InlineData("Bias = false, BiasL1 = ⟦0.1⟧")]
    [InlineData("Bias = false, BiasL2 = ⟦0.1⟧")]
    public void NG1017_rule_that_changes_nothing(string options) =>
        Marked.ExpectOnly("NG1017", $"[Network, Input(2), Dense(4, {options}), Dense(3), Train(Loss.Huber)] partial class Net;");

    [Theory]
    [InlineData("Dense(4, Frozen = ⟦true⟧)")]
    [InlineData("Dense(4, Frozen = true), BatchNorm(Frozen = true), Dense(3, Frozen = ⟦true⟧)")]
    [InlineData("Dense(4, Frozen = true), LayerNorm(Frozen = ⟦true⟧), Dropout(0.1), Activation(Activation.ReLU)")]
    public void NG2024_all_frozen(string layers) => Marked.ExpectOnly("NG2024", $"[Network, Input(2), {layers}, Train(Loss.Huber)] partial class Net;");

    [Theory]
    [InlineData("Dense(4, WeightL1 = 0, WeightL2 = 0.1, BiasL1 = 1, BiasL2 = 1e-300, ActivityL1 = 0.1, ActivityL2 = 0.1, MaxNorm = 3, NonNegative = true), Dense(3)")]
    [InlineData("Dense(4, NonNegative = false, Frozen = false), Dense(3)")]
    [InlineData("Dense(4, Frozen = true), BatchNorm(Frozen = true), LayerNorm")]
    [InlineData("Dense(4), Dense(3, Frozen = true, ActivityL1 = 0.1)")]
    [InlineData("Activation(Activation.ReLU)")]
    public void Rules_that_do_something_are_welcome(string layers) =>
        Marked.ExpectNothing($"[Network, Input(2), {layers}, Train(Loss.Huber)] partial class Net;");

    [Fact]
    public void Nothing_frozen_is_welcome_without_training() =>
        Marked.ExpectNothing("[Network, Input(2), Dense(4, Frozen = false, NonNegative = false), BatchNorm(Frozen = false)] partial class Net;");
}
