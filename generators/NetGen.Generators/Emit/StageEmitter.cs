using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Support;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>Dropout, noise and activations on one vector, one after the other, forward and back.</summary>
internal sealed class StageEmitter(EquatableArray<Stage> stages, VectorTarget target, MathFunctions math, ActivationFormulas formulas)
{
    private const string Random = "global::NetGen.CompilerServices.CounterRandom";

    private string V => target.Class;

    /// <summary>Whether any stage draws random numbers, for which it must know where in the batch a vector stands.</summary>
    public bool IsRandom => stages.Any(stage => stage is DropoutStage or NoiseStage);

    /// <summary>
    /// The stage whose result is the last that the way back computes again; −1 for none, −2 where not even what the first takes is needed.
    /// </summary>
    /// <param name="hasResult">Whether the last stage's result is at hand.</param>
    public int LastRecomputed(bool hasResult)
    {
        var last = -2;
        for (var i = 0; i < stages.Count - (hasResult ? 1 : 0); i++)
        {
            last = stages[i] is ActivationStage { Function: var function } ? function.SlopeTakesArgument() ? i - 1 : i : last;
        }

        return last;
    }

    /// <summary>The parameters of a kernel's method.</summary>
    public static string Parameters(Kernel kernel) => string.Join(
        ", ",
        Buffers(kernel).Select(name => $"ref float {name}")
            .Concat(kernel is PointwiseKernel ? ["int rows"] : [])
            .Concat(Arguments(kernel).Select(name => name == "key" ? "ulong key" : $"int {name}")));

    /// <summary>What a kernel takes besides buffers and rows: the rows that are samples, the key of the step's random numbers.</summary>
    public static IEnumerable<string> Arguments(Kernel kernel)
    {
        var (normalization, stages) = kernel switch
        {
            PointwiseKernel k => (k.Normalization, k.Stages),
            PointwiseGradientKernel k => (k.Normalization, k.Stages),
            _ => (null, EquatableArray<Stage>.Empty),
        };
        if (kernel is TrackKernel || normalization is { Figures: Figures.Batch })
        {
            yield return "samples";
        }

        if (stages.Any(stage => stage is DropoutStage or NoiseStage))
        {
            yield return "key";
        }
    }

    /// <summary>
    /// The buffers of such a kernel by name, each once. A gradient that is added to what is there reads γ and β from another place; one that ends
    /// with the optimiser's step takes the numbers of that.
    /// </summary>
    public static IEnumerable<string> Buffers(Kernel kernel) => kernel switch
    {
        PointwiseGradientKernel { Normalization: { } own, Update: null, IsFrozen: false } gradient =>
            AssignLayout.Buffers(kernel).Select(b => IsParameter(gradient, b) ? b.Name + Read(gradient) : b.Name).Concat([own.Weight.Name, own.Bias.Name]),
        PointwiseGradientKernel { Normalization: not null, IsFrozen: false } => AssignLayout.Buffers(kernel).Select(b => b.Name).Append(AssignLayout.Rates),
        _ => AssignLayout.Buffers(kernel).Select(b => b.Name).Distinct(),
    };

    /// <summary>What follows the name of γ or β where a gradient reads them.</summary>
    public static string Read(PointwiseGradientKernel kernel) => kernel is { Update: null, IsFrozen: false } ? "Before" : "";

    /// <summary>Adds gradients to γ and β of a few features, or takes the optimiser's step with them.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="group">The features; their gradients are in <c>dGamma0</c>, <c>dBeta0</c>, …</param>
    public void Change(CodeWriter writer, PointwiseGradientKernel kernel, ColumnVectors group)
    {
        if (kernel.IsFrozen)
        {
            return;
        }

        writer.Blank();
        foreach (var (name, change) in new[] { (kernel.Normalization!.Weight.Name, "dGamma"), (kernel.Normalization.Bias.Name, "dBeta") })
        {
            foreach (var v in group.All)
            {
                writer.Line(kernel.Update is null
                    ? $"{V}.StoreUnsafe({V}.LoadUnsafe(ref {group.Figure(name, v)}) + {change}{v}, ref {group.Figure(name, v)});"
                    : TileEmitter.Store(target, $"{change}{v}", "gradient", v * target.Lanes));
            }

            if (kernel.Update is { } optimizer)
            {
                writer.Line(OptimizerEmitter.Call(optimizer, "gradient", Number(group.All.Count() * target.Lanes), group.Figure(name, 0)));
            }
        }
    }

    /// <summary>Room for the gradients that an optimiser's step takes.</summary>
    public void DeclareTile(CodeWriter writer, PointwiseGradientKernel kernel)
    {
        if (kernel is { Update: not null, Normalization: not null })
        {
            OptimizerEmitter.DeclareTile(writer, 2 * target.Lanes);
        }
    }

