using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Passes;

/// <summary>What can be wrong with penalties, constraints and frozen layers of a network that trains.</summary>
internal static class LayerRuleChecks
{
    public static void Check(NetworkDeclaration declaration, List<CompilerError> errors)
    {
        var (learns, lastFrozen) = (false, -1);
        for (var i = 0; i < declaration.Layers.Count; i++)
        {
            var (layer, anchor) = (declaration.Layers[i], declaration.Inputs.Count + i);
            if (HasParameters(layer))
            {
                learns |= !layer.Frozen;
                lastFrozen = layer.Frozen ? anchor : lastFrozen;
            }

            if (layer is DenseDeclaration dense)
            {
                Check(dense.Rules, anchor, errors);
                if (!learns && dense.Rules.Activity is { } activity)
                {
                    errors.Add(new(
                        ErrorIds.OptionDoesNotApply,
                        new(anchor, activity.L1 != 0 ? "ActivityL1" : "ActivityL2"),
                        activity.L1 != 0 ? "ActivityL1" : "ActivityL2",
                        "a layer that learns, this one or one below it",
                        "Frozen = true"));
                }
            }
        }

        if (!learns && lastFrozen >= 0)
        {
            errors.Add(new(ErrorIds.AllFrozen, new(lastFrozen, "Frozen"), declaration.Layers[lastFrozen - declaration.Inputs.Count].Name));
        }
    }

    /// <summary>Whether a layer has numbers that it learns.</summary>
    public static bool HasParameters(LayerDeclaration layer) => layer.SharedWith is null && layer is DenseDeclaration or ConvolutionDeclaration or BiasDeclaration or BatchNormDeclaration or LayerNormDeclaration;

    private static void Check(LayerRules rules, int anchor, List<CompilerError> errors)
    {
        void Number(string option, double number, bool holds, string expected)
        {
            if (!holds)
            {
                errors.Add(new(ErrorIds.OptionOutOfRange, new(anchor, option), option, expected, number.ToString("R", CultureInfo.InvariantCulture)));
            }
        }

        // The slope of L2·v² is 2·L2·v.
        foreach (var (what, penalty) in new[] { ("Weight", rules.Weight), ("Bias", rules.Bias), ("Activity", rules.Activity) }.Where(each => each.Item2 is not null))
        {
            Number(what + "L1", penalty!.L1, penalty.L1 >= 0 && IsFinite((float)penalty.L1), "a finite number of at least 0");
            Number(what + "L2", penalty.L2, penalty.L2 >= 0 && IsFinite((float)(2 * penalty.L2)), "a finite number of at least 0");
        }

        if (rules.MaxNorm is { } most)
        {
            Number("MaxNorm", most, (float)most > 0 && IsFinite((float)most), "a finite number above 0");
        }
    }

    private static bool IsFinite(float number) => !float.IsNaN(number) && !float.IsInfinity(number);
}
