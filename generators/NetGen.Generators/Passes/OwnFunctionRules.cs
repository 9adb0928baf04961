using System;
using System.Linq;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Passes;

/// <summary>What the passes ask of the class's own functions.</summary>
internal static class OwnFunctionRules
{
    /// <summary>
    /// Whether what stands in padding must be cleared: an activation of the class's own, or its derivative, is no finite number at one of 31
    /// points from −64 to 64, 0 among them. A function that is finite there is trusted: padding holds z = 0, or z of a sample of zeros.
    /// </summary>
    public static bool NeedClearing(NetworkDeclaration declaration)
    {
        if (declaration.Train is null)
        {
            return false;
        }

        var points = Enumerable.Range(-8, 15).Select(power => (float)Math.Pow(2, power)).SelectMany(point => new[] { point, -point }).Append(0f).ToList();
        var evaluator = new OwnFunctionEvaluator(declaration.Functions);
        return declaration.OwnActivations.SelectMany(name => new[] { name, name + OwnFunction.Derivative })
            .Any(name => points.Any(point => !IsFinite(evaluator.Call(name, [point]))));
    }

    private static bool IsFinite(float number) => !float.IsNaN(number) && !float.IsInfinity(number);
}
