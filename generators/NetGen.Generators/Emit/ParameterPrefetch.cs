using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;

namespace NetGen.Compiler.Emit;

/// <summary>
/// What a tile of the weights' gradient ends with, weights and what the optimiser keeps of them, is fetched into the first-level cache
/// while the tile is summed. Since the step before, all other parameters passed by, so that it comes from the third level or from memory,
/// and the tile's few hundred numbers are too few for the processor to see where they go on: without a word from us each tile would end
/// with waiting. A prefetch changes nothing that is computed.
/// </summary>
internal static class ParameterPrefetch
{
    private const string Memory = "global::NetGen.CompilerServices.NetworkMemory";

    private const int LineFloats = 16;

    /// <summary>The fewest weights that are fetched, 128 KB of them: few enough tiles wait below that the loops are better kept short.</summary>
    private const int FewestFloats = 32 * 1024;

    /// <summary>Whether a product fetches what it changes: in a loop over the samples that starts from zero and runs once.</summary>
    public static bool Applies(ProductKernel kernel, ProductSchedule schedule, int batchSize) =>
        kernel.Product == Product.WeightGradient
        && !schedule.RightInRegisters
        && !schedule.Unrolled
        && kernel.Result.Length(batchSize) >= FewestFloats
        && Schedule.SampleSegment(batchSize) == batchSize
        && (kernel.Update is not null || batchSize > Schedule.MostSamplesFromParameter);

    /// <summary>Before the loop over the samples.</summary>
    public static void Start(CodeWriter writer)
    {
        writer.Line("// what the tile changes afterwards comes into the first-level cache meanwhile");
        writer.Line("ref var next = ref w;");
    }

    /// <summary>With each sample: its share of the tile's memory in every panel.</summary>
    public static void Step(CodeWriter writer, ProductKernel kernel, Columns columns, int rows, int batchSize)
    {
        var share = (rows * columns.PanelWidth + batchSize - 1) / batchSize;
        share = share > LineFloats ? Buffer.RoundUp(share, LineFloats) : share;
        for (var line = 0; line < share; line += LineFloats)
        {
            for (var column = 0; column < columns.Step; column += columns.PanelWidth)
            {
                var place = TileEmitter.Ref("next", Columns.Within(column, kernel.Left.Columns) + line);
                writer.Line(kernel.Update is null ? $"{Memory}.Prefetch(ref {place});" : $"Fetch(ref {place});");
            }
        }

        TileEmitter.Move(writer, "next", share);
    }

    /// <summary>The method that fetches a parameter with what the optimiser keeps of it.</summary>
    public static void WriteFetch(CodeWriter writer, OptimizerSettings settings, Layout layout)
    {
        var states = OptimizerRules.State(settings);
        writer.Line("/// <summary>Asks for the cache line of a parameter, and of what is kept of it, before they are needed.</summary>");
        writer.Line("[Clr::MethodImpl(Clr::MethodImplOptions.AggressiveInlining)]");
        using (writer.Block("private static void Fetch(ref float parameter)"))
        {
            writer.Line($"{Memory}.Prefetch(ref parameter);");
            for (var i = 0; i < states.Count; i++)
            {
                writer.Line($"{Memory}.Prefetch(ref {TileEmitter.Ref("parameter", layout.State(i))}); // {states[i].Replace('_', ' ')}");
            }
        }
    }
}
