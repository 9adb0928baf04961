using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using NetGen.Compiler.Frontend;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests;

/// <summary>
/// Whatever attributes are written, the generator reports or generates: some thousands of declarations, drawn with a seed, from
/// sensible to broken.
/// </summary>
public class FuzzTests
{
    private const int ClassesPerCompilation = 40;

    private const int Rounds = 20;

    /// <summary>Compiling what is generated takes most of the time: of each seed, one round does.</summary>
    private const int CompiledRound = 0;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_declaration_gives_files_or_a_diagnostic(int seed)
    {
        for (var round = 0; round < Rounds; round++)
        {
            Check(new Declarations(new Random(seed * 1000 + round)), compile: round == CompiledRound);
        }
    }

    /// <summary>Source that is no C#: nothing to expect but that nothing throws.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Broken_source_breaks_nothing(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var text = new StringBuilder(string.Join("\n", Enumerable.Range(0, 5).Select(i => new Declarations(random).Class(i))));
            for (var cut = 0; cut < 8; cut++)
            {
                text.Remove(random.Next(text.Length - 20), random.Next(1, 20));
            }

            var run = GeneratorRun.Of("using NetGen; " + text);
            Assert.DoesNotContain("NG9001", Marked.Ids(run.AnalyzeInput()).Concat(Marked.Ids(run.Result.Diagnostics)));
        }
    }

    private static void Check(Declarations declarations, bool compile)
    {
        var classes = Enumerable.Range(0, ClassesPerCompilation).Select(declarations.Class).ToArray();
        var run = GeneratorRun.Of(Compilations.Create(["global using NetGen;", .. classes]), ("NetGenVectorWidths", "128"));
        Assert.Null(run.Result.Exception);
        Assert.Empty(run.Result.Diagnostics);

        var reported = compile ? run.Analyze() : run.AnalyzeInput();
        Assert.DoesNotContain("NG9001", Marked.Ids(reported));
        Assert.DoesNotContain("AD0001", Marked.Ids(reported));
        var errors = (compile ? run.Output : run.Input).GetDiagnostics().Where(error => error.Severity == DiagnosticSeverity.Error && !error.IsWarningAsError).ToList();
        for (var i = 0; i < classes.Length; i++)
        {
            var file = $"File{i + 2}.cs";
            var generated = run.Files.Any(each => each.HintName.StartsWith($"N{i}.", StringComparison.Ordinal));
            var explained = reported.Any(diagnostic => diagnostic.Location.SourceTree!.FilePath == file);
            var wrong = errors.Any(error => error.Location.SourceTree?.FilePath == file);
            Assert.True(generated || explained || wrong, $"neither files nor a diagnostic for\n{classes[i]}");

            // A surface that throws without a word would be a surprise at run time.
            var throws = run.Files.Any(each => each.HintName == $"N{i}.Net.g.cs" && each.SourceText.ToString().Contains("could not compile this class"));
            Assert.True(!throws || explained || wrong, $"an error, but no diagnostic for\n{classes[i]}");
        }

        // What is generated for a class without errors of its own compiles.
        var wrongFiles = errors.Select(error => error.Location.SourceTree?.FilePath).ToHashSet();
        var inOurs = string.Join("\n", errors
            .Where(error => error.Location.SourceTree is { } tree && NetworkGenerator.Wrote(tree))
            .Select(error => (error, Class: int.Parse(Path.GetFileName(error.Location.SourceTree!.FilePath).Split('.')[0][1..], CultureInfo.InvariantCulture)))
            .Where(each => !wrongFiles.Contains($"File{each.Class + 2}.cs"))
            .Select(each => $"{each.error}\n{classes[each.Class]}"));
        Assert.True(inOurs.Length == 0, inOurs);
    }

    /// <summary>Draws declarations.</summary>
    private sealed class Declarations(Random random)
    {
        private static readonly string[] Integers = ["1", "2", "3", "10", "16", "30", "0", "-1", "int.MaxValue", "int.MinValue", "1 + 1", "'a'", "5L", "default", "null", "x", "\"3\"", "2.5", "unchecked((int)0xFFFFFFFF)"];
        private static readonly string[] Doubles = ["0.1", "1", "0", "-1", "double.NaN", "double.PositiveInfinity", "1e300", "1e-300", "0.5f", "1m", "default", "null", "y"];
        private static readonly string[] Rates = ["0.1", "0.5", "1e-5", "0", "1", "-0.5", "double.NaN", "2", "0.3f", "1m", "null", "\"0\"", "default"];
        private static readonly string[] OptimizerOptions =
            ["Momentum", "Nesterov", "WeightDecay", "Beta1", "Beta2", "Epsilon", "Rho", "Alpha", "ClipNorm", "ClipValue"];
        private static readonly string[] TransposedOptions =
            ["Stride", "StrideHeight", "StrideWidth", "Padding", "PaddingHeight", "PaddingWidth", "OutputPadding", "OutputPaddingHeight", "OutputPaddingWidth", "Dilation", "Groups"];
        private static readonly string[] RuleOptions = ["WeightL1", "WeightL2", "BiasL1", "BiasL2", "ActivityL1", "ActivityL2", "MaxNorm"];
        private static readonly string[] Texts = ["\"a\"", "\"b\"", "\"layer1\"", "\"layer2\"", "\"input\"", "\"\"", "\"A\"", "null", "nameof(Net)", "\"\\0\"", "\"a\\nb\"", "\"日本\"", "\"{0}\"", "3", "\"\\ud800\""];
        private static readonly string[] Activations = ["Activation.ReLU", "Activation.Softmax", "Activation.Sigmoid", "Activation.ELU", "Activation.LeakyReLU", "Activation.Identity", "(Activation)77", "(Activation)int.MinValue", "default", "0", "7", "Activation.Swish", "Loss.Huber", "null"];
        private static readonly string[] Losses = ["Loss.HalfSquaredError", "Loss.Huber", "Loss.SoftmaxCrossEntropy", "Loss.CrossEntropy", "Loss.BinaryCrossEntropy", "Loss.Poisson", "(Loss)55", "0", "default", "Activation.ReLU", "null"];
        private static readonly string[] Initializers = ["Initializer.Zeros", "Initializer.HeNormal", "(Initializer)99", "0", "null"];
        private static readonly string[] Arrays = ["[\"layer1\"]", "[\"input\"]", "new[] { \"a\" }", "new string[0]", "null", "[null]", "[\"a\", \"b\"]", "new string[2]", "[]", "\"a\"", "[..new[] { \"a\" }]", "default"];
        private static readonly string[] Modifiers = ["partial class", "partial class", "partial class", "public partial class", "class", "static partial class", "abstract partial class", "sealed partial class", "partial record", "partial struct", "file partial class", "partial interface", "unsafe partial class", "enum"];
        private static readonly string[] Bodies =
        [
            ";", ";", ";", ";", " { }", "(int seed);", " { public Net(int seed) { } }", " { public Net() : this(3) { } }", " { int InputSize; }", " { class Kernels512; }",
            "<T>;", "<Predict> { }", " : object { }", " : Net { }", " : INetwork { }", " : ITrainableNetwork { int INetwork.InputSize => 1; }", " : Missing { }",
            " { static void Predict(System.ReadOnlySpan<float> x, System.Span<float> y) { } }", " { [Dense(3)] int field; }", " { ~Net() { } int this[int i] => i; }",
            " { public static implicit operator int(Net net) => 3; }", " { partial class Net2; required public int X { get; init; } }",
        ];

        public string Class(int i)
        {
            var attributes = new List<string> { "Network" };
            if (Chance(95))
            {
                attributes.Add(Input());
            }

            for (var layer = random.Next(4); layer >= 0; layer--)
            {
                attributes.Add(Layer());
            }

            if (Chance(60))
            {
                attributes.Add(Train());
            }

            if (Chance(10))
            {
                attributes.Insert(random.Next(attributes.Count), Pick(["Network", Input(), Train(), "Missing", "Dense", "System.Obsolete", "Dense<int>(3)", "NetGen.Layer"]));
            }

            var separator = Chance(70) ? "][" : ", ";
            var outer = Chance(80) ? "" : Pick(["partial class Outer", "class Outer", "partial struct Outer<T>", "partial interface Outer", "file partial class Outer", "partial record struct Outer", "static partial class Outer"]);
            var net = $"[{string.Join(separator, attributes)}] {Pick(Chance(70) ? Modifiers[..4] : Modifiers)} Net{Pick(Chance(70) ? Bodies[..5] : Bodies)}";
            if (Chance(5))
            {
                net += $" [{Layer()}] partial class Net;";
            }

            return $"namespace N{i} {{ {(outer.Length > 0 ? $"{outer} {{ {net} }}" : net)} }}";
        }

        private string Input() => Chance(85)
            ? $"Input({Sensible(Integers, 6)})"
            : Pick(["Input", "Input()", "Input(null)", "Input(new int[0])", "Input(new int[3])", "Input(2, 3)", $"Input({Int()}, {Int()})", $"Input(Name = {Text()})", "Input([])", "Input(shape: [1, 2])"]);

        private string Layer() => Chance(75)
            ? $"Dense({Sensible(Integers, 6)}{(Chance(50) ? ", " + Sensible(Activations, 6) : "")}{Options()}{Rules()})"
            : Chance(50)
            ? $"Activation({Sensible(Activations, 6)}{Options()})"
            : Pick(
            [
                $"Dropout({Sensible(Rates, 3)}{Place()})", $"GaussianNoise({Sensible(Rates, 3)}{Place()})", $"LayerNorm({Norm()})", $"BatchNorm({Norm()})",
                "BatchNorm", "LayerNorm", "Dropout", "Dropout()",
                $"Linear({Sensible(Integers, 6)}{Frozen()}{Place()})", $"Bias({(Chance(50) ? "BiasInitializer = " + Pick(Initializers) : "Name = " + Text())}{Frozen()})", "Bias", "Linear",
                $"Reshape(2, {Sensible(Integers, 4)}, {Sensible(Integers, 4)})", $"Reshape(1, {Sensible(Integers, 4)})", Transposed(), Transposed(), Transposed(), Transposed(),
            ]);

        private string Transposed() => $"ConvTranspose{Pick(["1", "2", "2"])}D({Sensible(Integers, 3)}, {Sensible(Integers, 3)}{(Chance(20) ? ", " + Pick(Activations) : "")}"
            + string.Concat(TransposedOptions.Where(_ => Chance(15)).Select(option => $", {option} = {(Chance(60) ? Pick(["1", "2", "Padding.Same", "3"]) : Int())}")) + Options() + Frozen() + ")";

        private string Train() => $"Train({Sensible(Losses, 6)}"
            + (Chance(20) ? ", " + Pick(["Optimizer.Sgd", "(Optimizer)9", "0", "null"]) : Chance(40) ? $", (Optimizer){random.Next(8)}" : "")
            + (Chance(30) ? ", LearningRate = " + Pick(Doubles) : "")
            + (Chance(30) ? ", BatchSize = " + Int() : "")
            + (Chance(10) ? ", HuberDelta = " + Pick(Doubles) : "")
            + string.Concat(OptimizerOptions.Where(_ => Chance(3)).Select(option => $", {option} = {(option == "Nesterov" ? Pick(["true", "false"]) : Chance(50) ? "0.5" : Pick(Doubles))}"))
            + ")";

        private string Options() => string.Concat(new (int Percent, Func<string> Text)[]
        {
            (10, () => ", Name = " + Text()),
            (10, () => ", From = " + Pick(Arrays)),
            (5, () => ", NegativeSlope = " + Pick(Doubles)),
            (5, () => ", Alpha = " + Pick(Doubles)),
            (5, () => ", Bias = " + Pick(["true", "false", "null", "3"])),
            (5, () => ", WeightInitializer = " + Pick(Initializers)),
            (5, () => ", BiasInitializer = " + Pick(Initializers)),
            (1, () => ", Unknown = 3"),
        }.Where(option => Chance(option.Percent)).Select(option => option.Text()));

        private string Rules() => Chance(75)
            ? ""
            : string.Concat(RuleOptions.Where(_ => Chance(25)).Select(option => $", {option} = {(Chance(70) ? "0.5" : Pick(Doubles))}"))
                + (Chance(20) ? ", NonNegative = " + Pick(["true", "false", "1"]) : "") + Frozen();

        private string Frozen() => Chance(20) ? ", Frozen = " + Pick(["true", "false", "null"]) : "";

        private string Place() => (Chance(10) ? ", Name = " + Text() : "") + (Chance(10) ? ", From = " + Pick(Arrays) : "");

        private string Norm() => "Epsilon = " + Sensible(Rates, 3) + (Chance(20) ? ", Momentum = " + Pick(Doubles) : "") + Frozen() + Place();

        private string Int() => Pick(Integers);

        private string Text() => Pick(Texts);

        private string Sensible(string[] from, int sensible) => Chance(85) ? Pick(from[..sensible]) : Pick(from);

        private bool Chance(int percent) => random.Next(100) < percent;

        private string Pick(string[] from) => from[random.Next(from.Length)];
    }
}
