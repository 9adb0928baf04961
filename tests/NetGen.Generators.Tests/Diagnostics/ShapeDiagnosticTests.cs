using Microsoft.CodeAnalysis;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Diagnostics;

/// <summary>Each NG2xxx and NG3xxx: its exact place, and that nothing else is reported.</summary>
public class ShapeDiagnosticTests
{
    [Theory]
    [InlineData("NG2001", "[Network, Dense(3), Train(Loss.HalfSquaredError)] partial class ⟦Net⟧;")]
    [InlineData("NG2002", "[Network, Input(3), Train(Loss.HalfSquaredError)] partial class ⟦Net⟧;")]
    public void A_network_needs_an_input_and_a_layer(string id, string source) => Marked.ExpectOnly(id, source);

    [Fact]
    public void An_empty_network_lacks_both() =>
        Assert.Equal(["NG2001", "NG2002"], Marked.Ids(GeneratorRun.Of("[NetGen.Network] partial class Net;").Analyze()).Order());

    [Theory]
    [InlineData("Input(⟦0⟧), Dense(3)")]
    [InlineData("Input(⟦-5⟧), Dense(3)")]
    [InlineData("Input(2), Dense(⟦0⟧)")]
    [InlineData("Input(2), Dense(units: ⟦int.MinValue⟧)")]
    [InlineData("Input(3, ⟦0⟧, 3), Dense(3)")]
    [InlineData("Input(new int[] { 3, ⟦0⟧ }), Dense(3)")]
    [InlineData("Input(new[] { 3, ⟦0⟧ }), Dense(3)")]
    [InlineData("Input(shape: [3, ⟦0⟧]), Dense(3)")]
    public void NG2003_size_below_one(string nodes) => Marked.ExpectOnly("NG2003", $"[Network, {nodes}, Train(Loss.HalfSquaredError)] partial class Net;");

    [Theory]
    [InlineData("Input(⟦int.MaxValue⟧), Dense(3), Train(Loss.HalfSquaredError)")]
    [InlineData("Input(⟦70_000, 70_000⟧), Activation(Activation.Tanh), Train(Loss.HalfSquaredError)")]
    [InlineData("Input(40_000), Dense(⟦40_000⟧), Train(Loss.HalfSquaredError)")]
    [InlineData("Input(20_000), Dense(20_000), Dense(20_000), Dense(⟦20_000⟧), Dense(20_000), Train(Loss.HalfSquaredError)")]
    [InlineData("Input(2), Dense(⟦int.MaxValue⟧), Train(Loss.HalfSquaredError)")]
    [InlineData("Input(784), Dense(3), Train(Loss.HalfSquaredError, BatchSize = ⟦1_000_000⟧)")]
    [InlineData("Input(30_000), Dense(20_000), Train(Loss.HalfSquaredError, ⟦Optimizer.Adam⟧)")]
    [InlineData("Input(30_000), Dense(20_000), ⟦Train(Loss.HalfSquaredError, Momentum = 0.9)⟧")]
    public void NG2004_too_large(string nodes) => Marked.ExpectOnly("NG2004", $"[Network, {nodes}] partial class Net;");

    [Theory]
    [InlineData("Input(2), Dense(3, From = new[] { ⟦\"image\"⟧ })")]
    [InlineData("Input(2), Dense(3), Activation(Activation.Tanh, From = [⟦\"Layer1\"⟧])")]
    [InlineData("Input(2), Dense(3, From = new string[] { ⟦null!⟧ })")]
    public void NG2005_unknown_node(string nodes) => Marked.ExpectOnly("NG2005", $"[Network, {nodes}, Train(Loss.HalfSquaredError)] partial class Net;");

    [Theory]
    [InlineData("Input(2), Dense(3, From = [⟦\"layer1\"⟧])")]
    [InlineData("Input(2), Dense(3, From = [⟦\"layer2\"⟧]), Dense(4)")]
    public void NG2006_later_node(string nodes) => Marked.ExpectOnly("NG2006", $"[Network, {nodes}, Train(Loss.HalfSquaredError)] partial class Net;");

    [Theory]
    [InlineData("Input(2), Dense(3), Dense(3, From = ⟦new[] { \"input\", \"layer1\" }⟧)")]
    [InlineData("Input(2), Dense(3, From = ⟦new string[0]⟧)")]
    public void NG2007_number_of_sources(string nodes) => Marked.ExpectOnly("NG2007", $"[Network, {nodes}, Train(Loss.HalfSquaredError)] partial class Net;");

    [Fact]
    public void NG2008_unused() => Marked.ExpectOnly(
        "NG2008",
        "[Network, Input(2), ⟦Dense(3)⟧, Dense(4, From = [\"input\"]), Train(Loss.HalfSquaredError)] partial class Net;");

    [Fact]
    public void NG2010_not_flat() => Marked.ExpectOnly("NG2010", "[Network, Input(⟦28, 28⟧), Dense(4), Train(Loss.HalfSquaredError)] partial class Net;");

    [Theory]
    [InlineData("Dense(4, ⟦Activation.Softmax⟧)")]
    [InlineData("Dense(4), Activation(⟦Activation.Softmax⟧)")]
    public void NG2011_softmax_twice(string layers) => Marked.ExpectOnly("NG2011", $"[Network, Input(2), {layers}, Train(Loss.SoftmaxCrossEntropy)] partial class Net;");

    [Theory]
    [InlineData("Dense(4, ⟦Activation.Sigmoid⟧)")]
    [InlineData("Dense(4), Activation(kind: ⟦Activation.Sigmoid⟧)")]
    public void NG2012_sigmoid_twice(string layers) => Marked.ExpectOnly("NG2012", $"[Network, Input(2), {layers}, Train(Loss.SigmoidCrossEntropy)] partial class Net;");