    private static bool IsParameter(PointwiseGradientKernel kernel, Buffer buffer) => buffer == kernel.Normalization!.Weight || buffer == kernel.Normalization.Bias;

    /// <summary>Declares what is the same for every vector.</summary>
    public void Constants(CodeWriter writer)
    {
        foreach (var stage in stages)
        {
            switch (stage)
            {
                case DropoutStage { Layer: var layer, Rate: var rate }:
                    Keys(writer, layer, 2);
                    writer.Line($"var threshold{layer} = {V}.Create({Random}.Threshold({rate.Name}));");
                    writer.Line($"var gain{layer} = {V}.Create(1f / (1f - {rate.Name}));");
                    break;
                case NoiseStage { Layer: var layer, Deviation: var deviation }:
                    Keys(writer, layer, 4);
                    writer.Line($"var deviation{layer} = {V}.Create({Single(deviation)});");
                    break;
            }
        }
    }

    /// <summary>result = the stages of a value. Returns the result's name.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The name of what the first stage takes.</param>
    /// <param name="index">The name of the numbers' places in the batch.</param>
    /// <param name="suffix">What sets the variables apart.</param>
    /// <param name="last">The last stage to be applied; all by default.</param>
    public string Forward(CodeWriter writer, string value, string index, string suffix, int last = int.MaxValue)
    {
        for (var i = 0; i < stages.Count && i <= last; i++)
        {
            var result = Value(i, suffix);
            Mask(writer, stages[i], index, suffix);
            writer.Line($"var {result} = {stages[i] switch
            {
                ActivationStage activation => formulas.Value(activation.Function, value),
                DropoutStage dropout => $"kept{dropout.Layer}{suffix} & ({value} * gain{dropout.Layer})",
                NoiseStage noise => $"{value} + {math.Normal}({index}, {KeyNames(noise.Layer, 4)}) * deviation{noise.Layer}",
                _ => throw new System.InvalidOperationException(stages[i].GetType().Name),
            }};");
            value = result;
        }

        return value;
    }

    /// <summary>gradient ← the gradient of what the first stage takes, from that of the result.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The name of what the first stage takes, where that is needed.</param>
    /// <param name="result">The name of the last stage's result, where it is at hand.</param>
    /// <param name="gradient">The gradient's variable.</param>
    /// <param name="index">The name of the numbers' places in the batch.</param>
    /// <param name="suffix">What sets the variables apart.</param>
    public void Backward(CodeWriter writer, string value, string? result, string gradient, string index, string suffix)
    {
        var recomputed = LastRecomputed(result is not null);
        Forward(writer, value, index, suffix, recomputed);
        for (var i = stages.Count - 1; i >= 0; i--)
        {
            switch (stages[i])
            {
                case ActivationStage { Function: var function }:
                    var operand = function.SlopeTakesArgument() ? (i == 0 ? value : Value(i - 1, suffix)) : i == stages.Count - 1 && result is not null ? result : Value(i, suffix);
                    writer.Line($"{gradient} = {formulas.TimesSlope(function, gradient, operand)};");
                    break;
                case DropoutStage dropout:
                    if (i > recomputed)
                    {
                        Mask(writer, dropout, index, suffix);
                    }

                    writer.Line($"{gradient} = kept{dropout.Layer}{suffix} & ({gradient} * gain{dropout.Layer});");
                    break;
            }
        }
    }

    /// <summary>The stages as a formula: <c>relu(dropout(…))</c>.</summary>
    public static string Formula(EquatableArray<Stage> stages, string argument) => stages.Aggregate(argument, (inner, stage) => stage switch
    {
        ActivationStage activation => $"{ActivationFormulas.Name(activation.Function)}({inner})",
        DropoutStage => $"dropout({inner})",
        NoiseStage noise => $"({inner} + noise)",
        _ => throw new System.InvalidOperationException(stage.GetType().Name),
    });

    private string Value(int stage, string suffix) => $"v{Number(stage + 1)}{suffix}";

    /// <summary>Declares which lanes a dropout keeps.</summary>
    private void Mask(CodeWriter writer, Stage stage, string index, string suffix)
    {
        if (stage is DropoutStage { Layer: var layer })
        {
            writer.Line($"var kept{layer}{suffix} = {math.Kept}({index}, {KeyNames(layer, 2)}, threshold{layer});");
        }
    }

    private void Keys(CodeWriter writer, int layer, int count)
    {
        for (var which = 0; which < count; which++)
        {
            writer.Line($"var key{layer}_{which} = {V}.Create({Random}.LayerKey(key, {Number(layer)}, {Number(which)}));");
        }
    }

    private static string KeyNames(int layer, int count) => string.Join(", ", Enumerable.Range(0, count).Select(which => $"key{layer}_{which}"));
}
