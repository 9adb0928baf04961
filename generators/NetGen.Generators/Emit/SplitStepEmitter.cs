using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Support;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// One part of a stage of a training step, as the threads of a team take them. Samples go through all layers without waiting for
/// the others': forward up to the loss, which is one part alone, then back down. Only then, when every delta is there, come the
/// weights.
/// </summary>
internal sealed class SplitStepEmitter(KernelProgram program, Layout layout, StepSplit split, VectorTarget target, int batchSize)
{
    private const string Team = "global::NetGen.CompilerServices.StepTeam";

    private const string Stage = "global::NetGen.CompilerServices.StepStage";

    public void Write(CodeWriter writer, Objective objective)
    {
        KernelFileEmitter.Head(
            writer,
            $"One part of the same step, for several threads: some of the {Number(batchSize)} rows forward or backward, the loss, or some of every layer's weights.",
            "A stage begins when all parts of the one before are done. No sum is split, so that any number of parts gives the same bits.");
        var suffix = StepEmitter.Suffix(objective);
        using (writer.Block($"internal static void PartOfStep{suffix}({Team} team, {Stage} stage, int part, ref float x, ref {StepEmitter.TargetType(objective)}, int samples{StepEmitter.RateParameter(program)}, ref float network)"))
        {
            KernelFileEmitter.Places(writer, "network", layout.Parameters);
            var names = StepEmitter.Names(program.Forward.Concat(program.Descent));
            names.ExceptWith(StepEmitter.Names(objective.Losses));
            KernelFileEmitter.Places(writer, "network", layout.Training, names.Contains);
            StepEmitter.LossPlaces(writer, layout, objective);
            StepEmitter.UpdatePlaces(writer, program, layout);
            writer.Line($"var row = {Team}.Share({Number(batchSize)}, {Number(split.RowUnit)}, part, team.Parts);");
            writer.Line($"var count = {Team}.Share({Number(batchSize)}, {Number(split.RowUnit)}, part + 1, team.Parts) - row;");
            writer.Blank();
            using (writer.Block("switch (stage)"))
            {
                Case(writer, "Forward", () =>
                {
                    Transposes(writer);
                    Rows(writer, program.Forward);
                });
                Case(writer, "Loss", () => StepEmitter.LossCalls(writer, objective, StepEmitter.Numerator(program), batchSize, "team.Loss"));
                Case(writer, "Backward when float.IsFinite(team.Loss)", () =>
                {
                    Rows(writer, program.Descent.Where(k => !StepEmitter.IsUpdate(k)));
                    Penalties(writer);
                });
                Case(writer, "Update when float.IsFinite(team.Loss)", () => Updates(writer));
                if (program.Update == UpdatePlace.AfterAll)
                {
                    if (program.Declaration.Train!.Settings.ClipNorm is not null)
                    {
                        Case(writer, "Norm when float.IsFinite(team.Loss)", () => StepEmitter.ClipNorm(writer, program));
                    }

                    Case(writer, "Descent when float.IsFinite(team.Loss)", () => UpdateAll(writer));
                }

                if (program.Constraints.Count > 0)
                {
                    Case(writer, "Constraint when float.IsFinite(team.Loss)", () => Constraints(writer));
                }
            }
        }
    }

    private static void Case(CodeWriter writer, string stage, Action body)
    {
        using (writer.Block($"case {Stage}.{stage}:"))
        {
            body();
            writer.Line("break;");
        }
    }

    /// <summary>Products on the part's rows.</summary>
    private void Rows(CodeWriter writer, IEnumerable<Kernel> kernels)
    {
        foreach (var kernel in kernels.Where(SplitStep.RunsOnRows))
        {
            StepEmitter.Comment(writer, kernel, batchSize);
            writer.Line(kernel is ProductKernel product ? OnRows(product) : OnImages(kernel));
        }
    }

    /// <summary>A kernel on the images of the part's rows.</summary>
    private string OnImages(Kernel kernel)
    {
        var buffers = ImageKernels.Buffers(kernel)!.Select(buffer => buffer.Storage is Storage.Vector or Storage.WeightPanels ? $"ref {buffer.Name}" : At(buffer));
        return $"{kernel.Name}({string.Join(", ", buffers)}, count{(ImageKernels.TakesStride(kernel) ? $", {Number(batchSize)}" : "")});";
    }

    /// <summary>The part's first row of a buffer.</summary>
    private static string At(Buffer buffer)
    {
        var step = buffer.Storage switch
        {
            Storage.RowMajor => buffer.Columns,
            Storage.Images => buffer.Frame!.Group / Frame.Samples,
            _ => Buffer.PanelWidth,
        };
        return $"ref Clr::Unsafe.Add(ref {buffer.Name}, row * {Number(step)})";
    }

    /// <summary>The last stage: where weights have limits, these; where the optimiser needs all gradients first, its step with them.</summary>
    public static string LastStage(KernelProgram program) =>
        $"{Stage}.{(program.Constraints.Count > 0 ? "Constraint" : program.Update == UpdatePlace.AfterAll ? "Descent" : "Update")}";

