using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using NetGen.CodeFixes;
using NetGen.Compiler.Analysis;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests;

/// <summary>Each code fix: the text that it gives, in which nothing is wrong any more.</summary>
public class CodeFixTests
{
    [Theory]
    [InlineData("[Network, Input(2), Dense(3)] class Net;", "[Network, Input(2), Dense(3)] partial class Net;")]
    [InlineData("/** <summary>A net.</summary> */\n[Network, Input(2), Dense(3)]\n// ours\npublic sealed class Net { }", "/** <summary>A net.</summary> */\n[Network, Input(2), Dense(3)]\n// ours\npublic sealed partial class Net { }")]
    [InlineData("[Network, Input(2), Dense(3)]\n// ours\nclass Net { }", "[Network, Input(2), Dense(3)]\n// ours\npartial class Net { }")]
    public async Task NotPartial(string source, string expected) => await Check(new MakePartialCodeFix(), source, expected, "Make 'Net' partial");

    [Fact]
    public async Task Not_partial_with_the_types_around() => await Check(
        new MakePartialCodeFix(),
        "record Outer\n{\n    partial struct Inner\n    {\n        [Network, Input(2), Dense(3)]\n        private class Net;\n    }\n}",
        "partial record Outer\n{\n    partial struct Inner\n    {\n        [Network, Input(2), Dense(3)]\n        private partial class Net;\n    }\n}",
        "Make 'Net' and the types around it partial",
        "NG1001");

    [Fact]
    public async Task Outer_type_not_partial() => await Check(
        new MakePartialCodeFix(),
        "static class Outer { [Network, Input(2), Dense(3)] public partial class Net; }",
        "static partial class Outer { [Network, Input(2), Dense(3)] public partial class Net; }",
        "Make 'Outer' partial");

    [Theory]
    [InlineData("Input(28, 28)", "Input(784)")]
    [InlineData("Input(new[] { 1, 28, 28 }, Name = \"image\")", "Input(784, Name = \"image\")")]
    [InlineData("Input(shape: [28, 28])", "Input(784)")]
    public async Task Flat_input(string input, string expected) => await Check(
        new FlattenInputCodeFix(),
        $"[Network]\n[{input}]\n[Dense(3)]\npartial class Net;",
        $"[Network]\n[{expected}]\n[Dense(3)]\npartial class Net;",
        "Declare the flat size, 784");

    [Theory]
    [InlineData("[Dense(10, Activation.Softmax)]\n[Train(Loss.SoftmaxCrossEntropy)]", "[Dense(10)]\n[Train(Loss.SoftmaxCrossEntropy)]")]
    [InlineData("[Dense(10, activation: Activation.Softmax, Name = \"a\")]\n[Train(Loss.SoftmaxCrossEntropy)]", "[Dense(10, Name = \"a\")]\n[Train(Loss.SoftmaxCrossEntropy)]")]
    [InlineData("[Dense(10)]\n[Activation(Activation.Softmax)]\n[Train(Loss.SoftmaxCrossEntropy)]", "[Dense(10)]\n[Train(Loss.SoftmaxCrossEntropy)]")]
    [InlineData("[Dense(10), Activation(Activation.Softmax), Train(Loss.SoftmaxCrossEntropy)]", "[Dense(10), Train(Loss.SoftmaxCrossEntropy)]")]
    [InlineData("[Dense(10)]\n// to probabilities\n[Activation(Activation.Softmax)]\n[Train(Loss.SoftmaxCrossEntropy)]", "[Dense(10)]\n// to probabilities\n[Train(Loss.SoftmaxCrossEntropy)]")]
    [InlineData("[Dense(10, Activation.Sigmoid)]\n[Train(Loss.SigmoidCrossEntropy)]", "[Dense(10)]\n[Train(Loss.SigmoidCrossEntropy)]")]
    public async Task Activation_twice(string rest, string expected) => await Check(
        new RemoveActivationCodeFix(),
        $"[Network]\n[Input(4)]\n{rest}\npartial class Net;",
        $"[Network]\n[Input(4)]\n{expected}\npartial class Net;",
        "Let the last layer give logits");

    [Theory]
    [InlineData("[Dense(10), Train(Loss.CrossEntropy)]", "[Dense(10), Train(Loss.SoftmaxCrossEntropy)]")]
    [InlineData("[Dense(10, Activation.Sigmoid), Train(NetGen.Loss.CrossEntropy, LearningRate = 1)]", "[Dense(10, Activation.Sigmoid), Train(NetGen.Loss.BinaryCrossEntropy, LearningRate = 1)]")]
    [InlineData("[Dense(10), Train((Loss)7)]", "[Dense(10), Train(Loss.SigmoidCrossEntropy)]")]
    [InlineData("[Dense(10, Activation.Softmax), Train(Loss.SoftmaxCrossEntropy)]", "[Dense(10, Activation.Softmax), Train(Loss.CrossEntropy)]")]
    [InlineData("[Dense(1, Activation.Sigmoid), NetGen.Train(optimizer: 0, loss: Loss.SigmoidCrossEntropy)]", "[Dense(1, Activation.Sigmoid), NetGen.Train(optimizer: 0, loss: Loss.BinaryCrossEntropy)]")]
    public async Task Loss_that_does_not_fit(string rest, string expected) => await Check(
        new ChangeLossCodeFix(),
        $"[Network, Input(4)] {rest} partial class Net;",
        $"[Network, Input(4)] {expected} partial class Net;");

    private static async Task Check(CodeFixProvider fix, string source, string expected, string? title = null, string? id = null)
    {
        const string Prefix = "using NetGen;\n";
        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject("User", LanguageNames.CSharp)
            .WithMetadataReferences(Compilations.References)
            .WithParseOptions(Compilations.ParseOptions)
            .WithCompilationOptions(Compilations.HostileOptions);
        var document = project.AddDocument("File.cs", SourceText.From(Prefix + source));
        var compilation = (CSharpCompilation)(await document.Project.GetCompilationAsync(TestContext.Current.CancellationToken))!;
        var diagnostics = await compilation.WithAnalyzers([new NetworkAnalyzer()], new AnalyzerOptions([], new TestOptions([])))
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        var diagnostic = id is null ? Assert.Single(diagnostics) : diagnostics.Single(each => each.Id == id);

        var actions = ImmutableArray.CreateBuilder<CodeAction>();
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), TestContext.Current.CancellationToken));
        var action = Assert.Single(actions);
        if (title is not null)
        {
            Assert.Equal(title, action.Title);
        }

        var operation = (ApplyChangesOperation)(await action.GetOperationsAsync(TestContext.Current.CancellationToken)).Single();
        var text = (await operation.ChangedSolution.GetDocument(document.Id)!.GetTextAsync(TestContext.Current.CancellationToken)).ToString();
        Assert.Equal(Prefix + expected, text);
        Assert.Empty(GeneratorRun.Of(text).Analyze());
    }
}
