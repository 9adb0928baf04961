using System;
using System.Linq;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>One vector of a row.</summary>
/// <param name="InPanels">Where it stands in a buffer of panels, from the row's start: an expression.</param>
/// <param name="InRow">Where it stands in a row that is in one piece: an expression.</param>
/// <param name="Part">Which of the registers that make up the 16 virtual lanes sums it.</param>
/// <param name="IsPartial">Whether only its first lanes are numbers of the row; <c>mask</c> has ones there.</param>
internal readonly record struct RowVector(string InPanels, string InRow, int Part, bool IsPartial)
{
    /// <summary>The value, zero in lanes beyond the row's end.</summary>
    public string Masked(string value) => IsPartial ? $"({value}) & mask" : value;
}

/// <summary>Code that passes over a row of a buffer in panels, vector by vector.</summary>
/// <param name="target">The vector width.</param>
/// <param name="columns">The numbers of the row.</param>
/// <param name="rows">The rows of the buffer: an expression.</param>
internal sealed class RowVectors(VectorTarget target, int columns, string rows)
{
    /// <summary>Rows of up to so many panels are written out; longer ones loop over the panels.</summary>
    private const int UnrolledPanels = 2;

    private bool HasMask => columns % target.Lanes != 0;

    /// <summary>Declares the mask of the row's last vector, before the loop over the rows.</summary>
    public void DeclareMask(CodeWriter writer)
    {
        if (HasMask)
        {
            var lanes = string.Join(", ", Enumerable.Range(0, target.Lanes).Select(lane => lane < columns % target.Lanes ? "-1" : "0"));
            writer.Line($"var mask = {target.Class}.AsSingle({target.Class}.Create({lanes})); // the lanes of a row's last vector that are in the row");
        }
    }

    /// <summary>Declares a register for each part of the 16 virtual lanes.</summary>
    public void DeclareParts(CodeWriter writer, string name, string start)
    {
        for (var part = 0; part < target.Parts; part++)
        {
            writer.Line($"var {name}{part} = {start};");
        }
    }

    /// <summary>All parts as arguments of a reduction.</summary>
    public string Parts(string name) => string.Join(", ", Enumerable.Range(0, target.Parts).Select(part => name + Number(part)));

    /// <summary>Writes the body once for each vector of a row.</summary>
    public void ForEach(CodeWriter writer, Action<RowVector> body)
    {
        var panels = columns / Buffer.PanelWidth;
        if (panels <= UnrolledPanels)
        {
            for (var panel = 0; panel < panels; panel++)
            {
                Panel(writer, panel, Buffer.PanelWidth, body);
            }
        }
        else
        {
            using (writer.Block($"for (var panel = 0; panel < {Number(panels)}; panel++)"))
            {
                Panel(writer, null, Buffer.PanelWidth, body);
            }
        }

        Panel(writer, panels, columns % Buffer.PanelWidth, body);
    }

    private void Panel(CodeWriter writer, int? panel, int width, Action<RowVector> body)
    {
        for (var c = 0; c < width; c += target.Lanes)
        {
            var (inPanels, inRow) = panel switch
            {
                null => ($"panel * {rows} * 32 + {Number(c)}", $"panel * 32 + {Number(c)}"),
                0 => (Number(c), Number(c)),
                _ => ($"{Number(panel.Value * Buffer.PanelWidth)} * {rows} + {Number(c)}", Number(panel.Value * Buffer.PanelWidth + c)),
            };
            using (writer.Block())
            {
                body(new RowVector(inPanels, inRow, c / target.Lanes % target.Parts, c + target.Lanes > width));
            }
        }
    }
}
