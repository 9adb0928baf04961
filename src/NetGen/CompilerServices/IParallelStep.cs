using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>A training step that can be done in parts at once. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IParallelStep
{
    /// <summary>Does one part; the parts meet at <see cref="StepTeam.Meet"/>. Part 0 sets the loss.</summary>
    void RunPart(StepTeam team, int part);
}
