using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>The methods that run the kernels in order: a training step, and the gradients without one.</summary>
internal sealed class StepEmitter(
    KernelProgram program, Layout layout, StepSplit? split, VectorTarget target, MathFunctions math, ActivationFormulas formulas, int batchSize)
{
    public void Write(CodeWriter writer)
    {
        foreach (var loss in program.Losses)
        {
            writer.Blank();
            Step(writer, loss);
            writer.Blank();
            Gradients(writer, loss);
            if (split is not null)
            {
                writer.Blank();
                new SplitStepEmitter(program, layout, split, target, batchSize).Write(writer, loss);
            }
        }

        writer.Blank();
        Forward(writer);
        writer.Blank();
        Backward(writer);
    }

    public static string TargetType(LossKernel loss) => loss.Labels ? "int labels" : "float targets";

    /// <summary>Forward, loss, backward: a step of gradient descent.</summary>
    private void Step(CodeWriter writer, LossKernel loss)
    {
        KernelFileEmitter.Head(
            writer,
            $"One step of gradient descent on {Number(batchSize)} rows, of which so many are samples. Returns the mean loss before the step.",
            "The gradient of the loss is scaled by −rate/n at its source, so that every weight's step is W += xᵀ·delta. A loss that is not finite ends the step before anything changes.");
        using (writer.Block($"internal static float Step{Suffix(loss)}(ref float x, ref {TargetType(loss)}, int samples, float rate, ref float network)"))
        {
            if (program.IsNarrow)
            {
                new NarrowStepEmitter(program, layout, target, math, formulas, batchSize).WriteBody(writer, loss);
                return;
            }

            writer.Line("Forward(ref x, ref network);");
            writer.Blank();
            LossPlaces(writer, layout, loss);
            Comment(writer, loss, batchSize);
            writer.Line($"var loss = {LossCall(loss, "-rate")};");
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
            LossPlaces(writer, layout, loss);
            Comment(writer, loss, batchSize);
            writer.Line($"var loss = {LossCall(loss, "1f")};");
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
                Comment(writer, kernel, batchSize);
                writer.Line(KernelFileEmitter.Call(kernel, Number(batchSize), split is not null));
            }

            if (program.InputGradientBuffer is { } result)
            {
                writer.Line($"CopyInputGradient(ref {result.Name}, ref dxRows, samples, {Number(batchSize)});");
            }

            writer.Line("return loss;");
        }
    }

    /// <summary>What a kernel computes, above its call.</summary>
    public static void Comment(CodeWriter writer, Kernel kernel, int batchSize)
    {
        writer.Blank();
        writer.Line($"// {FormulaText.Of(kernel, Number(batchSize))}");
    }

    public static string Suffix(LossKernel loss) => loss.Labels ? "OnLabels" : "";

    /// <summary>The variables that a loss takes.</summary>
    public static void LossPlaces(CodeWriter writer, Layout layout, LossKernel loss)
    {
        var names = Names([loss]);
        KernelFileEmitter.Places(writer, "network", layout.Training, n => n == AssignLayout.Edge || names.Contains(n));
    }

    /// <summary>A call of the loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="numerator">What the mean's divisor divides: the gradient's factor.</param>
    public static string LossCall(LossKernel loss, string numerator)
    {
        var operand = loss.Operand is { } o && o.Name != loss.Output.Name ? $"ref {o.Name}, " : "";
        var factor = $"{numerator} / {LossEmitter.Divisor(loss.Loss, loss.Output.Columns, "samples")}";
        return $"{loss.Name}(ref {loss.Output.Name}, {operand}ref {(loss.Labels ? "labels" : "targets")}, ref edge, ref {loss.Gradient.Name}, samples, {factor})";
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
                Comment(writer, kernel, batchSize);
                writer.Line(KernelFileEmitter.Call(kernel, Number(batchSize), split is not null));
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
                Comment(writer, kernel, batchSize);
                writer.Line(kernel is TransposeKernel t
                    ? $"{t.Name}(ref {t.Source.Name}Before, ref {t.Result.Name});"
                    : KernelFileEmitter.Call(kernel, Number(batchSize), split is not null));
            }
        }
    }

    public static bool IsUpdate(Kernel kernel) => kernel is ProductKernel { Product: Product.WeightGradient };

    public static HashSet<string> Names(IEnumerable<Kernel> kernels) => new(kernels.SelectMany(AssignLayout.Buffers).Select(b => b.Name));
}
