using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>Makes parameters over a network's block. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ParameterFactory
{
    /// <summary>A parameter that starts at an index of the block.</summary>
    public static Parameter Create(string name, int[] shape, float[] block, int start, ParameterLayout layout) => new(name, shape, block, start, layout);
}
