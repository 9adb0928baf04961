using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Diagnostics;

/// <summary>What can be wrong with layers over images and sequences, and with joins: its exact place, and that nothing else is reported.</summary>
public class ImageDiagnosticTests
{
    [Theory]
    [InlineData("Input(3, ⟦0⟧, 8), Conv2D(4, 1)")]
    [InlineData("Input(3, 8, 8), Conv2D(⟦0⟧, 3)")]
    [InlineData("Input(3, 8, 8), Conv2D(4, ⟦0⟧)")]
    [InlineData("Input(3, 8, 8), Conv2D(4, ⟦-1⟧, 3)")]
    [InlineData("Input(3, 8, 8), Conv2D(4, 3, kernelWidth: ⟦0⟧)")]
    [InlineData("Input(3, 8), Conv1D(4, kernel: ⟦0⟧)")]
    [InlineData("Input(3, 8, 8), MaxPool2D(⟦0⟧)")]
    [InlineData("Input(3, 8, 8), AvgPool2D(2, ⟦0⟧)")]
    [InlineData("Input(3, 8), MaxPool1D(⟦-2⟧)")]
    [InlineData("Input(12), Reshape(3, ⟦0⟧, 4)")]
    public void NG2003_size_below_one(string nodes) => Marked.ExpectOnly("NG2003", Net(nodes));

    [Theory]
    [InlineData("Input(3, 8, 8), Conv2D(4, 3, Stride = ⟦0⟧)", "Stride")]
    [InlineData("Input(3, 8, 8), Conv2D(4, 3, Dilation = ⟦0⟧)", "Dilation")]
    [InlineData("Input(3, 8, 8), Conv2D(4, 3, Padding = ⟦-2⟧)", "Padding")]
    [InlineData("Input(3, 8, 8), Conv2D(4, 3, Groups = ⟦0⟧)", "Groups")]
    [InlineData("Input(3, 8, 8), MaxPool2D(3, Stride = ⟦-1⟧)", "Stride")]
    [InlineData("Input(3, 8, 8), MaxPool2D(3, Padding = ⟦2⟧)", "Padding")]
    [InlineData("Input(3, 8), AvgPool1D(3, Padding = ⟦2⟧)", "Padding")]
    [InlineData("Input(⟦2, 2, 2, 2⟧), Flatten", "shape")]
    [InlineData("Input(16), Reshape(⟦2, 2, 2, 2⟧)", "shape")]
    public void NG1018_option_out_of_range(string nodes, string option) =>
        Assert.StartsWith(option, Marked.ExpectOnly("NG1018", Net(nodes)).Analyze()[0].GetMessage());

    [Theory]
    [InlineData("Input(3, 64, 64), Conv2D(⟦100_000⟧, 1)")]
    [InlineData("Input(4096, 1, 1), Conv2D(⟦500_000⟧, 1)")]
    public void NG2004_too_large(string nodes) => Marked.ExpectOnly("NG2004", Net(nodes));

    [Theory]
    [InlineData("Input(3, 4), Add(\"input\", ⟦\"image\"⟧)", "NG2005")]
    [InlineData("Input(3, 4), Concat(⟦\"layer1\"⟧, \"input\")", "NG2006")]
    [InlineData("Input(3, 4), ⟦Add(\"input\")⟧", "NG2007")]
    [InlineData("Input(3, 4), ⟦Multiply⟧", "NG2007")]
    [InlineData("Input(3, 4), Flatten(From = ⟦new[] { \"input\", \"input\" }⟧)", "NG2007")]
    public void Sources_that_do_not_fit(string nodes, string id) => Marked.ExpectOnly(id, Net(nodes));

    [Theory]
    [InlineData("Input(3, 4, 4), Conv2D(2, 3), ⟦Dense(4)⟧")]
    [InlineData("Input(⟦3, 4⟧), LayerNorm")]
    [InlineData("Input(3, 4), MaxPool1D(2), ⟦LayerNorm(Epsilon = 0.01)⟧")]
    [InlineData("Input(12), Reshape(3, 4), ⟦Dense(4, Activation.Tanh)⟧")]
    public void NG2010_not_flat(string nodes) => Marked.ExpectOnly("NG2010", Net(nodes));

    [Theory]
    [InlineData("Input(9), ⟦Conv2D(4, 3)⟧")]
    [InlineData("Input(3, 9), ⟦Conv2D(4, 3)⟧")]
    [InlineData("Input(3, 9, 9), ⟦Conv1D(4, 3)⟧")]
    [InlineData("Input(3, 9), ⟦MaxPool2D(2)⟧")]
    [InlineData("Input(3, 9, 9), ⟦AvgPool1D(2)⟧")]
    [InlineData("Input(9), ⟦GlobalAvgPool⟧")]
    [InlineData("Input(3, 9, 9), Flatten, ⟦GlobalMaxPool(Name = \"pool\")⟧")]
    public void NG2017_not_an_image(string nodes) => Marked.ExpectOnly("NG2017", Net(nodes));

