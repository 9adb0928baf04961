using Microsoft.CodeAnalysis.CSharp;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Surface;

/// <summary>Where and how a user may declare the class, and what else may be in the project: generated code must compile and be right.</summary>
public class LanguageTests
{
    private static readonly NetSpec Spec = NetSpec.Of("4-9:Tanh-3", Loss.SoftmaxCrossEntropy, batch: 5);

    private static readonly string Plain = Attributes("");
    private static readonly string Qualified = Attributes("global::NetGen.");

    private static readonly Dictionary<string, (string Source, string[] Types)> Sources = new()
    {
        ["global namespace"] = ($"using NetGen;\n{Plain} public partial class Net;", ["Net"]),
        ["file-scoped namespace"] = ($"using NetGen;\nnamespace A.B;\n{Plain} public partial class Net;", ["A.B.Net"]),
        ["internal"] = ($"using NetGen;\n{Plain} internal partial class Net;", ["Net"]),
        ["no modifier"] = ($"using NetGen;\n{Plain} partial class Net;", ["Net"]),
        ["sealed"] = ($"using NetGen;\n{Plain} public sealed partial class Net;", ["Net"]),
        ["braces"] = ($"using NetGen;\n{Plain} public partial class Net {{ }}", ["Net"]),
        ["two parts"] = ($"using NetGen;\n{Plain} public partial class Net;\npublic partial class Net {{ internal int Mine => InputSize; }}", ["Net"]),
        ["with members"] = ($$"""
            using NetGen;
            {{Plain}} public partial class Net
            {
                /// <summary>A user's own.</summary>
                public int Calls { get; private set; }
                internal float[] Ask(float[] x)
                {
                    var y = new float[OutputSize * (x.Length / InputSize)];
                    Predict(x, y);
                    Calls++;
                    return y;
                }
            }
            """, ["Net"]),
        ["nested"] = ($"using NetGen;\nnamespace A {{ internal static partial class Outer {{ internal partial class Inner {{ {Plain} public partial class Net; }} }} }}", ["A.Outer+Inner+Net"]),
        ["nested in struct, record and interface"] = ($$"""
            using NetGen;
            internal partial struct S { {{Plain}} internal partial class Net; }
            internal partial record R { {{Plain}} internal partial class Net; }
            internal partial record struct RS { {{Plain}} internal partial class Net; }
            internal partial interface I { {{Plain}} internal partial class Net; }
            """, ["S+Net", "R+Net", "RS+Net", "I+Net"]),
        ["private nested"] = ($"using NetGen;\ninternal partial class Outer {{ {Plain} private partial class Net; internal INetwork Make() => new Net(); }}", ["Outer+Net"]),
        ["same name elsewhere"] = ($"using NetGen;\nnamespace A {{ {Plain} public partial class Net; }}\nnamespace B {{ {Plain} public partial class Net; }}\nnamespace A.B {{ {Plain} public partial class Net; }}", ["A.Net", "B.Net", "A.B.Net"]),
        ["names that differ in case"] = ($"using NetGen;\n{Plain} public partial class Net;\n{Plain} public partial class NET;\n{Plain} internal partial class nEt;", ["Net", "NET", "nEt"]),
        ["dotted and nested alike"] = ($"using NetGen;\nnamespace A.B {{ {Plain} public partial class Net; }}\nnamespace A {{ internal partial class C {{ {Plain} public partial class Net; }} }}\nnamespace A.C_ {{ {Plain} public partial class Net; }}", ["A.B.Net", "A.C+Net", "A.C_.Net"]),
        ["keyword names"] = ($"using NetGen;\nnamespace @namespace.@event {{ internal partial class @static {{ {Plain} internal partial class @class; }} }}", ["namespace.event.static+class"]),
        ["other alphabets"] = ($"using NetGen;\nnamespace Größe {{ {Plain} public partial class Сеть; }}", ["Größe.Сеть"]),
        ["hostile types"] = ($$"""
            internal class Activation { } internal class Loss { } internal class Parameter { } internal class Gradients { } internal class Math { } internal class MathF { }
            internal class Vector128 { } internal class Vector256 { } internal class Vector512 { } internal class Unsafe { } internal class MemoryMarshal { } internal class Check { }
            internal class Span { } internal class ReadOnlySpan { } internal class Single { } internal class Array { } internal class Interlocked { } internal class MethodImplOptions { }
            internal class INetwork { } internal class Dense { } internal class Kernels { } internal class Kernels512 { }
            internal class Clr { } internal class Simd { } internal static class Sys { }
            {{Qualified}} public partial class Net;
            """, ["Net"]),
        ["aliases' names"] = ($$"""
            internal class Clr { } internal enum Simd { A } internal interface Sys { }
            namespace Mine
            {
                internal struct Clr { } internal delegate void Simd(); internal static class Sys { internal static int Math => 1; }
                {{Qualified}} public partial class Net;
            }
            namespace Mine.Clr2.Sys { {{Qualified}} public partial class Net { internal int Simd => 0; internal class Clr { } } }
            """, ["Mine.Net", "Mine.Clr2.Sys.Net"]),
        ["namespaces of the aliases' names"] = ($$"""
            namespace Clr { internal class Unsafe { } } namespace Simd { internal class Vector512 { } } namespace Sys { internal class Math { } }
            namespace Mine.Clr { internal class Unsafe { } } namespace Mine.Simd { internal class Vector512 { } } namespace Mine.Sys { internal class Math { } }
            namespace Mine { {{Qualified}} public partial class Net; }
            {{Qualified}} public partial class Net;
            """, ["Mine.Net", "Net"]),
        ["hostile namespaces"] = ($$"""
            namespace Mine.System { internal class String { } }
            namespace Mine.NetGen { internal class Activation { } internal class CompilerServices { } }
            namespace Mine.System.Runtime.Intrinsics { internal class Vector512 { } }
            namespace Mine { {{Qualified}} public partial class Net; }
            """, ["Mine.Net"]),
        ["hostile own names"] = ($$"""
            namespace Mine
            {
                {{Qualified}} public partial class Network;
                {{Qualified}} public partial class Activation;
                {{Qualified}} public partial class System;
                {{Qualified}} internal partial class Kernels;
            }
            """, ["Mine.Network", "Mine.Activation", "Mine.System", "Mine.Kernels"]),
        ["attribute forms"] = ("""
            using N = NetGen; using A = NetGen.Activation;
            [N.Network, N.InputAttribute(4), N.Dense(units: 9, activation: A.Tanh)]
            [N::DenseAttribute(activation: A.Identity, units: 1 + Sizes.Two), N.Train(N.Loss.SoftmaxCrossEntropy, BatchSize = Sizes.Two + 3, LearningRate = 1e-1)]
            internal partial class Net;
            internal static class Sizes { public const int Two = 2; }
            """, ["Net"]),
        ["obsolete and nullable off"] = ($"#nullable disable\nusing NetGen;\n{Plain} [global::System.Obsolete] internal partial class Net;", ["Net"]),
    };

