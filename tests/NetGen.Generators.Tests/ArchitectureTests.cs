using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests;

/// <summary>Where things may be: the compiler is pure, its shell is thin.</summary>
public class ArchitectureTests
{
    private const int LongestFile = 420;

    [Theory]
    [InlineData("Ir")]
    [InlineData("Passes")]
    [InlineData("Targets")]
    [InlineData("Emit")]
    [InlineData("Support")]
    public void The_compiler_does_not_see_Roslyn(string folder)
    {
        if (!Directory.Exists(Repository.PathTo("generators", "NetGen.Generators", folder)))
        {
            Assert.Skip("no such folder yet");
        }

        Assert.All(
            Repository.SourceFiles("generators", "NetGen.Generators", folder),
            file => Assert.DoesNotContain("Microsoft.CodeAnalysis", File.ReadAllText(file)));
    }

    [Fact]
    public void The_intermediate_representation_sees_no_pass() => Assert.All(
        Repository.SourceFiles("generators", "NetGen.Generators", "Ir"),
        file => Assert.DoesNotMatch("using NetGen.Compiler.(Passes|Emit|Frontend|Analysis|Diagnostics|Targets)", File.ReadAllText(file)));

    [Fact]
    public void No_pass_sees_the_front_end() => Assert.All(
        Repository.SourceFiles("generators", "NetGen.Generators", "Passes"),
        file => Assert.DoesNotMatch("using NetGen.Compiler.(Frontend|Analysis|Diagnostics)", File.ReadAllText(file)));

    /// <summary><c>NetworkCompiler</c> lists everything in order, so it alone sees both.</summary>
    [Theory]
    [InlineData("Ir")]
    [InlineData("Targets")]
    [InlineData("Support")]
    [InlineData("Passes")]
    public void Only_the_list_of_passes_sees_the_emitters(string folder) => Assert.All(
        Repository.SourceFiles("generators", "NetGen.Generators", folder).Where(file => Path.GetFileName(file) != "NetworkCompiler.cs"),
        file => Assert.DoesNotContain("NetGen.Compiler.Emit", File.ReadAllText(file)));

    [Fact]
    public void Files_are_short() => Assert.All(
        Repository.SourceFiles("generators").Concat(Repository.SourceFiles("src")),
        file => Assert.True(File.ReadAllLines(file).Length <= LongestFile, $"{file} has {File.ReadAllLines(file).Length} lines"));
}
