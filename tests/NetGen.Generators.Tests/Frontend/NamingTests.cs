using Microsoft.CodeAnalysis;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Frontend;

/// <summary>Where a class may be and what it may be called; what the generated files are called.</summary>
public class NamingTests
{
    private const string Net = "[NetGen.Network, NetGen.Input(2), NetGen.Dense(3)]";

    [Theory]
    [InlineData("partial class Net;", "Net")]
    [InlineData("namespace A.B { partial class Net; }", "A.B.Net")]
    [InlineData("namespace A; partial struct Outer { partial class Net; }", "A.Outer+Net")]
    [InlineData("namespace A; partial record Outer { partial interface Inner { partial class Net; } }", "A.Outer+Inner+Net")]
    [InlineData("namespace @class.@namespace; partial class @int { internal partial class @void; }", "class.namespace.int+void")]
    [InlineData("partial class @record;", "record")]
    [InlineData("partial class Größe;", "Größe")]
    [InlineData("internal sealed partial class Net;", "Net")]
    [InlineData("partial class Outer { private partial class Net; }", "Outer+Net")]
    [InlineData("static partial class Outer { internal partial class Net; }", "Outer+Net")]
    [InlineData("partial class Outer { protected internal partial class Net; }", "Outer+Net")]
    public void Anywhere(string source, string hint)
    {
        var at = source.LastIndexOf("partial class", StringComparison.Ordinal);
        at = new[] { "internal sealed ", "protected internal ", "internal ", "private " }.Select(modifier => source.LastIndexOf(modifier + "partial class", StringComparison.Ordinal)).Append(at).Where(i => i >= 0).Min();
        var run = GeneratorRun.Of(source.Insert(at, Net + " "));
        Assert.Empty(run.Analyze());
        Assert.Contains(run.Files, file => file.HintName == hint + ".g.cs");
        Assert.Empty(run.CompilerErrors);
    }

    [Fact]
    public void Names_that_differ_in_case_only()
    {
        var run = GeneratorRun.Of($"{Net} partial class Net; {Net} partial class NET; namespace net {{ {Net} partial class Other; }} namespace NET2 {{ }}");
        Assert.Empty(run.Analyze());
        Assert.Null(run.Result.Exception);
        Assert.Equal(3, run.Files.Count(file => !file.HintName.Contains(".Kernels")));
        Assert.Contains(run.Files, file => file.HintName == "net.Other.g.cs");
        Assert.Equal(run.Files.Length, run.Files.Select(file => file.HintName.ToUpperInvariant()).Distinct().Count());
        Assert.Empty(run.CompilerErrors);
    }

    [Fact]
    public void A_class_called_like_the_file_of_another()
    {
        var run = GeneratorRun.Of($"namespace A {{ {Net} partial class Net; }} namespace A.Net2 {{ {Net} partial class Kernels512B; }}");
        Assert.Null(run.Result.Exception);
        Assert.Equal(run.Files.Length, run.Files.Select(file => file.HintName).Distinct().Count());
    }

    [Fact]
    public void A_very_long_name()
    {
        var name = new string('N', 400);
        var run = GeneratorRun.Of($"{Net} partial class {name}; {Net} partial class {name}2;");
        Assert.Empty(run.Analyze());
        Assert.All(run.Files, file => Assert.InRange(file.HintName.Length, 1, 200));
    }

    [Fact]
    public void The_same_name_in_two_namespaces_and_two_types()
    {
        var run = GeneratorRun.Of($"namespace A {{ {Net} partial class Net; }} namespace B {{ {Net} partial class Net; partial class C {{ {Net} partial class Net; }} partial class D {{ {Net} partial class Net; }} }}");
        Assert.Empty(run.Analyze());
        Assert.Empty(run.CompilerErrors);
        Assert.Equal(4, run.Files.Count(file => file.HintName.EndsWith("Net.g.cs", StringComparison.Ordinal)));
    }

    [Fact]
    public void Attributes_of_the_users_own_that_bear_our_names_are_not_ours()
    {
        const string Mine = """
            namespace Mine
            {
                [System.AttributeUsage(System.AttributeTargets.All, AllowMultiple = true)] class NetworkAttribute : System.Attribute;
                [System.AttributeUsage(System.AttributeTargets.All, AllowMultiple = true)] class DenseAttribute(string s) : System.Attribute { public string S => s; }
                [System.AttributeUsage(System.AttributeTargets.All, AllowMultiple = true)] class InputAttribute(object o) : System.Attribute { public object O => o; }
            }
            """;
        Assert.Empty(GeneratorRun.Of("[Mine.Network, Mine.Input(1.5), Mine.Dense(\"x\")] class Net;", Mine).Files);
        var run = GeneratorRun.Of("[Mine.Dense(\"x\"), NetGen.Network, Mine.Input(2.5), NetGen.Input(2), Mine.Dense(\"y\"), NetGen.Dense(3)] partial class Net;", Mine);
        Assert.Empty(run.Analyze());
        Assert.Empty(run.CompilerErrors);
        Assert.NotEmpty(run.Files);
    }

    [Fact]
    public void A_network_attribute_of_the_users_in_our_namespace_is_not_ours()
    {
        var run = GeneratorRun.Of("namespace NetGen { class NetworkAttribute : System.Attribute; } [NetGen.Network] class Net;");
        Assert.Empty(run.Files);
        Assert.Empty(run.Analyze());
    }

    [Fact]
    public void An_alias_of_an_attribute_is_the_attribute()
    {
        var run = GeneratorRun.Of("using N = NetGen.NetworkAttribute; using I = NetGen.InputAttribute; using D = NetGen.DenseAttribute; [N, I(2), D(3)] partial class Net;");
        Assert.Empty(run.Analyze());
        Assert.NotEmpty(run.Files);
        Assert.Empty(run.CompilerErrors);
    }

    [Fact]
    public void What_CSharp_reports_is_not_reported_again()
    {
        foreach (var attributes in new[] { "Network, Input(2), Dense(x)", "Network, Input(2), Dnse(3)", "Network, Input(2), Dense", "Network, Network, Input(2), Dense(3)", "Network, Input(2), Dense(3, Unknown = 3)", "Network, Input(\"2\"), Dense(3)" })
        {
            var run = GeneratorRun.Of($"using NetGen; [{attributes}] partial class Net; class Use {{ INetwork Make() => new Net(seed: 1); }}");
            Assert.Empty(run.Analyze());
            Assert.Single(run.CompilerErrors.Select(error => error.Location.SourceSpan.Start).Distinct());
            Assert.NotEmpty(run.Files);
        }
    }

    [Fact]
    public void A_pragma_silences_a_diagnostic_where_it_stands()
    {
        const string Source = """
            using NetGen;
            [Network]
            [Input(2)]
            #pragma warning disable NG2003
            [Dense(0)]
            #pragma warning restore NG2003
            [Dense(-1)]
            partial class Net;
            """;
        var run = GeneratorRun.Of(Source);
        Assert.Equal(6, Assert.Single(run.Analyze()).Location.GetLineSpan().StartLinePosition.Line);
    }
}