    public static TheoryData<string> Names { get; } = [.. Sources.Keys];

    /// <summary>Every activation and every loss at least once.</summary>
    public static TheoryData<Activation, Loss> SomeActivationsAndLosses { get; } =
        [.. Sensible.Pairs.Where(pair => (int)pair.Last % 4 == (int)pair.Loss % 4 || pair.Loss is Loss.CrossEntropy or Loss.BinaryCrossEntropy)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Class_DeclaredSo_CompilesAndAgreesWithReference(string name)
    {
        var (source, types) = Sources[name];
        AgreesWithReference(Harness.Compile(source), types);
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp12)]
    [InlineData(LanguageVersion.CSharp13)]
    [InlineData(LanguageVersion.Latest)]
    [InlineData(LanguageVersion.Preview)]
    public void GeneratedCode_InLanguageVersion_Compiles(LanguageVersion version) =>
        AgreesWithReference(Harness.Compile(Spec.ToSource(), HarnessOptions.Shipped with { Language = version }), ["Net"]);

    [Theory]
    [MemberData(nameof(SomeActivationsAndLosses))]
    public void GeneratedCode_WithCheckedArithmetic_GivesTheSameBits(Activation last, Loss loss)
    {
        var spec = NetSpec.Of($"6-18:{last}", loss, batch: 5);
        var plain = Harness.Trainable(spec, seed: 1);
        var checkedNet = Harness.Trainable(spec, seed: 1, HarnessOptions.Default with { Checked = true });
        foreach (var step in (int[])[0, 1])
        {
            var x = TestData.Inputs(5 - step, 6, seed: step);
            var t = TestData.Targets(loss, 5 - step, 18, seed: step);
            Assert.Equal(plain.TrainBatch(x, t), checkedNet.TrainBatch(x, t));
        }

        Near.SameBits(plain.AllParameters(), checkedNet.AllParameters(), "parameters");
    }

    [Fact]
    public void GeneratedCode_OfAllWidths_GivesTheBitsOfTheNativeWidthAlone()
    {
        var (alone, shipped) = (Harness.Trainable(Spec, seed: 1), Harness.Trainable(Spec, seed: 1, HarnessOptions.Shipped));
        var x = TestData.Inputs(5, 4, seed: 1);
        var t = TestData.Targets(Loss.SoftmaxCrossEntropy, 5, 3, seed: 2);
        Assert.Equal(alone.TrainBatch(x, t), shipped.TrainBatch(x, t));
        Near.SameBits(alone.AllParameters(), shipped.AllParameters(), "parameters");
    }

    [Fact]
    public void GeneratedText_OfAnyNet_HasUnixLineEndsAndNoTraceOfTheMachine()
    {
        var text = Harness.Compile(Spec, HarnessOptions.Shipped).AllSource;
        Assert.DoesNotContain("\r", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\t", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Repository.Root.TrimEnd(Path.DirectorySeparatorChar), text, StringComparison.Ordinal);
        Assert.DoesNotContain(text.Split('\n'), line => line.EndsWith(' '));
    }

    private static void AgreesWithReference(GeneratedAssembly generated, string[] types)
    {
        foreach (var type in types)
        {
            var network = Assert.IsAssignableFrom<ITrainableNetwork>(generated.Create(type)).Randomize(seed: 1);
            var reference = network.ToReference(Spec);
            var x = TestData.Inputs(5, 4, seed: 2);
            var t = TestData.Targets(Loss.SoftmaxCrossEntropy, 5, 3, seed: 3);
            Near.Single(reference.TrainBatch(TestData.ToDoubles(x), TestData.ToDoubles(t)), network.TrainBatch(x, t), $"{type}: loss");
            Oracle.PredictionAgrees(network, reference, samples: 7, seed: 4);
        }
    }

    private static string Attributes(string prefix) =>
        "/// <summary>A net of a test.</summary>\n" + Spec.ToAttributes(prefix);
}
