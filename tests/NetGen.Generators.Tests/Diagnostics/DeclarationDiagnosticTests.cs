using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Diagnostics;

/// <summary>Each NG1xxx: its exact place, and that nothing else is reported.</summary>
public class DeclarationDiagnosticTests
{
    private const string Net = "[Network, Input(2), Dense(3), Train(Loss.HalfSquaredError)]";

    [Fact]
    public void NG1001_not_partial() => Marked.Expect("NG1001", $"{Net} class ⟦Net⟧;");

    [Fact]
    public void NG1002_outer_type_not_partial() =>
        Marked.Expect("NG1002", $"partial class Whole {{ struct ⟦Outer⟧ {{ partial record R {{ {Net} partial class Net; }} }} }}");

    [Fact]
    public void NG1002_outer_types_of_the_same_name() =>
        Marked.Expect("NG1002", $"partial class Outer {{ partial class Between {{ class ⟦Outer⟧ {{ {Net} partial class Net; }} }} }}");

    [Fact]
    public void NG1003_generic() => Assert.Empty(Marked.Expect("NG1003", $"{Net} partial class ⟦Net⟧<T> where T : struct;").CompilerErrors);

    [Fact]
    public void NG1003_nested_in_generic() =>
        Assert.Empty(Marked.Expect("NG1003", $"partial interface IOuter<T> {{ {Net} public partial class ⟦Net⟧; INetwork Make() => new Net(1); }}").CompilerErrors);

    [Fact]
    public void NG1004_static() => Assert.Empty(Marked.Expect("NG1004", $"{Net} static partial class ⟦Net⟧;").Files);

    [Fact]
    public void NG1005_abstract() => Assert.Empty(Marked.Expect("NG1005", $"{Net} abstract partial class ⟦Net⟧; class More : Net;").CompilerErrors);

    [Fact]
    public void NG1006_file_local() => Assert.Empty(Marked.Expect("NG1006", $"{Net} file partial class ⟦Net⟧;").Files);

    [Fact]
    public void NG1006_nested_in_file_local() => Assert.Empty(Marked.Expect("NG1006", $"file partial class Outer {{ {Net} internal partial class ⟦Net⟧; }}").Files);

    [Fact]
    public void NG1007_record() => Marked.ExpectOnly("NG1007", $"{Net} partial record ⟦Net⟧;");

    [Fact]
    public void NG1007_record_with_parameters() =>
        Assert.Empty(Marked.Expect("NG1007", $"{Net} partial record ⟦Net⟧(int Given); class Use {{ Net Make() => new(1); }}").CompilerErrors);

