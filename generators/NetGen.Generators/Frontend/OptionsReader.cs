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

    private const string UnrollBudget = "build_property.NetGenUnrollBudget";
    private const int LargestUnrollBudget = 10_000;

    public static ProjectOptions Read(AnalyzerConfigOptionsProvider provider)
    {
        var options = Text(provider, VectorWidths) is { } widths ? Parse(widths) : new(Default, null);
        if (options.Error is not null || Text(provider, UnrollBudget) is not { } text)
        {
            return options;
        }

        return int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var budget) && budget <= LargestUnrollBudget
            ? options with { Compiler = options.Compiler with { UnrollBudget = budget } }
            : new(options.Compiler, new(ErrorIds.UnrollBudget, Anchor.Class, text.Trim()));
    }

    private static string? Text(AnalyzerConfigOptionsProvider provider, string name) =>
        provider.GlobalOptions.TryGetValue(name, out var text) && !string.IsNullOrWhiteSpace(text) ? text : null;

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
