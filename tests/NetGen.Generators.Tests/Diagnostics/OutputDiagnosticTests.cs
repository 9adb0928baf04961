using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Diagnostics;

/// <summary>What can be wrong with several inputs, outputs and losses: its exact place, and that nothing else is reported.</summary>
public class OutputDiagnosticTests
{
    private const string Heads = "Input(9), Dense(4, Name = \"a\"), Dense(3, Name = \"b\", From = new[] { \"input\" })";

    [Fact]
    public void Several_inputs_outputs_and_losses() => Marked.ExpectNothing(
        "[Network, Input(2, Name = \"x\"), Input(3, Name = \"y\"), Dense(4, Name = \"a\"), Dense(4, Name = \"b\", From = new[] { \"x\" }), Add(\"a\", \"b\", Name = \"c\"), "
        + "Output(\"c\", \"b\"), Loss(\"b\", Loss.HalfSquaredError), Loss(\"c\", Loss.SoftmaxCrossEntropy, Weight = 2), Train(Optimizer.Adam)] partial class Net;");

    [Theory]
    [InlineData("Input(2, Name = \"x\"), ⟦Input(3, Name = \"y\")⟧, Dense(4, From = new[] { \"x\" }), Train(Loss.HalfSquaredError)")]
    [InlineData("Input(9), ⟦Dense(4, Name = \"a\")⟧, Dense(3, Name = \"b\", From = new[] { \"input\" }), Loss(\"b\", Loss.HalfSquaredError), Train(Optimizer.Adam)")]
    public void NG2008_unused(string nodes) => Marked.ExpectOnly("NG2008", Net(nodes));

    [Fact]
    public void NG1016_two_inputs_of_one_name() => Marked.ExpectOnly("NG1016", Net("Input(2), ⟦Input(3)⟧, Dense(4), Train(Loss.HalfSquaredError)"));

    [Theory]
    [InlineData("Input(2, Scale = 0.5, Name = \"x\"), Input(3, Name = \"y\", Scale = ⟦0.25⟧), Concat(\"x\", \"y\"), Train(Loss.HalfSquaredError)", "Scale and Offset must be the same at all inputs")]
    [InlineData("Input(2, Scale = 0.5, Name = \"x\"), ⟦Input(3, Name = \"y\")⟧, Concat(\"x\", \"y\"), Train(Loss.HalfSquaredError)", "Scale and Offset must be the same at all inputs")]
    [InlineData(Heads + ", Loss(\"a\", Loss.HalfSquaredError), Loss(\"b\", Loss.HalfSquaredError, Weight = ⟦0⟧), Train(Optimizer.Adam)", "Weight must be")]
    [InlineData(Heads + ", Loss(\"a\", Loss.HalfSquaredError), Loss(\"b\", Loss.HalfSquaredError, Weight = ⟦double.NaN⟧), Train(Optimizer.Adam)", "Weight must be")]
    [InlineData(Heads + ", Loss(\"a\", Loss.HalfSquaredError), Loss(\"b\", Loss.Huber, HuberDelta = ⟦-1⟧), Train(Optimizer.Adam)", "HuberDelta must be")]
    public void NG1018_option_out_of_range(string nodes, string message) => Assert.StartsWith(message, Marked.ExpectOnly("NG1018", Net(nodes)).Analyze()[0].GetMessage());

    [Theory]
    [InlineData(Heads + ", Loss(\"a\", Loss.HalfSquaredError, HuberDelta = ⟦2⟧), Loss(\"b\", Loss.Huber), Train(Optimizer.Adam)")]
    [InlineData(Heads + ", Loss(\"a\", Loss.HalfSquaredError), Loss(\"b\", Loss.Huber), Train(Optimizer.Adam, HuberDelta = ⟦2⟧)")]
    [InlineData(Heads + ", Loss(\"a\", Loss.HalfSquaredError), Loss(\"b\", ⟦Loss.Custom⟧), Train(Optimizer.Adam)")]
    [InlineData(Heads + ", Loss(\"a\", ⟦Loss.WeightedSum⟧), Loss(\"b\", Loss.Huber), Train(Optimizer.Adam)")]
    [InlineData("Input(9), Dense(4), Train(⟦Loss.WeightedSum⟧)")]
    public void NG1017_option_does_not_apply(string nodes) => Marked.ExpectOnly("NG1017", Net(nodes));