    [Theory]
    [InlineData("public static int ⟦InputSize⟧ => 3;")]
    [InlineData("public static int ⟦OutputSize⟧ = 3;")]
    [InlineData("public const int ⟦ParameterCount⟧ = 3;")]
    [InlineData("public const int ⟦BatchSize⟧ = 3;")]
    [InlineData("public static string ⟦Summary⟧() => string.Empty;")]
    [InlineData("public double ⟦LearningRate⟧ { get; set; }")]
    [InlineData("public object? ⟦Parameters⟧ = null;")]
    [InlineData("public object? ⟦Buffers⟧ = null;")]
    [InlineData("public object? ⟦OptimizerState⟧ = null;")]
    [InlineData("public long ⟦StepCount⟧ = 0;")]
    [InlineData("public int ⟦Seed⟧ => 0;")]
    [InlineData("public float ⟦DropoutRate⟧ => 0;")]
    [InlineData("public float ⟦Momentum⟧ => 0;")]
    [InlineData("public float ⟦WeightDecay⟧ => 0;")]
    [InlineData("public enum ⟦Loss⟧ { Mine }")]
    [InlineData("public class ⟦Kernels512⟧;")]
    [InlineData("private event System.Action? ⟦Kernels256⟧ { add { } remove { } }")]
    [InlineData("private static void ⟦Kernels128⟧() { }")]
    [InlineData("public int ⟦netgenBlock⟧ = 3;")]
    [InlineData("public void ⟦Predict⟧(System.ReadOnlySpan<float> x, System.Span<float> y) { }")]
    [InlineData("public int ⟦Predict⟧ => 3;")]
    [InlineData("public float ⟦TrainBatch⟧(System.ReadOnlySpan<float> x, System.ReadOnlySpan<int> y) => 1;")]
    [InlineData("public float ⟦ComputeLoss⟧(System.ReadOnlySpan<float> x, System.ReadOnlySpan<float> y) => 1;")]
    [InlineData("public float ⟦ComputeGradients⟧(System.ReadOnlySpan<float> x, System.ReadOnlySpan<float> y, Gradients g) => 1;")]
    [InlineData("public object ⟦CreateGradients⟧() => this;")]
    [InlineData("int INetwork.⟦InputSize⟧ => 3;")]
    [InlineData("void INetwork.⟦Predict⟧(System.ReadOnlySpan<float> x, System.Span<float> y) { }")]
    public void NG1008_member_clash(string member)
    {
        var declared = member.Contains("INetwork.") ? "INetwork" : "object";
        var run = Marked.Expect("NG1008", $"{Net.Replace("Loss.", "NetGen.Loss.")} partial class Net : {declared} {{ {member} }} class Use {{ ITrainableNetwork Make() => new Net(seed: 1); }}");
        Assert.Empty(run.CompilerErrors);
    }

    [Theory]
    [InlineData("public void ⟦Predict⟧(System.ReadOnlySpan<byte> x, System.Span<float> y) { }")]
    [InlineData("public float ⟦TrainBatch⟧(System.ReadOnlySpan<byte> x, System.ReadOnlySpan<int> y) => 1;")]
    [InlineData("float IByteInputNetwork.⟦Scale⟧ => 3;")]
    public void NG1008_member_clash_where_inputs_are_bytes(string member)
    {
        var declared = member.Contains("IByteInputNetwork.") ? "IByteInputNetwork" : "object";
        var attributes = "[Network, Input(2, Offset = -1), Dense(3), Train(Loss.SoftmaxCrossEntropy)]";
        var run = Marked.Expect("NG1008", $"{attributes} partial class Net : {declared} {{ {member} }} class Use {{ IByteInputNetwork Make() => new Net(seed: 1); }}");
        Assert.Empty(run.CompilerErrors);
    }

    [Theory]
    [InlineData("public void Predict(System.ReadOnlySpan<byte> x, System.Span<float> y) { }")]
    [InlineData("public float TrainBatch(System.ReadOnlySpan<byte> x, System.ReadOnlySpan<int> y) => 1;")]
    [InlineData("public void Predict(float[] x) { }")]
    [InlineData("public void Predict<T>(System.ReadOnlySpan<float> x, System.Span<float> y) { }")]
    [InlineData("public void Predict(System.ReadOnlySpan<float> x, ref System.Span<float> y) { }")]
    [InlineData("public float TrainBatch(float[] x, int[] y) => 1;")]
    [InlineData("public int inputSize => 3;")]
    public void Overloads_and_other_names_are_welcome(string member) => Marked.ExpectNothing($"{Net} partial class Net {{ {member} }}");

    [Theory]
    [InlineData("public int BatchSize => 3;")]
    [InlineData("public void TrainBatch(System.ReadOnlySpan<float> x, System.ReadOnlySpan<float> y) { }")]
    public void Names_of_training_are_free_without_it(string member) => Marked.ExpectNothing($"[Network, Input(2), Dense(3)] partial class Net {{ {member} }}");

    [Theory]
    [InlineData("public ⟦Net⟧(string name) { }")]
    [InlineData("public ⟦Net⟧(string name) : base() { }")]
    [InlineData("private ⟦Net⟧() { }")]
    public void NG1009_constructor_of_its_own(string constructor) => Marked.ExpectOnly("NG1009", $"{Net} partial class Net {{ {constructor} }}");

