using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>The normalisation of each sample over its features, and what follows it: row by row, and back.</summary>
internal sealed class LayerNormEmitter(VectorTarget target, MathFunctions math, ActivationFormulas formulas)
{
    private string V => target.Class;

    public void Write(CodeWriter writer, PointwiseKernel kernel)
    {
        var (normalization, features) = (kernel.Normalization!, kernel.Source.Columns);
        var stages = new StageEmitter(kernel.Stages, target, math, formulas);
        var vectors = new RowVectors(target, features, "rows");
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "rows") + ".");
        using (writer.Block($"internal static void {kernel.Name}({StageEmitter.Parameters(kernel)})"))
        {
            stages.Constants(writer);
            vectors.DeclareMask(writer);
            using (writer.Block("for (var row = 0; row < rows; row++)"))
            {
                writer.Line($"ref var z = ref Clr::Unsafe.Add(ref {kernel.Source.Name}, row * 32);");
                writer.Line($"ref var result = ref Clr::Unsafe.Add(ref {kernel.Result.Name}, row * 32);");
                writer.Blank();
                writer.Line("// μ = Σ z / m over the m features");
                vectors.DeclareParts(writer, "sum", $"{V}<float>.Zero");
                vectors.ForEach(writer, vector => writer.Line($"sum{vector.Part} += {vector.Masked(Load("z", vector))};"));
                writer.Line($"var mean = {math.Sum}({vectors.Parts("sum")}) / {Single(features)};");
                writer.Line($"var near = {V}.Create(mean);");
                writer.Blank();
                writer.Line("// σ² = Σ (z − μ)² / m; what rounding left out of μ is in Σ (z − μ) (Chan, Golub and LeVeque, 1983)");
                vectors.DeclareParts(writer, "rest", $"{V}<float>.Zero");
                vectors.DeclareParts(writer, "square", $"{V}<float>.Zero");
                vectors.ForEach(writer, vector =>
                {
                    writer.Line($"var d = {vector.Masked($"{Load("z", vector)} - near")};");
                    writer.Line($"rest{vector.Part} += d;");
                    writer.Line($"square{vector.Part} = {V}.MultiplyAddEstimate(d, d, square{vector.Part});");
                });
                writer.Line($"var left = {math.Sum}({vectors.Parts("rest")}) / {Single(features)};");
                writer.Line("mean += left;");
                writer.Line($"var variance = Sys::Math.Max(0f, {math.Sum}({vectors.Parts("square")}) / {Single(features)} - left * left);");
                if (normalization.Mean is { } mean)
                {
                    writer.Line($"Clr::Unsafe.Add(ref {mean.Name}, row) = mean;");
                    writer.Line($"Clr::Unsafe.Add(ref {normalization.Variance!.Name}, row) = variance;");
                }

                writer.Blank();
                Scale(writer, normalization.Epsilon);
                vectors.ForEach(writer, vector =>
                {
                    Index(writer, stages, vector, features);
                    writer.Line($"var v0 = {Normalized(normalization, vector, "")};");
                    writer.Line($"{V}.StoreUnsafe({stages.Forward(writer, "v0", "index", "")}, ref {TileEmitter.Ref("result", vector.InPanels)});");
                });
            }
        }
    }

    /// <summary>
    /// The way back. Row by row it goes through the stages and takes the means that a row's gradient needs; then, a few features at a time, come
    /// the gradients of γ and β, which sum over the samples, and the result.
    /// </summary>
    public void WriteGradient(CodeWriter writer, PointwiseGradientKernel kernel, int batchSize)
    {
        var (normalization, features) = (kernel.Normalization!, kernel.Gradient.Columns);
        var stages = new StageEmitter(kernel.Stages, target, math, formulas);
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, Number(batchSize)) + ".", "Means are over the features, sums over the samples. Rows beyond the samples have a gradient of zero, and keep it.");
        using (writer.Block($"internal static void {kernel.Name}({StageEmitter.Parameters(kernel)})"))
        {
            stages.Constants(writer);
            stages.DeclareTile(writer, kernel);
            RowMeans(writer, kernel, stages, normalization, features, batchSize);
            writer.Blank();
            foreach (var columns in Columns.Cut(kernel.Gradient, 2 * target.Lanes))
            {
                using (columns.Loop(writer))
                {
                    Features(writer, new ColumnVectors(columns, target), stages, kernel, normalization, batchSize);
                }
            }
        }
    }

    /// <summary>g ← back through the stages; mean(γ·g) and mean(γ·g·x̂) of each row.</summary>
    private void RowMeans(CodeWriter writer, PointwiseGradientKernel kernel, StageEmitter stages, Normalization normalization, int features, int batchSize)
    {
        var vectors = new RowVectors(target, features, Number(batchSize));
        vectors.DeclareMask(writer);
        using (writer.Block($"for (var row = 0; row < {Number(batchSize)}; row++)"))
        {
            writer.Line($"ref var z = ref Clr::Unsafe.Add(ref {kernel.Source!.Name}, row * 32);");
            if (kernel.Result is { } result)
            {
                writer.Line($"ref var a = ref Clr::Unsafe.Add(ref {result.Name}, row * 32);");
            }

            writer.Line($"ref var g = ref Clr::Unsafe.Add(ref {kernel.Gradient.Name}, row * 32);");
            writer.Line($"var mean = Clr::Unsafe.Add(ref {normalization.Mean!.Name}, row);");
            writer.Line($"var variance = Clr::Unsafe.Add(ref {normalization.Variance!.Name}, row);");
            Scale(writer, normalization.Epsilon);
            writer.Blank();
            writer.Line(kernel.Stages.Count > 0
                ? $"// g ← back through {StageEmitter.Formula(kernel.Stages, "y")}; mean(γ·g) and mean(γ·g·x̂), x̂ = (z − μ)/√(σ² + ε)"
                : "// mean(γ·g) and mean(γ·g·x̂), x̂ = (z − μ)/√(σ² + ε)");
            vectors.DeclareParts(writer, "sum", $"{V}<float>.Zero");
            vectors.DeclareParts(writer, "product", $"{V}<float>.Zero");
            vectors.ForEach(writer, vector =>
            {
                Index(writer, stages, vector, features);
                if (stages.LastRecomputed(kernel.Result is not null) >= -1)
                {
                    writer.Line($"var v0 = {Normalized(normalization, vector, StageEmitter.Read(kernel))};");
                }

                writer.Line($"var gi = {Load("g", vector)};");
                if (kernel.Result is not null)
                {
                    writer.Line($"var ai = {Load("a", vector)};");
                }

                stages.Backward(writer, "v0", kernel.Result is null ? null : "ai", "gi", "index", "");
                writer.Line($"{V}.StoreUnsafe(gi, ref {TileEmitter.Ref("g", vector.InPanels)});");
                writer.Line($"var weighted = {vector.Masked($"gi * {V}.LoadUnsafe(ref {TileEmitter.Ref(normalization.Weight.Name + StageEmitter.Read(kernel), vector.InRow)})")};");
                writer.Line($"sum{vector.Part} += weighted;");
                writer.Line($"product{vector.Part} = {V}.MultiplyAddEstimate(weighted, ({Load("z", vector)} - center) * inverse, product{vector.Part});");
            });
            writer.Line($"Clr::Unsafe.Add(ref {kernel.GradientMean!.Name}, row) = {math.Sum}({vectors.Parts("sum")}) / {Single(features)};");
            writer.Line($"Clr::Unsafe.Add(ref {kernel.GradientProduct!.Name}, row) = {math.Sum}({vectors.Parts("product")}) / {Single(features)};");
        }
    }

    private void Features(CodeWriter writer, ColumnVectors group, StageEmitter stages, PointwiseGradientKernel kernel, Normalization normalization, int batchSize)
    {
        writer.Line($"ref var z = ref {group.InPanels(kernel.Source!, Number(batchSize))};");
        writer.Line($"ref var g = ref {group.InPanels(kernel.Gradient, Number(batchSize))};");
        foreach (var v in group.All)
        {
            writer.Line($"var weight{v} = {V}.LoadUnsafe(ref {group.Figure(normalization.Weight.Name + StageEmitter.Read(kernel), v)});");
            if (!kernel.IsFrozen)
            {
                writer.Line($"var dGamma{v} = {V}<float>.Zero;");
                writer.Line($"var dBeta{v} = {V}<float>.Zero;");
            }
        }

        group.DeclareValid(writer, kernel.Gradient.Columns);
        writer.Blank();
        writer.Line($"// {(kernel.IsFrozen ? "" : "dβ = Σ g, dγ = Σ g·x̂; ")}delta = (γ·g − mean(γ·g) − x̂·mean(γ·g·x̂))/√(σ² + ε)");
        using (writer.Block($"for (var row = 0; row < {Number(batchSize)}; row++)"))
        {
            writer.Line($"var mean = Clr::Unsafe.Add(ref {normalization.Mean!.Name}, row);");
            writer.Line($"var variance = Clr::Unsafe.Add(ref {normalization.Variance!.Name}, row);");
            Scale(writer, normalization.Epsilon);
            writer.Line($"var common = {V}.Create(Clr::Unsafe.Add(ref {kernel.GradientMean!.Name}, row));");
            writer.Line($"var slope = {V}.Create(Clr::Unsafe.Add(ref {kernel.GradientProduct!.Name}, row));");
            foreach (var v in group.All)
            {
                writer.Line($"var normal{v} = ({group.Load("z", v)} - center) * inverse;");
                writer.Line($"var g{v} = {group.Load("g", v)};");
                if (!kernel.IsFrozen)
                {
                    writer.Line($"dBeta{v} += g{v};");
                    writer.Line($"dGamma{v} = {V}.MultiplyAddEstimate(g{v}, normal{v}, dGamma{v});");
                }

                var delta = $"inverse * {V}.MultiplyAddEstimate(-normal{v}, slope, {V}.MultiplyAddEstimate(weight{v}, g{v}, -common))";
                writer.Line(TileEmitter.Store(target, group.Masked(delta, v, kernel.Gradient.Columns), "g", v * target.Lanes));
            }

            TileEmitter.Move(writer, "z", Buffer.PanelWidth);
            TileEmitter.Move(writer, "g", Buffer.PanelWidth);
        }

        stages.Change(writer, kernel, group);
    }

    /// <summary>Declares μ and 1/√(σ² + ε) as vectors.</summary>
    private void Scale(CodeWriter writer, double epsilon)
    {
        writer.Line($"var center = {V}.Create(mean);");
        writer.Line($"var inverse = {V}.Create(1f / Sys::MathF.Sqrt(variance + {Single(epsilon)}));");
    }

    private void Index(CodeWriter writer, StageEmitter stages, RowVector vector, int features)
    {
        if (stages.IsRandom)
        {
            writer.Line($"var index = {V}.Create((uint)(row * {Number(features)} + {vector.InRow})) + {V}<uint>.Indices;");
        }
    }

    private string Normalized(Normalization normalization, RowVector vector, string suffix) =>
        $"{V}.MultiplyAddEstimate(({Load("z", vector)} - center) * inverse, {V}.LoadUnsafe(ref {TileEmitter.Ref(normalization.Weight.Name + suffix, vector.InRow)}), {V}.LoadUnsafe(ref {TileEmitter.Ref(normalization.Bias.Name + suffix, vector.InRow)}))";

    private string Load(string name, RowVector vector) => $"{V}.LoadUnsafe(ref {TileEmitter.Ref(name, vector.InPanels)})";
}
