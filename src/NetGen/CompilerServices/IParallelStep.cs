using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>A training step that can be done in parts at once. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IParallelStep
{
    /// <summary>Whether steps on several threads have paid so far.</summary>
    StepPace Pace { get; }

    /// <summary>Does one part of one stage, on whatever thread comes to it first. All parts of a stage are done before the next one begins.</summary>
    /// <param name="team">The step's samples, and where its loss goes.</param>
    /// <param name="stage">What is to be done; of the loss there is only part 0.</param>
    /// <param name="part">Which of <see cref="StepTeam.Parts"/>, from 0.</param>
    void RunPart(StepTeam team, StepStage stage, int part);
}
