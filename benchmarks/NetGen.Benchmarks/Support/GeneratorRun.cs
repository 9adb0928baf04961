extern alias compiler;

using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Support;

/// <summary>Runs the generator over the source of one network, as the C# compiler does.</summary>
internal sealed class GeneratorRun
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp12);

    private readonly CSharpCompilation _compilation;
    private readonly SyntaxTree _other;
    private GeneratorDriver _driver;
    private int _edits;

    public GeneratorRun(Workload workload)
        : this(workload.Name, Source(workload))
    {
    }

    /// <param name="name">What messages call it.</param>
    /// <param name="source">C# that declares the network <c>Net</c>.</param>
    public GeneratorRun(string name, string source)
    {
        var assemblies = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        _other = Parse("class Other { }");
        _compilation = CSharpCompilation.Create(
            "Measured",
            [Parse(source), _other],
            [.. assemblies.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(IsReference).Select(Reference)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        _driver = Create().RunGenerators(_compilation);
        if (_driver.GetRunResult().Results[0].Exception is { } exception)
        {
            throw new InvalidOperationException($"The generator failed for {name}.", exception);
        }

        if (_driver.GetRunResult().GeneratedTrees.IsEmpty)
        {
            throw new InvalidOperationException($"The generator generated nothing for {name}.");
        }
    }

    /// <summary>A driver that has seen nothing yet: what a build pays.</summary>
    /// <returns>The count of generated files.</returns>
    public int Fresh() => Create().RunGenerators(_compilation).GetRunResult().GeneratedTrees.Length;

    /// <summary>An edit of another file: what typing elsewhere pays.</summary>
    /// <returns>The count of generated files.</returns>
    public int AfterUnrelatedEdit()
    {
        _edits++;
        var edited = _compilation.ReplaceSyntaxTree(_other, Parse(string.Create(CultureInfo.InvariantCulture, $"class Other{_edits} {{ }}")));
        _driver = _driver.RunGenerators(edited);
        return _driver.GetRunResult().GeneratedTrees.Length;
    }

    /// <summary>What the network is before it becomes text.</summary>
    public compiler::NetGen.Compiler.Ir.KernelProgram Program()
    {
        var type = _compilation.GetTypeByMetadataName("Net")!;
        var declaration = compiler::NetGen.Compiler.Frontend.DeclarationParser.Parse(type, _compilation, CancellationToken.None)!.Declaration!;
        var graph = compiler::NetGen.Compiler.Passes.InferShapes.Run(declaration).Graph!;
        return compiler::NetGen.Compiler.Passes.NetworkCompiler.Program(declaration, graph);
    }

    /// <summary>Compiles text beside the framework, as optimised code.</summary>
    public System.Reflection.Assembly Load(string text)
    {
        using var image = new MemoryStream();
        var compilation = CSharpCompilation.Create(
            "Alternatives", [Parse(text)], _compilation.References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        var result = compilation.Emit(image);
        return result.Success
            ? System.Reflection.Assembly.Load(image.ToArray())
            : throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Take(5)));
    }

    private static CSharpGeneratorDriver Create() =>
        CSharpGeneratorDriver.Create([new compiler::NetGen.Compiler.Frontend.NetworkGenerator().AsSourceGenerator()], parseOptions: ParseOptions);

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, ParseOptions);

    /// <summary>A user's project sees the framework and the runtime, not what happens to lie beside this program.</summary>
    private static bool IsReference(string path) =>
        Path.GetFileName(path) == "NetGen.dll" || Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location);

    private static PortableExecutableReference Reference(string path) => MetadataReference.CreateFromFile(path);

    private static string Source(Workload workload)
    {
        var layers = workload.Sizes.Skip(1).Select((units, i) => i == workload.Sizes.Length - 2
            ? $"[Dense({units}, Activation.{workload.Last})]"
            : workload.Dropout is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"[Dense({units})]\n[BatchNorm]\n[Dropout({rate})]\n[Activation(Activation.{workload.Hidden})]")
            : $"[Dense({units}, Activation.{workload.Hidden})]");
        var input = workload.Images is { Input: var (channels, height, width) } ? string.Create(CultureInfo.InvariantCulture, $"{channels}, {height}, {width}") : null;
        input ??= workload.Sizes[0].ToString(CultureInfo.InvariantCulture);
        string[] lines = [.. workload.Images?.Declarations ?? [], .. layers];
        return string.Create(CultureInfo.InvariantCulture, $"""
            using NetGen;

            [Network]
            [Input({input})]
            {string.Join('\n', lines)}
            [Train(Loss.{workload.Loss}, Optimizer.Sgd, LearningRate = {workload.LearningRate}, BatchSize = {workload.BatchSize})]
            public partial class Net;
            """);
    }
}