    [Fact]
    public void NG1009_constructor_like_the_generated() =>
        Assert.Empty(Marked.Expect("NG1009", $"{Net} partial class Net {{ public ⟦Net⟧(int seed) {{ }} }} class Use {{ INetwork Make() => new Net(1); }}").CompilerErrors);

    [Theory]
    [InlineData("public Net(string name) : this(seed: name.Length) { }")]
    [InlineData("public Net(string name) : this(name, 3) { } public Net(string name, int seed) : this(seed) { }")]
    [InlineData("static Net() { }")]
    public void Constructors_that_call_ours_are_welcome(string constructors) => Marked.ExpectNothing($"{Net} partial class Net {{ {constructors} }}");

    [Fact]
    public void NG1010_primary_constructor() => Assert.Empty(
        Marked.Expect("NG1010", $"{Net} partial class ⟦Net⟧(string name) {{ public string Name => name; }} class Use {{ INetwork Make() => new Net(\"\"); }}").CompilerErrors);

    [Theory]
    [InlineData("Predict")]
    [InlineData("TrainBatch")]
    [InlineData("Summary")]
    [InlineData("InputSize")]
    [InlineData("Kernels512")]
    [InlineData("Loss")]
    public void NG1011_class_named_like_a_member(string name) => Assert.Empty(
        Marked.Expect("NG1011", $"{Net.Replace("Loss", "NetGen.Loss")} partial class ⟦{name}⟧; class Use {{ ITrainableNetwork Make() => new {name}(seed: 1); }}").CompilerErrors);

    [Fact]
    public void NG1012_layers_on_several_parts() => Assert.Empty(Marked.Expect(
        "NG1012",
        "[Network, Input(2), Dense(3)] partial class Net; [⟦Dense(4)⟧, Dense(5)] partial class Net; class Use { INetwork Make() => new Net(); }").CompilerErrors);

    [Fact]
    public void Layers_may_stand_on_another_part_than_Network_and_Train() =>
        Marked.ExpectNothing("[Network] partial class Net; [Input(2), Dense(3)] partial class Net;", "[NetGen.Train(NetGen.Loss.Huber)] partial class Net;");

    [Theory]
    [InlineData("Input(null!)")]
    [InlineData("Input()")]
    [InlineData("Input")]
    [InlineData("Input(new int[0])")]
    [InlineData("Input(shape: null!, Name = \"x\")")]
    public void NG1013_no_shape(string input) => Marked.ExpectOnly(
        "NG1013",
        $"[Network, ⟦{input}⟧, Dense(3), Train(Loss.HalfSquaredError)] partial class Net;");

    [Theory]
    [InlineData("Dense(3, ⟦(Activation)99⟧), Train(Loss.HalfSquaredError)")]
    [InlineData("Dense(3, activation: ⟦(Activation)(-1)⟧), Train(Loss.HalfSquaredError)")]
    [InlineData("Dense(3), Activation(⟦(Activation)99⟧), Train(Loss.HalfSquaredError)")]
    [InlineData("Dense(3, WeightInitializer = ⟦(Initializer)99⟧), Train(Loss.HalfSquaredError)")]
    [InlineData("Dense(3, BiasInitializer = ⟦(Initializer)99⟧), Train(Loss.HalfSquaredError)")]
    [InlineData("Dense(3), Train(⟦(Loss)99⟧)")]
    [InlineData("Dense(3), Train(optimizer: ⟦(Optimizer)99⟧, loss: Loss.Huber)")]
    public void NG1014_undefined_enum_value(string rest) => Marked.ExpectOnly("NG1014", $"[Network, Input(2), {rest}] partial class Net;");

    [Theory]
    [InlineData("Input(2), Dense(3, Name = ⟦\"\"⟧)")]
    [InlineData("Input(2), Dense(3, Name = ⟦\"1st\"⟧)")]
    [InlineData("Input(2), Dense(3, Name = ⟦\"a.b\"⟧)")]
    [InlineData("Input(2), Dense(3, Name = ⟦\"größe\"⟧)")]
    [InlineData("Input(2, Name = ⟦\"_\"⟧), Dense(3)")]
    public void NG1015_invalid_name(string nodes) => Marked.ExpectOnly("NG1015", $"[Network, {nodes}, Train(Loss.HalfSquaredError)] partial class Net;");

