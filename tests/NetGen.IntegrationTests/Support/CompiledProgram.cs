extern alias compiler;

using compiler::NetGen.Compiler.Frontend;
using compiler::NetGen.Compiler.Ir;
using compiler::NetGen.Compiler.Passes;

namespace NetGen.IntegrationTests.Support;

/// <summary>What a declaration is before it becomes text: its kernels, and where their buffers stand.</summary>
/// <param name="Program">The kernels.</param>
/// <param name="Split">How a step is split over threads; null where it is not.</param>
/// <param name="Layout">The places.</param>
internal sealed record CompiledProgram(KernelProgram Program, StepSplit? Split, Layout Layout)
{
    public static CompiledProgram Of(NetSpec spec)
    {
        var compilation = Harness.User(spec.ToSource(), HarnessOptions.Default);
        var declaration = DeclarationParser.Parse(compilation.GetTypeByMetadataName("Net")!, compilation, CancellationToken.None)!.Declaration!;
        var program = NetworkCompiler.Program(declaration, InferShapes.Run(declaration).Graph!);
        var split = SplitStep.Run(program);
        return new(program, split, AssignLayout.Run(program, split));
    }

    /// <summary>The same for a step that is split, whether or not it is long enough for that; null where it cannot be.</summary>
    public CompiledProgram? AsSplit()
    {
        var canBe = !Program.ClearsPadding && !Program.SharesParameters && Program.Forward.All(SplitStep.RunsOnRows)
            && Program.Descent.All(kernel => kernel is TransposeKernel or PenaltyKernel || SplitStep.RunsOnRows(kernel));
        var split = Split ?? new StepSplit(16);
        return canBe ? this with { Split = split, Layout = AssignLayout.Run(Program, split) } : null;
    }
}
