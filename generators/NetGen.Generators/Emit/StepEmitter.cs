using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>The methods that run the kernels in order: a training step, and the gradients without one.</summary>
internal sealed class StepEmitter(KernelProgram program, Layout layout, int batchSize)
{
    public void Write(CodeWriter writer)
    {
        foreach (var loss in program.Losses)
        {
            writer.Blank();
            Step(writer, loss);
            writer.Blank();
            Gradients(writer, loss);
        }

        writer.Blank();
        Forward(writer);
        writer.Blank();
        Backward(writer);
    }

    private static string TargetType(LossKernel loss) => loss.Labels ? "int labels" : "float targets";

    /// <summary>Forward, loss, backward: a step of gradient descent.</summary>
    private void Step(CodeWriter writer, LossKernel loss)
    {
        KernelFileEmitter.Head(
            writer,
            $"One step of gradient descent on {Number(batchSize)} rows, of which so many are samples. Returns the mean loss before the step.",
            "The gradient of the loss is scaled by −rate/n at its source, so that every weight's step is W += xᵀ·delta. A loss that is not finite ends the step before anything changes.");
        using (writer.Block($"internal static float Step{Suffix(loss)}(ref float x, ref {TargetType(loss)}, int samples, float rate, ref float network)"))
        {
            writer.Line("Forward(ref x, ref network);");
            writer.Blank();
            LossCall(writer, loss, $"-rate / {LossEmitter.Divisor(loss.Loss, program.Output.Columns, "samples")}");
            using (writer.Block("if (float.IsFinite(loss))"))
            {
                writer.Line("Backward(ref x, ref network, ref network);");
            }

            writer.Blank();
            writer.Line("return loss;");
        }
    }

    /// <summary>Forward, loss, backward into gradients.</summary>
    private void Gradients(CodeWriter writer, LossKernel loss)
    {
        KernelFileEmitter.Head(writer, "The gradient of the mean loss, added to gradients that are zero; then the inputs' gradient. Returns the mean loss.");
        using (writer.Block($"internal static float Gradients{Suffix(loss)}(ref float x, ref {TargetType(loss)}, int samples, ref float network, ref float gradients, ref float dxRows)"))
        {
            writer.Line("Forward(ref x, ref network);");
            writer.Blank();
            LossCall(writer, loss, $"1f / {LossEmitter.Divisor(loss.Loss, program.Output.Columns, "samples")}");
            writer.Line("Backward(ref x, ref network, ref gradients);");
            writer.Blank();
            var used = Names(program.InputGradient);
            if (program.InputGradientBuffer is { } dx)
            {
                used.Add(dx.Name);
            }

            // In a net of one layer the loss's gradient is also that which reaches the inputs: it has its local already.
            used.ExceptWith(Names([loss]));
            KernelFileEmitter.Places(writer, "network", layout.Parameters, used.Contains);
            KernelFileEmitter.Places(writer, "network", layout.Training, used.Contains);
            KernelFileEmitter.Places(writer, "gradients", layout.Gradients, used.Contains);
            foreach (var kernel in program.InputGradient)
            {
                Comment(writer, kernel);
                writer.Line(KernelFileEmitter.Call(kernel, Number(batchSize)));
            }

            if (program.InputGradientBuffer is { } result)
            {
                writer.Line($"CopyInputGradient(ref {result.Name}, ref dxRows, samples, {Number(batchSize)});");
            }

            writer.Line("return loss;");
        }
    }

    private void Comment(CodeWriter writer, Kernel kernel)
    {
        writer.Blank();
        writer.Line($"// {FormulaText.Of(kernel, Number(batchSize))}");
    }

    private static string Suffix(LossKernel loss) => loss.Labels ? "OnLabels" : "";

    private void LossCall(CodeWriter writer, LossKernel loss, string factor)
    {
        var names = Names([loss]);
        KernelFileEmitter.Places(writer, "network", layout.Training, names.Contains);
        var edge = layout.Training.First(p => p.Buffer.Name == AssignLayout.Edge);
        writer.Line($"ref var edge = ref {TileEmitter.Ref("network", edge.Offset)};");
        Comment(writer, loss);
        var operand = loss.Operand is { } o && o.Name != loss.Output.Name ? $"ref {o.Name}, " : "";
        var target = loss.Labels ? "ref labels, ref edge" : "ref targets, ref edge";
        writer.Line($"var loss = {loss.Name}(ref {loss.Output.Name}, {operand}{target}, ref {loss.Gradient.Name}, samples, {factor});");
    }

    private void Forward(CodeWriter writer)
    {
        KernelFileEmitter.Head(writer, "From the inputs to what the loss takes.");
        using (writer.Block("private static void Forward(ref float x, ref float network)"))
        {
            var names = Names(program.Forward);
            KernelFileEmitter.Places(writer, "network", layout.Parameters, names.Contains);
            KernelFileEmitter.Places(writer, "network", layout.Training, names.Contains);
            foreach (var kernel in program.Forward)
            {
                Comment(writer, kernel);
                writer.Line(KernelFileEmitter.Call(kernel, Number(batchSize)));
            }
        }
    }

    /// <summary>The updates write into what may be another block than the weights are read from.</summary>
    private void Backward(CodeWriter writer)
    {
        KernelFileEmitter.Head(
            writer,
            "From the loss's gradient to every parameter's, added to what is there: the network's own parameters when training.",
            "Each layer passes its gradient on, through its weights from before the update, and is updated then.");
        using (writer.Block("private static void Backward(ref float x, ref float network, ref float into)"))
        {
            var updated = Names(program.Backward.Where(IsUpdate));
            var read = Names(program.Backward.Where(k => !IsUpdate(k)));
            var transposed = new HashSet<string>(program.Backward.OfType<TransposeKernel>().Select(k => k.Source.Name));
            read.UnionWith(updated);
            KernelFileEmitter.Places(writer, "network", layout.Training, read.Contains);
            foreach (var placement in layout.Parameters.Where(p => transposed.Contains(p.Buffer.Name)))
            {
                writer.Line($"ref var {placement.Buffer.Name}Before = ref {TileEmitter.Ref("network", placement.Offset)};");
            }

            KernelFileEmitter.Places(writer, "into", layout.Parameters, updated.Contains);
            foreach (var kernel in program.Backward)
            {
                Comment(writer, kernel);
                writer.Line(kernel is TransposeKernel t
                    ? $"{t.Name}(ref {t.Source.Name}Before, ref {t.Result.Name});"
                    : KernelFileEmitter.Call(kernel, Number(batchSize)));
            }
        }
    }

    private static bool IsUpdate(Kernel kernel) => kernel is ProductKernel { Product: Product.WeightGradient };

    private static HashSet<string> Names(IEnumerable<Kernel> kernels) => new(kernels.SelectMany(AssignLayout.Buffers).Select(b => b.Name));
}
