using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests;

/// <summary>
/// Generated code compiles under the user's settings: checked arithmetic, nullable on or off, missing documentation an error,
/// every warning an error, no implicit usings, C# 12 or the newest, among types named like those that it uses.
/// </summary>
public class HostileSettingsTests
{
    private const string Nets = """
        using NetGen;

        namespace Mine
        {
            /// <summary>Predicts.</summary>
            [Network, Input(5), Dense(3)]
            public partial class Predictor;

            /// <summary>A number.</summary>
            [Network, Input(2), Dense(5, global::NetGen.Activation.Sigmoid), Dense(1)]
            [Train(global::NetGen.Loss.HalfSquaredError, BatchSize = 3)]
            public partial class Regressor;

            /// <summary>A class.</summary>
            [Network, Input(17), Dense(33, global::NetGen.Activation.GELU, Name = "hidden"), Dense(10, global::NetGen.Activation.Softmax)]
            [Train(global::NetGen.Loss.CrossEntropy, BatchSize = 12)]
            public partial class Classifier;

            /// <summary>Of functions of its own.</summary>
            [Network, Input(17), Dense(33, Function = nameof(Exp)), Dense(3), BatchNorm, Activation(nameof(Own)), Train(nameof(Step), global::NetGen.Optimizer.Adam)]
            public partial class OwnNet
            {
                private static float Exp(float z) => z * (1 - global::System.MathF.Exp(-z)) < 3 & z > 1 ? z : -0.5f * z;
                private static float ExpDerivative(float z) => z > 1 ? 1 : -0.5f;
                private static float Own(float one) { var v = global::System.MathF.Log(one); return v == 1 ? v : global::System.MathF.Cosh(v); }
                private static float OwnDerivative(float Zero) => 1 / Zero;
                private static float Step(float y, float t) => y - t;
                private static float StepDerivative(float y, float t) => 1;
            }

            /// <summary>Around.</summary>
            public static partial class Outer
            {
                /// <summary>Nested.</summary>
                [Network, Input(8), Activation(global::NetGen.Activation.Tanh), Dense(4, Bias = false)]
                [Train(global::NetGen.Loss.SigmoidCrossEntropy)]
                public partial class Nested;
            }
        }
        """;

    private const string Lookalikes = """
        namespace Mine
        {
            class Activation; class Loss; class Optimizer; class Initializer; class Parameter; class Gradients; class INetwork; class ITrainableNetwork; class IClassifierNetwork;
            class Vector512; class Vector256; class Vector128; class Vector; class Span; class ReadOnlySpan; class Unsafe; class MemoryMarshal; class MathF; class Math; class Array;
            class Interlocked; class Volatile; class InvalidOperationException; class ArgumentException; class IReadOnlyList; class GC; class Int32; class Single; class String; class Object; class Void;
            class MethodImpl; class MethodImplAttribute; class MethodImplOptions; class GeneratedCode; class ScratchCache; class NetworkMemory; class Check; class Digits; class Kernels512; class Runtime;
        }

        namespace Mine.System { class Span; class Math; class Runtime; }
        namespace Mine.NetGen2 { class Kernels; }
        class Vector512; class Activation; class Loss;
        """;

    [Theory]
    [InlineData(LanguageVersion.CSharp12, NullableContextOptions.Enable)]
    [InlineData(LanguageVersion.CSharp12, NullableContextOptions.Disable)]
    [InlineData(LanguageVersion.Preview, NullableContextOptions.Enable)]
    public void Compiles(LanguageVersion version, NullableContextOptions nullable)
    {
        var compilation = Compilations.Create(Compilations.ParseOptions.WithLanguageVersion(version), Nets);
        var run = GeneratorRun.Of((CSharpCompilation)compilation.WithOptions(compilation.Options.WithNullableContextOptions(nullable)));
        Assert.Empty(run.Analyze());
        Assert.Empty(run.CompilerErrors);
        Assert.NotEmpty(run.Files);
    }

    [Fact]
    public void Compiles_among_types_named_like_those_it_uses()
    {
        var run = GeneratorRun.Of(Nets, Lookalikes);
        Assert.Empty(run.Analyze());

        // That two types bear names of C#'s own is the user's affair.
        Assert.DoesNotContain(run.CompilerErrors, error => error.Location.SourceTree!.FilePath != "File2.cs");
        Assert.NotEmpty(run.Files);
    }

    /// <summary>Generated code says nothing of the machine: the same on every one, at any time.</summary>
    [Fact]
    public void Equal_source_gives_equal_text() => Assert.Equal(
        GeneratorRun.Of(Nets).Files.Select(file => (file.HintName, file.SourceText.ToString())),
        GeneratorRun.Of("\n" + Nets).Files.Select(file => (file.HintName, file.SourceText.ToString())));

    [Fact]
    public void Culture_does_not_matter()
    {
        var expected = GeneratorRun.Of(Nets).Files.Select(file => file.SourceText.ToString()).ToList();
        var culture = Thread.CurrentThread.CurrentCulture;
        try
        {
            var hostile = (System.Globalization.CultureInfo)new System.Globalization.CultureInfo("ar-SA").Clone();
            hostile.NumberFormat.NegativeSign = "~";
            hostile.NumberFormat.NumberDecimalSeparator = "#";
            Thread.CurrentThread.CurrentCulture = hostile;
            Assert.Equal(expected, GeneratorRun.Of(Nets).Files.Select(file => file.SourceText.ToString()));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Lines_end_in_LF_and_carry_no_trailing_blanks() => Assert.All(GeneratorRun.Of(Nets).Files, file =>
    {
        var text = file.SourceText.ToString();
        Assert.DoesNotContain('\r', text);
        Assert.DoesNotContain(" \n", text);
        Assert.EndsWith("}\n", text);
    });
}
