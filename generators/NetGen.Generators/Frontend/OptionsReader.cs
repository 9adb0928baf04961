using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis.Diagnostics;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Frontend;

/// <summary>What a project's MSBuild properties say to the compiler, and what is wrong with it.</summary>
internal sealed record ProjectOptions(CompilerOptions Compiler, CompilerError? Error);

internal static class OptionsReader
{
    private const string VectorWidths = "build_property.NetGenVectorWidths";

    public static ProjectOptions Read(AnalyzerConfigOptionsProvider provider) =>
        provider.GlobalOptions.TryGetValue(VectorWidths, out var text) && !string.IsNullOrWhiteSpace(text) ? Parse(text) : new(Default, null);

    private static CompilerOptions Default { get; } = new(new EquatableArray<int>([512, 256, 128]));

    private static ProjectOptions Parse(string text)
    {
        var widths = new SortedSet<int>();
        foreach (var part in text.Split(';', ',').Select(part => part.Trim()).Where(part => part.Length > 0))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var width) || !Default.VectorWidths.Contains(width))
            {
                return new(Default, new(ErrorIds.VectorWidths, Anchor.Class, text.Trim(), part));
            }

            widths.Add(width);
        }

        return widths.Count == 0
            ? new(Default, new(ErrorIds.VectorWidths, Anchor.Class, text.Trim(), text.Trim()))
            : new(new(widths.Reverse().ToEquatableArray()), null);
    }
}