    [Theory]
    [InlineData("Input(1, 4, 5), ⟦Conv2D(4, 5)⟧")]
    [InlineData("Input(1, 4, 5), ⟦Conv2D(4, 2, 6)⟧")]
    [InlineData("Input(1, 4, 5), ⟦Conv2D(4, 3, Dilation = 2)⟧")]
    [InlineData("Input(1, 2, 2), ⟦Conv2D(4, 7, Padding = 2)⟧")]
    [InlineData("Input(1, 4), ⟦Conv1D(4, 5)⟧")]
    [InlineData("Input(1, 4, 4), MaxPool2D(2), ⟦AvgPool2D(3)⟧")]
    public void NG2018_window_too_large(string nodes) => Marked.ExpectOnly("NG2018", Net(nodes));

    [Theory]
    [InlineData("Input(3, 4, 4), Conv2D(4, 3, Groups = ⟦2⟧)")]
    [InlineData("Input(4, 4, 4), Conv2D(3, 3, Groups = ⟦2⟧)")]
    [InlineData("Input(4, 4), Conv1D(6, 3, Groups = ⟦4⟧)")]
    public void NG2019_groups(string nodes) => Marked.ExpectOnly("NG2019", Net(nodes));

    [Theory]
    [InlineData("Input(3, 4, 4), Conv2D(3, 3, Name = \"a\"), Add(\"input\", ⟦\"a\"⟧)")]
    [InlineData("Input(3, 4, 4), Flatten(Name = \"a\"), Multiply(\"a\", \"a\", ⟦\"input\"⟧)")]
    [InlineData("Input(3, 4, 4), Conv2D(3, 3, Name = \"a\"), Concat(\"input\", ⟦\"a\"⟧)")]
    [InlineData("Input(3, 4), Reshape(3, 2, 2, Name = \"a\"), Concat(\"input\", ⟦\"a\"⟧)")]
    public void NG2020_shapes_differ(string nodes) => Marked.ExpectOnly("NG2020", Net(nodes));

    [Theory]
    [InlineData("Input(12), Reshape(⟦3, 5⟧)")]
    [InlineData("Input(3, 4), Reshape(⟦11⟧)")]
    [InlineData("Input(3, 4), Reshape(⟦50_000, 50_000, 50_000⟧)")]
    public void NG2021_reshape(string nodes) => Marked.ExpectOnly("NG2021", Net(nodes));

    [Theory]
    [InlineData("Input(3, 4, 4), Conv2D(5, 3, ⟦Activation.Softmax⟧)")]
    [InlineData("Input(3, 4), Activation(⟦Activation.Softmax⟧)")]
    public void NG2022_softmax(string nodes) => Marked.ExpectOnly("NG2022", Net(nodes));

    [Theory]
    [InlineData("Input(3, 8, 8), BatchNorm, Dropout(0.1), GaussianNoise(0.1), Activation(Activation.Tanh)")]
    [InlineData("Input(3, 8, 8), Conv2D(4, 3, Padding = Padding.Same), Conv2D(4, 8, 1, Activation.ELU, Alpha = 0.5, StrideWidth = 3, Groups = 4, Bias = false)")]
    [InlineData("Input(3, 1, 1), Conv2D(4, 5, Padding = 2, Stride = 3), MaxPool2D(1)")]
    [InlineData("Input(3, 8), Conv1D(4, 8), GlobalMaxPool, Dense(2)")]
    [InlineData("Input(3, 8), GlobalAvgPool(Name = \"a\"), GlobalMaxPool(From = [\"input\"]), Add(\"a\", \"layer2\", \"a\")")]
    [InlineData("Input(12), Reshape(3, 4), Reshape(12), Reshape(3, 2, 2), Flatten, Activation(Activation.Softmax)")]
    [InlineData("Input(3, 4), Conv1D(5, 3, Padding = 1), Concat(\"input\", \"layer1\"), Multiply(\"layer2\", \"layer2\")")]
    public void What_fits_is_not_reported(string nodes) => Marked.ExpectNothing(Net(nodes));

    [Fact]
    public void BatchNorm_of_one_image_has_its_pixels() =>
        Marked.ExpectNothing("[Network, Input(3, 4, 4), BatchNorm, Train(Loss.Huber, BatchSize = 1)] partial class Net;");

