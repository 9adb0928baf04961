using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>The compiler: one declaration in, the text of its C# files out. The passes, in order.</summary>
internal static class NetworkCompiler
{
    public static EquatableArray<GeneratedFile> Compile(NetworkDeclaration declaration, CompilerOptions options) => EquatableArray<GeneratedFile>.Empty;
}

/// <summary>What a project says to the compiler.</summary>
/// <param name="VectorWidths">The widths in bits for which kernels are emitted, widest first: 512, 256, 128.</param>
internal sealed record CompilerOptions(EquatableArray<int> VectorWidths);

/// <summary>A file to be added to the compilation.</summary>
internal sealed record GeneratedFile(string HintName, string Text);
