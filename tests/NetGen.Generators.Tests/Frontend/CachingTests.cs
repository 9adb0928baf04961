using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using NetGen.Compiler.Frontend;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Frontend;

/// <summary>The edit matrix: what reruns after which edit. (That nothing reruns without one is part of every test.)</summary>
public class CachingTests
{
    private const IncrementalStepRunReason Cached = IncrementalStepRunReason.Cached;
    private const IncrementalStepRunReason Unchanged = IncrementalStepRunReason.Unchanged;
    private const IncrementalStepRunReason Modified = IncrementalStepRunReason.Modified;
    private const IncrementalStepRunReason New = IncrementalStepRunReason.New;

    private const string Net = """
        using NetGen;

        /// <summary>A net.</summary>
        [Network]
        [Input(2)]
        [Dense(3, Activation.Tanh)]
        [Dense(4)]
        [Train(Loss.HalfSquaredError, LearningRate = 0.5)]
        public partial class Net
        {
            public int Use() => 1;
        }
        """;

    private const string Other = "class Other { int Number() => 1; }";
    private const string Twin = "[NetGen.Network, NetGen.Input(2), NetGen.Dense(3)] partial class Second;";

    [Fact]
    public void Unrelated_edit_in_another_file() => Expect(Edit(1, "=> 1", "=> 2"), (Unchanged, Cached));

    [Fact]
    public void Unrelated_edit_in_the_class() => Expect(Edit(0, "=> 1", "=> 2"), (Unchanged, Cached));

    [Fact]
    public void Whitespace_and_comments() => Expect(Edit(0, "[Input(2)]", "  [ Input( 2 ) ] // the input\n\n"), (Unchanged, Cached));

    [Fact]
    public void The_class_moves() => Expect(Edit(0, "using NetGen;", "using NetGen;\n\nclass Before;\n\n"), (Unchanged, Cached));

    [Fact]
    public void The_same_number_written_otherwise() => Expect(Edit(0, "Dense(4)", "Dense(units: 2 + 2)"), (Unchanged, Cached));

    [Fact]
    public void A_number_changes() => Expect(Edit(0, "Dense(4)", "Dense(5)"), (Modified, Modified));

    [Fact]
    public void A_constant_of_training_changes() => Expect(Edit(0, "0.5", "0.25"), (Modified, Modified));

    [Fact]
    public void A_member_that_does_not_clash() => Expect(Edit(0, "public int Use", "public int More; public int Use"), (Unchanged, Cached));

    [Fact]
    public void Another_net_changes_and_this_one_does_not()
    {
        var run = GeneratorRun.Of(Net, Twin);
        var after = run.After(Replace(run.Input, 1, "Dense(3)", "Dense(7)"));
        Assert.Equal([Unchanged, Modified], GeneratorRun.Reasons(after, NetworkGenerator.ParseStep).Select(Same));
        Assert.Equal([Cached, Modified], GeneratorRun.Reasons(after, NetworkGenerator.CompileStep));
    }

    [Fact]
    public void A_new_net_recompiles_none_of_the_others()
    {
        var run = GeneratorRun.Of(Net, Other);
        var after = run.After(Replace(run.Input, 1, Other, Twin));
        Assert.Equal([Unchanged, New], GeneratorRun.Reasons(after, NetworkGenerator.ParseStep).Select(Same));
        Assert.Equal([Cached, New], GeneratorRun.Reasons(after, NetworkGenerator.CompileStep));
    }

    [Fact]
    public void A_net_is_removed()
    {
        var run = GeneratorRun.Of(Net, Other);
        var after = run.After(Replace(run.Input, 0, "[Network]", ""));
        Assert.Equal(0, after.GeneratedSources.IsDefault ? 0 : after.GeneratedSources.Length);
    }

    [Fact]
    public void A_property_changes_and_only_the_compiler_runs_again()
    {
        var driver = GeneratorRun.Driver(new([])).RunGenerators(Compilations.Create(Net), TestContext.Current.CancellationToken);
        driver = driver.WithUpdatedAnalyzerConfigOptions(new TestOptions([("NetGenVectorWidths", "128")]));
        var after = driver.RunGenerators(Compilations.Create(Net), TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        Assert.Equal([Modified], GeneratorRun.Reasons(after, NetworkGenerator.OptionsStep));
        Assert.DoesNotContain(Modified, GeneratorRun.Reasons(after, NetworkGenerator.NameStep));
    }

    private const string OwnFunctions = """
        using System;
        using NetGen;

        [Network, Input(2), Dense(3, Function = nameof(F)), Train(nameof(Loss2))]
        partial class Net;
        """;

    /// <summary>The functions on another part of the class, in a file of its own; a constant in a third.</summary>
    private const string Functions = """
        using System;

        partial class Net
        {
            static float F(float z) => Twice(z) * Other.Scale; // a comment
            static float FDerivative(float z) => 2 * Other.Scale;
            static float Twice(float z) => z + z;
            static float Loss2(float y, float t) => y - t;
            static float Loss2Derivative(float y, float t) => 1;
            static int Unused() => 1;
        }
        """;

    [Theory]
    [InlineData(1, "z + z", "2 * z", true)]
    [InlineData(1, "y - t", "t - y", true)]
    [InlineData(1, "=> 2 * Other", "=> 3 * Other", true)]
    [InlineData(2, "Scale = 2", "Scale = 3", true)]
    [InlineData(1, "float Twice(float z) => z + z", "float Twice(float x) => x + x", true)]
    [InlineData(1, "Unused() => 1", "Unused() => 2", false)]
    [InlineData(1, "// a comment", "// another", false)]
    [InlineData(1, "z + z", "(z)  +  z", false)]
    [InlineData(1, "static float F(", "\n\n    private static float F(", false)]
    [InlineData(1, "=> z + z;", "{ return z + z; }", false)]
    [InlineData(2, "Scale = 2", "Scale = 1 + 1", false)]
    [InlineData(2, "class Other", "\n/* moved */ class Other", false)]
    public void An_edit_of_a_function_of_the_class_recompiles_where_it_changes_something(int file, string old, string with, bool recompiles)
    {
        var run = GeneratorRun.Of(OwnFunctions, Functions, "class Other { public const int Scale = 2; }");
        Assert.Empty(run.CompilerErrors);
        Expect((run, Replace(run.Input, file, old, with)), recompiles ? (Modified, Modified) : (Unchanged, Cached));
    }

    private static (GeneratorRun Run, CSharpCompilation Edited) Edit(int file, string old, string with)
    {
        var run = GeneratorRun.Of(Net, Other);
        return (run, Replace(run.Input, file, old, with));
    }

    private static void Expect((GeneratorRun Run, CSharpCompilation Edited) edit, (IncrementalStepRunReason Parse, IncrementalStepRunReason Compile) expected)
    {
        var after = edit.Run.After(edit.Edited);
        Assert.Equal([expected.Parse], GeneratorRun.Reasons(after, NetworkGenerator.ParseStep).Select(Same));
        Assert.Equal([expected.Compile], GeneratorRun.Reasons(after, NetworkGenerator.CompileStep));
    }

    /// <summary>Whether Roslyn asks for a class again depends on the edit; what must hold is that its model is the same.</summary>
    private static IncrementalStepRunReason Same(IncrementalStepRunReason reason) => reason == Cached ? Unchanged : reason;

    private static CSharpCompilation Replace(CSharpCompilation compilation, int file, string old, string with)
    {
        var tree = compilation.SyntaxTrees[file];
        var text = tree.GetText().ToString();
        Assert.Contains(old, text);
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(text.Replace(old, with))));
    }
}
