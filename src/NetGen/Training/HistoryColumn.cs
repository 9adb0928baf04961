namespace NetGen;

/// <summary>Figures that a callback adds to the <see cref="History"/>.</summary>
/// <param name="Name">The column's name, such as <c>layer1_dead</c>.</param>
/// <param name="Values">A number for each finished epoch, in order; where there are fewer, the last epochs have NaN.</param>
public sealed record HistoryColumn(string Name, IReadOnlyList<double> Values);
