namespace NetGen.Compiler.Targets;

/// <summary>A width of vector registers that kernels are emitted for.</summary>
/// <param name="Bits">512, 256 or 128.</param>
internal sealed record VectorTarget(int Bits)
{
    /// <summary>
    /// What orders a sum over a row is the same at every width: 16 virtual lanes, which are one, two or four registers.
    /// </summary>
    public const int VirtualLanes = 16;

    /// <summary>The floats of a register.</summary>
    public int Lanes => Bits / 32;

    /// <summary>The registers that make up the virtual lanes.</summary>
    public int Parts => VirtualLanes / Lanes;

    /// <summary>The vector registers there are: AVX-512 has 32, AVX2 (and what a portable kernel may count on) 16.</summary>
    public int Registers => Bits == 512 ? 32 : 16;

    /// <summary>The static class of this width's operations.</summary>
    public string Class => $"Simd::Vector{Bits}";

    /// <summary>The type of a register of floats.</summary>
    public string Type => $"Simd::Vector{Bits}<float>";

    /// <summary>The class that holds this width's kernels.</summary>
    public string Kernels => $"Kernels{Bits}";
}
