using NetGen.Compiler.Ir;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// One pass over values for a batch's normalisation and what follows it. Two vectors of features at a time go through all samples, so that what
/// belongs to a feature stays in registers, and its values in the first-level cache from one loop to the next.
/// </summary>
internal sealed class PointwiseEmitter(PointwiseKernel kernel, VectorTarget target, MathFunctions math, ActivationFormulas formulas)
{
    private readonly StageEmitter _stages = new(kernel.Stages, target, math, formulas);

    private string V => target.Class;

    public void Write(CodeWriter writer)
    {
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "rows") + ".", kernel.Normalization is { Figures: Figures.Batch } ? "μ and σ² are taken over the samples, of which there may be fewer than rows." : null);
        using (writer.Block($"internal static void {kernel.Name}({StageEmitter.Parameters(kernel)})"))
        {
            _stages.Constants(writer);
            if (kernel.Source.Storage == Storage.RowMajor)
            {
                Rows(writer);
                return;
            }

            foreach (var columns in Columns.Cut(kernel.Source, 2 * target.Lanes))
            {
                using (columns.Loop(writer))
                {
                    Group(writer, new ColumnVectors(columns, target));
                }
            }
        }
    }

    /// <summary>Rows one after the other in memory, in place.</summary>
    private void Rows(CodeWriter writer)
    {
        writer.Line($"var index = {V}<uint>.Indices;");
        using (writer.Block($"for (var i = 0; i < rows * {Number(kernel.Source.Columns)}; i += {Number(target.Lanes)})"))
        {
            writer.Line($"ref var at = ref Clr::Unsafe.Add(ref {kernel.Source.Name}, i);");
            writer.Line($"var v0 = {V}.LoadUnsafe(ref at);");
            writer.Line($"{V}.StoreUnsafe({_stages.Forward(writer, "v0", "index", "")}, ref at);");
            writer.Line($"index += {V}.Create({Number(target.Lanes)}u);");
        }
    }

    /// <summary>All rows of a few features.</summary>
    private void Group(CodeWriter writer, ColumnVectors group)
    {
        writer.Line($"ref var z = ref {group.InPanels(kernel.Source, "rows")};");
        if (kernel.Normalization is { } normalization)
        {
            MeanAndVariance(writer, group, normalization);
            writer.Line("// γ·(z − μ)/√(σ² + ε) + β = z·scale + shift");
            group.ScaleAndShift(writer, normalization, "");
        }

        if (_stages.IsRandom)
        {
            group.Indices(writer, kernel.Source.Columns);
        }

        writer.Blank();
        writer.Line($"ref var result = ref {group.InPanels(kernel.Result, "rows")};");
        using (writer.Block("for (var row = 0; row < rows; row++)"))
        {
            foreach (var v in group.All)
            {
                var source = group.Load("z", v);
                writer.Line($"var v0_{v} = {(kernel.Normalization is null ? source : $"{V}.MultiplyAddEstimate({source}, scale{v}, shift{v})")};");
                writer.Line(TileEmitter.Store(target, _stages.Forward(writer, $"v0_{v}", $"index{v}", $"_{v}"), "result", v * target.Lanes));
                if (_stages.IsRandom)
                {
                    writer.Line($"index{v} += nextRow;");
                }
            }

            TileEmitter.Move(writer, "z", Buffer.PanelWidth);
            TileEmitter.Move(writer, "result", Buffer.PanelWidth);
        }
    }

    /// <summary>μ and σ²: given, or taken over the samples.</summary>
    private void MeanAndVariance(CodeWriter writer, ColumnVectors group, Normalization normalization)
    {
        var isBatch = normalization.Figures == Figures.Batch;
        var (mean, variance) = isBatch ? (normalization.RunningMean!, normalization.RunningVariance!) : (normalization.Mean!, normalization.Variance!);
        if (isBatch)
        {
            writer.Line("// One sample has no variance: the running figures stand in.");
        }

        foreach (var v in group.All)
        {
            writer.Line($"var mean{v} = {group.LoadFigure(mean, v)};");
            writer.Line($"var variance{v} = {group.LoadFigure(variance, v)};");
        }

        if (!isBatch)
        {
            return;
        }

        using (writer.Block("if (samples > 1)"))
        {
            writer.Line($"var count = {V}.Create((float)samples);");
            writer.Blank();
            writer.Line("// μ = Σ z / n, the samples in two sums");
            group.Sums(writer, "sum");
            group.OverSamples(writer, ["z"], (v, sum, at) => writer.Line($"{sum("sum")} += {at("z")};"));
            foreach (var v in group.All)
            {
                writer.Line($"mean{v} = ({ColumnVectors.Total("sum", v)}) / count;");
            }

            writer.Blank();
            writer.Line("// σ² = Σ (z − μ)² / n; what rounding left out of μ is in Σ (z − μ) (Chan, Golub and LeVeque, 1983)");
            group.Sums(writer, "rest");
            group.Sums(writer, "square");
            group.OverSamples(writer, ["z"], (v, sum, at) =>
            {
                writer.Line($"var d{v} = {at("z")} - mean{v};");
                writer.Line($"{sum("rest")} += d{v};");
                writer.Line($"{sum("square")} = {V}.MultiplyAddEstimate(d{v}, d{v}, {sum("square")});");
            });
            foreach (var v in group.All)
            {
                writer.Line($"var left{v} = ({ColumnVectors.Total("rest", v)}) / count;");
                writer.Line($"mean{v} += left{v};");
                writer.Line($"variance{v} = {V}.MaxNative({V}<float>.Zero, ({ColumnVectors.Total("square", v)}) / count - left{v} * left{v});");
            }
        }

        writer.Blank();
        foreach (var v in group.All)
        {
            writer.Line($"{V}.StoreUnsafe(mean{v}, ref {group.Figure(normalization.Mean!, v)});");
            writer.Line($"{V}.StoreUnsafe(variance{v}, ref {group.Figure(normalization.Variance!, v)});");
        }
    }

    /// <summary>The running figures after a step.</summary>
    public static void WriteTrack(CodeWriter writer, TrackKernel kernel, VectorTarget target)
    {
        var v = target.Class;
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "") + ".", "The running variance takes the unbiased one, n/(n − 1)·σ². A batch of one sample has none: it leaves all as it was.");
        using (writer.Block($"internal static void {kernel.Name}({StageEmitter.Parameters(kernel)})"))
        {
            if (kernel.Positions > 1)
            {
                writer.Line($"samples *= {Number(kernel.Positions)}; // each has so many numbers");
            }

            using (writer.Block("if (samples == 1)"))
            {
                writer.Line("return;");
            }

            writer.Blank();
            writer.Line($"var keep = {v}.Create({Single(1 - kernel.Momentum)});");
            writer.Line($"var share = {v}.Create({Single(kernel.Momentum)});");
            writer.Line($"var unbiased = share * {v}.Create((float)samples / (samples - 1));");
            using (writer.Block($"for (var i = 0; i < {Number(kernel.Mean.PaddedColumns)}; i += {Number(target.Lanes)})"))
            {
                writer.Line($"ref var mean = ref Clr::Unsafe.Add(ref {kernel.RunningMean.Name}, i);");
                writer.Line($"ref var variance = ref Clr::Unsafe.Add(ref {kernel.RunningVariance.Name}, i);");
                string Load(Buffer buffer) => $"{v}.LoadUnsafe(ref Clr::Unsafe.Add(ref {buffer.Name}, i))";
                writer.Line($"{v}.StoreUnsafe(keep * {v}.LoadUnsafe(ref mean) + share * {Load(kernel.Mean)}, ref mean);");
                writer.Line($"{v}.StoreUnsafe(keep * {v}.LoadUnsafe(ref variance) + unbiased * {Load(kernel.Variance)}, ref variance);");
            }
        }
    }
}
