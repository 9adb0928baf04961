using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// What works on images number by number, and the normalisation of a channel over samples and pixels. A channel's sums have 16 virtual lanes, which are
/// samples; rows beyond the samples are left out of them.
/// </summary>
internal sealed class ImagePointwiseEmitter(VectorTarget target, MathFunctions math, ActivationFormulas formulas)
{
    private string V => target.Class;

    public void Write(CodeWriter writer, ActivationKernel kernel)
    {
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "rows") + ".");
        using (writer.Block($"internal static void {kernel.Name}(ref float {kernel.Source.Name}, ref float {kernel.Result.Name}, int rows)"))
        {
            ImageLoops.Groups(writer);
            ImageLoops.Vectors(writer, target, [new("z", kernel.Source), new("at", kernel.Result)], kernel.Source.Frame!.Shape.Channels, () =>
            {
                writer.Line($"var zi = {V}.LoadUnsafe(ref z);");
                writer.Line($"{V}.StoreUnsafe({formulas.Value(kernel.Function, "zi")}, ref at);");
            });
        }
    }

    public void Write(CodeWriter writer, ActivationGradientKernel kernel, int batchSize)
    {
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, Number(batchSize)) + ".");
        using (writer.Block($"internal static void {kernel.Name}(ref float {kernel.Operand.Name}, ref float {kernel.Gradient.Name})"))
        {
            writer.Line($"const int groups = {Number(Frame.Groups(batchSize))};");
            ImageLoops.Vectors(writer, target, [new("at", kernel.Gradient), new("operand", kernel.Operand)], kernel.Gradient.Frame!.Shape.Channels, () =>
            {
                writer.Line($"var g = {V}.LoadUnsafe(ref at);");
                writer.Line($"var a = {V}.LoadUnsafe(ref operand);");
                writer.Line($"{V}.StoreUnsafe({formulas.TimesSlope(kernel.Function, "g", "a")}, ref at);");
            });
        }
    }

    public void Write(CodeWriter writer, PointwiseKernel kernel)
    {
        var stages = new StageEmitter(kernel.Stages, target, math, formulas);
        var isBatch = kernel.Normalization is { Figures: Figures.Batch };
        KernelFileEmitter.Head(
            writer, FormulaText.Of(kernel, "rows") + ".", isBatch ? "μ and σ² of a channel are taken over its pixels and the samples, of which there may be fewer than rows." : null);
        using (writer.Block($"internal static void {kernel.Name}({StageEmitter.Parameters(kernel)})"))
        {
            stages.Constants(writer);
            ImageLoops.Groups(writer);
            using (Channels(writer, kernel.Source.Frame!))
            {
                if (kernel.Normalization is { } normalization)
                {
                    MeanAndVariance(writer, kernel.Source, normalization);
                    writer.Line("// γ·(z − μ)/√(σ² + ε) + β = z·scale + shift");
                    ScaleAndShift(writer, normalization, "");
                }

                Pixels(writer, [new("z", kernel.Source), new("result", kernel.Result)], stages.IsRandom, () =>
                {
                    writer.Line($"var v0 = {(kernel.Normalization is null ? $"{V}.LoadUnsafe(ref z)" : $"{V}.MultiplyAddEstimate({V}.LoadUnsafe(ref z), scale, shift)")};");
                    writer.Line($"{V}.StoreUnsafe({stages.Forward(writer, "v0", "index", "")}, ref result);");
                });
            }
        }
    }

    public void Write(CodeWriter writer, PointwiseGradientKernel kernel, int batchSize)
    {
        var stages = new StageEmitter(kernel.Stages, target, math, formulas);
        var recomputes = stages.LastRecomputed(kernel.Result is not null) >= -1;
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, Number(batchSize)) + ".", kernel.Normalization is null ? null : "Means and sums are over pixels and samples. Rows beyond these get a gradient of zero.");
        using (writer.Block($"internal static void {kernel.Name}({StageEmitter.Parameters(kernel)})"))
        {
            stages.Constants(writer);
            writer.Line($"const int rows = {Number(batchSize)};");
            ImageLoops.Groups(writer);
            List<ImageLoops.Walk> walks = [];
            foreach (var (name, buffer) in new[] { ("z", kernel.Source), ("a", kernel.Result), ("g", kernel.Gradient) })
            {
                if (buffer is not null)
                {
                    walks.Add(new(name, buffer));
                }
            }

            var isRunning = kernel.Normalization is { Figures: Figures.Running };
            if (kernel.Normalization is not null && !isRunning)
            {
                writer.Line($"var count = samples * {Number(Area(kernel.Gradient))};");
                writer.Line("var share = count > 1 ? 1f / count : 0f; // of one number, the running figures were constants");
            }

            var padded = Buffer.RoundUp(kernel.Gradient.Frame!.Shape.Channels, 16);
            if (kernel is { Update: not null, Normalization: not null, IsFrozen: false })
            {
                OptimizerEmitter.DeclareTile(writer, 2 * padded);
            }

            using (Channels(writer, kernel.Gradient.Frame!))
            {
                if (kernel.Normalization is { } normalization)
                {
                    writer.Line($"var mean = {V}.Create({Figure(normalization.Mean!.Name)});");
                    writer.Line($"var variance = {V}.Create({Figure(normalization.Variance!.Name)});");
                    ScaleAndShift(writer, normalization, StageEmitter.Read(kernel));
                    Sums(writer, "sumG");
                    Sums(writer, "sumGZ");
                }

                Pixels(writer, walks, stages.IsRandom, () =>
                {
                    if (kernel.Normalization is not null)
                    {
                        writer.Line($"var zi = {V}.LoadUnsafe(ref z);");
                    }

                    if (recomputes)
                    {
                        writer.Line($"var v0 = {(kernel.Normalization is null ? $"{V}.LoadUnsafe(ref z)" : $"{V}.MultiplyAddEstimate(zi, scale, shift)")};");
                    }

                    writer.Line($"var gi = {V}.LoadUnsafe(ref g);");
                    if (kernel.Result is not null)
                    {
                        writer.Line($"var ai = {V}.LoadUnsafe(ref a);");
                    }

                    stages.Backward(writer, "v0", kernel.Result is null ? null : "ai", "gi", "index", "");
                    writer.Line($"{V}.StoreUnsafe(gi, ref g);");
                }, kernel.Normalization is null ? null : part =>
                {
                    writer.Line($"sumG{part} += gi;");
                    writer.Line($"sumGZ{part} = {V}.MultiplyAddEstimate(gi, zi - mean, sumGZ{part});");
                });
                if (kernel.Normalization is not null)
                {
                    NormalizedGradient(writer, kernel, walks, padded);
                }
            }

            if (kernel is { Update: { } optimizer, Normalization: { } changed, IsFrozen: false })
            {
                writer.Blank();
                writer.Line(OptimizerEmitter.Call(optimizer, "gradient", Number(padded), changed.Weight.Name));
                writer.Line(OptimizerEmitter.Call(optimizer, TileEmitter.Ref("gradient", padded), Number(padded), changed.Bias.Name));
            }
        }
    }

    /// <summary>From Σ g and Σ g·(z − μ) to the gradients of β, γ and z.</summary>
    private void NormalizedGradient(CodeWriter writer, PointwiseGradientKernel kernel, List<ImageLoops.Walk> walks, int padded)
    {
        var normalization = kernel.Normalization!;
        writer.Blank();
        writer.Line("// dβ = Σ g, dγ = Σ g·x̂, x̂ = (z − μ)/√(σ² + ε)");
        writer.Line($"var dBeta = {Total("sumG")};");
        writer.Line($"var dGamma = {Total("sumGZ")} * {V}.ToScalar(inverse);");
        if (normalization.Figures == Figures.Running)
        {
            writer.Line("// delta = γ/√(σ² + ε) · g, the figures being constants");
            Pixels(writer, [.. walks.Where(walk => walk.Name == "g")], false, () => writer.Line($"{V}.StoreUnsafe(scale * {V}.LoadUnsafe(ref g), ref g);"));
            Change(writer, kernel, padded);
            return;
        }

        writer.Line("// delta = γ/√(σ² + ε) · (g − dβ/n − x̂·dγ/n)");
        writer.Line($"var common = {V}.Create(dBeta * share);");
        writer.Line($"var slope = {V}.Create(dGamma * share) * inverse;");
        Pixels(writer, [.. walks.Where(walk => walk.Name != "a")], false, () =>
        {
            writer.Line($"var d = {V}.LoadUnsafe(ref z) - mean;");
            writer.Line($"{V}.StoreUnsafe(valid & (scale * {V}.MultiplyAddEstimate(-d, slope, {V}.LoadUnsafe(ref g) - common)), ref g);");
        }, masks: true);
        Change(writer, kernel, padded);
    }

    /// <summary>The gradients of γ and β of a channel, added to what is there or left for the optimiser's step; of a frozen layer neither.</summary>
    private static void Change(CodeWriter writer, PointwiseGradientKernel kernel, int padded)
    {
        if (kernel.IsFrozen)
        {
            return;
        }

        var (weight, bias) = (kernel.Normalization!.Weight.Name, kernel.Normalization.Bias.Name);
        writer.Blank();
        writer.Line(kernel.Update is null ? $"{Figure(weight)} += dGamma;" : $"{Figure("gradient")} = dGamma;");
        writer.Line(kernel.Update is null ? $"{Figure(bias)} += dBeta;" : $"Clr::Unsafe.Add(ref gradient, channel + {Number(padded)}) = dBeta;");
    }

    /// <summary>A loop over channels.</summary>
    private static CodeWriter.Closer Channels(CodeWriter writer, Frame frame) =>
        writer.Block($"for (var channel = 0; channel < {Number(frame.Shape.Channels)}; channel++)");

    private static int Area(Buffer images) => images.Frame!.Shape.Height * images.Frame.Shape.Width;

    private static string Figure(string name) => $"Clr::Unsafe.Add(ref {name}, channel)";

    private void Sums(CodeWriter writer, string name)
    {
        for (var part = 0; part < target.Parts; part++)
        {
            writer.Line($"var {name}{part} = {V}<float>.Zero;");
        }
    }

    private string Total(string name) => $"{math.Sum}({string.Join(", ", Enumerable.Range(0, target.Parts).Select(part => $"{name}{part}"))})";

    private void ScaleAndShift(CodeWriter writer, Normalization normalization, string suffix)
    {
        writer.Line($"var inverse = {V}<float>.One / {V}.Sqrt(variance + {V}.Create({Single(normalization.Epsilon)}));");
        writer.Line($"var scale = inverse * {V}.Create({Figure(normalization.Weight.Name + suffix)});");
        writer.Line($"var shift = {V}.MultiplyAddEstimate(-mean, scale, {V}.Create({Figure(normalization.Bias.Name + suffix)}));");
    }

    /// <summary>μ and σ² of a channel: given, or taken over pixels and samples.</summary>
    private void MeanAndVariance(CodeWriter writer, Buffer source, Normalization normalization)
    {
        var isBatch = normalization.Figures == Figures.Batch;
        var (mean, variance) = isBatch ? (normalization.RunningMean!, normalization.RunningVariance!) : (normalization.Mean!, normalization.Variance!);
        writer.Line($"var mean = {V}.Create({Figure(mean.Name)});");
        writer.Line($"var variance = {V}.Create({Figure(variance.Name)});");
        if (!isBatch)
        {
            return;
        }

        writer.Line($"var count = (float)(samples * {Number(Area(source))});");
        using (writer.Block("if (count > 1)"))
        {
            writer.Line("// μ = Σ z / n");
            Sums(writer, "sumZ");
            Pixels(writer, [new("z", source)], false, () => { }, part => writer.Line($"sumZ{part} += valid & {V}.LoadUnsafe(ref z);"), masks: true);
            writer.Line($"mean = {V}.Create({Total("sumZ")} / count);");
            writer.Blank();
            writer.Line("// σ² = Σ (z − μ)² / n; what rounding left out of μ is in Σ (z − μ) (Chan, Golub and LeVeque, 1983)");
            Sums(writer, "rest");
            Sums(writer, "square");
            Pixels(writer, [new("z", source)], false, () => writer.Line($"var d = valid & ({V}.LoadUnsafe(ref z) - mean);"), part =>
            {
                writer.Line($"rest{part} += d;");
                writer.Line($"square{part} = {V}.MultiplyAddEstimate(d, d, square{part});");
            }, masks: true);
            writer.Line($"var left = {Total("rest")} / count;");
            writer.Line($"mean += {V}.Create(left);");
            writer.Line($"variance = {V}.Create(Sys::MathF.Max(0f, {Total("square")} / count - left * left));");
        }

        writer.Blank();
        writer.Line($"{Figure(normalization.Mean!.Name)} = {V}.ToScalar(mean);");
        writer.Line($"{Figure(normalization.Variance!.Name)} = {V}.ToScalar(variance);");
    }

    /// <summary>All vectors of a channel; sums have a variable for each part of the 16 lanes.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="walks">The images; inside, references of their names stand at the vector.</param>
    /// <param name="indexes">Whether the numbers' places in the batch are asked for, as <c>index</c>.</param>
    /// <param name="body">What is done with a vector.</param>
    /// <param name="partly">What is done with a part of the lanes, after that.</param>
    /// <param name="masks">Whether <c>valid</c> is asked for: all bits set in lanes that are samples.</param>
    private void Pixels(
        CodeWriter writer, IReadOnlyList<ImageLoops.Walk> walks, bool indexes, System.Action body, System.Action<int>? partly = null, bool masks = false)
    {
        var shape = walks[0].Frame.Shape;
        var features = shape.Size;
        using (writer.Block("for (var group = 0; group < groups; group++)"))
        {
            for (var part = 0; masks && part < target.Parts; part++)
            {
                writer.Line($"var valid{part} = {V}.AsSingle({V}.LessThan({V}<int>.Indices, {V}.Create(samples - group * {Number(Frame.Samples)} - {Number(part * target.Lanes)})));");
            }

            using (writer.Block($"for (var row = 0; row < {Number(shape.Height)}; row++)"))
            {
                foreach (var walk in walks)
                {
                    writer.Line($"ref var {walk.Name}Row = ref {TileEmitter.Ref(walk.Buffer.Name, ImageLoops.Sum($"group * {Number(walk.Frame.Group)} + channel * {Number(walk.Frame.Plane)} + row * {Number(walk.Frame.Row)}", walk.Frame.At(0, 0)))};");
                }

                using (writer.Block($"for (var column = 0; column < {Number(shape.Width)}; column++)"))
                {
                    for (var part = 0; part < target.Parts; part++)
                    {
                        using (writer.BlockIf(target.Parts > 1))
                        {
                            foreach (var walk in walks)
                            {
                                writer.Line($"ref var {walk.Name} = ref Clr::Unsafe.Add(ref {walk.Name}Row, {ImageLoops.Sum($"column * {Number(Frame.Samples)}", part * target.Lanes)});");
                            }

                            if (masks)
                            {
                                writer.Line($"var valid = valid{part};");
                            }

                            if (indexes)
                            {
                                // The place of a number in the batch: sample·features + feature.
                                writer.Line($"var index = ({V}<uint>.Indices + {V}.Create((uint)({ImageLoops.Sum($"group * {Number(Frame.Samples)}", part * target.Lanes)}))) * {V}.Create({Number(features)}u)");
                                writer.Line($"    + {V}.Create((uint)((channel * {Number(shape.Height)} + row) * {Number(shape.Width)} + column));");
                            }

                            body();
                            partly?.Invoke(part);
                        }
                    }
                }
            }
        }
    }
}
