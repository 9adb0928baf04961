using System.Linq;
using NetGen.Compiler.Emit;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>The compiler: a declaration and its graph in, the text of C# files out. The passes, in order.</summary>
internal static class NetworkCompiler
{
    public static EquatableArray<GeneratedFile> Compile(NetworkDeclaration declaration, Graph graph, CompilerOptions options)
    {
        // Parse and InferShapes have run: they report errors, so the analyzer runs them too.
        var program = Program(declaration, graph, options.UnrollBudget);
        var split = SplitStep.Run(program);
        var layout = AssignLayout.Run(program, split);

        // Schedule runs for each product and width, as its kernel is emitted.
        var surface = new SurfaceEmitter(program, layout, split, options.VectorWidths).Write();
        var kernels = options.VectorWidths.Select(bits => new GeneratedFile(
            $"{declaration.HintName}.Kernels{CodeWriter.Number(bits)}.g.cs",
            new KernelFileEmitter(program, layout, split, new VectorTarget(bits)).Write()));
        return kernels.Prepend(new GeneratedFile($"{declaration.HintName}.g.cs", surface)).ToEquatableArray();
    }

    /// <summary>The passes up to the kernels, along which axis a step's lanes run, and where the optimiser's step happens.</summary>
    public static KernelProgram Program(NetworkDeclaration declaration, Graph graph, int unrollBudget = TileHints.UsualBudget)
    {
        var merged = MergeBiases.Run(graph, declaration);
        var program = Fuse.Run(declaration.Train is { } train ? Differentiate.Run(merged, train) : merged, declaration, unrollBudget) with
        {
            Layers = LayerTable.Of(graph, declaration),
        };
        return PlaceUpdate.Run(program with { IsNarrow = NarrowStep.Run(program), ClearsPadding = OwnFunctionRules.NeedClearing(declaration) });
    }
}

/// <summary>What a project says to the compiler.</summary>
/// <param name="VectorWidths">The widths in bits for which kernels are emitted, widest first: 512, 256, 128.</param>
/// <param name="UnrollBudget">A tile may be written out when it has at most so many multiply-adds.</param>
internal sealed record CompilerOptions(EquatableArray<int> VectorWidths, int UnrollBudget = TileHints.UsualBudget);

/// <summary>A file to be added to the compilation.</summary>
internal sealed record GeneratedFile(string HintName, string Text);