    [Theory]
    [InlineData("Input(2), Dense(3, Name = \"a\"), Dense(3, Name = ⟦\"A\"⟧)")]
    [InlineData("Input(2), Dense(3, Name = \"layer2\"), ⟦Dense(3)⟧")]
    [InlineData("Input(2), Dense(3, Name = ⟦\"input\"⟧)")]
    public void NG1016_name_twice(string nodes) => Marked.ExpectOnly("NG1016", $"[Network, {nodes}, Train(Loss.HalfSquaredError)] partial class Net;");

    [Theory]
    [InlineData("Dense(3, NegativeSlope = ⟦0.1⟧), Train(Loss.HalfSquaredError)")]
    [InlineData("Dense(3, Activation.ReLU, Alpha = ⟦1⟧), Train(Loss.HalfSquaredError)")]
    [InlineData("Dense(3), Activation(Activation.ELU, NegativeSlope = ⟦0.1⟧), Train(Loss.HalfSquaredError)")]
    [InlineData("Dense(3, Bias = false, BiasInitializer = ⟦Initializer.Zeros⟧), Train(Loss.HalfSquaredError)")]
    [InlineData("Dense(3), Train(Loss.HalfSquaredError, HuberDelta = ⟦2⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Momentum = 0.9, Beta1 = ⟦0.9⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.Sgd, Epsilon = ⟦1e-8⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.Adam, Momentum = ⟦0.9⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.Adam, Nesterov = ⟦true⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.Adagrad, Beta2 = ⟦0.9⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.RMSprop, Rho = ⟦0.9⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.Adadelta, Alpha = ⟦0.9⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.Sgd, Nesterov = ⟦true⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Momentum = 0, Nesterov = ⟦true⟧)")]
    public void NG1017_option_does_not_apply(string rest) => Marked.ExpectOnly("NG1017", $"[Network, Input(2), {rest}] partial class Net;");

    [Theory]
    [InlineData("Dense(3), Train(Loss.Huber, LearningRate = ⟦0⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, LearningRate = ⟦double.NaN⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, LearningRate = ⟦1e300 * 1e300⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, LearningRate = ⟦1e300⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, BatchSize = ⟦0⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, BatchSize = ⟦2_000_000⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, HuberDelta = ⟦-1⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Momentum = ⟦-0.1⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, WeightDecay = ⟦double.PositiveInfinity⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.Adam, Beta1 = ⟦1⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.Adam, Beta2 = ⟦0.9999999999⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.Adam, Beta2 = ⟦-0.1⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.Adam, Epsilon = ⟦0⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.Adadelta, Rho = ⟦1⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, Optimizer.RMSprop, Alpha = ⟦double.NaN⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, ClipNorm = ⟦0⟧)")]
    [InlineData("Dense(3), Train(Loss.Huber, ClipValue = ⟦-1⟧)")]
    [InlineData("Dense(3, Activation.LeakyReLU, NegativeSlope = ⟦-0.1⟧), Train(Loss.Huber)")]
    [InlineData("Dense(3, Activation.ELU, Alpha = ⟦0⟧), Train(Loss.Huber)")]
    [InlineData("Dense(3), Activation(Activation.ELU, Alpha = ⟦-1⟧), Train(Loss.Huber)")]
    public void NG1018_option_out_of_range(string rest) => Marked.ExpectOnly("NG1018", $"[Network, Input(2), {rest}] partial class Net;");

