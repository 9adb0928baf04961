using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>
/// How a product runs at one vector width. What orders a sum (<paramref name="SegmentLength"/>) is the same at all widths.
/// </summary>
/// <param name="Bits">The width.</param>
/// <param name="Rows">The tiles' sizes in rows, largest first; a row that none of them takes runs alone.</param>
/// <param name="Vectors">The vectors of a tile's row.</param>
/// <param name="RowVectors">The vectors of a row that runs alone: more, since one row's sums must hide the latency of an addition.</param>
/// <param name="SegmentLength">
/// The terms that are summed from zero before they are added to the total, so that a row alone has independent sums to work on;
/// the whole depth where there is one segment.
/// </param>
/// <param name="RightInRegisters">Whether the right factor's rows stay in registers while the left one passes by: few samples.</param>
/// <param name="Unrolled">Whether the loop over the depth is written out.</param>
/// <param name="Cycles">The predicted cycles of one run over a batch.</param>
internal sealed record ProductSchedule(
    int Bits,
    EquatableArray<int> Rows,
    int Vectors,
    int RowVectors,
    int SegmentLength,
    bool RightInRegisters,
    bool Unrolled,
    double Cycles);
