using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Support;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Emit;

/// <summary>The tables about a network: for its users the layers, for readers of the generated file the schedule too.</summary>
internal static class HeaderTable
{
    /// <summary>The layers: output shape, parameters, floating-point operations (two a multiply-add) of one prediction; then the bytes that it all takes.</summary>
    public static IEnumerable<string> Summary(KernelProgram program, Layout layout) => [.. Layers(program), "", Memory(program, layout)];

    private static IEnumerable<string> Layers(KernelProgram program)
    {
        string[] head = ["Layer", "Output", "Parameters", "FLOPs"];
        List<string[]> rows = [head];
        rows.AddRange(program.Layers.Select(layer => new[] { $"{layer.Name} ({layer.Kind})", string.Join("x", layer.Shape.Select(size => Number(size))), Number(layer.Parameters), Number(layer.Operations) }));
        var (parameters, flops) = (program.Layers.Sum(layer => layer.Parameters), program.Layers.Sum(layer => layer.Operations));
        rows.Add(["Total", "", Number(parameters), Number(flops)]);
        return Align(rows);
    }

    /// <summary>What a network holds from its constructor on, and what a prediction takes beside it.</summary>
    private static string Memory(KernelProgram program, Layout layout)
    {
        var parameters = (long)layout.ParameterLength + program.States.Sum(state => Buffer.RoundUp(state.Buffer.Length(0), 16));
        List<string> parts = [$"{Bytes(parameters)} of parameters{(program.States.Count > 0 ? " and running figures" : "")}"];
        if (program.Declaration.Train is { Settings: var settings })
        {
            var kept = (long)layout.ParameterLength * OptimizerRules.State(settings).Count;
            parts.Add($"{Bytes(kept)} that {settings.Optimizer} keeps");
            parts.Add($"{Bytes(layout.BlockLength - parameters - kept)} that a step works with");
        }

        var all = parts.Count == 1 ? "" : $": {Bytes(layout.BlockLength)} in all";
        return $"Memory in bytes: {string.Join(", ", parts)}{all}. Each prediction that runs takes {Bytes(layout.PredictionLength)}, for {Number(layout.PredictionRows)} samples at a time.";
    }

    private static string Bytes(long floats) => Number(floats * sizeof(float));

    /// <summary>The head of the generated file: what the network is and how it runs.</summary>
    public static void Write(CodeWriter writer, KernelProgram program, Layout layout, EquatableArray<int> widths)
    {
        writer.Line($"// {program.Declaration.ClassName.TrimStart('@')}");
        writer.Line("//");
        foreach (var line in Layers(program))
        {
            writer.Line($"// {line}".TrimEnd());
        }

        if (program.Declaration.Train is { } train)
        {
            writer.Line("//");
            writer.Line($"// Trained by {train.Settings.Optimizer} on {string.Join(" + ", train.Losses.Select(LossText))}, {Number(train.BatchSize)} samples a step.");
        }

        writer.Line("//");
        writer.Line($"// Names: x inputs, W weights, b biases, z = x·W + b, a = f(z), delta = ∂loss/∂z{(program.Declaration.Train is { Settings.IsPlain: true } ? " (times −rate when training)" : "")}, T transposed.");
        writer.Line("// Schedule: tiles of rows x vectors, and the cycles that the cost model predicts for a batch.");
        Schedules(writer, program, layout, widths);
        writer.Line("//");
        writer.Line($"// {Memory(program, layout)}");
        writer.Blank();
    }

    private static string LossText(LossDeclaration loss) =>
        (loss.Weight == 1 ? "" : $"{CodeWriter.Shortest(loss.Weight)}·") + (loss.Own ?? loss.Loss.ToString()) + (loss.Node is null ? "" : $"({loss.Node})");

    /// <summary>What was chosen for each kernel of a step, and what the step and predictions are expected to take.</summary>
    private static void Schedules(CodeWriter writer, KernelProgram program, Layout layout, EquatableArray<int> widths)
    {
        var batch = program.Declaration.Train?.BatchSize;
        List<string[]> rows = [["Kernel", .. widths.Select(w => $"{Number(w)} bits")]];
        void Add(string name, System.Func<VectorTarget, string> cell) => rows.Add([name, .. widths.Select(w => cell(new VectorTarget(w)))]);
        foreach (var kernel in batch is null ? program.Prediction : ProgramCost.StepKernels(program).Concat(program.Constraints))
        {
            Add(kernel.Name, target => kernel is ProductKernel product && !Schedule.IsOneOutput(product, batch)
                ? Describe(Schedule.Run(product, target, batch))
                : Cycles(ProgramCost.Of(kernel, target, batch ?? layout.PredictionRows, batch)));
        }

        if (program.Update == UpdatePlace.AfterAll)
        {
            Add(program.Declaration.Train!.Settings.Optimizer.ToString(), target => Cycles(ProgramCost.UpdateAfterAll(program, target)));
        }

        if (batch is not null)
        {
            Add(program.IsNarrow ? "A step, a sample a lane" : "A step", target => Cycles(ProgramCost.Step(program, target)));
        }

        Add("Predict 1", target => Cycles(ProgramCost.Predict(program, layout, target, 1)));
        Add("Predict 256", target => Cycles(ProgramCost.Predict(program, layout, target, 256)));
        foreach (var line in Align(rows))
        {
            writer.Line($"//   {line}".TrimEnd());
        }
    }

    private static string Describe(ProductSchedule schedule)
    {
        var tile = $"{Number(schedule.Rows[0])}x{Number(schedule.Vectors)}";
        var how = schedule.RightInRegisters ? " deltas in registers" : schedule.Unrolled ? " unrolled" : "";
        return $"{tile}{how}, {Cycles(schedule.Cycles)}";
    }

    private static string Cycles(double cycles) => cycles.ToString("F0", System.Globalization.CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Pads the cells of each column: the first to the left, the others to the right.</summary>
    private static IEnumerable<string> Align(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
    }
}
