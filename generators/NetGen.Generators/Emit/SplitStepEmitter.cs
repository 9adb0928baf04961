using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// One thread's part of a training step. Its samples go through all layers without waiting for the others': forward up to the
/// loss, which part 0 alone sums, then back down. Only then, when every delta is there, come the weights.
/// </summary>
internal sealed class SplitStepEmitter(KernelProgram program, Layout layout, StepSplit split, VectorTarget target, int batchSize)
{
    private const string Team = "global::NetGen.CompilerServices.StepTeam";

    public void Write(CodeWriter writer, LossKernel loss)
    {
        KernelFileEmitter.Head(
            writer,
            $"One part of the same step, on a thread of its own: some of the {Number(batchSize)} rows, then some of every layer's weights.",
            "The parts meet three times. No sum is split, so that any number of parts gives the same bits.");
        var suffix = StepEmitter.Suffix(loss);
        using (writer.Block($"internal static void PartOfStep{suffix}({Team} team, int part, ref float x, ref {StepEmitter.TargetType(loss)}, int samples, float rate, ref float network)"))
        {
            KernelFileEmitter.Places(writer, "network", layout.Parameters);
            var names = StepEmitter.Names(program.Forward.Concat(program.Backward));
            names.ExceptWith(StepEmitter.Names([loss]));
            KernelFileEmitter.Places(writer, "network", layout.Training, names.Contains);
            StepEmitter.LossPlaces(writer, layout, loss);
            writer.Line($"var row = {Team}.Share({Number(batchSize)}, {Number(split.RowUnit)}, part, team.Parts);");
            writer.Line($"var count = {Team}.Share({Number(batchSize)}, {Number(split.RowUnit)}, part + 1, team.Parts) - row;");
            Transposes(writer);
            foreach (var kernel in program.Forward.Cast<ProductKernel>())
            {
                StepEmitter.Comment(writer, kernel, batchSize);
                writer.Line(OnRows(kernel));
            }

            writer.Blank();
            writer.Line("team.Meet();");
            using (writer.Block("if (part == 0)"))
            {
                StepEmitter.Comment(writer, loss, batchSize);
                writer.Line($"team.Loss = {StepEmitter.LossCall(loss, "-rate")};");
            }

            writer.Blank();
            writer.Line("team.Meet();");
            using (writer.Block("if (!float.IsFinite(team.Loss))"))
            {
                writer.Line("return;");
            }

            foreach (var kernel in program.Backward.OfType<ProductKernel>().Where(k => !StepEmitter.IsUpdate(k)))
            {
                StepEmitter.Comment(writer, kernel, batchSize);
                writer.Line(OnRows(kernel));
            }

            writer.Blank();
            writer.Line("team.Meet();");
            foreach (var kernel in program.Backward.OfType<ProductKernel>().Where(StepEmitter.IsUpdate))
            {
                StepEmitter.Comment(writer, kernel, batchSize);
                Update(writer, kernel);
            }
        }
    }

    /// <summary>Weights are turned before anybody needs them: each matrix by one part.</summary>
    private void Transposes(CodeWriter writer)
    {
        var transposes = program.Backward.OfType<TransposeKernel>().ToList();
        for (var i = 0; i < transposes.Count; i++)
        {
            StepEmitter.Comment(writer, transposes[i], batchSize);
            using (writer.Block($"if (part == {Number(i)} % team.Parts)"))
            {
                writer.Line(KernelFileEmitter.Call(transposes[i], "", isSplit: true));
            }
        }
    }

    /// <summary>A product on the part's rows.</summary>
    private string OnRows(ProductKernel kernel)
    {
        string At(Buffer? buffer)
        {
            var step = buffer!.Storage == Storage.RowMajor ? buffer.Columns : Buffer.PanelWidth;
            return $"ref Clr::Unsafe.Add(ref {buffer.Name}, row * {Number(step)})";
        }

        string?[] arguments =
        [
            At(kernel.Left),
            $"ref {kernel.Right.Name}",
            kernel.Bias is null ? null : $"ref {kernel.Bias.Name}",
            At(kernel.Result),
            kernel.Operand is null ? null : At(kernel.Operand),
            kernel.Product == Product.Forward ? Number(batchSize) : null,
            "count",
        ];
        return $"{kernel.Name}({string.Join(", ", arguments.Where(a => a is not null))});";
    }

    /// <summary>The part's share of a layer's inputs.</summary>
    private void Update(CodeWriter writer, ProductKernel kernel)
    {
        var unit = Schedule.IsOneOutput(kernel, batchSize)
            ? Schedule.OneOutputGroup
            : ParameterProductEmitter.Unit(kernel, Schedule.Run(kernel, target, batchSize));
        string Bound(string part) => $"{Team}.Share({Number(kernel.Left.Columns)}, {Number(unit)}, {part}, team.Parts)";
        var call = KernelFileEmitter.Call(kernel, "", isSplit: false);
        writer.Line($"{call.Substring(0, call.Length - 2)}, {Bound("part")}, {Bound("part + 1")});");
    }
}