    [Theory]
    [InlineData("NG1031", "Input(9), Dense(4), ⟦Train(Optimizer.Adam)⟧")]
    [InlineData("NG1032", Heads + ", Loss(\"a\", Loss.Huber), Loss(\"b\", Loss.Huber), Train(⟦Loss.Huber⟧, Optimizer.Adam)")]
    public void Losses_missing_or_given_twice(string id, string nodes) => Marked.ExpectOnly(id, Net(nodes));

    [Fact]
    public void NG1033_loss_without_train() => Marked.Expect("NG1033", Net(Heads + ", ⟦Loss(\"a\", Loss.Huber)⟧, Output(\"a\", \"b\")"));

    [Theory]
    [InlineData("Input(9), Dense(5, Name = \"h\"), Dense(4, Name = \"a\"), ⟦Dense(3, Name = \"b\", From = new[] { \"h\" })⟧, Output(\"a\", \"b\"), Loss(\"a\", Loss.Huber), Train(Optimizer.Adam)")]
    [InlineData("Input(2, Name = \"x\"), ⟦Input(3, Name = \"y\")⟧, Dense(4, Name = \"a\", From = new[] { \"x\" }), Output(\"a\", \"y\"), Loss(\"a\", Loss.Huber), Train(Optimizer.Adam)")]
    public void NG2009_no_loss_depends_on_it(string nodes) => Marked.ExpectOnly("NG2009", Net(nodes));

    [Theory]
    [InlineData(Heads + ", Output(\"a\", \"b\", ⟦\"c\"⟧), Loss(\"a\", Loss.Huber), Loss(\"b\", Loss.Huber), Train(Optimizer.Adam)")]
    [InlineData(Heads + ", Loss(\"a\", Loss.Huber), Loss(⟦\"B\"⟧, Loss.Huber), Train(Optimizer.Adam)")]
    public void NG2025_unknown_output(string nodes) => Marked.ExpectOnly("NG2025", Net(nodes));

    [Theory]
    [InlineData(Heads + ", Output(\"a\", \"b\", ⟦\"a\"⟧), Loss(\"a\", Loss.Huber), Loss(\"b\", Loss.Huber), Train(Optimizer.Adam)")]
    [InlineData(Heads + ", Output(\"a\", \"b\"), Loss(\"a\", Loss.Huber), Loss(\"b\", Loss.Huber), Loss(⟦\"a\"⟧, Loss.Huber), Train(Optimizer.Adam)")]
    [InlineData(Heads + ", Loss(\"a\", Loss.Huber), Loss(\"b\", Loss.Huber), Loss(⟦\"a\"⟧, Loss.Huber), Train(Optimizer.Adam)")]
    public void NG2026_named_twice(string nodes) => Marked.ExpectOnly("NG2026", Net(nodes));

    [Fact]
    public void NG2027_loss_of_no_output() => Marked.ExpectOnly(
        "NG2027", Net("Input(9), Dense(4, Name = \"a\"), Dense(3, Name = \"b\"), Output(\"b\"), Loss(\"b\", Loss.Huber), Loss(⟦\"a\"⟧, Loss.Huber), Train(Optimizer.Adam)"));

    [Theory]
    [InlineData("NG2011", "Input(9), Dense(4, ⟦Activation.Softmax⟧, Name = \"a\"), Dense(3, Name = \"b\", From = new[] { \"input\" }), Loss(\"a\", Loss.SoftmaxCrossEntropy), Loss(\"b\", Loss.Huber), Train(Optimizer.Adam)")]
    [InlineData("NG2013", Heads + ", Loss(\"a\", ⟦Loss.CrossEntropy⟧), Loss(\"b\", Loss.Huber), Train(Optimizer.Adam)")]
    [InlineData("NG2023", Heads + ", Loss(\"a\", Loss.GaussianNLL), Loss(\"b\", ⟦Loss.GaussianNLL⟧), Train(Optimizer.Adam)")]
    public void Losses_that_do_not_fit_their_output(string id, string nodes) => Marked.ExpectOnly(id, Net(nodes));

    private static string Net(string nodes) => $"[Network, {nodes}] partial class Net;";
}