    [Theory]
    [InlineData("Dense(4), Train(⟦Loss.CrossEntropy⟧)", "Loss.SoftmaxCrossEntropy")]
    [InlineData("Dense(4, Activation.Sigmoid), Train(⟦Loss.CrossEntropy⟧)", "Loss.BinaryCrossEntropy")]
    [InlineData("Dense(4), Train(⟦Loss.BinaryCrossEntropy⟧)", "Loss.SigmoidCrossEntropy")]
    [InlineData("Dense(4, Activation.Softmax), Train(loss: ⟦Loss.BinaryCrossEntropy⟧)", "Loss.CrossEntropy")]
    [InlineData("Dense(4, Activation.Tanh), Train(⟦Loss.BinaryCrossEntropy⟧)", "Loss.MeanSquaredError")]
    [InlineData("Dense(4, Activation.Softmax), Train(⟦Loss.Hinge⟧)", "Loss.CrossEntropy")]
    [InlineData("Dense(1, Activation.Sigmoid), Train(⟦Loss.SquaredHinge⟧)", "Loss.BinaryCrossEntropy")]
    [InlineData("Dense(4), Activation(Activation.ReLU), Train(⟦Loss.SquaredHinge⟧)", "Loss.MeanSquaredError")]
    [InlineData("Dense(4, Activation.Tanh), Train(loss: ⟦Loss.GaussianNLL⟧)", "Loss.MeanSquaredError")]
    [InlineData("Dense(3, Activation.Softplus), Train(⟦Loss.NegativeBinomial⟧)", "Loss.MeanSquaredError")]
    public void NG2013_loss_needs_activation(string rest, string fitting)
    {
        var run = Marked.ExpectOnly("NG2013", $"[Network, Input(2), {rest}] partial class Net;");
        Assert.Contains(fitting + " fits it", run.Analyze()[0].GetMessage());
    }

    [Theory]
    [InlineData("Dense(1), Train(⟦Loss.SoftmaxCrossEntropy⟧)")]
    [InlineData("Dense(1, ⟦Activation.Softmax⟧), Train(Loss.CrossEntropy)")]
    [InlineData("Dense(1), Activation(⟦Activation.Softmax⟧), Train(Loss.HalfSquaredError)")]
    public void NG2014_softmax_of_one(string rest) => Marked.ExpectOnly("NG2014", $"[Network, Input(2), {rest}] partial class Net;");

    [Theory]
    [InlineData("⟦BatchNorm⟧, Dense(2)")]
    [InlineData("Dense(2), ⟦BatchNorm(Momentum = 0.2)⟧")]
    public void NG2015_batch_of_one(string layers) =>
        Marked.ExpectOnly("NG2015", $"[Network, Input(2), {layers}, Train(Loss.Huber, BatchSize = 1)] partial class Net;");

    [Theory]
    [InlineData("Input(2), Dense(1), ⟦LayerNorm⟧, Dense(2)")]
    [InlineData("Input(1), ⟦LayerNorm(Name = \"norm\")⟧, Dense(2)")]
    public void NG2016_normalization_of_one(string layers) => Marked.ExpectOnly("NG2016", $"[Network, {layers}, Train(Loss.Huber)] partial class Net;");

    [Theory]
    [InlineData("Input(2), Dense(3), Train(⟦Loss.GaussianNLL⟧)", "'layer1' has 3")]
    [InlineData("Input(2), Dense(4), Dense(3), LayerNorm(Name = \"last\"), Train(loss: ⟦Loss.NegativeBinomial⟧)", "'last' has 3")]
    [InlineData("Input(5), Activation(Activation.Tanh), Activation(Activation.Identity), Train(⟦Loss.GaussianNLL⟧)", "'layer2' has 5")]
    public void NG2023_odd_outputs(string layers, string words)
    {
        var run = Marked.ExpectOnly("NG2023", $"[Network, {layers}] partial class Net;");
        Assert.Contains(words, run.Analyze()[0].GetMessage());
    }

    [Theory]
    [InlineData("Dense(4), Train(⟦Loss.Poisson⟧)")]
    [InlineData("Dense(4, Activation.Tanh), Train(⟦Loss.Poisson⟧)")]
    public void NG3001_poisson_of_negative(string rest)
    {
        var run = Marked.Expect("NG3001", $"[Network, Input(2), {rest}] partial class Net;");
        Assert.Equal(DiagnosticSeverity.Warning, run.Analyze()[0].Severity);
    }

    [Theory]
    [InlineData("Dense(4, Activation.Softplus), Train(Loss.Poisson)")]
    [InlineData("Dense(4, Activation.Softmax), Train(Loss.CrossEntropy)")]
    [InlineData("Dense(4), Activation(Activation.Sigmoid), Train(Loss.BinaryCrossEntropy)")]
    [InlineData("Dense(4), Train(Loss.SoftmaxCrossEntropy)")]
    [InlineData("Dense(1), Train(Loss.SigmoidCrossEntropy)")]
    [InlineData("Activation(Activation.Softmax)")]
    [InlineData("Dense(4, Activation.LeakyReLU, NegativeSlope = 0, Bias = false), Dense(3, Activation.ELU, Alpha = 2, From = new[] { \"layer1\" })")]
    [InlineData("Dense(4, Name = \"hidden\"), Dense(3, Name = null, From = null)")]
    [InlineData("Dense(4, Name = \"layer2\"), Dense(3, Name = \"layer1\", From = [\"layer2\"])")]
    public void What_fits_is_not_reported(string rest) => Marked.ExpectNothing($"[Network, Input(2), {rest}] partial class Net;");
}