    /// <summary>The products of the weights' gradients, into the weights or into the gradients.</summary>
    private void Updates(CodeWriter writer)
    {
        if (program.Update == UpdatePlace.AfterAll)
        {
            var names = StepEmitter.Names(program.Descent.Where(StepEmitter.IsUpdate));
            GradientPlaces(writer, names.Contains);
        }

        var isAfterAll = program.Update == UpdatePlace.AfterAll;
        foreach (var kernel in program.Descent.Where(StepEmitter.IsUpdate))
        {
            var target = kernel switch
            {
                ProductKernel k when isAfterAll => k with { Result = Gradient(k.Result), Bias = k.Bias is null ? null : Gradient(k.Bias) },
                ConvolutionParameterGradientKernel k when isAfterAll => k with { Weights = Gradient(k.Weights), Bias = k.Bias is null ? null : Gradient(k.Bias) },
                BiasGradientKernel k when isAfterAll => k with { Bias = Gradient(k.Bias) },
                _ => kernel,
            };
            StepEmitter.Comment(writer, target, batchSize);
            Update(writer, target);
        }
    }

    private void GradientPlaces(CodeWriter writer, Func<string, bool> used) => KernelFileEmitter.Places(
        writer, "gradient", layout.Parameters.Where(p => used(p.Buffer.Name)).Select(p => p with { Buffer = Gradient(p.Buffer) }).ToEquatableArray());

    /// <summary>
    /// The part's share of each penalised parameter. Nobody reads it meanwhile, for gradients go down through the turned weights; and gradients
    /// are not summed up yet.
    /// </summary>
    private void Penalties(CodeWriter writer)
    {
        var penalties = program.Descent.OfType<PenaltyKernel>().ToList();
        if (penalties.Count > 0 && program.Update == UpdatePlace.AfterAll)
        {
            GradientPlaces(writer, StepEmitter.Names(penalties).Contains);
        }

        foreach (var kernel in penalties)
        {
            var floats = kernel.Parameter.Length(0);
            var into = program.Update == UpdatePlace.AfterAll ? Gradient(kernel.Parameter) : kernel.Parameter;
            StepEmitter.Comment(writer, kernel, batchSize);
            using (writer.Block())
            {
                writer.Line($"var first = {Bound(floats, 16, "part")};");
                writer.Line($"var own = {Bound(floats, 16, "part + 1")} - first;");
                writer.Line($"{kernel.Name}(ref {TileEmitter.Ref(kernel.Parameter.Name, "first")}, ref {TileEmitter.Ref(into.Name, "first")}, own, {StepEmitter.Numerator(program)});");
            }
        }
    }

    private static string Bound(int count, int unit, string part) => $"{Team}.Share({Number(count)}, {Number(unit)}, {part}, team.Parts)";

    /// <summary>Each layer's weights by one part.</summary>
    private void Constraints(CodeWriter writer)
    {
        for (var i = 0; i < program.Constraints.Count; i++)
        {
            StepEmitter.Comment(writer, program.Constraints[i], batchSize);
            using (writer.Block($"if (part == {Number(i)} % team.Parts)"))
            {
                writer.Line(KernelFileEmitter.Call(program.Constraints[i], "", isSplit: true));
            }
        }
    }

    private static Buffer Gradient(Buffer parameter) => parameter with { Name = "d" + parameter.Name };

    /// <summary>The part's share of all parameters, whose gradients are there.</summary>
    private void UpdateAll(CodeWriter writer)
    {
        var pieces = StepEmitter.Learning(program, layout);
        foreach (var (start, length) in pieces)
        {
            using (writer.BlockIf(pieces.Count > 1))
            {
                writer.Line($"var first = {(start == 0 ? "" : $"{Number(start)} + ")}{Bound(length, 16, "part")};");
                writer.Line($"var own = {(start == 0 ? "" : $"{Number(start)} + ")}{Bound(length, 16, "part + 1")} - first;");
                writer.Line("ref var ownGradient = ref Clr::Unsafe.Add(ref gradient, first);");
                writer.Line("ref var ownParameters = ref Clr::Unsafe.Add(ref network, first);");
                writer.Line(OptimizerEmitter.Call(program.Declaration.Train!.Settings.Optimizer, "ownGradient", "own", "ownParameters"));
                writer.Line(StepEmitter.Clear("ownGradient", "own"));
            }
        }
    }

    /// <summary>Weights are turned before anybody needs them: each matrix by one part.</summary>
    private void Transposes(CodeWriter writer)
    {
        var transposes = program.Descent.OfType<TransposeKernel>().ToList();
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

    /// <summary>The part's share of a layer's inputs, or filters.</summary>
    private void Update(CodeWriter writer, Kernel kernel)
    {
        var (all, unit) = kernel switch
        {
            ProductKernel product when Schedule.IsOneOutput(product, batchSize) => (product.Left.Columns, Schedule.OneOutputGroup),
            ProductKernel product => (product.Left.Columns, ParameterProductEmitter.Unit(product, Schedule.Run(product, target, batchSize))),
            ConvolutionParameterGradientKernel convolution => (convolution.Window.Result.Channels, FilterGradientEmitter.Unit(convolution, target)),
            BiasGradientKernel bias => (bias.Bias.Columns, bias.Bias.Columns),
            _ => throw new InvalidOperationException(kernel.GetType().Name),
        };
        string Part(string part) => Bound(all, unit, part);
        var call = KernelFileEmitter.Call(kernel, Number(batchSize), isSplit: false);
        writer.Line($"{call.Substring(0, call.Length - 2)}, {Part("part")}, {Part("part + 1")});");
    }
}