    [Theory]
    [InlineData("Input(3, 1, 1), ⟦BatchNorm⟧")]
    [InlineData("Input(3, 4, 4), GlobalAvgPool, ⟦BatchNorm⟧")]
    public void NG2015_batch_of_one_number(string nodes) => Marked.ExpectOnly("NG2015", $"[Network, {nodes}, Train(Loss.Huber, BatchSize = 1)] partial class Net;");

    [Theory]
    [InlineData("Input(3, 8, 8), ConvTranspose2D(⟦0⟧, 3)", "NG2003")]
    [InlineData("Input(3, 8, 8), ConvTranspose2D(4, ⟦0⟧)", "NG2003")]
    [InlineData("Input(3, 8, 8), ConvTranspose2D(4, ⟦-1⟧, 3)", "NG2003")]
    [InlineData("Input(3, 8, 8), ConvTranspose2D(4, 3, ⟦0⟧)", "NG2003")]
    [InlineData("Input(3, 8), ConvTranspose1D(4, ⟦-1⟧)", "NG2003")]
    [InlineData("Input(8), Linear(⟦0⟧)", "NG2003")]
    [InlineData("Input(⟦3, 8, 8⟧), Linear(3)", "NG2010")]
    [InlineData("Input(3, 8, 8), Bias, ⟦Linear(3)⟧", "NG2010")]
    [InlineData("Input(9), ⟦ConvTranspose2D(4, 3)⟧", "NG2017")]
    [InlineData("Input(3, 9), ⟦ConvTranspose2D(4, 3)⟧", "NG2017")]
    [InlineData("Input(3, 9, 9), ⟦ConvTranspose1D(4, 3)⟧", "NG2017")]
    [InlineData("Input(3, 4, 4), ConvTranspose2D(4, 3, Groups = ⟦2⟧)", "NG2019")]
    [InlineData("Input(4, 4, 4), ConvTranspose2D(3, 3, Groups = ⟦2⟧)", "NG2019")]
    [InlineData("Input(3, 4, 4), ConvTranspose2D(5, 3, ⟦Activation.Softmax⟧)", "NG2022")]
    [InlineData("Input(64, 64, 64), ConvTranspose2D(⟦64⟧, 1, Stride = 2_000)", "NG2004")]
    [InlineData("Input(64, 1, 1), ConvTranspose2D(⟦64⟧, 5_000, Padding = 2_400)", "NG2004")]
    [InlineData("Input(2, 3), ConvTranspose1D(⟦64⟧, 3, Dilation = int.MaxValue)", "NG2004")]
    [InlineData("Input(3, 4, 4), Conv2D(3, 3), ConvTranspose2D(3, 3, Bias = false, BiasInitializer = ⟦Initializer.Ones⟧)", "NG1017")]
    [InlineData("Input(3, 4, 4), ConvTranspose2D(3, 3, NegativeSlope = ⟦0.1⟧)", "NG1017")]
    public void Transposed_convolutions_and_bricks_that_do_not_fit(string nodes, string id) => Marked.ExpectOnly(id, Net(nodes));

    [Theory]
    [InlineData("Stride = ⟦0⟧", "Stride must be at least 1, but is 0")]
    [InlineData("StrideHeight = ⟦0⟧", "StrideHeight must be at least 1, but is 0")]
    [InlineData("Stride = ⟦0⟧, StrideWidth = 2", "StrideHeight must be at least 1, but is 0")]
    [InlineData("StrideWidth = ⟦-3⟧", "StrideWidth must be at least 1, but is -3")]
    [InlineData("Dilation = ⟦0⟧", "Dilation must be at least 1, but is 0")]
    [InlineData("Padding = ⟦-2⟧", "Padding must be from 0 to 4096, or Padding.Same, but is -2")]
    [InlineData("PaddingHeight = ⟦5_000⟧", "PaddingHeight must be from 0 to 4096, or Padding.Same, but is 5000")]
    [InlineData("OutputPadding = ⟦1⟧", "OutputPadding must be from 0 to below the larger of stride and dilation, 1, but is 1")]
    [InlineData("OutputPadding = ⟦-1⟧, Stride = 3", "OutputPadding must be from 0 to below the larger of stride and dilation, 3, but is -1")]
    [InlineData("OutputPadding = ⟦1⟧, StrideHeight = 2", "OutputPadding must be from 0 to below the larger of stride and dilation, 1, but is 1")]
    [InlineData("OutputPaddingWidth = ⟦3⟧, OutputPaddingHeight = 2, Stride = 3, Dilation = 2", "OutputPaddingWidth must be from 0 to below the larger of stride and dilation, 3, but is 3")]
    public void NG1018_option_of_a_transposed_convolution(string option, string message) =>
        Assert.Equal(message, Marked.ExpectOnly("NG1018", Net($"Input(3, 8, 8), ConvTranspose2D(4, 3, {option})")).Analyze()[0].GetMessage());

