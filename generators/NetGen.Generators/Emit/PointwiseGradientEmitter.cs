using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// The way back of what <see cref="PointwiseEmitter"/> writes: with a batch's normalisation two loops over the samples of a few features, the first
/// of which sums.
/// </summary>
internal sealed class PointwiseGradientEmitter(PointwiseGradientKernel kernel, VectorTarget target, MathFunctions math, ActivationFormulas formulas, int batchSize)
{
    private readonly StageEmitter _stages = new(kernel.Stages, target, math, formulas);

    private string V => target.Class;

    /// <summary>Whether the stages ask for what they took.</summary>
    private bool Recomputes => _stages.LastRecomputed(kernel.Result is not null) >= -1;

    public void Write(CodeWriter writer)
    {
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, Number(batchSize)) + ".", kernel.Normalization is not { Figures: Figures.Batch } ? null : "Means and sums are over the samples. Rows beyond them get a gradient of zero.");
        using (writer.Block($"internal static void {kernel.Name}({StageEmitter.Parameters(kernel)})"))
        {
            _stages.Constants(writer);
            _stages.DeclareTile(writer, kernel);
            if (kernel.Normalization is { Figures: Figures.Batch })
            {
                writer.Line("var share = samples > 1 ? 1f / samples : 0f; // of one sample, the running figures were constants");
            }

            foreach (var columns in Columns.Cut(kernel.Gradient, 2 * target.Lanes))
            {
                using (columns.Loop(writer))
                {
                    var group = new ColumnVectors(columns, target);
                    Places(writer, group);
                    switch (kernel.Normalization)
                    {
                        case null: Plain(writer, group); break;
                        case { Figures: Figures.Running } running: Constant(writer, group, running); break;
                        case var batch: Normalized(writer, group, batch); break;
                    }
                }
            }
        }
    }

    private void Places(CodeWriter writer, ColumnVectors group)
    {
        foreach (var (name, buffer) in new[] { ("z", kernel.Source), ("a", kernel.Result), ("g", kernel.Gradient) })
        {
            if (buffer is not null)
            {
                writer.Line($"ref var {name} = ref {group.InPanels(buffer, Number(batchSize))};");
            }
        }
    }

    /// <summary>Number by number: no sums.</summary>
    private void Plain(CodeWriter writer, ColumnVectors group)
    {
        if (_stages.IsRandom)
        {
            group.Indices(writer, kernel.Gradient.Columns);
        }

        using (writer.Block($"for (var row = 0; row < {Number(batchSize)}; row++)"))
        {
            foreach (var v in group.All)
            {
                if (Recomputes)
                {
                    writer.Line($"var v0_{v} = {group.Load("z", v)};");
                }

                Back(writer, v, group.Load("g", v), group.Load("a", v));
                writer.Line(TileEmitter.Store(target, $"g{v}", "g", v * target.Lanes));
            }

            foreach (var (name, buffer) in new[] { ("z", kernel.Source), ("a", kernel.Result), ("g", kernel.Gradient) })
            {
                if (buffer is not null)
                {
                    TileEmitter.Move(writer, name, Buffer.PanelWidth);
                }
            }
        }
    }

    /// <summary>A gradient back through the stages, in the variable <c>g0</c>, <c>g1</c>.</summary>
    private void Back(CodeWriter writer, int v, string gradient, string result)
    {
        writer.Line($"var g{v} = {gradient};");
        if (kernel.Result is not null)
        {
            writer.Line($"var ai{v} = {result};");
        }

        _stages.Backward(writer, $"v0_{v}", kernel.Result is null ? null : $"ai{v}", $"g{v}", $"index{v}", $"_{v}");
        if (_stages.IsRandom)
        {
            writer.Line($"index{v} += nextRow;");
        }
    }

    /// <summary>Declares what the stages are computed again from: μ, σ², scale and shift, and where random numbers stand.</summary>
    private void DeclareFigures(CodeWriter writer, ColumnVectors group, Normalization normalization)
    {
        foreach (var v in group.All)
        {
            writer.Line($"var mean{v} = {group.LoadFigure(normalization.Mean!, v)};");
            writer.Line($"var variance{v} = {group.LoadFigure(normalization.Variance!, v)};");
        }

        group.ScaleAndShift(writer, normalization, StageEmitter.Read(kernel));
        if (_stages.IsRandom)
        {
            group.Indices(writer, kernel.Gradient.Columns);
        }
    }

    /// <summary>With running figures: y = z·scale + shift, number by number; rows beyond the samples have a gradient of zero, and keep it.</summary>
    private void Constant(CodeWriter writer, ColumnVectors group, Normalization normalization)
    {
        DeclareFigures(writer, group, normalization);

        foreach (var v in kernel.IsFrozen ? [] : group.All)
        {
            writer.Line($"var dGamma{v} = {V}<float>.Zero;");
            writer.Line($"var dBeta{v} = {V}<float>.Zero;");
        }

        writer.Blank();
        writer.Line($"// {(kernel.IsFrozen ? "" : "dβ = Σ g, dγ = Σ g·x̂, x̂ = (z − μ)/√(σ² + ε); ")}delta = γ/√(σ² + ε) · g");
        using (writer.Block($"for (var row = 0; row < {Number(batchSize)}; row++)"))
        {
            foreach (var v in group.All)
            {
                if (Recomputes)
                {
                    writer.Line($"var v0_{v} = {V}.MultiplyAddEstimate({group.Load("z", v)}, scale{v}, shift{v});");
                }

                Back(writer, v, group.Load("g", v), group.Load("a", v));
                if (!kernel.IsFrozen)
                {
                    writer.Line($"dBeta{v} += g{v};");
                    writer.Line($"dGamma{v} = {V}.MultiplyAddEstimate(g{v}, ({group.Load("z", v)} - mean{v}) * inverse{v}, dGamma{v});");
                }

                writer.Line(TileEmitter.Store(target, $"scale{v} * g{v}", "g", v * target.Lanes));
            }

            foreach (var name in kernel.Result is null ? new[] { "z", "g" } : ["z", "a", "g"])
            {
                TileEmitter.Move(writer, name, Buffer.PanelWidth);
            }
        }

        _stages.Change(writer, kernel, group);
    }

    private void Normalized(CodeWriter writer, ColumnVectors group, Normalization normalization)
    {
        DeclareFigures(writer, group, normalization);

        writer.Blank();
        writer.Line(kernel.Stages.Count > 0
            ? $"// g ← back through {StageEmitter.Formula(kernel.Stages, "y")}; Σ g and Σ g·(z − μ)"
            : "// Σ g and Σ g·(z − μ)");
        group.Sums(writer, "sum");
        group.Sums(writer, "product");
        string[] references = kernel.Result is null ? ["z", "g"] : ["z", "a", "g"];
        group.OverSamples(writer, references, (v, row, sum) =>
        {
            writer.Line($"var zi{v} = {group.Load("zAt", v, row)};");
            if (Recomputes)
            {
                writer.Line($"var v0_{v} = {V}.MultiplyAddEstimate(zi{v}, scale{v}, shift{v});");
            }

            Back(writer, v, group.Load("gAt", v, row), group.Load("aAt", v, row));
            if (kernel.Stages.Count > 0)
            {
                writer.Line(TileEmitter.Store(target, $"g{v}", "gAt", row * Buffer.PanelWidth + v * target.Lanes));
            }

            writer.Line($"{sum("sum")} += g{v};");
            writer.Line($"{sum("product")} = {V}.MultiplyAddEstimate(g{v}, zi{v} - mean{v}, {sum("product")});");
        });
        writer.Blank();
        writer.Line("// dβ = Σ g, dγ = Σ g·x̂, x̂ = (z − μ)/√(σ² + ε)");
        foreach (var v in group.All)
        {
            writer.Line($"var dBeta{v} = {ColumnVectors.Total("sum", v)};");
            writer.Line($"var dGamma{v} = ({ColumnVectors.Total("product", v)}) * inverse{v};");
        }

        writer.Blank();
        writer.Line("// delta = γ/√(σ² + ε) · (g − dβ/n − x̂·dγ/n)");
        foreach (var v in group.All)
        {
            writer.Line($"var common{v} = dBeta{v} * {V}.Create(share);");
            writer.Line($"var slope{v} = dGamma{v} * inverse{v} * {V}.Create(share);");
        }

        using (writer.Block("for (var row = 0; row < samples; row++)"))
        {
            foreach (var v in group.All)
            {
                writer.Line($"var d{v} = {group.Load("z", v)} - mean{v};");
                writer.Line(TileEmitter.Store(target, $"scale{v} * {V}.MultiplyAddEstimate(-d{v}, slope{v}, {group.Load("g", v)} - common{v})", "g", v * target.Lanes));
            }

            TileEmitter.Move(writer, "z", Buffer.PanelWidth);
            TileEmitter.Move(writer, "g", Buffer.PanelWidth);
        }

        writer.Blank();
        using (writer.Block($"for (var row = samples; row < {Number(batchSize)}; row++)"))
        {
            foreach (var v in group.All)
            {
                writer.Line(TileEmitter.Store(target, $"{V}<float>.Zero", "g", v * target.Lanes));
            }

            TileEmitter.Move(writer, "g", Buffer.PanelWidth);
        }

        _stages.Change(writer, kernel, group);
    }
}
