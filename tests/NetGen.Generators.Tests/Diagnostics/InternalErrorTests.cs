using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Compiler.Frontend;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Diagnostics;

/// <summary>A compiler that fails: the user gets one diagnostic and a class that compiles.</summary>
public class InternalErrorTests
{
    private const string Source = "using NetGen; [Network, Input(2), Dense(3)] partial class Net; class Use { INetwork Make() => new Net(seed: 1); }";

    [Fact]
    public void NG9001_internal_error() => Check(new((_, _, _) => throw new InvalidCastException("no such cast")), "InvalidCastException: no such cast");

    [Fact]
    public void NG9001_two_files_of_one_name() => Check(
        new((_, _, _) => new([new GeneratedFile("Net.g.cs", ""), new GeneratedFile("net.g.cs", "")])),
        "two generated files have the same name");

    [Fact]
    public void A_cancelled_run_is_none()
    {
        var driver = Driver(new((_, _, _) => throw new OperationCanceledException()));
        Assert.ThrowsAny<OperationCanceledException>(() => driver.RunGenerators(Compilations.Create(Source), new CancellationToken(true)));
    }

    private static void Check(NetworkGenerator generator, string message)
    {
        var driver = Driver(generator).RunGeneratorsAndUpdateCompilation(Compilations.Create(Source), out var output, out var diagnostics);
        Assert.Null(driver.GetRunResult().Results[0].Exception);
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal(ErrorIds.InternalError, diagnostic.Id);
        Assert.Contains(message, diagnostic.GetMessage());
        Assert.Empty(output.GetDiagnostics().Where(each => each.Severity >= DiagnosticSeverity.Warning));
    }

    private static GeneratorDriver Driver(NetworkGenerator generator) =>
        CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: Compilations.ParseOptions);
}
