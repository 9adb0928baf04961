using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>What random layers add: the key of a step, and the rate of dropout.</summary>
internal sealed partial class SurfaceEmitter
{
    /// <summary>The last argument of a step that draws random numbers.</summary>
    private string Key => program.IsRandom ? $", {Support}.CounterRandom.StepKey(Seed, netgenStepCount)" : "";

    /// <summary>Where the rate of each dropout stands, from the block's first aligned float, and what it starts at.</summary>
    private List<(int Offset, double Start)> Rates =>
    [
        .. from stage in program.TrainingStages.OfType<DropoutStage>()
           let place = layout.Training.First(p => p.Buffer == stage.Rate).Offset
           select (place, ((DropoutDeclaration)_declaration.Layers[stage.Layer - 1]).Rate),
    ];

    private void StartDropout()
    {
        foreach (var (offset, start) in Rates)
        {
            _writer.Line($"netgenBlock[netgenOrigin + {Number(offset)}] = {Single(start)};");
        }
    }

    /// <summary>One rate for all dropout layers, so that a search can vary it.</summary>
    private void DropoutRate()
    {
        var rates = Rates;
        if (rates.Count == 0)
        {
            return;
        }

        var differ = rates.Any(rate => rate.Start != rates[0].Start);
        _writer.Blank();
        Summary($"The rate of all dropout layers from the next step on: at least 0, below 1.{(differ ? " They are declared with different rates: NaN until one is set for all." : "")}");
        using (_writer.Block("public float DropoutRate"))
        {
            string At(int offset) => $"netgenBlock[netgenOrigin + {Number(offset)}]";
            var same = string.Join(" && ", rates.Skip(1).Select(rate => $"{At(rate.Offset)} == {At(rates[0].Offset)}"));
            _writer.Line(differ ? $"get => {same} ? {At(rates[0].Offset)} : float.NaN;" : $"get => {At(rates[0].Offset)};");
            using (_writer.Block("set"))
            {
                _writer.Line($"{Support}.Check.DropoutRate(value);");
                foreach (var (offset, _) in rates)
                {
                    _writer.Line($"{At(offset)} = value;");
                }
            }
        }
    }
}
