namespace NetGen.Compiler.Emit;

/// <summary>What training keeps from step to step beside the parameters.</summary>
internal sealed partial class SurfaceEmitter
{
    /// <summary>What a step depends on beside the parameters and its samples, and the count of steps.</summary>
    private void TrainingState()
    {
        Summary("What the optimiser remembers from step to step: nothing, with plain gradient descent.");
        _writer.Line($"public {Tensors} OptimizerState => global::System.Array.Empty<global::NetGen.Parameter>();");
        _writer.Blank();
        Summary("The steps taken; a step whose loss was not finite was not taken.");
        using (_writer.Block("public long StepCount"))
        {
            _writer.Line("get => netgenStepCount;");
            _writer.Line($"set => netgenStepCount = {Support}.Check.StepCount(value);");
        }

        _writer.Blank();
        Summary("What random numbers during training are drawn from: the constructor's seed, unless set.");
        _writer.Line("public int Seed { get; set; }");
        _writer.Blank();
        Summary("Counts a step, if its loss is finite: else nothing was changed.");
        using (_writer.Block("private float netgenCounted(float loss)"))
        {
            using (_writer.Block("if (float.IsFinite(loss))"))
            {
                _writer.Line("netgenStepCount++;");
            }

            _writer.Blank();
            _writer.Line("return loss;");
        }
    }
}
