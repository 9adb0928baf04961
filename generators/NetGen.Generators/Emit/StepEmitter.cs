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
        foreach (var objective in program.Objectives)
        {
            writer.Blank();
            Step(writer, objective);
            writer.Blank();
            Gradients(writer, objective);
            if (split is not null)
            {
                writer.Blank();
                new SplitStepEmitter(program, layout, split, target, batchSize).Write(writer, objective);
            }
        }

        writer.Blank();
        Forward(writer);
        writer.Blank();
        Backward(writer);
        if (program.Update == UpdatePlace.InProducts)
        {
            writer.Blank();
            Descend(writer);
        }
        else if (program.HasDescentOfItsOwn)
        {
            writer.Blank();
            BackwardOfStep(writer);
        }
    }

    /// <summary>What the loss's gradient is scaled by before it is divided: where products add the step, they add −rate times the gradient.</summary>
    public static string Numerator(KernelProgram program) => program.Update == UpdatePlace.Added ? "-rate" : "1f";

    /// <summary>The learning rate as a parameter; other optimisers have it among the numbers of the step.</summary>
    public static string RateParameter(KernelProgram program) => program.Update == UpdatePlace.Added ? ", float rate" : "";

    public static string TargetType(Objective objective) => objective.Labels ? "int labels" : "float targets";

    /// <summary>Forward, loss, backward: a step of gradient descent.</summary>
    private void Step(CodeWriter writer, Objective objective)
    {
        KernelFileEmitter.Head(
            writer,
            $"One step of {(program.Update == UpdatePlace.Added ? "gradient descent" : program.Declaration.Train!.Settings.Optimizer)} on {Number(batchSize)} rows, of which so many are samples. Returns the mean loss before the step.",
            (program.Update == UpdatePlace.Added ? "The gradient of the loss is scaled by −rate/n at its source, so that every weight's step is W += xᵀ·delta. " : "")
                + "A loss that is not finite ends the step before anything changes.");
        using (writer.Block($"internal static float Step{Suffix(objective)}(ref float x, ref {TargetType(objective)}, int samples{RateParameter(program)}, ref float network{(program.IsRandom ? ", ulong key" : "")})"))
        {
            if (program.IsNarrow)
            {
                new NarrowStepEmitter(program, layout, target, math, formulas, batchSize).WriteBody(writer, objective.Losses[0]);
                return;
            }

            writer.Line($"Forward(ref x, ref network{Arguments});");
            writer.Blank();
            LossPlaces(writer, layout, objective);
            LossCalls(writer, objective, Numerator(program), batchSize);
            using (writer.Block("if (float.IsFinite(loss))"))
            {
                Change(writer);
                AfterStep(writer, program.Constraints);
                AfterStep(writer, program.Track);
            }

            writer.Blank();
            writer.Line("return loss;");
        }
    }

    /// <summary>From the loss's gradient to the changed parameters.</summary>
    private void Change(CodeWriter writer)
    {
        if (program.Update == UpdatePlace.Added)
        {
            writer.Line($"{Descent}(ref x, ref network, ref network{DescentArguments});");
            return;
        }

        if (program.Update == UpdatePlace.InProducts)
        {
            writer.Line($"Descend(ref x, ref network{DescentArguments});");
            return;
        }

        UpdatePlaces(writer, program, layout);
        writer.Line($"{Descent}(ref x, ref network, ref gradient{DescentArguments});");
        ClipNorm(writer, program);
        UpdateAll(writer, program, layout);
        writer.Line($"{Clear("gradient", Number(layout.ParameterLength))} // products add to what is there");
    }

    /// <summary>Where the gradients are summed up, and the numbers of the step.</summary>
    public static void UpdatePlaces(CodeWriter writer, KernelProgram program, Layout layout)
    {
        if (program.Update == UpdatePlace.AfterAll)
        {
            writer.Line($"ref var gradient = ref {TileEmitter.Ref("network", layout.Gradient)};");
        }

        KernelFileEmitter.Places(writer, "network", layout.Training, name => name == AssignLayout.Rates);
    }

    /// <summary>The norm of all gradients, if it is clipped.</summary>
    public static void ClipNorm(CodeWriter writer, KernelProgram program)
    {
        if (program.Declaration.Train!.Settings.ClipNorm is not null)
        {
            writer.Line("ClipNorm(ref gradient, ref rates);");
        }
    }

    /// <summary>The optimiser's step with all parameters but those that are frozen, when their gradients are there.</summary>
    public static void UpdateAll(CodeWriter writer, KernelProgram program, Layout layout)
    {
        foreach (var (start, length) in Learning(program, layout))
        {
            writer.Line(OptimizerEmitter.Call(
                program.Declaration.Train!.Settings.Optimizer, TileEmitter.Ref("gradient", start), Number(length), TileEmitter.Ref("network", start)));
        }
    }

    /// <summary>The floats of the parameters that steps change, as pieces without a gap.</summary>
    public static IReadOnlyList<(int Start, int Length)> Learning(KernelProgram program, Layout layout)
    {
        var pieces = new List<(int Start, int Length)>();
        for (var i = 0; i < program.Tensors.Count; i++)
        {
            var start = layout.Parameters[i].Offset;
            var end = i + 1 < program.Tensors.Count ? layout.Parameters[i + 1].Offset : layout.ParameterLength;
            if (program.Tensors[i].IsFrozen)
            {
                continue;
            }

            if (pieces.Count > 0 && pieces[pieces.Count - 1] is var last && last.Start + last.Length == start)
            {
                pieces[pieces.Count - 1] = (last.Start, end - last.Start);
            }
            else
            {
                pieces.Add((start, end - start));
            }
        }

        return pieces;
    }

    /// <summary>Sets floats to zero.</summary>
    public static string Clear(string name, string count) => $"Sys::Runtime.InteropServices.MemoryMarshal.CreateSpan(ref {name}, {count}).Clear();";

    /// <summary>Forward, loss, backward into gradients.</summary>
    private void Gradients(CodeWriter writer, Objective objective)
    {
        KernelFileEmitter.Head(writer, "The gradient of the mean loss, added to gradients that are zero; then the inputs' gradient. Returns the mean loss.");
        using (writer.Block($"internal static float Gradients{Suffix(objective)}(ref float x, ref {TargetType(objective)}, int samples, ref float network, ref float gradients, ref float dxRows{(program.IsRandom ? ", ulong key" : "")})"))
        {
            writer.Line($"Forward(ref x, ref network{Arguments});");
            writer.Blank();
            LossPlaces(writer, layout, objective);
            LossCalls(writer, objective, "1f", batchSize);
            writer.Line($"Backward(ref x, ref network, ref gradients{Arguments});");
            writer.Blank();
            var used = Names(program.InputGradient);
            if (program.InputGradientBuffer is { } dx)
            {
                used.Add(dx.Name);
            }

            // In a net of one layer the loss's gradient is also that which reaches the inputs: it has its local already.
            used.ExceptWith(Names(objective.Losses));
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

    public static string Suffix(Objective objective) => objective.Labels ? "OnLabels" : "";

    /// <summary>The variables that the losses take.</summary>
    public static void LossPlaces(CodeWriter writer, Layout layout, Objective objective)
    {
        var names = Names(objective.Losses);
        KernelFileEmitter.Places(writer, "network", layout.Training, n => n == AssignLayout.Edge || names.Contains(n));
    }

    /// <summary>The losses and the sum of them, in <c>loss</c>.</summary>
    /// <param name="writer">Takes the code.</param>
    /// <param name="objective">The losses.</param>
    /// <param name="numerator">What the mean's divisor divides: the gradient's factor.</param>
    /// <param name="batchSize">The rows of a step.</param>
    /// <param name="declaration">What the sum is assigned to.</param>
    public static void LossCalls(CodeWriter writer, Objective objective, string numerator, int batchSize, string declaration = "var loss")
    {
        if (objective.Losses is { Count: 1 } only && only[0].Weight == 1)
        {
            Comment(writer, only[0], batchSize);
            writer.Line($"{declaration} = {LossCall(only[0], numerator)};");
            return;
        }

        foreach (var loss in objective.Losses)
        {
            Comment(writer, loss, batchSize);
            writer.Line($"var loss_{loss.Node} = {LossCall(loss, loss.Weight == 1 ? numerator : numerator == "1f" ? Single(loss.Weight) : $"{Single(loss.Weight)} * {numerator}")};");
        }

        writer.Blank();
        writer.Line($"{declaration} = {string.Join(" + ", objective.Losses.Select(loss => $"{(loss.Weight == 1 ? "" : $"{Single(loss.Weight)} * ")}loss_{loss.Node}"))};");
    }

    private static string LossCall(LossKernel loss, string numerator)
    {
        var operand = loss.Operand is { } o && o.Name != loss.Output.Name ? $"ref {o.Name}, " : "";
        var factor = $"{numerator} / {LossEmitter.Divisor(loss.Loss, loss.Output.Columns, "samples")}";
        return $"{loss.Name}(ref {loss.Output.Name}, {operand}ref {(loss.Labels ? "labels" : TileEmitter.Ref("targets", loss.First))}, ref edge, ref {loss.Gradient.Name}, samples, {factor})";
    }

    private void Forward(CodeWriter writer)
    {
        KernelFileEmitter.Head(writer, "From the inputs to what the loss takes.");
        using (writer.Block($"private static void Forward(ref float x, ref float network{Parameters})"))
        {
            var names = Names(program.Forward);
            KernelFileEmitter.Places(writer, "network", layout.Parameters, names.Contains);
            KernelFileEmitter.Places(writer, "network", layout.States, names.Contains);
            KernelFileEmitter.Places(writer, "network", layout.Training, names.Contains);
            foreach (var kernel in program.Forward)
            {
                Comment(writer, kernel, batchSize);
                writer.Line(KernelFileEmitter.Call(kernel, Number(batchSize), split is not null));
                if (program.ClearsPadding && PaddingEmitter.Result(kernel) is { } result)
                {
                    writer.Line(PaddingEmitter.Call(result));
                }
            }
        }

        if (program.ClearsPadding)
        {
            PaddingEmitter.Write(writer, program, batchSize);
        }
    }

    /// <summary>What a step does when the parameters are changed: it holds them within limits, and gathers running figures.</summary>
    private void AfterStep(CodeWriter writer, IReadOnlyCollection<Kernel> kernels)
    {
        if (kernels.Count == 0)
        {
            return;
        }

        writer.Blank();
        var names = Names(kernels);
        KernelFileEmitter.Places(writer, "network", layout.Parameters, names.Contains);
        KernelFileEmitter.Places(writer, "network", layout.States, names.Contains);
        KernelFileEmitter.Places(writer, "network", layout.Training, names.Contains);
        foreach (var kernel in kernels)
        {
            Comment(writer, kernel, batchSize);
            writer.Line(KernelFileEmitter.Call(kernel, "", split is not null));
        }
    }

    /// <summary>What the methods of a step hand on: how many rows are samples, and the key of random numbers.</summary>
    private string Arguments => (program.CountsSamples ? ", samples" : "") + (program.IsRandom ? ", key" : "");

    private string Parameters => (program.CountsSamples ? ", int samples" : "") + (program.IsRandom ? ", ulong key" : "");

    /// <summary>The method of a step's way back.</summary>
    private string Descent => program.HasDescentOfItsOwn ? nameof(BackwardOfStep) : nameof(Backward);

    private string DescentArguments => (program.DescentCountsSamples ? ", samples" : "") + (program.IsRandom ? ", key" : "")
        + (program.DescentTakesFactor ? $", {Numerator(program)}" : "");

    private string DescentParameters => (program.DescentCountsSamples ? ", int samples" : "") + (program.IsRandom ? ", ulong key" : "")
        + (program.DescentTakesFactor ? ", float factor" : "");

    /// <summary>The updates write into what may be another block than the weights are read from.</summary>
    private void Backward(CodeWriter writer)
    {
        KernelFileEmitter.Head(
            writer,
            $"From the loss's gradient to every parameter's, added to what is there{(program.Update == UpdatePlace.Added && !program.HasDescentOfItsOwn ? ": the network's own parameters when training" : "")}.",
            program.Update == UpdatePlace.Added && !program.HasDescentOfItsOwn ? UpdateRemark : null);
        using (writer.Block($"private static void Backward(ref float x, ref float network, ref float into{Parameters})"))
        {
            WayBack(writer, program.Backward);
        }
    }

    private const string UpdateRemark = "Each layer passes its gradient on, through its weights from before the update, and is updated then.";

    /// <summary>The same as a step goes it: with penalties, and without what frozen layers do not need.</summary>
    private void BackwardOfStep(CodeWriter writer)
    {
        KernelFileEmitter.Head(
            writer,
            "The same for a step: with penalties, and for the parameters that are not frozen.",
            program.Update == UpdatePlace.Added ? UpdateRemark : null);
        using (writer.Block($"private static void BackwardOfStep(ref float x, ref float network, ref float into{DescentParameters})"))
        {
            WayBack(writer, program.Descent);
        }
    }

    private void WayBack(CodeWriter writer, IReadOnlyCollection<Kernel> kernels)
    {
        static IEnumerable<string> Parameters(PointwiseGradientKernel kernel) =>
            kernel.Normalization is { } n ? new[] { n.Weight.Name, n.Bias.Name } : [];

        var normalizations = kernels.OfType<PointwiseGradientKernel>().Where(k => !k.IsFrozen).SelectMany(Parameters).ToList();
        var updated = Names(kernels.Where(IsUpdate));
        updated.UnionWith(normalizations);
        var read = Names(kernels.Where(k => !IsUpdate(k)));
        var before = new HashSet<string>(kernels.OfType<TransposeKernel>().Select(k => k.Source.Name)
            .Concat(kernels.OfType<ConvolutionInputGradientKernel>().Select(k => k.Weights.Name))
            .Concat(kernels.OfType<PenaltyKernel>().Select(k => k.Parameter.Name)).Concat(normalizations));
        read.UnionWith(updated);
        KernelFileEmitter.Places(writer, "network", layout.Training, read.Contains);
        KernelFileEmitter.Places(writer, "network", layout.States, read.Contains);
        foreach (var placement in layout.Parameters.Where(p => before.Contains(p.Buffer.Name)))
        {
            writer.Line($"ref var {placement.Buffer.Name}Before = ref {TileEmitter.Ref("network", placement.Offset)};");
        }

        KernelFileEmitter.Places(writer, "into", layout.Parameters, updated.Contains);
        KernelFileEmitter.Places(writer, "network", layout.Parameters, kernels.OfType<PointwiseGradientKernel>().Where(k => k.IsFrozen).SelectMany(Parameters).Contains);
        foreach (var kernel in kernels)
        {
            Comment(writer, kernel, batchSize);
            var reading = kernel switch
            {
                TransposeKernel k => k with { Source = Before(k.Source) },
                ConvolutionInputGradientKernel k => k with { Weights = Before(k.Weights) },
                _ => kernel,
            };
            writer.Line(KernelFileEmitter.Call(reading, Number(batchSize), split is not null));
        }
    }

    private static Buffer Before(Buffer weights) => weights with { Name = $"{weights.Name}Before" };

    /// <summary>The same where the products end with the optimiser's step.</summary>
    private void Descend(CodeWriter writer)
    {
        KernelFileEmitter.Head(
            writer,
            "From the loss's gradient to the changed parameters.",
            "Each layer passes its gradient on, through its weights from before the step, and takes its step then.");
        using (writer.Block($"private static void Descend(ref float x, ref float network{DescentParameters})"))
        {
            var names = Names(program.Descent);
            KernelFileEmitter.Places(writer, "network", layout.Parameters, names.Contains);
            KernelFileEmitter.Places(writer, "network", layout.States, names.Contains);
            KernelFileEmitter.Places(writer, "network", layout.Training, name => name == AssignLayout.Rates || names.Contains(name));
            foreach (var kernel in program.Descent)
            {
                Comment(writer, kernel, batchSize);
                writer.Line(KernelFileEmitter.Call(kernel, Number(batchSize), split is not null));
            }
        }
    }

    public static bool IsUpdate(Kernel kernel) => kernel is ProductKernel { Product: Product.WeightGradient } or ConvolutionParameterGradientKernel or BiasGradientKernel;

    public static HashSet<string> Names(IEnumerable<Kernel> kernels) => new(kernels.SelectMany(AssignLayout.Buffers).Select(b => b.Name));
}
