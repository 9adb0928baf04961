using System;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;
using NetGen.Compiler.Targets;

namespace NetGen.Compiler.Passes;

/// <summary>Chooses the tiles of each product for one vector width.</summary>
internal static class Schedule
{
    /// <summary>A product's tile is written out without a loop when it has at most so many multiply-adds; beyond, fetching the code costs more than the loop.</summary>
    public const int UnrollBudget = 256;

    /// <summary>
    /// Up to so many samples, the sum of a parameter's step starts from the parameter; beyond, from zero, and is added once: else
    /// every sample's share would be rounded to the parameter's precision.
    /// </summary>
    public const int MostSamplesFromParameter = 16;

    /// <summary>The samples for which a prediction's cycles are told, where there is no batch size.</summary>
    private const int NominalRows = 8;

    public static ProductSchedule Run(ProductKernel kernel, VectorTarget target, int? batchSize) =>
        kernel.Product == Product.WeightGradient
            ? Parameters(kernel, target, batchSize!.Value)
            : Samples(kernel, target, batchSize);

    /// <summary>
    /// The terms of a sum that are added up on their own. A function of the product's shape alone, so that every width, every
    /// number of threads and every number of samples adds in the same order. Narrow layers have too few columns to keep the
    /// multiply-add units busy on one sample: four segments give four times as many independent sums.
    /// </summary>
    public static int SegmentLength(ProductKernel kernel)
    {
        var depth = kernel.Left.Columns;
        return kernel.Product == Product.Forward && depth >= 128 && kernel.Right.PaddedColumns <= 64
            ? Buffer.RoundUp((depth + 3) / 4, Buffer.PanelWidth)
            : depth;
    }

    /// <summary>A row is a sample: forward, and the inputs' gradient.</summary>
    private static ProductSchedule Samples(ProductKernel kernel, VectorTarget target, int? batchSize)
    {
        var depth = kernel.Left.Columns;
        var vectors = Math.Min(2, kernel.Right.PaddedColumns / target.Lanes);
        var most = MostRows(target, vectors);
        var rows = batchSize is { } batch ? Tiles.Cut(batch, most).Select(t => t.Size).ToList() : [most >= 8 ? 8 : most];
        if (kernel.Product == Product.Forward)
        {
            // Predictions come in any number.
            int[] any = rows[0] < Math.Min(8, most) ? [Math.Min(8, most), 4, 2] : [4, 2];
            rows = rows.Concat(any).Where(r => r > 1).Distinct().OrderByDescending(r => r).ToList();
        }

        var segment = SegmentLength(kernel);
        var segments = (depth + segment - 1) / segment;
        var rowVectors = Math.Max(1, (target.Registers == 32 ? 16 : 8) / segments);
        var size = batchSize is { } b ? Tiles.Main(b, most) : rows[0];
        return new ProductSchedule(
            target.Bits,
            rows.ToEquatableArray(),
            vectors,
            rowVectors,
            segment,
            RightInRegisters: false,
            Unrolled: depth * size * vectors <= UnrollBudget,
            CostModel.Product(batchSize ?? NominalRows, kernel.Right.PaddedColumns, depth, size, vectors, target));
    }

    /// <summary>A row is an input of the layer: the weights' gradient, summed over the samples.</summary>
    private static ProductSchedule Parameters(ProductKernel kernel, VectorTarget target, int batchSize)
    {
        var inputs = kernel.Left.Columns;
        var most = kernel.Right.PaddedColumns / target.Lanes;

        // With few samples their gradients stay in registers, and the weights pass by two rows at a time.
        var room = target.Registers == 32 ? 24 : 10;
        for (var v = Math.Min(2, most); v >= 1; v--)
        {
            if (batchSize * v <= room)
            {
                return new ProductSchedule(
                    target.Bits, Rows(2), v, v, batchSize, RightInRegisters: true, Unrolled: true,
                    CostModel.Product(inputs, kernel.Right.PaddedColumns, batchSize, 2, v, target));
            }
        }

        // Few inputs: a wider tile makes up for the rows it lacks.
        var vectors = Math.Min(2, most);
        if (inputs <= 4)
        {
            var registers = target.Registers == 32 ? 16 : 8;
            vectors = PowerOfTwo(Math.Max(1, Math.Min(most, registers / inputs)));
        }

        // In panels, a tile may not reach over a panel's end.
        var span = kernel.Left.Storage == Storage.Panels ? Math.Min(inputs, Buffer.PanelWidth) : inputs;
        var size = Tiles.Main(span, Math.Min(MostRows(target, vectors), kernel.Left.Storage == Storage.Panels ? 8 * 2 / vectors : 12));
        return new ProductSchedule(
            target.Bits, Rows(size), vectors, vectors, batchSize, RightInRegisters: false,
            Unrolled: batchSize * size * vectors <= UnrollBudget,
            CostModel.Product(inputs, kernel.Right.PaddedColumns, batchSize, size, vectors, target));
    }

    /// <summary>The most rows of a tile: its sums, the right factor's vectors and one broadcast must fit the registers.</summary>
    private static int MostRows(VectorTarget target, int vectors) => target.Registers == 32
        ? vectors switch { 1 => 16, 2 => 12, _ => Math.Max(1, 24 / vectors) }
        : vectors switch { 1 => 8, 2 => 6, _ => Math.Max(1, 12 / vectors) };

    /// <summary>The largest power of two that is not above a count: steps that halve must stay whole vectors.</summary>
    private static int PowerOfTwo(int count)
    {
        var power = 1;
        while (2 * power <= count)
        {
            power *= 2;
        }

        return power;
    }

    private static EquatableArray<int> Rows(int rows) => new[] { rows }.ToEquatableArray();
}
