using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using NetGen.Compiler.Frontend;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Frontend;

/// <summary>What passes through the pipeline is values: equal for equal source, and free of what would keep a compilation alive.</summary>
public class ModelTests
{
    private const string Source = """
        using NetGen;
        namespace My.Models
        {
            partial class Outer
            {
                [Network, Input(2, Name = "x"), Dense(3, Activation.ELU, Alpha = 2), Activation(Activation.Softmax, Name = "y"), Dense(4, From = new[] { "y" })]
                [Train(Loss.Huber, HuberDelta = 3)]
                partial class Net { public Net(string name) { } }
            }
        }
        """;

    [Fact]
    public void Equal_source_gives_equal_models()
    {
        var (first, second) = (Parse(Source), Parse("\n\n// moved\n" + Source.Replace("Dense(4, ", "Dense( 2+2,")));
        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
        Assert.NotSame(first, second);
        Assert.Equal(InferShapes.Run(first.Declaration!).Graph, InferShapes.Run(second.Declaration!).Graph);
    }

    [Theory]
    [InlineData("Input(2", "Input(3")]
    [InlineData("Dense(3", "Dense(5")]
    [InlineData("\"y\"", "\"z\"")]
    [InlineData("Alpha = 2", "Alpha = 3")]
    [InlineData("ELU, Alpha = 2", "LeakyReLU, NegativeSlope = 2")]
    [InlineData("HuberDelta = 3", "HuberDelta = 4")]
    [InlineData("Loss.Huber, HuberDelta = 3", "Loss.Poisson")]
    [InlineData("class Net", "class Net3")]
    [InlineData("My.Models", "My.Other")]
    [InlineData("class Outer", "struct Outer")]
    public void Other_source_gives_another_model(string old, string with) => Assert.NotEqual(Parse(Source), Parse(Source.Replace(old, with).Replace("public Net(", with == "class Net3" ? "public Net3(" : "public Net(")));

    [Fact]
    public void No_symbol_syntax_or_location_hides_in_a_model()
    {
        var run = GeneratorRun.Of(Source, "[NetGen.Network, NetGen.Dense(0)] partial class Bad;");
        var values = run.Result.TrackedSteps
            .Where(step => step.Key is NetworkGenerator.ParseStep or NetworkGenerator.TwinsStep or NetworkGenerator.NameStep or NetworkGenerator.OptionsStep or NetworkGenerator.CompileStep)
            .SelectMany(step => step.Value).SelectMany(run => run.Outputs).Select(output => output.Value).ToList();
        Assert.True(values.Count >= 8);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Assert.All(values, value => Visit(value, value.GetType().Name, seen));
    }

    private static ParsedNetwork Parse(string source)
    {
        var compilation = Compilations.Create(source);
        var type = compilation.GetSymbolsWithName(name => name.StartsWith("Net", StringComparison.Ordinal), SymbolFilter.Type).OfType<INamedTypeSymbol>().Single();
        return DeclarationParser.Parse(type, compilation, default)!;
    }

    private static void Visit(object? value, string path, HashSet<object> seen)
    {
        if (value is null || value is string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
        {
            return;
        }

        Assert.False(
            value is ISymbol or SyntaxNode or SyntaxToken or SyntaxTree or Location or Compilation or SemanticModel or AttributeData or Diagnostic or TypedConstant,
            $"{path} is a {value.GetType().Name}");
        if (value is IEnumerable items)
        {
            foreach (var item in items)
            {
                Visit(item, path + "[]", seen);
            }

            return;
        }

        for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Visit(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }
    }
}
