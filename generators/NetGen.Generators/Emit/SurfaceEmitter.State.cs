using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>What training keeps from step to step beside the parameters, and what a step takes of it.</summary>
internal sealed partial class SurfaceEmitter
{
    /// <summary>The learning rate as an argument of a step; other optimisers have it among the numbers of the step.</summary>
    private string Rate => program.Update == UpdatePlace.Added ? ", netgenLearningRate" : "";

    private bool HasState => OptimizerRules.State(_declaration.Train!.Settings).Count > 0;

    private void TrainingFields(OptimizerSettings settings)
    {
        _writer.Line($"private float netgenLearningRate = {Single(settings.LearningRate)};");
        if (settings.Momentum is { } momentum)
        {
            _writer.Line($"private float netgenMomentum = {Single(momentum)};");
        }

        if (settings.WeightDecay is { } decay)
        {
            _writer.Line($"private float netgenWeightDecay = {Single(decay)};");
        }

        if (settings.Optimizer == Optimizer.NAdam)
        {
            _writer.Line($"private readonly {Support}.NesterovMomentum netgenMomentum = new {Support}.NesterovMomentum({Double(settings.Beta1)});");
        }

        if (HasState)
        {
            _writer.Line("private readonly global::NetGen.Parameter[] netgenOptimizerState;");
        }

        _writer.Line("private long netgenStepCount;");
    }

    /// <summary>The optimiser's state lies behind the parameters, laid out as they.</summary>
    private void CreateState(OptimizerSettings settings)
    {
        if (!HasState)
        {
            return;
        }

        var states = OptimizerRules.State(settings);
        using (_writer.Block("netgenOptimizerState = new global::NetGen.Parameter[]", "};"))
        {
            for (var i = 0; i < program.Tensors.Count; i++)
            {
                for (var state = 0; state < states.Count; state++)
                {
                    _writer.Line(Parameter(program.Tensors[i], "." + states[state], layout.State(state) + layout.Parameters[i].Offset));
                }
            }
        }
    }

    private void TrainingState(OptimizerSettings settings)
    {
        RateProperty("LearningRate", "The learning rate η");
        if (settings.Momentum is not null)
        {
            RateProperty("Momentum", "The momentum μ");
        }

        if (settings.WeightDecay is not null)
        {
            RateProperty("WeightDecay", "The weight decay λ");
        }

        Summary(HasState
            ? $"What {settings.Optimizer} remembers from step to step: {string.Join(" and ", OptimizerRules.State(settings))} of each parameter."
            : "What the optimiser remembers from step to step: nothing.");
        _writer.Line($"public {Tensors} OptimizerState => {(HasState ? "netgenOptimizerState" : "global::System.Array.Empty<global::NetGen.Parameter>()")};");
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

        if (program.Update != UpdatePlace.Added)
        {
            _writer.Blank();
            PrepareStep(settings);
        }
    }

    private void RateProperty(string name, string text)
    {
        Summary($"{text} of the next step: finite, at least 0.");
        using (_writer.Block($"public float {name}"))
        {
            _writer.Line($"get => netgen{name};");
            _writer.Line($"set => netgen{name} = {Support}.Check.Rate(value, \"{name}\");");
        }

        _writer.Blank();
    }

    /// <summary>What is the same for all parameters is computed once, and depends on the count of steps alone.</summary>
    private void PrepareStep(OptimizerSettings settings)
    {
        Summary($"The numbers of the next step that {settings.Optimizer}'s formula has for all parameters alike.");
        using (_writer.Block("private void netgenPrepareStep()"))
        {
            var formulas = new OptimizerFormulas(settings, "");
            var place = layout.Training.First(p => p.Buffer.Name == AssignLayout.Rates).Offset;
            if (formulas.Numbers.Any(number => number.Value.Contains("step")))
            {
                _writer.Line("var step = netgenStepCount + 1;");
            }

            _writer.Line($"var rates = global::System.MemoryExtensions.AsSpan(netgenBlock, netgenOrigin + {Number(place)}, {Number(formulas.Numbers.Count)});");
            for (var i = 0; i < formulas.Numbers.Count; i++)
            {
                var number = formulas.Numbers[i];
                var isDouble = number.Value.Contains(' ');
                _writer.Line($"rates[{Number(i)}] = {(isDouble ? $"(float)({number.Value})" : number.Value)}; // {number.Meaning}");
            }
        }
    }
}