    [Theory]
    [InlineData("Dropout(⟦1⟧)")]
    [InlineData("Dropout(⟦-0.1⟧)")]
    [InlineData("Dropout(rate: ⟦double.NaN⟧)")]
    [InlineData("Dropout(⟦0.99999999999⟧)")]
    [InlineData("GaussianNoise(⟦-1⟧)")]
    [InlineData("GaussianNoise(⟦1e60⟧)")]
    [InlineData("BatchNorm(Momentum = ⟦0⟧)")]
    [InlineData("BatchNorm(Momentum = ⟦1.5⟧)")]
    [InlineData("BatchNorm(Epsilon = ⟦0⟧)")]
    [InlineData("LayerNorm(Epsilon = ⟦-1e-5⟧)")]
    public void NG1018_layer_out_of_range(string layer) =>
        Marked.ExpectOnly("NG1018", $"[Network, Input(2), {layer}, Dense(3), Train(Loss.Huber)] partial class Net;");

    [Theory]
    [InlineData("Scale = ⟦0⟧")]
    [InlineData("Scale = ⟦double.NaN⟧")]
    [InlineData("Scale = ⟦1e-60⟧, Offset = 1")]
    [InlineData("Scale = ⟦1e37⟧")]
    [InlineData("Offset = ⟦1e39⟧")]
    [InlineData("Scale = 2, Offset = ⟦double.NegativeInfinity⟧")]
    public void NG1018_bytes_that_are_no_numbers(string options) =>
        Marked.ExpectOnly("NG1018", $"[Network, Input(2, {options}), Dense(3), Train(Loss.Huber)] partial class Net;");

    [Fact]
    public void NG1019_layers_without_network()
    {
        var run = Marked.Expect("NG1019", "[Input(2), Dense(3)] partial class ⟦Net⟧;");
        Assert.Empty(run.Files);
        Assert.Equal(DiagnosticSeverity.Warning, run.Analyze()[0].Severity);
    }

    [Fact]
    public void NG1020_language_version()
    {
        var run = GeneratorRun.Of(Marked.Compile($"{Net} partial class Net {{ }}", LanguageVersion.CSharp8));
        Assert.Equal(["NG1020"], Marked.Ids(run.Analyze()));
        Assert.Empty(run.CompilerErrors);
    }

    [Theory]
    [InlineData("1024")]
    [InlineData("512;x")]
    [InlineData(";")]
    public void NG1021_vector_widths(string widths)
    {
        var run = GeneratorRun.Of(Marked.Compile($"{Net} partial class Net;", LanguageVersion.CSharp12), ("NetGenVectorWidths", widths));
        Assert.Equal(["NG1021"], Marked.Ids(run.Analyze()));
        Assert.Single(run.Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("512")]
    [InlineData("128; 256;512;")]
    [InlineData("256,128")]
    public void Vector_widths_come_in_any_order(string widths) =>
        Assert.Empty(GeneratorRun.Of(Marked.Compile($"{Net} partial class Net;", LanguageVersion.CSharp12), ("NetGenVectorWidths", widths)).Analyze());

    [Fact]
    public void NG1022_input_after_layer() => Marked.ExpectOnly("NG1022", "[Network, Dense(3), ⟦Input(2)⟧, Train(Loss.HalfSquaredError)] partial class Net;");

    [Theory]
    [InlineData("class Parent { public Parent(string name) { } }")]
    [InlineData("class Parent { private Parent() { } }")]
    [InlineData("class Parent { protected object? Summary => null; }")]
    [InlineData("class Parent { public void Predict(System.ReadOnlySpan<float> x, System.Span<float> y) { } }")]
    public void NG1023_base_class(string parent) => Marked.Expect("NG1023", $"{Net} partial class ⟦Net⟧ : Parent; {parent}");

    [Fact]
    public void NG1023_base_class_is_a_network() => Marked.Expect("NG1023", $"{Net} partial class ⟦Net⟧ : Parent; {Net} partial class Parent;");

    [Fact]
    public void A_base_class_without_such_members_is_welcome() =>
        Marked.ExpectNothing($"{Net} partial class Net : Parent; class Parent {{ public void Predict(int x) {{ }} private int InputSize; protected Parent() {{ }} }}");
}
