using System;
using System.Collections.Generic;

namespace NetGen.Compiler.Emit;

/// <summary>Columns of a product that run through the same code, so many at a time.</summary>
/// <param name="Start">The first column.</param>
/// <param name="End">The column behind the last.</param>
/// <param name="Step">The columns of a tile.</param>
/// <param name="PanelWidth">The width of the weights' panels here.</param>
internal sealed record Columns(int Start, int End, int Step, int PanelWidth)
{
    /// <summary>Cuts a weight matrix's columns: whole panels in the largest steps that fit, then a narrow last panel.</summary>
    public static IEnumerable<Columns> Cut(Buffer weights, int step)
    {
        var wide = weights.PaddedColumns / Buffer.PanelWidth * Buffer.PanelWidth;
        var start = 0;
        for (var size = step; start < wide; size /= 2)
        {
            var end = start + (wide - start) / size * size;
            if (end > start)
            {
                yield return new Columns(start, end, size, Buffer.PanelWidth);
                start = end;
            }
        }

        if (wide < weights.PaddedColumns)
        {
            yield return new Columns(wide, weights.PaddedColumns, Math.Min(step, weights.LastPanelWidth), weights.LastPanelWidth);
        }
    }

    /// <summary>The expression for the tile's first column.</summary>
    public string First => IsSingle ? CodeWriter.Number(Start) : "column";

    public bool IsSingle => End - Start == Step;

    /// <summary>Opens the loop over the tiles, if there is more than one.</summary>
    public IDisposable? Loop(CodeWriter writer) =>
        IsSingle ? writer.Block() : writer.Block($"for (var column = {CodeWriter.Number(Start)}; column < {CodeWriter.Number(End)}; column += {CodeWriter.Number(Step)})");

    /// <summary>Where the tile's first column starts in a buffer of panels with so many rows.</summary>
    public string InPanels(int rows) => IsSingle
        ? CodeWriter.Number(Start / Buffer.PanelWidth * Buffer.PanelWidth * rows + Start % Buffer.PanelWidth)
        : InPanels(CodeWriter.Number(rows));

    /// <summary>The same for an expression of rows.</summary>
    public string InPanels(string rows)
    {
        if (IsSingle)
        {
            var (panel, rest) = (Start / Buffer.PanelWidth * Buffer.PanelWidth, Start % Buffer.PanelWidth);
            var product = panel == 0 ? "" : $"{CodeWriter.Number(panel)} * {rows}";
            return (product, rest) switch
            {
                ("", _) => CodeWriter.Number(rest),
                (_, 0) => product,
                _ => $"{product} + {CodeWriter.Number(rest)}",
            };
        }

        if (Start % Buffer.PanelWidth == 0 && Step % Buffer.PanelWidth == 0)
        {
            return $"column * {rows}";
        }

        return End <= Buffer.PanelWidth ? "column" : $"(column & ~31) * {rows} + (column & 31)";
    }

    /// <summary>Where column c of the tile stands, from its first, in panels of so many rows.</summary>
    public static int Within(int c, int rows) => c / Buffer.PanelWidth * Buffer.PanelWidth * rows + c % Buffer.PanelWidth;
}
