using System.Collections.Generic;
using NetGen.Compiler.Ir;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>What training minimises, as data, and its value for given predictions.</summary>
internal sealed partial class SurfaceEmitter
{
    private const string LossType = "global::NetGen.OutputLoss";

    /// <summary>Made when first asked for, as the nodes are.</summary>
    private void Losses()
    {
        _writer.Line($"global::System.Collections.Generic.IReadOnlyList<{LossType}> global::NetGen.ITrainableNetwork.Losses => netgenAllLosses;");
        _writer.Blank();
        using (_writer.Block($"private static {LossType}[] netgenAllLosses => netgenLosses ??= new {LossType}[]", "};"))
        {
            foreach (var loss in program.Objectives[0].Losses)
            {
                _writer.Line(Loss(loss) + ",");
            }
        }

        _writer.Blank();
        _writer.Line($"private static {LossType}[]? netgenLosses;");
    }

    private string Loss(LossKernel loss)
    {
        var options = new List<string>();
        if (loss.Weight != 1)
        {
            options.Add($"Weight = {Double(loss.Weight)}");
        }

        if (loss.Loss == NetGen.Loss.Huber)
        {
            options.Add($"HuberDelta = {Double(loss.HuberDelta)}");
        }

        if (loss.Own is { } own)
        {
            options.Add($"Value = {OwnMethod(own)}");
            options.Add($"Slope = {OwnMethod(own + OwnFunction.Derivative)}");
        }

        var range = $"{Number(FirstOutput(loss))}, {Number(loss.Output.Columns)}, {Number(loss.First)}, {Number(loss.TargetColumns)}";
        return $"new {LossType}(\"{loss.Node ?? Predicted[0]}\", global::NetGen.Loss.{loss.Loss}, {range}){(options.Count == 0 ? "" : $" {{ {string.Join(", ", options)} }}")}";
    }

    /// <summary>The nodes that a prediction consists of.</summary>
    private IReadOnlyList<string> Predicted => _declaration.Outputs.Count > 0 ? _declaration.Outputs : [_declaration.Layers[_declaration.Layers.Count - 1].Name];

    private int FirstOutput(LossKernel loss)
    {
        var first = 0;
        for (var k = 0; loss.Node is not null && _declaration.Outputs[k] != loss.Node; k++)
        {
            first += program.Outputs[k];
        }

        return first;
    }

    private void ComputeLoss(Objective objective)
    {
        Summary($"The mean loss of given predictions: of what <see cref=\"{PredictReference}\"/> wrote for any number of samples.");
        _writer.Line("/// <param name=\"outputs\">n predictions.</param>");
        _writer.Line(objective.Labels ? "/// <param name=\"labels\">n labels.</param>" : "/// <param name=\"targets\">n rows of <see cref=\"TargetSize\"/> numbers.</param>");
        var loss = objective.Losses[0];
        if (objective.Losses.Count == 1 && loss.Node is null && loss.Own is { } own)
        {
            OwnLoss(own);
            return;
        }

        _writer.Line($"public float ComputeLoss(global::System.ReadOnlySpan<float> outputs, {TargetParameter(objective)}) =>");
        if (loss.Node is not null)
        {
            _writer.Line($"    {Support}.LossFunctions.Sum(netgenAllLosses, outputs, targets, OutputSize, TargetSize);");
            return;
        }

        var delta = objective.Labels ? "" : $", {Single(loss.HuberDelta)}";
        _writer.Line($"    {Support}.LossFunctions.Compute(global::NetGen.Loss.{loss.Loss}, outputs, {Target(objective)}, OutputSize{delta});");
    }
}
