using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Diagnostics;

/// <summary>What can be wrong with parameters that layers share: its exact place, and that nothing else is reported.</summary>
public class SharedDiagnosticTests
{
    [Theory]
    [InlineData("Input(9), Dense(9), Dense(9, SharedWith = ⟦\"layer3\"⟧)")]
    [InlineData("Input(9), Dense(9), Dense(9, SharedWith = ⟦\"layer2\"⟧)")]
    [InlineData("Input(9), Dense(9), Dense(9, SharedWith = ⟦\"Layer1\"⟧)")]
    [InlineData("Input(9), Dense(9), Dense(9, SharedWith = ⟦\"input\"⟧)")]
    [InlineData("Input(9), BatchNorm, Dense(9, SharedWith = ⟦\"layer1\"⟧)")]
    [InlineData("Input(3, 9), Conv1D(3, 1), Reshape(3, 3, 3), Conv2D(3, 1, SharedWith = ⟦\"layer1\"⟧)")]
    public void NG2030_no_layer_of_its_kind(string nodes) => Marked.ExpectOnly("NG2030", Net(nodes));

    [Theory]
    [InlineData("Input(9), Dense(8), Dense(8, SharedWith = ⟦\"layer1\"⟧)", "[8, 9], but needs [8, 8]")]
    [InlineData("Input(9), Dense(9), Dense(9, Bias = false, SharedWith = ⟦\"layer1\"⟧)", "[9, 9], but needs [9, 9] without a bias")]
    [InlineData("Input(3, 9, 9), Conv2D(3, 3), Conv2D(3, 2, SharedWith = ⟦\"layer1\"⟧)", "[3, 3, 3, 3], but needs [3, 3, 2, 2]")]
    [InlineData("Input(4, 9, 9), Conv2D(4, 3), Conv2D(4, 3, Groups = 2, SharedWith = ⟦\"layer1\"⟧)", "[4, 4, 3, 3], but needs [4, 2, 3, 3]")]
    public void NG2031_shapes_differ(string nodes, string message) => Assert.EndsWith(message, Marked.ExpectOnly("NG2031", Net(nodes)).Analyze()[0].GetMessage());

    [Theory]
    [InlineData("WeightInitializer = ⟦Initializer.Ones⟧")]
    [InlineData("Frozen = ⟦true⟧")]
    [InlineData("WeightL2 = ⟦0.1⟧")]
    [InlineData("MaxNorm = ⟦1⟧")]
    public void NG1017_what_belongs_to_parameters(string option) => Marked.ExpectOnly("NG1017", Net($"Input(9), Dense(9), Dense(9, SharedWith = \"layer1\", {option})"));

    [Fact]
    public void Penalty_on_the_results_of_a_layer_that_shares() => Marked.ExpectNothing(Net("Input(9), Dense(9), Dense(9, Activation.Tanh, SharedWith = \"layer1\", ActivityL1 = 0.1, TileRows = 4)"));

    private static string Net(string nodes) => $"[Network, {nodes}, Train(Loss.HalfSquaredError)] partial class Net;";
}