    [Theory]
    [InlineData("Stride = 2, Padding = Padding.Same, OutputPadding = ⟦1⟧", "OutputPadding needs Padding as a number; with Padding.Same it has no effect")]
    [InlineData("Stride = 2, PaddingWidth = Padding.Same, OutputPaddingWidth = ⟦1⟧", "OutputPaddingWidth needs Padding as a number; with Padding.Same it has no effect")]
    public void NG1017_output_padding_beside_same(string options, string message) =>
        Assert.Equal(message, Marked.ExpectOnly("NG1017", Net($"Input(3, 8, 8), ConvTranspose2D(4, 3, {options})")).Analyze()[0].GetMessage());

    [Theory]
    [InlineData("Input(3, 2, 2), ConvTranspose2D(4, 3, Padding = ⟦2⟧, Name = \"up\")", "'up' gives 4 rows, and Padding cuts off 2 at either end: none is left")]
    [InlineData("Input(3, 9, 2), ConvTranspose2D(4, 3, PaddingWidth = ⟦3⟧)", "'layer1' gives 4 columns, and Padding cuts off 3 at either end: none is left")]
    [InlineData("Input(3, 2), ConvTranspose1D(4, 1, Stride = 3, Padding = ⟦2⟧)", "'layer1' gives 4 numbers, and Padding cuts off 2 at either end: none is left")]
    public void NG2028_nothing_left(string nodes, string message) => Assert.Equal(message, Marked.ExpectOnly("NG2028", Net(nodes)).Analyze()[0].GetMessage());

    [Theory]
    [InlineData("Input(3, 2, 2), ConvTranspose2D(4, 2, Stride = 3, Padding = ⟦Padding.Same⟧)")]
    [InlineData("Input(3, 2, 2), ConvTranspose2D(4, 2, StrideWidth = 3, Padding = ⟦-1⟧)")]
    [InlineData("Input(3, 2), ConvTranspose1D(4, 2, Stride = 4, Dilation = 2, Padding = ⟦Padding.Same⟧)")]
    public void NG2029_same_out_of_reach(string nodes) => Marked.ExpectOnly("NG2029", Net(nodes));

    [Theory]
    [InlineData("Input(3, 4, 4), ConvTranspose2D(4, 4, Activation.ELU, Alpha = 0.5, Stride = 2, Padding = 1, Frozen = true), Bias(Frozen = true), Conv2D(2, 3)")]
    [InlineData("Input(4, 4, 4), ConvTranspose2D(4, 3, 2, StrideHeight = 2, PaddingHeight = Padding.Same, OutputPaddingWidth = 0, Groups = 4, Bias = false), Bias(BiasInitializer = Initializer.StandardNormal)")]
    [InlineData("Input(3, 4, 4), ConvTranspose2D(1, 1, Dilation = 3, OutputPadding = 2), ConvTranspose2D(2, 1, Padding = 2), Flatten, Linear(4, WeightL1 = 0.1, WeightL2 = 0.2, MaxNorm = 2, NonNegative = true), Bias")]
    [InlineData("Input(3, 8), ConvTranspose1D(4, 8, Stride = 8, Padding = Padding.Same), Bias, GlobalMaxPool, Linear(2, WeightInitializer = Initializer.Ones)")]
    public void Transposed_convolutions_and_bricks_that_fit_are_not_reported(string nodes) => Marked.ExpectNothing(Net(nodes));

    [Theory]
    [InlineData("Input(4), Linear(3, Frozen = ⟦true⟧)")]
    [InlineData("Input(4), Linear(3), Bias(Frozen = ⟦true⟧)")]
    [InlineData("Input(4), Linear(3, WeightL1 = ⟦0.1⟧)")]
    [InlineData("Input(2, 4, 4), ConvTranspose2D(3, 1, Frozen = ⟦true⟧)")]
    public void NG1017_of_a_network_that_does_not_train(string nodes) => Marked.Expect("NG1017", $"[Network, {nodes}] partial class Net;");

    [Theory]
    [InlineData("Input(4), Linear(3, Frozen = true), Bias(Frozen = ⟦true⟧)")]
    [InlineData("Input(2, 4, 4), ConvTranspose2D(3, 1, Frozen = ⟦true⟧)")]
    public void NG2024_all_frozen(string nodes) => Marked.ExpectOnly("NG2024", Net(nodes));

    private static string Net(string nodes) => $"[Network, {nodes}, Train(Loss.HalfSquaredError)] partial class Net;";
}
